"""The account that people in a city pay their part of the rent to."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rent_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(120), nullable=False),
        sa.Column("iban", sa.String(34), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_rent_account_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name="fk_rent_account_written_by_person"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rent_account"),
        sa.UniqueConstraint("municipality_id", name="uq_rent_account_municipality_id"),
    )
    op.create_index("ix_rent_account_municipality_id", "rent_account", ["municipality_id"])


def downgrade() -> None:
    op.drop_table("rent_account")
