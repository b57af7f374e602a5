"""Who is here now: for whoever must count heads outside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person
from civic.attendance.models import CheckEvent
from civic.attendance.policy import CHECK_IN
from civic.attendance.queries.taken_back import is_taken_back
from civic.attendance.rules import Mark, Presence, in_order, presence
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.kernel.context import Context


@dataclass(frozen=True)
class PersonHere:
    person_id: UUID
    name: str
    since: datetime
    gate: str
    """Through which they came or went, where gates have names."""


@dataclass(frozen=True)
class Here:
    """Everybody of a session who has come and not left, by name."""

    facts: SessionFacts
    inside: tuple[PersonHere, ...]
    on_break: tuple[PersonHere, ...]
    at: datetime

    @property
    def gates(self) -> tuple[str, ...]:
        return tuple(sorted({each.gate for each in self.inside if each.gate}))


def who_is_here(ctx: Context, session_id: UUID) -> Here:
    """From the scans of all gates together; two statements."""
    facts = session_for(ctx, session_id, CHECK_IN)
    rows = ctx.db.execute(
        select(
            CheckEvent.person_id,
            Person.name,
            CheckEvent.id,
            CheckEvent.direction,
            CheckEvent.scanned_at,
            CheckEvent.reason,
            CheckEvent.is_forced,
            CheckEvent.gate,
        )
        .join(Person, Person.id == CheckEvent.person_id)
        .where(CheckEvent.session_id == session_id)
        .where(~is_taken_back())
    )
    names, gates, marks = {}, {}, dict[UUID, list[Mark]]()
    for row in rows:
        mark = Mark(row.id, row.direction, row.scanned_at, row.reason, row.is_forced)
        marks.setdefault(row.person_id, []).append(mark)
        names[row.person_id], gates[row.id] = row.name, row.gate
    found: dict[Presence, list[PersonHere]] = {each: [] for each in Presence}
    for person_id, theirs in marks.items():
        changed = last_change(theirs)
        if changed is not None:
            found[presence(theirs)].append(
                PersonHere(person_id, names[person_id], changed.scanned_at, gates[changed.id])
            )
    return Here(
        facts, _by_name(found[Presence.IN]), _by_name(found[Presence.BREAK]), ctx.clock.now()
    )


def last_change(marks: Iterable[Mark]) -> Mark | None:
    """The scan since which they are where they are; a repeated entry changes nothing."""
    seen: list[Mark] = []
    state, changed = Presence.NOT_YET, None
    for mark in in_order(marks):
        seen.append(mark)
        now = presence(seen)
        if now is not state:
            state, changed = now, mark
    return changed


def _by_name(people: Iterable[PersonHere]) -> tuple[PersonHere, ...]:
    return tuple(sorted(people, key=lambda each: (each.name.casefold(), each.person_id.int)))
