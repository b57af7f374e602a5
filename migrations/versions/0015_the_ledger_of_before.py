"""Each line of hours of before becomes the first entry of its ledger; reasons by their new names."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RENAMED = {"session_cancelled": "cancelled", "no_cover": "not_insured", "not_in": "already_out"}
UNKNOWN_BEFORE = {
    "not_approved": "not_booked",
    "wrong_session": "not_booked",
    "overlap": "already_in",
    "error": "invalid",
}
"""What comes nearest to reasons that there were not before."""
BATCH = 5_000
ROME = ZoneInfo("Europe/Rome")

event = sa.table(
    "check_event", sa.column("reason", sa.String()), sa.column("direction", sa.String())
)
session = sa.table(
    "project_session",
    sa.column("id", sa.Uuid()),
    sa.column("ends_at", sa.DateTime(timezone=True)),
)
correction = sa.table(
    "correction",
    *(
        sa.column(name, kind)
        for name, kind in (
            ("id", sa.Uuid()),
            ("municipality_id", sa.Uuid()),
            ("session_id", sa.Uuid()),
            ("person_id", sa.Uuid()),
            ("day", sa.Date()),
            ("minutes", sa.Integer()),
            ("kind", sa.String()),
            ("reason", sa.String()),
            ("made_by", sa.Uuid()),
            ("made_at", sa.DateTime(timezone=True)),
            ("state", sa.String()),
            ("decided_at", sa.DateTime(timezone=True)),
        )
    ),
)
line = sa.table(
    "hours_line",
    *(
        sa.column(name, kind)
        for name, kind in (
            ("id", sa.Uuid()),
            ("municipality_id", sa.Uuid()),
            ("session_id", sa.Uuid()),
            ("project_id", sa.Uuid()),
            ("association_id", sa.Uuid()),
            ("person_id", sa.Uuid()),
            ("area", sa.String()),
            ("day", sa.Date()),
            ("minutes", sa.Integer()),
            ("updated_at", sa.DateTime(timezone=True)),
        )
    ),
)
entry = sa.table(
    "hours_entry",
    *(
        sa.column(name, kind)
        for name, kind in (
            ("id", sa.Uuid()),
            ("municipality_id", sa.Uuid()),
            ("session_id", sa.Uuid()),
            ("association_id", sa.Uuid()),
            ("person_id", sa.Uuid()),
            ("day", sa.Date()),
            ("minutes", sa.Integer()),
            ("month", sa.Date()),
            ("cause", sa.String()),
            ("cause_id", sa.Uuid()),
            ("reason", sa.String()),
            ("made_by", sa.Uuid()),
            ("made_at", sa.DateTime(timezone=True)),
        )
    ),
)


def _rename(names: dict[str, str]) -> None:
    for before, after in names.items():
        op.execute(sa.update(event).where(event.c.reason == before).values(reason=after))


def upgrade() -> None:
    _rename(RENAMED)
    connection = op.get_bind()
    corrected = _corrected(connection)
    rows = connection.execute(sa.select(line)).mappings().all()
    for start in range(0, len(rows), BATCH):
        # An entry has the id of its line: run twice, it would be refused and not written twice.
        connection.execute(
            sa.insert(entry),
            [_entry(row, corrected) for row in rows[start : start + BATCH]],
        )
    _keep_corrected_nights(connection, rows, corrected)


def _corrected(connection: sa.Connection) -> dict[tuple[UUID, UUID], Any]:
    """Of each session and person the correction that counted: the one made last."""
    rows = connection.execute(
        sa.select(correction).order_by(correction.c.made_at, correction.c.id)
    ).mappings()
    return {(row["session_id"], row["person_id"]): row for row in rows}


def _entry(row: Any, corrected: dict[tuple[UUID, UUID], Any]) -> dict[str, object]:
    why = corrected.get((row["session_id"], row["person_id"]))
    return {
        **{
            name: row[name]
            for name in (
                "id", "municipality_id", "session_id", "association_id", "person_id", "day",
                "minutes",
            )
        },
        "month": row["day"].replace(day=1),
        "cause": "correction" if why else "scan",
        "cause_id": why["id"] if why else None,
        "reason": why["reason"] if why else "",
        "made_by": why["made_by"] if why else None,
        "made_at": row["updated_at"],
    }  # fmt: skip


def _keep_corrected_nights(
    connection: sa.Connection, rows: Any, corrected: dict[tuple[UUID, UUID], Any]
) -> None:
    """A correction of before was of a whole session; now it is of one day. Beside one of a night, the
    scans after midnight would count once more."""
    ends = {
        one.id: one.ends_at
        for one in connection.execute(
            sa.select(session).where(session.c.id.in_(sa.select(correction.c.session_id)))
        )
    }
    of_day, lines = [], []
    for row in rows:
        why = corrected.get((row["session_id"], row["person_id"]))
        if why is None:
            continue
        for day in _further_days(row["day"], ends[row["session_id"]]):
            new_id = uuid5(why["id"], day.isoformat())
            of_day.append({**why, "id": new_id, "day": day, "minutes": 0})
            lines.append({**row, "id": new_id, "day": day, "minutes": 0})
    if of_day:
        connection.execute(sa.insert(correction), of_day)
        connection.execute(sa.insert(line), lines)


def _further_days(first: date, ends_at: datetime) -> list[date]:
    # SQLite tells instants without saying that they are UTC.
    end = ends_at if ends_at.tzinfo else ends_at.replace(tzinfo=UTC)
    last = (end - timedelta(microseconds=1)).astimezone(ROME).date()
    return [first + timedelta(days=each) for each in range(1, (last - first).days + 1)]


def downgrade() -> None:
    _rename({after: before for before, after in RENAMED.items()})
    _rename(UNKNOWN_BEFORE)
    # Whoever is on a break is out, and comes in again: the hours are the same.
    op.execute(sa.update(event).where(event.c.direction == "break").values(direction="exit"))
    op.execute(sa.delete(entry))
    # Before, a session had one line a person: what lies beyond midnight goes back to its first day.
    other = line.alias("other")
    theirs = (other.c.session_id == line.c.session_id, other.c.person_id == line.c.person_id)
    first = sa.select(sa.func.min(other.c.day)).where(*theirs).scalar_subquery()
    total = sa.select(sa.func.sum(other.c.minutes)).where(*theirs).scalar_subquery()
    first_corrected = (
        sa.select(sa.func.min(other.c.day))
        .where(other.c.session_id == correction.c.session_id)
        .where(other.c.person_id == correction.c.person_id)
        .scalar_subquery()
    )
    # Of another day than the first, a correction would be taken for one of the whole session.
    op.execute(sa.delete(correction).where(correction.c.day > first_corrected))
    op.execute(sa.update(line).where(line.c.day == first).values(minutes=total))
    op.execute(sa.delete(line).where(line.c.day > first))
