"""Sessions that come again by weekday and wall-clock time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "session_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=300), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("except_days", JSON, nullable=False),
        sa.Column("meeting_point", sa.String(length=200), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name="fk_session_series_municipality_id_municipality",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
            name="fk_session_series_project_id_project",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_session_series"),
    )
    op.create_index(
        "ix_session_series_municipality_id", "session_series", ["municipality_id"], unique=False
    )
    op.create_index("ix_session_series_project_id", "session_series", ["project_id"], unique=False)
    op.add_column(
        "project_session",
        sa.Column(
            "series_id",
            sa.Uuid(),
            sa.ForeignKey("session_series.id", name="fk_project_session_series_id_session_series"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("project_session", sa.Column("series_day", sa.Date(), nullable=True))
    op.create_index("ix_project_session_series_id", "project_session", ["series_id"], unique=False)
    for name in ("agreed_starts_at", "agreed_ends_at"):
        op.add_column("booking", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("booking", sa.Column("agreed_meeting_point", sa.String(200), nullable=True))


def downgrade() -> None:
    for name in ("agreed_meeting_point", "agreed_ends_at", "agreed_starts_at"):
        op.drop_column("booking", name)
    op.drop_index("ix_project_session_series_id", table_name="project_session")
    op.drop_column("project_session", "series_day")
    op.drop_column("project_session", "series_id")
    op.drop_table("session_series")
