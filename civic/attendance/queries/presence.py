"""Passes, presence and the ledger of hours."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from civic.accounts.models import Person
from civic.attendance.models import CheckEvent, Correction, HoursLine, Pass
from civic.attendance.rules import (
    Mark,
    PassState,
    Presence,
    Reason,
    is_short_code,
    presence,
    read_code,
)
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.rules import Area
from civic.enrolment.queries import bookings
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context


@dataclass(frozen=True)
class LivingPass:
    id: UUID
    municipality_id: UUID
    short_code: str


@dataclass(frozen=True)
class ShownPass:
    """Whose pass was held up, and whether it still counts."""

    person_id: UUID
    name: str
    state: PassState


@dataclass(frozen=True)
class Recorded:
    """What is stored about a person in a session, and about the scan itself if it came before."""

    marks: tuple[Mark, ...]
    correction: int | None
    is_repeat: bool
    first_reason: Reason | None
    """Of the scan that came before, when it was of the same person in the same session."""
    is_known_here: bool


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


def living_pass(ctx: Context, person_id: UUID, municipality_id: UUID) -> LivingPass | None:
    row = ctx.db.execute(
        select(Pass.id, Pass.municipality_id, Pass.short_code)
        .where(Pass.person_id == person_id)
        .where(Pass.municipality_id == municipality_id)
        .where(Pass.revoked_at.is_(None))
    ).first()
    return LivingPass(*row) if row else None


def shown_pass(ctx: Context, municipality_id: UUID, code: str, token_hash: str) -> ShownPass | None:
    """The pass of this city behind a short code or the hash of a scanned token."""
    which = Pass.short_code == code if is_short_code(code) else Pass.token_hash == token_hash
    row = ctx.db.execute(
        select(Person.id, Person.name, Pass.revoked_at)
        .join(Pass, Pass.person_id == Person.id)
        .where(which, Pass.municipality_id == municipality_id)
    ).first()
    if row is None:
        return None
    return ShownPass(row[0], row[1], PassState.REVOKED if row[2] else PassState.LIVING)


def person_by_short_code(ctx: Context, municipality_id: UUID, code: str) -> UUID | None:
    """Whoever reads out the code of their living pass, at a desk."""
    return ctx.db.scalar(
        select(Pass.person_id)
        .where(Pass.municipality_id == municipality_id)
        .where(Pass.short_code == read_code(code))
        .where(Pass.revoked_at.is_(None))
    )


def recorded(ctx: Context, facts: SessionFacts, person_id: UUID, scan_id: UUID) -> Recorded:
    """One statement. The latest correction rides on each row: hours need a scan to follow from."""
    latest = (
        select(Correction.minutes)
        .where(Correction.session_id == facts.id)
        .where(Correction.person_id == person_id)
        .order_by(Correction.made_at.desc(), Correction.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = ctx.db.execute(
        select(
            CheckEvent.id,
            CheckEvent.direction,
            CheckEvent.scanned_at,
            CheckEvent.reason,
            CheckEvent.session_id,
            CheckEvent.person_id,
            latest,
        ).where(
            or_(
                (CheckEvent.session_id == facts.id) & (CheckEvent.person_id == person_id),
                CheckEvent.id == scan_id,
            )
        )
    ).all()
    here = [row for row in rows if row.session_id == facts.id and row.person_id == person_id]
    first = next((row for row in here if row.id == scan_id), None)
    return Recorded(
        marks=tuple(Mark(row.id, row.direction, row.scanned_at, row.reason) for row in here),
        correction=here[0][-1] if here else None,
        is_repeat=any(row.id == scan_id for row in rows),
        first_reason=first.reason if first else None,
        is_known_here=first is not None,
    )


def marks_of(ctx: Context, session_id: UUID) -> dict[UUID, list[Mark]]:
    """Scans of a session by person."""
    rows = ctx.db.execute(
        select(
            CheckEvent.person_id,
            CheckEvent.id,
            CheckEvent.direction,
            CheckEvent.scanned_at,
            CheckEvent.reason,
        )
        .where(CheckEvent.session_id == session_id)
        .where(CheckEvent.person_id.is_not(None))
    )
    marks: dict[UUID, list[Mark]] = {}
    for row in rows:
        if row.person_id:
            marks.setdefault(row.person_id, []).append(
                Mark(row.id, row.direction, row.scanned_at, row.reason)
            )
    return marks


def roster_with_presence(ctx: Context, session_id: UUID) -> list[PresenceLine]:
    """Who has a place, who waits, and who was there. Four statements; callers hold a gate."""
    lines = bookings.roster(ctx, session_id)
    marks = marks_of(ctx, session_id)
    minutes = {
        row.person_id: row
        for row in ctx.db.execute(
            select(HoursLine.person_id, HoursLine.minutes, Person.name, Person.languages)
            .join(Person, Person.id == HoursLine.person_id)
            .where(HoursLine.session_id == session_id)
        )
    }
    reasons = _correction_reasons(ctx, session_id)
    booked = {line.person_id for line in lines}
    people = [(line.person_id, line.name, line.languages, line.state) for line in lines] + [
        (person_id, row.name, tuple(row.languages), None)
        for person_id, row in minutes.items()
        if person_id not in booked
    ]
    return [
        PresenceLine(
            person_id,
            name,
            languages,
            booking,
            presence(marks.get(person_id, ())),
            minutes[person_id].minutes if person_id in minutes else None,
            reasons.get(person_id),
        )
        for person_id, name, languages, booking in people
    ]


def _correction_reasons(ctx: Context, session_id: UUID) -> dict[UUID, str]:
    """Of the latest correction of each person."""
    rows = ctx.db.execute(
        select(Correction.person_id, Correction.reason)
        .where(Correction.session_id == session_id)
        .order_by(Correction.made_at, Correction.id)
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
