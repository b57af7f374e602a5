"""Who has joined what, who has a place, and who is covered on which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from civic.accounts.models import Person, PersonInCity
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.rules import ProjectState, SessionState
from civic.enrolment.models import (
    Booking,
    Enrolment,
    GuardianConsent,
    InsurancePolicy,
    RegisterEntry,
)
from civic.enrolment.rules import (
    HELD,
    AwaitedConsent,
    BookingState,
    EnrolmentState,
    OpenProject,
    PolicyLine,
    RegisterLine,
    RosterLine,
    Standing,
    needs_guardian,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place


@dataclass(frozen=True)
class MyBooking:
    facts: SessionFacts
    state: BookingState
    position: int | None
    """Place in the queue, from 1, while waiting."""


def project_to_join(
    ctx: Context, *, project_id: UUID | None = None, slug: str | None = None
) -> OpenProject:
    """A project that everybody may see; one that is not approved is absent to whoever joins."""
    wanted = Project.id == project_id if project_id else Project.slug == slug
    row = ctx.db.execute(
        select(
            Project.id,
            Project.slug,
            Project.association_id,
            Project.municipality_id,
            Project.state,
            Project.minimum_age,
        ).where(wanted, Project.is_public.is_(True))
    ).first()
    if row is None:
        raise NotFound
    return OpenProject(*row)


def is_enrolled(ctx: Context, project_id: UUID) -> bool:
    """Whether the actor has joined."""
    return bool(
        ctx.db.scalar(
            select(Enrolment.id)
            .where(Enrolment.project_id == project_id)
            .where(Enrolment.person_id == ctx.actor.person_id)
            .where(Enrolment.state == EnrolmentState.ACTIVE)
        )
    )


def is_consented(ctx: Context, person_id: UUID, municipality_id: UUID) -> bool:
    return bool(ctx.db.scalar(select(_consent(person_id, municipality_id))))


def awaits_consent(ctx: Context, municipality_id: UUID) -> bool:
    """Whether the actor can take no place in this city until a guardian has agreed."""
    row = ctx.db.execute(
        select(Person.birth_year, _consent(Person.id, municipality_id)).where(
            Person.id == ctx.actor.person_id
        )
    ).one()
    return needs_guardian(row[0], rome_day(ctx.now())) and not row[1]


def city_of_participant(ctx: Context, person_id: UUID, permission: Permission) -> UUID:
    """The city, of those that know the person, in which the actor may do this."""
    rows = ctx.db.scalars(
        select(PersonInCity.municipality_id)
        .where(PersonInCity.person_id == person_id)
        .order_by(PersonInCity.since, PersonInCity.id)
    )
    for municipality_id in rows:
        if permission.allows(ctx.actor, Place(municipality_id, person_id=person_id)):
            return municipality_id
    raise NotFound


def cover_on(
    ctx: Context, person_id: UUID, association_id: UUID, day: date, municipality_id: UUID
) -> bool:
    """Whether the association's policy and the person's line in its register both span the day."""
    return bool(ctx.db.scalar(select(_cover(person_id, association_id, municipality_id, day))))


def _consent(
    person_id: UUID | InstrumentedAttribute[UUID], municipality_id: UUID
) -> ColumnElement[bool]:
    return (
        select(GuardianConsent.id)
        .where(GuardianConsent.person_id == person_id)
        .where(GuardianConsent.municipality_id == municipality_id)
        .where(GuardianConsent.withdrawn_at.is_(None))
        .exists()
    )


def _cover(
    person_id: UUID, association_id: UUID, municipality_id: UUID, day: date
) -> ColumnElement[bool]:
    policy = (
        select(InsurancePolicy.id)
        .where(InsurancePolicy.association_id == association_id)
        .where(InsurancePolicy.municipality_id == municipality_id)
        .where(InsurancePolicy.starts_on <= day, InsurancePolicy.ends_on >= day)
        .exists()
    )
    entry = (
        select(RegisterEntry.id)
        .where(RegisterEntry.person_id == person_id)
        .where(RegisterEntry.association_id == association_id)
        .where(RegisterEntry.municipality_id == municipality_id)
        .where(RegisterEntry.first_day <= day)
        .where(or_(RegisterEntry.last_day.is_(None), RegisterEntry.last_day >= day))
        .exists()
    )
    return and_(policy, entry)


def standing_at(
    ctx: Context, facts: SessionFacts, person_id: UUID, *, lock: bool = False
) -> Standing | None:
    """Booking, consent and cover of a person for a session, in one statement; None unbooked.

    With `lock` the booking is held to the end of the transaction, so that two devices that scan
    the same person take turns.
    """
    statement = (
        select(
            Booking.state,
            Person.birth_year,
            _consent(person_id, facts.municipality_id),
            _cover(
                person_id, facts.association_id, facts.municipality_id, rome_day(facts.starts_at)
            ),
        )
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.session_id == facts.id)
        .where(Booking.person_id == person_id)
    )
    if lock:
        statement = statement.with_for_update(of=Booking)
    row = ctx.db.execute(statement).first()
    return Standing(*row) if row else None


def own_booking(ctx: Context, session_id: UUID, *, lock: bool = False) -> Booking | None:
    """The actor's row for a session, whatever became of it."""
    statement = (
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.person_id == ctx.actor.person_id)
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return ctx.db.scalar(statement)


def first_waiting(ctx: Context, session_id: UUID) -> Booking | None:
    """Whose turn it is, held against anybody else who looks."""
    return ctx.db.scalar(
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.state == BookingState.WAITING)
        .order_by(Booking.queued_at, Booking.id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def held_at_that_time(ctx: Context, facts: SessionFacts) -> SessionFacts | None:
    """Another session of the actor's that overlaps this one; touching ones do not (half-open)."""
    found = ctx.db.scalar(
        select(ProjectSession.id)
        .join(Booking, Booking.session_id == ProjectSession.id)
        .where(Booking.person_id == ctx.actor.person_id)
        .where(Booking.state.in_(HELD))
        .where(ProjectSession.id != facts.id)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.starts_at < facts.ends_at)
        .where(ProjectSession.ends_at > facts.starts_at)
        .order_by(ProjectSession.starts_at)
        .limit(1)
    )
    return session_facts(ctx, [found]).get(found) if found else None


def my_states(ctx: Context, session_ids: Sequence[UUID]) -> dict[UUID, BookingState]:
    """Of these sessions, those in which the actor has a place or waits for one."""
    rows = ctx.db.execute(
        select(Booking.session_id, Booking.state)
        .where(Booking.session_id.in_(session_ids))
        .where(Booking.person_id == ctx.actor.person_id)
        .where(Booking.state.in_(HELD))
    )
    return {row.session_id: row.state for row in rows}


def my_bookings(ctx: Context, language: str | None = None) -> list[MyBooking]:
    """The actor's places and waiting places in sessions that are not over, the nearest first."""
    rows = ctx.db.execute(
        select(Booking.session_id, Booking.state, Booking.queued_at, Booking.id)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.person_id == ctx.actor.person_id)
        .where(Booking.state.in_(HELD))
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.ends_at > ctx.now())
        .order_by(ProjectSession.starts_at, ProjectSession.id)
    ).all()
    waiting = [row.session_id for row in rows if row.state is BookingState.WAITING]
    positions = _positions(ctx, waiting)
    facts = session_facts(ctx, [row.session_id for row in rows], language) if rows else {}
    return [
        MyBooking(facts[row.session_id], row.state, positions.get(row.session_id))
        for row in rows
        if row.session_id in facts
    ]


def _positions(ctx: Context, session_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Where the actor stands in each of these queues; two statements at most."""
    if not session_ids:
        return {}
    number = func.row_number().over(
        partition_by=Booking.session_id, order_by=(Booking.queued_at, Booking.id)
    )
    queues = (
        select(Booking.session_id, Booking.person_id, number.label("number"))
        .where(Booking.session_id.in_(session_ids))
        .where(Booking.state == BookingState.WAITING)
        .subquery()
    )
    rows = ctx.db.execute(
        select(queues.c.session_id, queues.c.number).where(
            queues.c.person_id == ctx.actor.person_id
        )
    )
    return {row.session_id: row.number for row in rows}


@dataclass(frozen=True)
class CalendarEntry:
    facts: SessionFacts
    changed_at: datetime


def my_calendar(ctx: Context, language: str | None = None) -> list[CalendarEntry]:
    """The actor's confirmed sessions to come, and those to come that were cancelled under them."""
    rows = ctx.db.execute(
        select(Booking.session_id, Booking.changed_at)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.person_id == ctx.actor.person_id)
        .where(
            or_(
                Booking.state == BookingState.CONFIRMED,
                ProjectSession.state == SessionState.CANCELLED,
            )
        )
        .where(ProjectSession.ends_at > ctx.now())
        .order_by(ProjectSession.starts_at, ProjectSession.id)
    ).all()
    facts = session_facts(ctx, [row.session_id for row in rows], language) if rows else {}
    return [
        CalendarEntry(facts[row.session_id], row.changed_at)
        for row in rows
        if row.session_id in facts
    ]


def booked(
    ctx: Context, session_id: UUID, states: Sequence[BookingState] = (BookingState.CONFIRMED,)
) -> list[UUID]:
    """People in these states, in the order they asked."""
    return list(
        ctx.db.scalars(
            select(Booking.person_id)
            .where(Booking.session_id == session_id)
            .where(Booking.state.in_(states))
            .order_by(Booking.queued_at, Booking.id)
        )
    )


def roster(ctx: Context, session_id: UUID) -> list[RosterLine]:
    """Confirmed people by name, then the waiting list in its order. No gate: callers hold one."""
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.languages, Booking.state)
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.session_id == session_id)
        .where(Booking.state.in_(HELD))
        .order_by(Booking.state == BookingState.WAITING, Booking.queued_at, Booking.id)
    )
    lines = [RosterLine(row[0], row[1], tuple(row[2]), row[3]) for row in rows]
    confirmed = [line for line in lines if line.state is BookingState.CONFIRMED]
    waiting = [line for line in lines if line.state is BookingState.WAITING]
    return sorted(confirmed, key=lambda line: (line.name.casefold(), line.person_id.int)) + waiting


def awaited_consents(ctx: Context) -> list[AwaitedConsent]:
    """People who joined something in the actor's cities and may be minors nobody spoke for yet."""
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.birth_year, Enrolment.municipality_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .where(
            ~select(GuardianConsent.id)
            .where(GuardianConsent.person_id == Person.id)
            .where(GuardianConsent.municipality_id == Enrolment.municipality_id)
            .where(GuardianConsent.withdrawn_at.is_(None))
            .exists()
        )
        # Whoever is surely of age is left out by the database already: there are thousands.
        .where(or_(Person.birth_year.is_(None), Person.birth_year >= ctx.now().year - 19))
        .group_by(Person.id, Person.name, Person.birth_year, Enrolment.municipality_id)
        .order_by(Person.name, Person.id)
    )
    today = rome_day(ctx.now())
    return [
        AwaitedConsent(row.id, row.name, row.municipality_id)
        for row in rows
        if needs_guardian(row.birth_year, today)
    ]


def policies(ctx: Context, association_ids: Sequence[UUID]) -> list[PolicyLine]:
    rows = ctx.db.execute(
        select(
            InsurancePolicy.association_id,
            InsurancePolicy.municipality_id,
            InsurancePolicy.insurer,
            InsurancePolicy.number,
            InsurancePolicy.starts_on,
            InsurancePolicy.ends_on,
        )
        .where(InsurancePolicy.association_id.in_(association_ids))
        .order_by(InsurancePolicy.ends_on.desc(), InsurancePolicy.id)
    )
    return [PolicyLine(*row) for row in rows]


def register_lines(ctx: Context, association_ids: Sequence[UUID]) -> list[RegisterLine]:
    rows = ctx.db.execute(
        select(
            RegisterEntry.association_id,
            RegisterEntry.municipality_id,
            Person.name,
            RegisterEntry.first_day,
            RegisterEntry.last_day,
        )
        .join(Person, Person.id == RegisterEntry.person_id)
        .where(RegisterEntry.association_id.in_(association_ids))
        .order_by(Person.name, RegisterEntry.first_day, RegisterEntry.id)
    )
    return [RegisterLine(*row) for row in rows]


def days_to_come(ctx: Context, association_ids: Sequence[UUID]) -> list[tuple[UUID, UUID, date]]:
    """Association, city and day of each session that will take place."""
    rows = ctx.db.execute(
        select(Project.association_id, Project.municipality_id, ProjectSession.starts_at)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(Project.association_id.in_(association_ids))
        .where(Project.state == ProjectState.PUBLISHED)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.ends_at > ctx.now())
    )
    return sorted({(row[0], row[1], rome_day(row[2])) for row in rows}, key=lambda day: day[2])
