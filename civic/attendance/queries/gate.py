"""All that the gate must know of people and scans, for many at once: a statement for each kind of
thing, however many passes were held up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Select, and_, bindparam, literal_column, or_, select, union_all

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
from civic.catalogue.queries.sessions import SessionBasics
from civic.catalogue.rules import LONGEST_SESSION
from civic.enrolment.queries.standing import (
    standing_columns,
    standing_of,
    standing_values,
    with_standing,
)
from civic.enrolment.rules import Standing
from civic.kernel.context import Context
from civic.kernel.db.base import UtcInstant
from civic.kernel.db.dialects import among, found_otherwise
from civic.kernel.db.fulltext import is_on_postgresql
from civic.kernel.db.scope import ask_city


@dataclass(frozen=True)
class Holder:
    """Whoever stands at the gate."""

    person_id: UUID
    name: str
    language: str
    """What they read."""
    standing: Standing | None
    """In the session; None without a booking."""
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
    ctx: Context, facts: SessionBasics, hash_by_code: Mapping[str, str]
) -> dict[str, Holder]:
    """Whose passes of the session's city these codes are, and what those people are in the session.
    Each person's presence is theirs to change alone until the end of the transaction, so that two
    devices that scan the same person take turns."""
    if not hash_by_code:
        return {}
    short = {code for code in hash_by_code if is_short_code(code)}
    codes = {hash_: code for code, hash_ in hash_by_code.items() if code not in short}
    statement = _by_code(bool(short), bool(codes), is_on_postgresql(ctx.db))
    asked = {**standing_values(facts), "short": list(short), "hashes": list(codes)}
    found = {}
    for id_, name, language, *stands, short_code, token_hash, revoked_at in ask_city(
        ctx.db, facts.municipality_id, statement, asked
    ):
        holder = Holder(id_, name, language, standing_of(stands), revoked_at is not None)
        if token_hash in codes:
            found[codes[token_hash]] = holder
        if short_code in short:
            found[short_code] = holder
    return found


@cache
def _by_code(has_short: bool, has_hashes: bool, on_postgresql: bool) -> Select[*tuple[Any, ...]]:
    """Put together once, as all that is asked at every scan."""
    is_of_city = Pass.municipality_id == bindparam("city")
    which = []
    if has_short:
        short = among(Pass.short_code, "short", on_postgresql=on_postgresql)
        which.append(and_(is_of_city, short))
    if has_hashes:
        hashes = among(Pass.token_hash, "hashes", on_postgresql=on_postgresql)
        which.append(and_(found_otherwise(is_of_city), hashes))
    return (
        with_standing(_people().join(Pass, Pass.person_id == Person.id))
        .add_columns(Pass.short_code, Pass.token_hash, Pass.revoked_at)
        .where(or_(*which))
    )


def holders_by_id(
    ctx: Context, facts: SessionBasics, person_ids: Iterable[UUID]
) -> dict[UUID, Holder]:
    """The same for people who are known by other means than a pass."""
    asked = {**standing_values(facts), "people": list(person_ids)}
    rows = ask_city(ctx.db, facts.municipality_id, _by_id(is_on_postgresql(ctx.db)), asked)
    return {
        id_: Holder(id_, name, language, standing_of(stands))
        for id_, name, language, *stands in rows
    }


@cache
def _by_id(on_postgresql: bool) -> Select[*tuple[Any, ...]]:
    is_asked = among(Person.id, "people", on_postgresql=on_postgresql)
    return with_standing(_people()).where(is_asked)


def _people() -> Select[*tuple[Any, ...]]:
    return (
        select(Person.id, Person.name, Person.page_language, *standing_columns())
        .order_by(Person.id)
        .with_for_update(of=Person, key_share=True)
    )


def hold(ctx: Context, person_ids: Iterable[UUID]) -> set[UUID]:
    """The same turns for people of whom nothing need be known but that they are still there."""
    return set(ctx.db.scalars(_held().where(Person.id.in_(person_ids))))


def hold_by_code(
    ctx: Context, municipality_ids: Iterable[UUID], hash_by_code: Mapping[str, str]
) -> set[UUID]:
    """Whose passes of these cities these are, when there are several sessions or it is not known yet
    which one is meant."""
    if not hash_by_code:
        return set()
    short = [code for code in hash_by_code if is_short_code(code)]
    hashes = [hash_ for code, hash_ in hash_by_code.items() if not is_short_code(code)]
    is_of_cities = Pass.municipality_id.in_(municipality_ids)
    which = or_(
        and_(is_of_cities, Pass.short_code.in_(short)),
        and_(found_otherwise(is_of_cities), Pass.token_hash.in_(hashes)),
    )
    return set(ctx.db.scalars(_held().join(Pass, Pass.person_id == Person.id).where(which)))


def _held() -> Select[UUID]:
    return select(Person.id).order_by(Person.id).with_for_update(of=Person, key_share=True)


def known(
    ctx: Context, facts: SessionBasics, person_ids: Sequence[UUID], scan_ids: Sequence[UUID] = ()
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
    found = Known()
    for (
        is_asked,
        id_,
        session_id,
        person_id,
        direction,
        at,
        outcome,
        reason,
        is_forced,
        decision,
    ) in rows:
        if is_asked:
            is_refused = outcome is Outcome.REFUSED
            found.scans[id_] = Recorded(session_id, person_id, reason, is_refused)
        elif decision not in DISCOUNTED:
            mark = Mark(id_, direction, at, reason, is_forced)
            if session_id == facts.id:
                found.marks[person_id].append(mark)
            else:
                found.elsewhere[person_id][session_id].append(mark)
    return found


@cache
def _known(has_scans: bool, on_postgresql: bool) -> Executable:
    """Each part by an index of its own: of conditions joined by OR PostgreSQL chose the session's
    index, and read all that had been scanned there."""
    event, session = CheckEvent, ProjectSession
    theirs = among(event.person_id, "people", on_postgresql=on_postgresql)
    since, until, starts_at, ends_at = (
        bindparam(name, type_=UtcInstant) for name in ("since", "until", "starts_at", "ends_at")
    )
    parts = [
        _events(0).where(event.session_id == bindparam("session"), theirs),
        _events(0)
        .join(session, session.id == event.session_id)
        .where(event.session_id != bindparam("session"), theirs)
        .where(event.scanned_at > since, event.scanned_at < until)
        .where(session.starts_at < ends_at, session.ends_at > starts_at),
    ]
    if has_scans:
        parts.append(_events(1).where(among(event.id, "scans", on_postgresql=on_postgresql)))
    return union_all(*parts)


def _events(is_asked: int) -> Select[*tuple[Any, ...]]:
    event = CheckEvent
    return (
        select(
            literal_column(str(is_asked)).label("is_asked"),
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
        .outerjoin(CheckDecision, CheckDecision.event_id == event.id)
        .where(found_otherwise(event.municipality_id == bindparam("city")))
    )
