"""Whoever stands in a register of volunteers gets the lines that say so.

They are dated by this migration: that is when they were written. How a line is hashed stands here
once more, so that lines written today stay right whatever the program does later.
"""

import hashlib
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from civic.kernel.ids import uuid7

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
CHUNK = 1000

person = sa.table(
    "person",
    sa.column("id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("birth_year", sa.Integer()),
)
entry = sa.table(
    "register_entry",
    sa.column("id", sa.Uuid()),
    sa.column("person_id", sa.Uuid()),
    sa.column("association_id", sa.Uuid()),
    sa.column("municipality_id", sa.Uuid()),
    sa.column("first_day", sa.Date()),
    sa.column("last_day", sa.Date()),
    sa.column("last_line", sa.Integer()),
)
line = sa.table(
    "register_line",
    sa.column("id", sa.Uuid()),
    sa.column("municipality_id", sa.Uuid()),
    sa.column("association_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("person_id", sa.Uuid()),
    sa.column("content", JSON),
    sa.column("corrects", sa.Integer()),
    sa.column("recorded_at", sa.DateTime(timezone=True)),
    sa.column("recorded_by", sa.Uuid()),
    sa.column("previous_hash", sa.String()),
    sa.column("hash", sa.String()),
)


def upgrade() -> None:
    connection = op.get_bind()
    now = connection.execute(sa.select(sa.func.now())).scalar_one()
    written_at = (
        now.replace(microsecond=0).astimezone(UTC) if now.tzinfo else now.replace(tzinfo=UTC)
    )
    registers: dict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    rows = connection.execute(
        sa.select(entry, person.c.name, person.c.birth_year)
        .join(person, person.c.id == entry.c.person_id)
        .order_by(entry.c.first_day, entry.c.id)
    )
    begun = {
        tuple(row)
        for row in connection.execute(sa.select(line.c.association_id, line.c.municipality_id))
    }
    for row in rows:
        registers[row.association_id, row.municipality_id].append(row)
    lines: list[dict[str, Any]] = []
    newest: list[dict[str, Any]] = []
    for register, entries in registers.items():
        if register not in begun:
            lines += _chain(entries, written_at, newest)
    for start in range(0, len(lines), CHUNK):
        connection.execute(sa.insert(line), lines[start : start + CHUNK])
    if newest:
        connection.execute(
            sa.update(entry)
            .where(entry.c.id == sa.bindparam("which"))
            .values(last_line=sa.bindparam("number")),
            newest,
        )


def _chain(
    entries: list[Any], written_at: datetime, newest: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """One register's lines, in the order in which people came and went."""
    moves: list[tuple[date, int, str, Any]] = [
        (row.first_day, 0, "entered", row) for row in entries
    ]
    moves += [(row.last_day, 1, "left", row) for row in entries if row.last_day]
    moves.sort(key=lambda move: move[:2])
    lines: list[dict[str, Any]] = []
    last_line: dict[UUID, int] = {}
    previous = "0" * 64
    for number, (_day, _order, kind, row) in enumerate(moves, start=1):
        values = {
            "id": uuid7(written_at),
            "municipality_id": row.municipality_id,
            "association_id": row.association_id,
            "number": number,
            "kind": kind,
            "person_id": row.person_id,
            "content": {
                "name": row.name,
                "birth": str(row.birth_year or ""),
                "birth_place": "",
                "fiscal_code": "",
                "residence": "",
                "first_day": row.first_day.isoformat(),
                "last_day": row.last_day.isoformat() if kind == "left" else None,
            },
            "corrects": None,
            "recorded_at": written_at,
            "recorded_by": None,
            "previous_hash": previous,
        }
        previous = values["hash"] = _hash(values)
        lines.append(values)
        last_line[row.id] = number
    newest += [{"which": which, "number": number} for which, number in last_line.items()]
    return lines


def _hash(values: dict[str, Any]) -> str:
    text = json.dumps(
        {
            "association": str(values["association_id"]),
            "content": values["content"],
            "corrects": None,
            "id": str(values["id"]),
            "kind": values["kind"],
            "municipality": str(values["municipality_id"]),
            "number": values["number"],
            "person": str(values["person_id"]),
            "previous": values["previous_hash"],
            "recorded_at": values["recorded_at"].isoformat(timespec="microseconds"),
            "recorded_by": None,
        },
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def downgrade() -> None:
    """The lines stay until their table goes, a step further down: none may be taken out."""
