"""By what each process knows that its memory of a city's projects is out of date."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "facets_stamp",
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_facets_stamp_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("municipality_id", name="pk_facets_stamp"),
    )


def downgrade() -> None:
    op.drop_table("facets_stamp")
