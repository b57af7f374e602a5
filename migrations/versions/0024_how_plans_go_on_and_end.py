"""Occupations that plans walk towards, how plans end and what becomes of it, and plans that move."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
STILL_OPEN = sa.text("closed_at IS NULL")
STILL_STANDING = sa.text("reopened_at IS NULL")
UNDER_WAY = sa.text("state IN ('proposed', 'agreed')")


def upgrade() -> None:
    _one_open_plan()
    op.create_table(
        "plan_occupation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("occupation", sa.String(36), nullable=False),
        sa.Column("chosen_at", INSTANT, nullable=False),
        *_city("plan_occupation"),
        _to("plan_occupation", "plan_id", "plan", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_occupation"),
        sa.UniqueConstraint("plan_id", "occupation", name="uq_plan_occupation_plan_id_occupation"),
    )
    _indexes("plan_occupation", "municipality_id")
    op.create_table(
        "closing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.Column("reopened_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *_city("closing"),
        _to("closing", "plan_id", "plan", ondelete="CASCADE"),
        _to("closing", "closed_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_closing"),
    )
    _indexes("closing", "plan_id", "closed_on", "closed_by", "municipality_id")
    _one("ix_closing_standing", "closing", ["plan_id"], STILL_STANDING)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("closing_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(32), nullable=True),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        *_city("follow_up"),
        _to("follow_up", "closing_id", "closing", ondelete="CASCADE"),
        _to("follow_up", "answered_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
        sa.UniqueConstraint("closing_id", "months", name="uq_follow_up_closing_id_months"),
    )
    _indexes("follow_up", "due_on", "answered_by", "municipality_id")
    op.create_table(
        "plan_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("to_municipality_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("parcel", JSON, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("language", sa.String(12), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        *_city("plan_move"),
        _to("plan_move", "plan_id", "plan", ondelete="CASCADE"),
        _to("plan_move", "to_municipality_id", "municipality"),
        _to("plan_move", "proposed_by", "person"),
        _to("plan_move", "decided_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_move"),
    )
    _indexes("plan_move", "plan_id", "proposed_by", "decided_by", "municipality_id")
    _one("ix_plan_move_one", "plan_move", ["plan_id"], UNDER_WAY)
    op.create_table(
        "plan_arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("move_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_municipality_id", sa.Uuid(), nullable=False),
        sa.Column("parcel", JSON, nullable=False),
        sa.Column("agreed_at", INSTANT, nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        *_city("plan_arrival"),
        _to("plan_arrival", "move_id", "plan_move", ondelete="CASCADE"),
        _to("plan_arrival", "person_id", "person", ondelete="CASCADE"),
        _to("plan_arrival", "from_municipality_id", "municipality"),
        _to("plan_arrival", "taken_by", "person"),
        _to("plan_arrival", "plan_id", "plan", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_arrival"),
        sa.UniqueConstraint("move_id", name="uq_plan_arrival_move_id"),
    )
    _indexes("plan_arrival", "person_id", "taken_by", "plan_id", "municipality_id")


def _one_open_plan() -> None:
    """Of closed ones a person may have had several in the same city."""
    with op.batch_alter_table("plan") as batch:
        batch.add_column(sa.Column("closed_at", INSTANT, nullable=True))
        batch.drop_constraint("uq_plan_person_id_municipality_id", type_="unique")
    op.create_index("ix_plan_person_id", "plan", ["person_id"])
    _one("ix_plan_one_open", "plan", ["person_id", "municipality_id"], STILL_OPEN)


def _city(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        _to(table, "municipality_id", "municipality"),
    )


def _to(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _one(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """The schema of before knows one plan of a person in a city, and no closed ones: an older one
    goes where there is a newer. What is left is open again."""
    for table in ("plan_arrival", "plan_move", "follow_up", "closing", "plan_occupation"):
        op.drop_table(table)
    older = (
        "SELECT plan.id FROM plan JOIN plan AS newer ON newer.person_id = plan.person_id"
        " AND newer.municipality_id = plan.municipality_id AND (newer.opened_at > plan.opened_at"
        " OR (newer.opened_at = plan.opened_at AND newer.id > plan.id))"
    )
    # What hangs on them goes first: while SQLite rebuilds tables it follows no references.
    goals = f"SELECT id FROM goal WHERE plan_id IN ({older})"  # noqa: S608 - no value
    reviews = f"SELECT id FROM review WHERE plan_id IN ({older})"  # noqa: S608 - no value
    for table, column, which in (
        ("evidence", "goal_id", goals),
        ("milestone", "goal_id", goals),
        ("action", "plan_id", older),
        ("goal", "plan_id", older),
        ("barrier", "plan_id", older),
        ("review_score", "review_id", reviews),
        ("review", "plan_id", older),
        ("plan", "id", older),
    ):
        op.execute(f"DELETE FROM {table} WHERE {column} IN ({which})")  # noqa: S608 - no value
    op.drop_index("ix_plan_one_open", "plan")
    op.drop_index("ix_plan_person_id", "plan")
    with op.batch_alter_table("plan") as batch:
        batch.drop_column("closed_at")
        batch.create_unique_constraint(
            "uq_plan_person_id_municipality_id", ["person_id", "municipality_id"]
        )
