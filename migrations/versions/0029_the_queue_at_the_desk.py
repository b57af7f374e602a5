"""Numbers of the day at the one-stop shop."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("called_at", INSTANT, nullable=True),
        sa.Column("counter", sa.String(20), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_ticket_municipality_id_municipality"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint(
            "municipality_id", "day", "number", name="uq_ticket_municipality_id_day_number"
        ),
    )
    op.create_index("ix_ticket_municipality_id", "ticket", ["municipality_id"])
    op.create_index("ix_ticket_queue", "ticket", ["municipality_id", "day", "state", "number"])
    op.create_table(
        "ticket_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_ticket_day_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_day"),
        sa.UniqueConstraint("municipality_id", "day", name="uq_ticket_day_municipality_id_day"),
    )
    op.create_index("ix_ticket_day_municipality_id", "ticket_day", ["municipality_id"])


def downgrade() -> None:
    op.drop_table("ticket_day")
    op.drop_table("ticket")
