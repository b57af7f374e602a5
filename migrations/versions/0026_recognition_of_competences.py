"""The path of the recognition of competences: information, project, goals, evidence."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
STILL_LIVING = sa.text("ended_at IS NULL")


def _city(table: str) -> tuple[SchemaItem, ...]:
    return (
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        _to(table, "municipality_id", "municipality"),
    )


def _to(table: str, column: str, other: str, ondelete: str | None = None) -> SchemaItem:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}", ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "recognition_information",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(32), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *_city("recognition_information"),
        _to("recognition_information", "association_id", "association"),
        _to("recognition_information", "person_id", "person", "CASCADE"),
        _to("recognition_information", "recorded_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_recognition_information"),
        sa.UniqueConstraint(
            "person_id",
            "association_id",
            "municipality_id",
            name="uq_recognition_information_person",
        ),
    )
    op.create_table(
        "recognition_path",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("is_own_wish", sa.Boolean(), nullable=False),
        sa.Column("tutor_id", sa.Uuid(), nullable=True),
        sa.Column("minutes_planned", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("end_reason", sa.String(300), nullable=False),
        *_city("recognition_path"),
        _to("recognition_path", "association_id", "association"),
        _to("recognition_path", "person_id", "person", "CASCADE"),
        _to("recognition_path", "tutor_id", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_recognition_path"),
    )
    op.create_index(
        "ix_recognition_path_one_living",
        "recognition_path",
        ["person_id", "association_id", "municipality_id"],
        unique=True,
        sqlite_where=STILL_LIVING,
        postgresql_where=STILL_LIVING,
    )
    op.create_index(
        "ix_recognition_path_association_id",
        "recognition_path",
        ["association_id", "municipality_id"],
    )
    op.create_index("ix_recognition_path_person_id", "recognition_path", ["person_id"])
    op.create_table(
        "recognition_goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("path_id", sa.Uuid(), nullable=False),
        sa.Column("sector", sa.Integer(), nullable=False),
        sa.Column("words_it", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        *_city("recognition_goal"),
        _to("recognition_goal", "path_id", "recognition_path", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_recognition_goal"),
    )
    op.create_table(
        "recognition_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("path_id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("skill", sa.String(36), nullable=False),
        sa.Column("rating", sa.String(32), nullable=True),
        sa.Column("stored_as", sa.String(32), nullable=False),
        sa.Column("agreed_at", INSTANT, nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        *_city("recognition_evidence"),
        _to("recognition_evidence", "path_id", "recognition_path", "CASCADE"),
        _to("recognition_evidence", "goal_id", "recognition_goal", "CASCADE"),
        _to("recognition_evidence", "session_id", "project_session"),
        _to("recognition_evidence", "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name="pk_recognition_evidence"),
    )
    for table in ("goal", "evidence"):
        op.create_index(f"ix_recognition_{table}_path_id", f"recognition_{table}", ["path_id"])
    for table in ("information", "path", "goal", "evidence"):
        op.create_index(
            f"ix_recognition_{table}_municipality_id",
            f"recognition_{table}",
            ["municipality_id"],
        )


def downgrade() -> None:
    for table in ("evidence", "goal", "path", "information"):
        op.drop_table(f"recognition_{table}")
