"""What both sides promise, the reviews of a plan, and how each of the two scores them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=True),
        sa.Column("owed_by", sa.String(32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=True),
        _to("action", "municipality_id", "municipality"),
        _to("action", "plan_id", "plan", ondelete="CASCADE"),
        _to("action", "goal_id", "goal", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_action"),
    )
    for column in ("municipality_id", "plan_id", "goal_id"):
        op.create_index(f"ix_action_{column}", "action", [column])
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        _to("review", "municipality_id", "municipality"),
        _to("review", "plan_id", "plan", ondelete="CASCADE"),
        _to("review", "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("plan_id", "held_on", name="uq_review_plan_id_held_on"),
    )
    for column in ("municipality_id", "made_by", "next_on"):
        op.create_index(f"ix_review_{column}", "review", [column])
    op.create_index(
        "ix_review_one_open",
        "review",
        ["plan_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "review_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(32), nullable=False),
        sa.Column("view", sa.String(32), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        _to("review_score", "municipality_id", "municipality"),
        _to("review_score", "review_id", "review", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_review_score"),
        sa.UniqueConstraint(
            "review_id", "domain", "view", name="uq_review_score_review_id_domain_view"
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_review_score_score"),
    )
    op.create_index("ix_review_score_municipality_id", "review_score", ["municipality_id"])


def _to(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("review_score")
    op.drop_table("review")
    op.drop_table("action")
