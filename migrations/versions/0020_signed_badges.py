"""Badges signed for software of others, and what their issuers publish."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
NOT_SUPERSEDED = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "badge_issuer",
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.id"],
            name="fk_badge_issuer_association_id_association",
        ),
        sa.PrimaryKeyConstraint("association_id", name="pk_badge_issuer"),
    )
    op.create_table(
        "status_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("revocation", JSON, nullable=True),
        sa.Column("suspension", JSON, nullable=True),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.Column("said", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.id"],
            name="fk_status_list_association_id_association",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_status_list"),
        sa.UniqueConstraint(
            "association_id", "number", name="uq_status_list_association_id_number"
        ),
    )
    op.create_table(
        "credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("status_list_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("superseded_at", INSTANT, nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name="fk_credential_award_id_award", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["association.id"],
            name="fk_credential_association_id_association",
        ),
        sa.ForeignKeyConstraint(
            ["status_list_id"],
            ["status_list.id"],
            name="fk_credential_status_list_id_status_list",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_credential_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_credential"),
        sa.UniqueConstraint("status_list_id", "place", name="uq_credential_status_list_id_place"),
    )
    op.create_index("ix_credential_association_id", "credential", ["association_id"])
    op.create_index("ix_credential_municipality_id", "credential", ["municipality_id"])
    op.create_index(
        "ix_credential_one",
        "credential",
        ["award_id"],
        unique=True,
        sqlite_where=NOT_SUPERSEDED,
        postgresql_where=NOT_SUPERSEDED,
    )


def downgrade() -> None:
    for table in ("credential", "status_list", "badge_issuer"):
        op.drop_table(table)
