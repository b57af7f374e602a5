"""What an association says of itself, and the papers it shows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "association_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.id"],
            name="fk_association_document_association_id_association",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_association_document_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_association_document"),
        sa.UniqueConstraint("stored_as", name="uq_association_document_stored_as"),
    )
    op.add_column(
        "association",
        sa.Column("register_number", sa.String(length=40), server_default="", nullable=False),
    )
    op.add_column("association", sa.Column("legal_form", sa.String(length=32), nullable=True))
    op.add_column("association", sa.Column("about", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "association", sa.Column("email", sa.String(length=254), server_default="", nullable=False)
    )
    op.add_column(
        "association", sa.Column("phone", sa.String(length=20), server_default="", nullable=False)
    )
    op.add_column(
        "association", sa.Column("logo", sa.String(length=80), server_default="", nullable=False)
    )
    op.add_column(
        "association_in_city", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("association_in_city", sa.Column("asked_by", sa.Uuid(), nullable=True))
    op.add_column(
        "association_in_city",
        sa.Column("refusal_reason", sa.Text(), server_default="", nullable=False),
    )
    op.create_index(
        "ix_association_document_association_id",
        "association_document",
        ["association_id"],
        unique=False,
    )
    op.create_index(
        "ix_association_document_municipality_id",
        "association_document",
        ["municipality_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_column("association_in_city", "refusal_reason")
    op.drop_column("association_in_city", "asked_by")
    op.drop_column("association_in_city", "asked_at")
    op.drop_column("association", "logo")
    op.drop_column("association", "phone")
    op.drop_column("association", "email")
    op.drop_column("association", "about")
    op.drop_column("association", "legal_form")
    op.drop_column("association", "register_number")
    op.drop_table("association_document")
