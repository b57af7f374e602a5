"""Goals in Italian too, milestones, evidence by hand, evidence taken off, barriers."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("goal", sa.Column("words_it", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["goal_id"], ["goal.id"], name="fk_milestone_goal_id_goal", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_milestone_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_milestone"),
    )
    op.create_table(
        "barrier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("overcome_on", sa.Date(), nullable=True),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name="fk_barrier_plan_id_plan", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name="fk_barrier_municipality_id_municipality"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_barrier"),
    )
    for table, column in (("milestone", "goal_id"), ("barrier", "plan_id")):
        op.create_index(f"ix_{table}_{column}", table, [column])
        op.create_index(f"ix_{table}_municipality_id", table, ["municipality_id"])
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("award_id", existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("kind", sa.String(32), nullable=True))
        batch.add_column(sa.Column("title", sa.String(200), server_default="", nullable=False))
        batch.add_column(sa.Column("level", sa.String(2), server_default="", nullable=False))
        batch.add_column(sa.Column("dated_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch.add_column(sa.Column("attached_by", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("taken_off_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("taken_off_by", sa.Uuid(), nullable=True))
        batch.add_column(
            sa.Column("taken_off_reason", sa.String(300), server_default="", nullable=False)
        )
        for column in ("attached_by", "taken_off_by"):
            batch.create_foreign_key(f"fk_evidence_{column}_person", "person", [column], ["id"])
        batch.create_check_constraint(
            op.f("ck_evidence_badge_or_by_hand"), "(award_id IS NULL) <> (kind IS NULL)"
        )


def downgrade() -> None:
    # What was put there by hand has no place in the table of before.
    op.execute("DELETE FROM evidence WHERE award_id IS NULL OR taken_off_at IS NOT NULL")
    with op.batch_alter_table("evidence") as batch:
        batch.drop_constraint(op.f("ck_evidence_badge_or_by_hand"), type_="check")
        for column in ("attached_by", "taken_off_by"):
            batch.drop_constraint(f"fk_evidence_{column}_person", type_="foreignkey")
        for column in (
            "kind",
            "title",
            "level",
            "dated_on",
            "note",
            "attached_by",
            "taken_off_at",
            "taken_off_by",
            "taken_off_reason",
        ):
            batch.drop_column(column)
        batch.alter_column("award_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("barrier")
    op.drop_table("milestone")
    op.drop_column("goal", "words_it")
