"""Of each line of somebody's hours one question is open at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OPEN = sa.text("answered_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_contest_one_open",
        "contest",
        ["session_id", "person_id", "day"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_contest_one_open", "contest")
