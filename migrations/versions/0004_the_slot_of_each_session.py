"""The slot of the week in which each session starts, by Italian clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROME = ZoneInfo("Europe/Rome")
NOON, DUSK = 12, 17
BATCH = 5_000

session = sa.table(
    "project_session",
    sa.column("id", sa.Uuid()),
    sa.column("starts_at", sa.DateTime(timezone=True)),
    sa.column("slot", sa.Integer()),
)


def _slot(starts_at: datetime) -> int:
    aware = starts_at.replace(tzinfo=UTC) if starts_at.tzinfo is None else starts_at
    wall = aware.astimezone(ROME)
    part = 0 if wall.hour < NOON else 1 if wall.hour < DUSK else 2
    return wall.weekday() * 3 + part


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(session.c.id, session.c.starts_at)).all()
    change = (
        sa.update(session)
        .where(session.c.id == sa.bindparam("which"))
        .values(slot=sa.bindparam("found"))
    )
    for start in range(0, len(rows), BATCH):
        connection.execute(
            change,
            [
                {"which": row.id, "found": _slot(row.starts_at)}
                for row in rows[start : start + BATCH]
            ],
        )


def downgrade() -> None:
    """The column goes with the revision before."""
