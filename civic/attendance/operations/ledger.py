"""The ledger: hours follow from marks and corrections, and every change of them is an entry."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, CompoundSelect, bindparam, literal, select, union_all

from civic.attendance.events import HoursCredited
from civic.attendance.hours import Worked, booked_in, months_first, settled
from civic.attendance.models import Correction, HoursEntry, HoursLine
from civic.attendance.operations.months import hold_open
from civic.attendance.rules import Cause, CorrectionState
from civic.catalogue.queries.sessions import SessionBasics
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert
from civic.kernel.outbox import emit

Days = dict[date, int]


@dataclass(frozen=True)
class Why:
    """What an entry of the ledger says of its change, besides when."""

    cause: Cause
    cause_id: UUID | None = None
    made_by: UUID | None = None
    reason: str = ""


def settle(ctx: Context, facts: SessionBasics, worked: Mapping[UUID, tuple[Worked, Why]]) -> None:
    """Bring the ledger of these people in a session to what their marks and confirmed corrections
    amount to, and tell of each whose hours changed. Callers hold the people (see `queries.gate`).
    """
    standing, corrections = _standing(ctx, facts.id, worked)
    changed: dict[UUID, Days] = {}
    for person_id, (found, _why) in worked.items():
        before = standing.get(person_id, {})
        after = dict.fromkeys(before, 0) | settled(found, corrections.get(person_id, {}))
        if days := {day: minutes for day, minutes in after.items() if before.get(day) != minutes}:
            changed[person_id] = days
    if changed:
        write(
            ctx,
            facts,
            {person: (worked[person][1], changed[person]) for person in changed},
            standing,
        )


def _standing(
    ctx: Context, session_id: UUID, people: Mapping[UUID, Any]
) -> tuple[dict[UUID, Days], dict[UUID, Days]]:
    """Of each person and day what the ledger says, and what was confirmed last; in one statement,
    because somebody stands at the gate."""
    lines: dict[UUID, Days] = defaultdict(dict)
    corrections: dict[UUID, Days] = defaultdict(dict)
    for row in ctx.db.execute(
        _lines_and_corrections(), {"session": session_id, "people": [*people]}
    ):
        found = corrections if row.is_correction else lines
        found[row.person_id][row.day] = row.minutes
    return lines, corrections


@cache
def _lines_and_corrections() -> CompoundSelect[*tuple[Any, ...]]:
    """Put together once. The last of several corrections comes last."""
    line, correction = HoursLine, Correction
    people: BindParameter[Any] = bindparam("people", expanding=True)
    return union_all(
        select(
            literal(0).label("is_correction"),
            line.person_id,
            line.day,
            line.minutes,
            line.updated_at.label("decided_at"),
            line.updated_at.label("made_at"),
            line.id,
        ).where(line.session_id == bindparam("session"), line.person_id.in_(people)),
        select(
            literal(1),
            correction.person_id,
            correction.day,
            correction.minutes,
            correction.decided_at,
            correction.made_at,
            correction.id,
        )
        .where(correction.session_id == bindparam("session"), correction.person_id.in_(people))
        .where(correction.state == CorrectionState.CONFIRMED),
    ).order_by("decided_at", "made_at", "id")


def write(
    ctx: Context,
    facts: SessionBasics,
    changed: Mapping[UUID, tuple[Why, Days]],
    standing: Mapping[UUID, Days],
) -> None:
    """Days that become other minutes than stood there before: an entry each, and the balance."""
    now, today = ctx.now(), rome_day(ctx.now())
    closed = _closed_months(ctx, facts, today, [days for _why, days in changed.values()])
    lines, entries = [], []
    for person_id, (why, days) in changed.items():
        before = standing.get(person_id, {})
        for day, minutes in sorted(days.items()):
            row = {
                "municipality_id": facts.municipality_id,
                "session_id": facts.id,
                "association_id": facts.association_id,
                "person_id": person_id,
                "day": day,
            }
            lines.append(
                {
                    **row,
                    "id": ctx.new_id(),
                    "project_id": facts.project_id,
                    "area": facts.area,
                    "minutes": minutes,
                    "updated_at": now,
                }
            )
            entries.append(
                {
                    **row,
                    "id": ctx.new_id(),
                    "minutes": minutes - before.get(day, 0),
                    "month": booked_in(day, today, closed),
                    "cause": why.cause,
                    "cause_id": why.cause_id,
                    "reason": why.reason,
                    "made_by": why.made_by,
                    "made_at": now,
                }
            )
        after = sum((dict(before) | days).values())
        emit(
            ctx,
            HoursCredited(
                municipality_id=facts.municipality_id,
                person_id=person_id,
                session_id=facts.id,
                association_id=facts.association_id,
                area=facts.area.value,
                minutes=after,
            ),
        )
    connection = ctx.db.connection()
    statement = insert(ctx.db, HoursLine)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["session_id", "person_id", "day"],
            set_={
                "minutes": statement.excluded.minutes,
                "updated_at": statement.excluded.updated_at,
            },
        ),
        lines,
    )
    connection.execute(insert(ctx.db, HoursEntry), entries)


def _closed_months(
    ctx: Context, facts: SessionBasics, today: date, changed: list[Days]
) -> list[date]:
    """This month is never closed yet, and hardly anything else is changed: asked only if so."""
    months = {months_first(day) for days in changed for day in days} - {months_first(today)}
    return hold_open(ctx, facts.municipality_id, months) if months else []
