"""What assessors saw, signed beside the badge; cards that can be checked offline."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOT_SUPERSEDED = sa.text("superseded_at IS NULL")


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> SchemaItem:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete=ondelete
    )


def _city(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        _to(table, "municipality_id", "municipality"),
    )


def upgrade() -> None:
    op.create_table(
        "endorsement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("status_list_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("issued_at", INSTANT, nullable=False),
        sa.Column("superseded_at", INSTANT, nullable=True),
        *_city("endorsement"),
        _to("endorsement", "credential_id", "credential", "CASCADE"),
        _to("endorsement", "association_id", "association"),
        _to("endorsement", "status_list_id", "status_list"),
        sa.PrimaryKeyConstraint("id", name="pk_endorsement"),
        sa.UniqueConstraint("status_list_id", "place", name="uq_endorsement_status_list_id_place"),
    )
    for column in ("association_id", "municipality_id"):
        op.create_index(f"ix_endorsement_{column}", "endorsement", [column])
    op.create_index(
        "ix_endorsement_one",
        "endorsement",
        ["credential_id"],
        unique=True,
        sqlite_where=NOT_SUPERSEDED,
        postgresql_where=NOT_SUPERSEDED,
    )
    op.create_table(
        "badge_card",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("key_id", sa.String(40), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        *_city("badge_card"),
        _to("badge_card", "credential_id", "credential", "CASCADE"),
        sa.PrimaryKeyConstraint("credential_id", name="pk_badge_card"),
    )
    op.create_index("ix_badge_card_municipality_id", "badge_card", ["municipality_id"])
    op.add_column(
        "badge_link",
        sa.Column("shows_endorsement", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("badge_link", "shows_endorsement")
    for table in ("badge_card", "endorsement"):
        op.drop_table(table)
