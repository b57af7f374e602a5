"""The PIN of somebody with a printed pass, the photo on it, and sessions that a PIN began."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_pin",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_person_pin_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_person_pin"),
    )
    op.create_table(
        "pass_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_pass_photo_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_pass_photo_person_id_person", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name="fk_pass_photo_taken_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_pass_photo"),
        sa.UniqueConstraint(
            "person_id", "municipality_id", name="uq_pass_photo_person_id_municipality_id"
        ),
        sa.UniqueConstraint("stored_as", name="uq_pass_photo_stored_as"),
    )
    op.create_index(
        "ix_pass_photo_municipality_id", "pass_photo", ["municipality_id"], unique=False
    )
    op.add_column(
        "login_session",
        sa.Column("by_pin", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("login_session", "by_pin")
    op.drop_table("pass_photo")
    op.drop_table("person_pin")
