"""Passes, presence and the ledger of hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from civic.accounts.models import Person
from civic.attendance.models import CheckDecision, CheckEvent, Correction, HoursLine, Pass
from civic.attendance.queries.here import last_change
from civic.attendance.queries.proposals import Proposed, proposals_of
from civic.attendance.rules import (
    DISCOUNTED,
    CorrectionState,
    Mark,
    Presence,
    presence,
    read_code,
)
from civic.catalogue.queries.sessions import session_facts
from civic.catalogue.rules import Area
from civic.enrolment.queries import bookings
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context

Listed = tuple[UUID, str, tuple[str, ...], BookingState | None]


@dataclass(frozen=True)
class LivingPass:
    id: UUID
    municipality_id: UUID
    short_code: str


@dataclass(frozen=True)
class HoursRow:
    """A line of the ledger with the words around it."""

    day: date
    title: str
    title_language: str
    slug: str
    association_name: str
    area: Area
    minutes: int


@dataclass(frozen=True)
class PresenceLine:
    """Somebody on the roster: never their legal position, case or plan."""

    person_id: UUID
    name: str
    languages: tuple[str, ...]
    booking: BookingState | None
    presence: Presence
    minutes: int | None
    correction_reason: str | None
    since: datetime | None = None
    """When they came, went on a break, or left."""
    by_day: Mapping[date, int] = field(default_factory=dict)
    proposals: tuple[Proposed, ...] = ()
    """Corrections that nobody has confirmed yet."""

    @property
    def is_booked(self) -> bool:
        return self.booking is BookingState.CONFIRMED


def living_pass(ctx: Context, person_id: UUID, municipality_id: UUID) -> LivingPass | None:
    row = ctx.db.execute(
        select(Pass.id, Pass.municipality_id, Pass.short_code)
        .where(Pass.person_id == person_id)
        .where(Pass.municipality_id == municipality_id)
        .where(Pass.revoked_at.is_(None))
    ).first()
    return LivingPass(*row) if row else None


def person_by_short_code(ctx: Context, municipality_id: UUID, code: str) -> UUID | None:
    """Whoever reads out the code of their living pass, at a desk."""
    return ctx.db.scalar(
        select(Pass.person_id)
        .where(Pass.municipality_id == municipality_id)
        .where(Pass.short_code == read_code(code))
        .where(Pass.revoked_at.is_(None))
    )


def marks_of(ctx: Context, session_id: UUID) -> dict[UUID, list[Mark]]:
    """Scans of a session by person; what was undone or set aside is left out."""
    rows = ctx.db.execute(
        select(
            CheckEvent.person_id,
            CheckEvent.id,
            CheckEvent.direction,
            CheckEvent.scanned_at,
            CheckEvent.reason,
            CheckEvent.is_forced,
        )
        .outerjoin(CheckDecision, CheckDecision.event_id == CheckEvent.id)
        .where(CheckEvent.session_id == session_id)
        .where(CheckEvent.person_id.is_not(None))
        .where(or_(CheckDecision.decision.is_(None), CheckDecision.decision.not_in(DISCOUNTED)))
    )
    marks: dict[UUID, list[Mark]] = {}
    for row in rows:
        if row.person_id:
            mark = Mark(row.id, row.direction, row.scanned_at, row.reason, row.is_forced)
            marks.setdefault(row.person_id, []).append(mark)
    return marks


def roster_with_presence(ctx: Context, session_id: UUID) -> list[PresenceLine]:
    """Who has a place, who waits, and who was there without one. Six statements at most, however
    many people; callers hold a gate."""
    lines = bookings.roster(ctx, session_id)
    marks = marks_of(ctx, session_id)
    by_day: dict[UUID, dict[date, int]] = {}
    for person_id, day, minutes in ctx.db.execute(
        select(HoursLine.person_id, HoursLine.day, HoursLine.minutes)
        .where(HoursLine.session_id == session_id)
        .order_by(HoursLine.day)
    ):
        by_day.setdefault(person_id, {})[day] = minutes
    reasons = _correction_reasons(ctx, session_id)
    proposals = proposals_of(ctx, session_id)
    booked = {line.person_id for line in lines}
    came = {each for each in marks if presence(marks[each]) is not Presence.NOT_YET}
    people: list[Listed] = [
        (line.person_id, line.name, line.languages, line.state) for line in lines
    ]
    people += _without_a_place(ctx, (by_day.keys() | proposals.keys() | came) - booked)
    return [
        PresenceLine(
            person_id,
            name,
            languages,
            booking,
            presence(marks.get(person_id, ())),
            sum(by_day[person_id].values()) if person_id in by_day else None,
            reasons.get(person_id),
            changed.scanned_at if (changed := last_change(marks.get(person_id, ()))) else None,
            by_day.get(person_id, {}),
            tuple(proposals.get(person_id, ())),
        )
        for person_id, name, languages, booking in people
    ]


def _without_a_place(ctx: Context, person_ids: set[UUID]) -> list[Listed]:
    """Let in all the same, or taken off the list since."""
    if not person_ids:
        return []
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.languages)
        .where(Person.id.in_(person_ids))
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name, tuple(row.languages), None) for row in rows]


def _correction_reasons(ctx: Context, session_id: UUID) -> dict[UUID, str]:
    """Of the latest correction of each person."""
    rows = ctx.db.execute(
        select(Correction.person_id, Correction.reason)
        .where(Correction.session_id == session_id)
        .where(Correction.state == CorrectionState.CONFIRMED)
        .order_by(Correction.decided_at, Correction.made_at, Correction.id)
    )
    return {row.person_id: row.reason for row in rows}


def hours_of(
    ctx: Context,
    person_id: UUID,
    association_id: UUID | None = None,
    language: str | None = None,
) -> list[HoursRow]:
    """The ledger of a person, newest first; for an organiser, of their association alone."""
    statement = (
        select(HoursLine.session_id, HoursLine.day, HoursLine.area, HoursLine.minutes)
        .where(HoursLine.person_id == person_id)
        .order_by(HoursLine.day.desc(), HoursLine.id)
    )
    if association_id is not None:
        statement = statement.where(HoursLine.association_id == association_id)
    lines = ctx.db.execute(statement).all()
    facts = session_facts(ctx, [line.session_id for line in lines], language) if lines else {}
    return [
        HoursRow(
            line.day,
            facts[line.session_id].title,
            facts[line.session_id].title_language,
            facts[line.session_id].slug,
            facts[line.session_id].association_name,
            line.area,
            line.minutes,
        )
        for line in lines
        if line.session_id in facts
    ]
