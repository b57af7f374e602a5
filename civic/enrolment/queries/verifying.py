"""Whether the registers of volunteers are whole.

Lines are read as they lie in the database and not as the program would understand them: whoever
changed a byte there need not have left anything that can be understood.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Select, cast, select

from civic.enrolment.models import RegisterEntry, RegisterLine
from civic.enrolment.register_chain import Entry, Fault, Line, Reader
from civic.enrolment.rules import LineKind
from civic.kernel.context import Context

BATCH = 1000
NUMBERS = ("number", "corrects")
NOWHERE = UUID(int=0)
"""The association of a line that names none which could be."""


@dataclass(frozen=True)
class Verified:
    registers: int
    lines: int
    faults: tuple[Fault, ...]


def verify_registers(ctx: Context, municipality_id: UUID) -> Verified:
    """Every register of the city read from its first line to its last, in a snapshot: lines are
    compared with the entries that were there with them."""
    entries = _entries(ctx, municipality_id)
    faults: list[Fault] = []
    registers = counted = 0
    is_typed = ctx.db.get_bind().dialect.name == "postgresql"
    with ctx.db.execute(_chains(municipality_id, is_typed=is_typed)) as rows:
        for written, lines in groupby(rows, key=itemgetter(2)):
            reader = Reader(written if is_typed else _id_or_nowhere(written))
            for row in lines:
                line, hash_ = (Line(*row[:-1]), row[-1]) if is_typed else _understood(row)
                faults += reader.take(line, hash_) if line else reader.pass_over(row[3], hash_)
                counted += 1
            faults += reader.settle(entries.pop(reader.association_id, ()))
            registers += 1
    for association_id, left in entries.items():
        faults += Reader(association_id).settle(left)
        registers += 1
    return Verified(registers, counted, tuple(faults))


def _chains(municipality_id: UUID, *, is_typed: bool) -> Select[*tuple[Any, ...]]:
    """PostgreSQL keeps only what is of a column's type; SQLite whatever stands there."""
    columns = [*(getattr(RegisterLine, name) for name in Line._fields), RegisterLine.hash]
    if not is_typed:
        columns = [each if each.key in NUMBERS else cast(each, LargeBinary) for each in columns]
    return (
        select(*columns)
        .where(RegisterLine.municipality_id == municipality_id)
        .order_by(RegisterLine.association_id, RegisterLine.number)
        .execution_options(yield_per=BATCH)
    )


def _understood(row: Sequence[Any]) -> tuple[Line | None, str]:
    """No line when what stands there is not written as we write it; and its hash."""
    hash_ = row[11].decode(errors="replace")
    try:
        line = Line(
            id=_id(row[0]),
            municipality_id=_id(row[1]),
            association_id=_id(row[2]),
            number=row[3],
            kind=LineKind(row[4].decode()),
            person_id=_id(row[5]),
            content=_content(row[6].decode()),
            corrects=row[7],
            recorded_at=_instant(row[8].decode()),
            recorded_by=None if row[9] is None else _id(row[9]),
            previous_hash=row[10].decode(),
        )
    except (ValueError, TypeError, AttributeError):
        return None, hash_
    return line, hash_


def _id(written: bytes) -> UUID:
    found = UUID(hex=written.decode())
    if found.hex != written.decode():
        raise ValueError
    return found


def _id_or_nowhere(written: bytes) -> UUID:
    try:
        return _id(written)
    except ValueError:
        return NOWHERE


def _instant(written: str) -> datetime:
    found = datetime.fromisoformat(written)
    if found.isoformat(" ", "microseconds") != written:
        raise ValueError
    return found.replace(tzinfo=UTC)


def _content(written: str) -> dict[str, Any]:
    found = json.loads(written)
    if not isinstance(found, dict) or json.dumps(found) != written:
        raise ValueError
    return found


def _entries(ctx: Context, municipality_id: UUID) -> dict[UUID, list[Entry]]:
    found: dict[UUID, list[Entry]] = defaultdict(list)
    rows = ctx.db.execute(
        select(
            RegisterEntry.association_id,
            RegisterEntry.person_id,
            RegisterEntry.first_day,
            RegisterEntry.last_day,
            RegisterEntry.last_line,
        ).where(RegisterEntry.municipality_id == municipality_id)
    )
    for row in rows:
        found[row[0]].append(Entry(*row[1:]))
    return found
