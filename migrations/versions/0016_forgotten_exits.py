"""What the system proposes for somebody never seen to leave, it proposes once a day."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FORGOTTEN = sa.text("kind = 'forgotten_exit'")


def upgrade() -> None:
    op.create_index("ix_correction_state", "correction", ["state", "session_id"])
    op.create_index(
        "ix_correction_forgotten",
        "correction",
        ["session_id", "person_id", "day"],
        unique=True,
        sqlite_where=FORGOTTEN,
        postgresql_where=FORGOTTEN,
    )


def downgrade() -> None:
    op.drop_index("ix_correction_forgotten", "correction")
    op.drop_index("ix_correction_state", "correction")
