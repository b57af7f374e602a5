"""Where to go for help: services, their words and their hours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _city(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=f"fk_{table}_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _of_service(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["service.id"],
            name=f"fk_{table}_service_id_service",
            ondelete="CASCADE",
        ),
        *_city(table),
    )


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("closed_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_service_changed_by_person"),
        *_city("service"),
    )
    op.create_table(
        "service_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("bring", sa.Text(), nullable=False),
        *_of_service("service_text"),
        sa.UniqueConstraint("service_id", "language", name="uq_service_text_service_id_language"),
    )
    op.create_table(
        "service_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        *_of_service("service_hours"),
        sa.UniqueConstraint(
            "service_id", "weekday", "opens", name="uq_service_hours_service_id_weekday_opens"
        ),
    )
    for table in ("service", "service_text", "service_hours"):
        op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])


def downgrade() -> None:
    for table in ("service_hours", "service_text", "service"):
        op.drop_table(table)
