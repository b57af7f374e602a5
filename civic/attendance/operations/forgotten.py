"""Hours proposed for people who came in and were never seen to leave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update

from civic.attendance.hours import WORDS_OF_FORGOTTEN
from civic.attendance.models import Correction
from civic.attendance.queries.forgotten import Stay, open_stays
from civic.attendance.rules import CorrectionKind, CorrectionState
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert
from civic.kernel.db.scope import unscoped


@dataclass
class _Changes:
    new: list[dict[str, Any]] = field(default_factory=list)
    again: list[dict[str, Any]] = field(default_factory=list)
    """Other minutes than before, or open once more."""
    over: list[UUID] = field(default_factory=list)


def propose_forgotten_exits(ctx: Context) -> int:
    """In all cities, once for each day however often this runs; returns how many are new.

    What somebody decided stays decided. What nobody decided follows the scans: it is withdrawn
    when an exit arrives after all, and comes back when that exit is set aside. Seven statements at
    most, however many people there are."""
    with unscoped(ctx.db, "who was never seen to leave, in all cities"):
        changes = _changes(ctx, open_stays(ctx))
        _change(ctx, changes)
        return _propose(ctx, changes.new)


def _changes(ctx: Context, stays: Iterable[Stay]) -> _Changes:
    changes = _Changes()
    for stay in stays:
        wanted = stay.wanted(ctx.now())
        for day in wanted.keys() - stay.ours.keys():
            changes.new.append(_row(ctx, stay, day, wanted[day]))
        for day, ours in stay.ours.items():
            if ours.is_decided_by_somebody:
                continue
            is_open, minutes = ours.state is CorrectionState.PROPOSED, wanted.get(day)
            if minutes is None and is_open:
                changes.over.append(ours.id)
            elif minutes is not None and (not is_open or minutes != ours.minutes):
                changes.again.append({"which": ours.id, "to": minutes})
    return changes


def _row(ctx: Context, stay: Stay, day: date, minutes: int) -> dict[str, Any]:
    return {
        "id": ctx.new_id(),
        "municipality_id": stay.municipality_id,
        "session_id": stay.session_id,
        "person_id": stay.person_id,
        "day": day,
        "minutes": minutes,
        "kind": CorrectionKind.FORGOTTEN_EXIT,
        "reason": WORDS_OF_FORGOTTEN,
        "made_by": None,
        "made_at": ctx.now(),
        "state": CorrectionState.PROPOSED,
    }


def _propose(ctx: Context, rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    statement = insert(ctx.db, Correction).on_conflict_do_nothing().returning(Correction.id)
    return len(ctx.db.connection().execute(statement, rows).all())


def _change(ctx: Context, changes: _Changes) -> None:
    """Only what nobody has decided meanwhile."""
    undecided = Correction.decided_by.is_(None), Correction.state != CorrectionState.CONFIRMED
    connection = ctx.db.connection()
    for some in _by_thousands(changes.over):
        connection.execute(
            update(Correction)
            .where(Correction.id.in_(some), *undecided)
            .values(state=CorrectionState.REFUSED, decided_at=ctx.now())
        )
    if changes.again:
        connection.execute(
            update(Correction)
            .where(Correction.id == bindparam("which"), *undecided)
            .values(
                minutes=bindparam("to"),
                state=CorrectionState.PROPOSED,
                decided_at=None,
                made_at=ctx.now(),
            ),
            changes.again,
        )


def _by_thousands(ids: list[UUID]) -> Iterator[list[UUID]]:
    """As many as both databases take in one list."""
    for start in range(0, len(ids), 1000):
        yield ids[start : start + 1000]
