"""All that the gate must know of people and scans, for many at once: a statement for each kind of
thing, however many passes were held up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select

from civic.accounts.models import Person
from civic.attendance.models import CheckDecision, CheckEvent, Pass
from civic.attendance.rules import (
    DISCOUNTED,
    DOORS_CLOSE,
    Mark,
    Outcome,
    Presence,
    Reason,
    is_short_code,
    presence,
)
from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import SessionFacts
from civic.catalogue.rules import LONGEST_SESSION
from civic.kernel.context import Context
from civic.kernel.db.base import UtcInstant
from civic.kernel.db.dialects import among, one_by_one
from civic.kernel.db.fulltext import is_on_postgresql
from civic.kernel.db.scope import ask_city


@dataclass(frozen=True)
class Holder:
    """Whoever stands at the gate."""

    person_id: UUID
    name: str
    language: str
    """What they read."""
    is_revoked: bool = False
    """The pass they showed, not they."""


@dataclass(frozen=True)
class Recorded:
    """A scan that is stored already."""

    session_id: UUID
    person_id: UUID | None
    reason: Reason | None
    is_refused: bool


@dataclass
class Known:
    """What is stored about some people in a session, and about scans that came before."""

    marks: dict[UUID, list[Mark]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: dict[UUID, dict[UUID, list[Mark]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    """Of each, by other sessions at about the same time."""
    scans: dict[UUID, Recorded] = field(default_factory=dict)

    def is_in_elsewhere(self, person_id: UUID) -> bool:
        others = self.elsewhere.get(person_id, {})
        return any(presence(marks) is Presence.IN for marks in others.values())


def holders_by_code(
    ctx: Context, municipality_id: UUID, hash_by_code: Mapping[str, str]
) -> dict[str, Holder]:
    """Whose passes of this city these codes are; each person's presence is theirs to change alone
    until the end of the transaction, so that two devices that scan the same person take turns."""
    short = [code for code in hash_by_code if is_short_code(code)]
    hashes = {hash_: code for code, hash_ in hash_by_code.items() if not is_short_code(code)}
    if not hash_by_code:
        return {}
    asked: dict[str, list[str]] = {"short": short} if short else {}
    if hashes:
        asked["hashes"] = list(hashes)
    statement = _by_code(bool(short), bool(hashes), is_on_postgresql(ctx.db))
    rows = ask_city(ctx.db, municipality_id, statement, asked)
    found = {}
    for row in rows:
        holder = Holder(row.id, row.name, row.page_language, row.revoked_at is not None)
        for code in (row.short_code, hashes.get(row.token_hash)):
            if code is not None and code in hash_by_code:
                found[code] = holder
    return found


@cache
def _by_code(has_short: bool, has_hashes: bool, on_postgresql: bool) -> Select[*tuple[Any, ...]]:
    """Put together once, as all that is asked at every scan."""
    which = [among(Pass.short_code, "short", on_postgresql=on_postgresql)] if has_short else []
    which += [among(Pass.token_hash, "hashes", on_postgresql=on_postgresql)] if has_hashes else []
    return (
        select(
            Pass.short_code,
            Pass.token_hash,
            Person.id,
            Person.name,
            Person.page_language,
            Pass.revoked_at,
        )
        .join(Person, Pass.person_id == Person.id)
        .where(Pass.municipality_id == bindparam("city"), or_(*which))
        .order_by(Person.id)
        .with_for_update(of=Person, key_share=True)
    )


def holders_by_id(ctx: Context, person_ids: Iterable[UUID]) -> dict[UUID, Holder]:
    """The same for people who are known by other means than a pass."""
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.page_language)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id)
        .with_for_update(of=Person, key_share=True)
    )
    return {row.id: Holder(row.id, row.name, row.page_language) for row in rows}


def known(
    ctx: Context, facts: SessionFacts, person_ids: Sequence[UUID], scan_ids: Sequence[UUID] = ()
) -> Known:
    """One statement: the marks of these people, here and in sessions that overlap, and these scans.
    What was undone or set aside is no mark."""
    values: dict[str, Any] = {
        "session": facts.id,
        "people": list(person_ids),
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "since": facts.starts_at - LONGEST_SESSION,
        "until": facts.ends_at + DOORS_CLOSE,
    }
    if scan_ids:
        values["scans"] = list(scan_ids)
    statement = _known(bool(scan_ids), is_on_postgresql(ctx.db))
    rows = ask_city(ctx.db, facts.municipality_id, statement, values)
    found, people, asked = Known(), set(person_ids), set(scan_ids)
    for row in rows:
        if row.id in asked:
            is_refused = row.outcome is Outcome.REFUSED
            found.scans[row.id] = Recorded(row.session_id, row.person_id, row.reason, is_refused)
        if row.person_id not in people or row.decision in DISCOUNTED:
            continue
        mark = Mark(row.id, row.direction, row.scanned_at, row.reason, row.is_forced)
        if row.session_id == facts.id:
            found.marks[row.person_id].append(mark)
        else:
            found.elsewhere[row.person_id][row.session_id].append(mark)
    return found


@cache
def _known(has_scans: bool, on_postgresql: bool) -> Select[*tuple[Any, ...]]:
    event, session = CheckEvent, ProjectSession
    theirs = among(event.person_id, "people", on_postgresql=on_postgresql)
    since, until, starts_at, ends_at = (
        bindparam(name, type_=UtcInstant) for name in ("since", "until", "starts_at", "ends_at")
    )
    wanted = [
        and_(event.session_id == bindparam("session"), theirs),
        and_(
            theirs,
            event.scanned_at > since,
            event.scanned_at < until,
            session.starts_at < ends_at,
            session.ends_at > starts_at,
        ),
    ]
    if has_scans:
        wanted.append(among(event.id, "scans", on_postgresql=on_postgresql))
    return (
        select(
            event.id,
            event.session_id,
            event.person_id,
            event.direction,
            event.scanned_at,
            event.outcome,
            event.reason,
            event.is_forced,
            CheckDecision.decision,
        )
        .join(session, session.id == event.session_id)
        .outerjoin(CheckDecision, CheckDecision.event_id == event.id)
        # Of each row, and not by an index: as long as PostgreSQL has not counted, it takes a city's
        # scans for few and would read them all.
        .where(one_by_one(event.municipality_id == bindparam("city"), on_postgresql=on_postgresql))
        .where(or_(*wanted))
    )
