"""Papers frozen at a moment, and who signed them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)

UNALTERABLE = ("frozen_paper", "signature", "kept_copy")
"""What is written there stays, whoever holds the application's own password."""


def _city(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=f"fk_{table}_municipality_id_municipality",
        ),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def upgrade() -> None:
    op.create_table(
        "frozen_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("frozen_at", INSTANT, nullable=False),
        sa.Column("frozen_by", sa.Uuid(), nullable=True),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        *_city("frozen_paper"),
        _to("frozen_paper", "association_id", "association"),
        _to("frozen_paper", "person_id", "person"),
        _to("frozen_paper", "frozen_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_frozen_paper"),
        sa.UniqueConstraint("series", "number", name="uq_frozen_paper_series_number"),
    )
    for column in ("person_id", "about_id", "municipality_id"):
        op.create_index(f"ix_frozen_paper_{column}", "frozen_paper", [column])
    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("paper_hash", sa.String(64), nullable=False),
        sa.Column("side", sa.String(32), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("means", sa.String(32), nullable=False),
        sa.Column("witness_id", sa.Uuid(), nullable=True),
        sa.Column("drawing", JSON, nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        *_city("signature"),
        _to("signature", "paper_id", "frozen_paper"),
        _to("signature", "signer_id", "person"),
        _to("signature", "witness_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_signature"),
        sa.UniqueConstraint("paper_id", "side", name="uq_signature_paper_id_side"),
    )
    for column in ("signer_id", "municipality_id"):
        op.create_index(f"ix_signature_{column}", "signature", [column])
    op.create_table(
        "paper_series",
        sa.Column("series", sa.String(100), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        *_city("paper_series"),
        sa.PrimaryKeyConstraint("series", name="pk_paper_series"),
    )
    op.create_index("ix_paper_series_municipality_id", "paper_series", ["municipality_id"])
    op.create_table(
        "waiting_paper",
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        *_city("waiting_paper"),
        _to("waiting_paper", "paper_id", "frozen_paper"),
        sa.PrimaryKeyConstraint("about_id", "kind", name="pk_waiting_paper"),
        sa.UniqueConstraint("paper_id", name="uq_waiting_paper_paper_id"),
    )
    op.create_index("ix_waiting_paper_municipality_id", "waiting_paper", ["municipality_id"])
    op.create_table(
        "paper_set_aside",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("set_aside_at", INSTANT, nullable=False),
        sa.Column("set_aside_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        *_city("paper_set_aside"),
        _to("paper_set_aside", "paper_id", "frozen_paper"),
        _to("paper_set_aside", "set_aside_by", "person"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_paper_set_aside"),
    )
    op.create_index("ix_paper_set_aside_municipality_id", "paper_set_aside", ["municipality_id"])
    op.create_table(
        "kept_copy",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(32), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        *_city("kept_copy"),
        _to("kept_copy", "paper_id", "frozen_paper"),
        sa.PrimaryKeyConstraint("paper_id", name="pk_kept_copy"),
    )
    op.create_index("ix_kept_copy_municipality_id", "kept_copy", ["municipality_id"])
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(
            """
            CREATE FUNCTION refuse_change_of_signed_paper() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'what was signed is never changed or removed'; END $$
            """
        )
    for table in UNALTERABLE:
        if on_postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_signed_paper()"
            )
            continue
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{what.lower()}_refused BEFORE {what} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'what was signed is never changed or removed'); END"
            )


def downgrade() -> None:
    for table in (
        "kept_copy",
        "paper_set_aside",
        "waiting_paper",
        "paper_series",
        "signature",
        "frozen_paper",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_signed_paper()")
