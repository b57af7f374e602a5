"""Badges that cities and associations define, how skills were seen, and badges to look at again."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
LIVING = sa.text("revoked_at IS NULL")
OPEN = sa.text("state = 'open'")
IN_ITALIAN = "b45f87e9-66ce-4212-82eb-3a55765bc512"
INSTRUCTIONS = "fc511e12-fe90-40a0-bec8-227abb5e4255"
TEAMWORK = "60c78287-22eb-4103-9c8c-28deaa460da0"
COMMITMENT = "113b4428-0a31-4199-8496-070af7854b91"
CIVIC_LIFE = "7d9bace0-63d0-4848-ac87-350a98082c12"

ROWS = (
    {
        "id": "01968c3e-0000-7000-8000-000000000041",
        "code": "reliable",
        "names": {
            "it": "Su cui contare",
            "en": "Reliable",
            "fr": "Fiable",
            "ar": "يُعتمَد عليه",
        },
        "rule": {"minutes": 1200, "sessions": 8, "months": 2, "kept": 90},
        "skills": [COMMITMENT],
    },
    {
        "id": "01968c3e-0000-7000-8000-000000000042",
        "code": "italian",
        "names": {
            "it": "Al lavoro in italiano",
            "en": "Works in Italian",
            "fr": "À l’œuvre en italien",
            "ar": "العمل بالإيطالية",
        },
        "rule": {"minutes": 600, "sessions": 4, "ratings": {IN_ITALIAN: "with_help"}},
        "skills": [IN_ITALIAN, INSTRUCTIONS],
    },
    {
        "id": "01968c3e-0000-7000-8000-000000000043",
        "code": "team",
        "names": {"it": "In squadra", "en": "Team", "fr": "En équipe", "ar": "ضمن الفريق"},
        "rule": {"minutes": 720, "sessions": 6, "ratings": {TEAMWORK: "with_help"}},
        "skills": [TEAMWORK, CIVIC_LIFE],
    },
)
achievement = sa.table(
    "achievement",
    sa.column("id", sa.Uuid()),
    sa.column("code", sa.String()),
    sa.column("area", sa.String()),
    sa.column("level", sa.Integer()),
    sa.column("names", JSON),
    sa.column("rule", JSON),
    sa.column("skills", JSON),
    sa.column("descriptions", JSON),
    sa.column("criteria", JSON),
)


def upgrade() -> None:
    _widen_achievements()
    _widen_awards()
    op.create_table(
        "award_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id"], ["award.id"], name="fk_award_review_award_id_award", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name="fk_award_review_decided_by_person"
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_award_review_municipality_id_municipality",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_award_review"),
    )
    op.create_index("ix_award_review_award_id", "award_review", ["award_id"])
    op.create_index("ix_award_review_municipality_id", "award_review", ["municipality_id"])
    op.create_index(
        "ix_award_review_one_open",
        "award_review",
        ["award_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    rows = [{"area": None, "level": 1, "descriptions": {}, "criteria": {}, **row} for row in ROWS]
    op.bulk_insert(achievement, [row | {"id": UUID(str(row["id"]))} for row in rows])


def _widen_achievements() -> None:
    with op.batch_alter_table("achievement") as batch:
        for name in ("descriptions", "criteria"):
            batch.add_column(sa.Column(name, JSON, nullable=False, server_default="{}"))
        for name in ("municipality_id", "association_id", "made_by"):
            batch.add_column(sa.Column(name, sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("valid_months", sa.Integer(), nullable=True))
        for name in ("made_at", "retired_at"):
            batch.add_column(sa.Column(name, INSTANT, nullable=True))
        for column, other in (
            ("municipality_id", "municipality"),
            ("association_id", "association"),
            ("made_by", "person"),
        ):
            name = f"fk_achievement_{column}_{other}"
            batch.create_foreign_key(name, other, [column], ["id"])
    with op.batch_alter_table("achievement") as batch:
        for name in ("descriptions", "criteria"):
            batch.alter_column(name, existing_type=JSON, server_default=None)
    op.create_index("ix_achievement_municipality_id", "achievement", ["municipality_id"])


def _widen_awards() -> None:
    with op.batch_alter_table("award") as batch:
        batch.add_column(sa.Column("ratings", JSON, nullable=False, server_default="{}"))
        for name in ("valid_until", "revoked_at"):
            batch.add_column(sa.Column(name, INSTANT, nullable=True))
        batch.add_column(sa.Column("revoked_by", sa.Uuid(), nullable=True))
        batch.create_foreign_key("fk_award_revoked_by_person", "person", ["revoked_by"], ["id"])
        batch.drop_constraint("uq_award_person_id_achievement_id", type_="unique")
    with op.batch_alter_table("award") as batch:
        batch.alter_column("ratings", existing_type=JSON, server_default=None)
    op.create_index(
        "ix_award_living",
        "award",
        ["person_id", "achievement_id"],
        unique=True,
        sqlite_where=LIVING,
        postgresql_where=LIVING,
    )


def downgrade() -> None:
    """Badges that were withdrawn, and those defined since, are not known to the schema of before."""
    op.drop_table("award_review")
    gone = "SELECT id FROM award WHERE revoked_at IS NOT NULL"
    op.execute(f"DELETE FROM evidence WHERE award_id IN ({gone})")  # noqa: S608 - no value
    op.execute("DELETE FROM award WHERE revoked_at IS NOT NULL")
    since = "made_by IS NOT NULL OR code IN ('reliable', 'italian', 'team')"
    added = f"SELECT id FROM achievement WHERE {since}"  # noqa: S608 - no value
    theirs = f"SELECT id FROM award WHERE achievement_id IN ({added})"  # noqa: S608 - no value
    op.execute(f"DELETE FROM evidence WHERE award_id IN ({theirs})")  # noqa: S608 - no value
    for table in ("award", "proposal"):
        op.execute(f"DELETE FROM {table} WHERE achievement_id IN ({added})")  # noqa: S608 - no value
    op.execute(f"DELETE FROM achievement WHERE {since}")  # noqa: S608 - no value
    op.drop_index("ix_award_living", "award")
    with op.batch_alter_table("award") as batch:
        batch.drop_constraint("fk_award_revoked_by_person", type_="foreignkey")
        for name in ("ratings", "valid_until", "revoked_at", "revoked_by"):
            batch.drop_column(name)
        batch.create_unique_constraint(
            "uq_award_person_id_achievement_id", ["person_id", "achievement_id"]
        )
    op.drop_index("ix_achievement_municipality_id", "achievement")
    with op.batch_alter_table("achievement") as batch:
        for column, other in (
            ("municipality_id", "municipality"),
            ("association_id", "association"),
            ("made_by", "person"),
        ):
            batch.drop_constraint(f"fk_achievement_{column}_{other}", type_="foreignkey")
        for name in (
            "descriptions",
            "criteria",
            "municipality_id",
            "association_id",
            "made_by",
            "made_at",
            "retired_at",
            "valid_months",
        ):
            batch.drop_column(name)
