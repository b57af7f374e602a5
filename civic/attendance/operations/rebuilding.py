"""The ledger brought back to what scans, decisions and corrections amount to."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from civic.attendance.operations import ledger
from civic.attendance.operations.ledger import Why
from civic.attendance.queries import gate
from civic.attendance.queries.recounted import Recount, Span, next_spans, recounts
from civic.attendance.rules import Cause
from civic.audit import operations as audit
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in

HELD_AT_ONCE = 500


def rebuild(database: Database, municipality_id: UUID) -> int:
    """How many lines of the city were not right and are now; each change is an entry of its own,
    in the account of the open month. Only people whose hours are wrong are held, and only while
    those of a few sessions are set right: at the gates nobody waits."""
    return sum(
        _mend(database, municipality_id, wrong) for wrong in _wrong(database, municipality_id)
    )


def _wrong(database: Database, municipality_id: UUID) -> Iterator[list[Recount]]:
    last: Span | None = None
    while True:
        with database.snapshot(system_in(municipality_id)) as ctx:
            some = next_spans(ctx, municipality_id, last)
            wrong = [each for each in recounts(ctx, some) if each.differences] if some else []
        if not some:
            return
        last = some[-1]
        if wrong:
            yield wrong


def _mend(database: Database, municipality_id: UUID, wrong: list[Recount]) -> int:
    with database.unit_of_work(system_in(municipality_id)) as ctx:
        held = sorted({each.person_id for each in wrong})
        for start in range(0, len(held), HELD_AT_ONCE):
            gate.hold(ctx, held[start : start + HELD_AT_ONCE])
        # Once more, now that nobody changes them: somebody may have meanwhile.
        mended = _mend_held(ctx, {each.session_id for each in wrong}, set(held))
        if mended:
            audit.record(ctx, municipality_id, "hours.rebuilt", details={"lines": mended})
    return mended


def _mend_held(ctx: Context, session_ids: set[UUID], held: set[UUID]) -> int:
    facts = session_facts(ctx, session_ids)
    found: dict[UUID, list[Recount]] = defaultdict(list)
    for each in recounts(ctx, [Span(one.id, one.starts_at, one.ends_at) for one in facts.values()]):
        if each.person_id in held and each.differences:
            found[each.session_id].append(each)
    why = Why(Cause.REBUILD)
    for session_id, theirs in found.items():
        ledger.write(
            ctx,
            facts[session_id],
            {
                each.person_id: (why, {one.day: one.right for one in each.differences})
                for each in theirs
            },
            {each.person_id: each.entries for each in theirs},
        )
    return sum(len(each.differences) for theirs in found.values() for each in theirs)
