"""Sessions of devices that are handed over for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("handed_over_to", 200), ("handed_back_to", 200), ("hand_back_hash", 64)):
        op.add_column(
            "login_session",
            sa.Column(name, sa.String(length), server_default="", nullable=False),
        )
    op.add_column(
        "login_session",
        sa.Column("hand_back_tries", sa.Integer(), server_default="0", nullable=False),
    )


def downgrade() -> None:
    for name in ("hand_back_tries", "hand_back_hash", "handed_back_to", "handed_over_to"):
        op.drop_column("login_session", name)
