"""Joining, places and the waiting list; consents and cover.

Every booking enters the queue and every place that comes free leaves through `release_place`:
so nobody is ever served before somebody who asked earlier.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from civic.accounts import operations as accounts
from civic.accounts import queries as people
from civic.accounts.models import Person
from civic.audit import operations as audit
from civic.catalogue.errors import SessionIsCancelled
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.operations import sessions as places
from civic.catalogue.queries import sessions
from civic.catalogue.queries.sessions import SessionFacts
from civic.catalogue.rules import ProjectState
from civic.enrolment import queries
from civic.enrolment.errors import (
    AgeUnknown,
    ConsentMissing,
    GuardianNameMissing,
    OverlapsOwn,
    PolicyEndsBeforeStart,
    PolicyTooLong,
    ProjectNotOpen,
    SessionBegun,
    SessionPast,
    TooYoung,
)
from civic.enrolment.events import PlaceCancelled, PlaceConfirmed, PlaceGivenBack, PlaceWaiting
from civic.enrolment.models import (
    Booking,
    Enrolment,
    GuardianConsent,
    InsurancePolicy,
    RegisterEntry,
)
from civic.enrolment.policy import INSURE, JOIN, RECORD_CONSENT
from civic.enrolment.rules import (
    HELD,
    LONGEST_POLICY,
    BookingState,
    EnrolmentState,
    OpenProject,
    is_old_enough,
    needs_guardian,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import Place


@dataclass(frozen=True)
class NewPolicy:
    association_id: UUID
    municipality_id: UUID
    insurer: str
    number: str
    starts_on: date
    ends_on: date


def enrol(ctx: Context, project_id: UUID) -> None:
    """The actor joins a project; a second time changes nothing."""
    person_id = _take_turn(ctx)
    _join(ctx, queries.project_to_join(ctx, project_id=project_id), person_id)


def _take_turn(ctx: Context) -> UUID:
    """What one person does at once on two screens happens one after the other."""
    JOIN.require(ctx.actor)
    mine = select(Person.id).where(Person.id == ctx.actor.person_id)
    person_id = ctx.db.scalar(mine.with_for_update(key_share=True))
    if person_id is None:
        raise NotFound
    return person_id


def _join(ctx: Context, project: OpenProject, person_id: UUID) -> None:
    if project.state is not ProjectState.PUBLISHED:
        raise ProjectNotOpen
    today = rome_day(ctx.now())
    birth_year = people.birth_year(ctx, person_id)
    if birth_year is None:
        raise AgeUnknown
    if not is_old_enough(birth_year, project.minimum_age, today):
        raise TooYoung(minimum=project.minimum_age)
    ctx.enter(project.municipality_id)
    accounts.note_in_city(ctx, person_id, project.municipality_id)
    enrolment = _enrolment(ctx, project.id, person_id)
    if enrolment is None:
        enrolment = Enrolment(
            id=ctx.new_id(),
            municipality_id=project.municipality_id,
            person_id=person_id,
            project_id=project.id,
            state=EnrolmentState.WITHDRAWN,
            joined_at=ctx.now(),
        )
        ctx.db.add(enrolment)
    if enrolment.state is EnrolmentState.WITHDRAWN:
        enrolment.state, enrolment.joined_at = EnrolmentState.ACTIVE, ctx.now()
        ctx.db.flush()
    _enter_in_register(ctx, project, person_id, today)


def _enrolment(ctx: Context, project_id: UUID, person_id: UUID) -> Enrolment | None:
    return ctx.db.scalar(
        select(Enrolment)
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.project_id == project_id)
    )


def _register_line(ctx: Context, project: OpenProject, person_id: UUID) -> RegisterEntry | None:
    """The newest line of the person in the association's register."""
    return ctx.db.scalar(
        select(RegisterEntry)
        .where(RegisterEntry.person_id == person_id)
        .where(RegisterEntry.association_id == project.association_id)
        .where(RegisterEntry.municipality_id == project.municipality_id)
        .order_by(RegisterEntry.first_day.desc())
        .limit(1)
    )


def _enter_in_register(ctx: Context, project: OpenProject, person_id: UUID, today: date) -> None:
    line = _register_line(ctx, project, person_id)
    if line is not None and (line.last_day is None or line.last_day >= today):
        # Left and came back within a day: the same line goes on.
        line.last_day = None
        return
    insert_once(
        ctx.db,
        RegisterEntry,
        id=ctx.new_id(),
        municipality_id=project.municipality_id,
        person_id=person_id,
        association_id=project.association_id,
        first_day=today,
        last_day=None,
    )


def leave(ctx: Context, project_id: UUID) -> None:
    """The actor leaves a project: their places to come go to whoever waits."""
    person_id = _take_turn(ctx)
    project = queries.project_to_join(ctx, project_id=project_id)
    enrolment = _enrolment(ctx, project_id, person_id)
    if enrolment is None:
        raise NotFound
    enrolment.state = EnrolmentState.WITHDRAWN
    to_come = ctx.db.scalars(
        select(Booking.session_id)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.person_id == person_id)
        .where(Booking.state.in_(HELD))
        .where(ProjectSession.project_id == project_id)
        .where(ProjectSession.starts_at > ctx.now())
        # In one order for everybody, so that two who leave at once do not block each other.
        .order_by(ProjectSession.id)
    ).all()
    for session_id in to_come:
        _withdraw(ctx, session_id)
    ctx.db.flush()
    _end_register_line(ctx, project, person_id)


def _end_register_line(ctx: Context, project: OpenProject, person_id: UUID) -> None:
    """Their last day, unless they take part in another project of the association there."""
    elsewhere = ctx.db.scalar(
        select(Enrolment.id)
        .join(Project, Project.id == Enrolment.project_id)
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .where(Project.association_id == project.association_id)
        .where(Project.municipality_id == project.municipality_id)
        .limit(1)
    )
    line = _register_line(ctx, project, person_id)
    if elsewhere is None and line is not None and line.last_day is None:
        line.last_day = rome_day(ctx.now())


def book_place(ctx: Context, session_id: UUID) -> BookingState:
    """The actor asks for a place, joining the project with it; full means the waiting list."""
    person_id = _take_turn(ctx)
    facts = sessions.session_for(ctx, session_id, JOIN)
    project = queries.project_to_join(ctx, project_id=facts.project_id)
    if facts.is_cancelled:
        raise SessionIsCancelled
    if facts.ends_at <= ctx.now():
        raise SessionPast
    _join(ctx, project, person_id)
    booking = queries.own_booking(ctx, session_id, lock=True)
    if booking is not None and booking.state in HELD:
        return booking.state
    _check_free(ctx, facts, person_id)
    if booking is None:
        booking = Booking(
            id=ctx.new_id(),
            municipality_id=facts.municipality_id,
            session_id=session_id,
            person_id=person_id,
        )
        ctx.db.add(booking)
    booking.state = BookingState.WAITING
    booking.queued_at = booking.changed_at = ctx.now()
    ctx.db.flush()
    release_place(ctx, session_id)
    if booking.state is BookingState.WAITING:
        if sessions.session_for(ctx, session_id, JOIN).is_cancelled:
            raise SessionIsCancelled  # while we stood before its row
        emit(ctx, PlaceWaiting(**_whose(booking)))
    return booking.state


def _check_free(ctx: Context, facts: SessionFacts, person_id: UUID) -> None:
    """A guardian has agreed where one must, and nothing else is booked at that time."""
    may_need = needs_guardian(people.birth_year(ctx, person_id), rome_day(facts.starts_at))
    if may_need and not queries.is_consented(ctx, person_id, facts.municipality_id):
        raise ConsentMissing
    clash = queries.held_at_that_time(ctx, facts)
    if clash is not None:
        raise OverlapsOwn(title=clash.title)


def give_back(ctx: Context, session_id: UUID) -> None:
    """The actor cannot come. It costs nothing, and the first who waits gets the place."""
    _take_turn(ctx)
    facts = sessions.session_for(ctx, session_id, JOIN)
    if facts.starts_at <= ctx.now():
        raise SessionBegun
    _withdraw(ctx, session_id)


def _withdraw(ctx: Context, session_id: UUID) -> None:
    booking = queries.own_booking(ctx, session_id, lock=True)
    if booking is None or booking.state not in HELD:
        return
    had_place = booking.state is BookingState.CONFIRMED
    booking.state, booking.changed_at = BookingState.WITHDRAWN, ctx.now()
    ctx.db.flush()
    emit(ctx, PlaceGivenBack(**_whose(booking)))
    if had_place:
        places.give_back_place(ctx, session_id)
        release_place(ctx, session_id)


def release_place(ctx: Context, session_id: UUID) -> None:
    """Give free places to those who wait, first come first served, until one of them runs out.

    Behind every way a place comes free: given back, left, added by the organiser; and behind
    every booking, which waits like any other until this serves it.
    """
    is_held = False
    while True:
        if places.take_place(ctx, session_id):
            # The session's row is held from here on: others who release wait for the commit.
            is_held = True
            first = queries.first_waiting(ctx, session_id)
            if first is None:
                places.give_back_place(ctx, session_id)
                return
            first.state, first.changed_at = BookingState.CONFIRMED, ctx.now()
            ctx.db.flush()
            emit(ctx, PlaceConfirmed(**_whose(first)))
        elif is_held:
            return
        else:
            # Full, so far as could be seen. Somebody may be giving a place back this moment and
            # cannot see our booking: look again with the session held, so that either they find
            # it in the queue or we find their place.
            is_held = True
            ctx.db.execute(
                select(ProjectSession.id).where(ProjectSession.id == session_id).with_for_update()
            )


def _whose(booking: Booking) -> dict[str, UUID]:
    return {
        "municipality_id": booking.municipality_id,
        "session_id": booking.session_id,
        "person_id": booking.person_id,
    }


def withdraw_all(ctx: Context, session_id: UUID) -> None:
    """The session was cancelled: whoever had a place or waited for one is told."""
    held = ctx.db.scalars(
        select(Booking)
        .where(Booking.session_id == session_id)
        .where(Booking.state.in_(HELD))
        .order_by(Booking.queued_at, Booking.id)
        .with_for_update()
    ).all()
    for booking in held:
        if booking.state is BookingState.CONFIRMED:
            places.give_back_place(ctx, session_id)
        booking.state, booking.changed_at = BookingState.WITHDRAWN, ctx.now()
        emit(ctx, PlaceCancelled(**_whose(booking)))


def record_consent(
    ctx: Context, person_id: UUID, municipality_id: UUID, guardian_name: str
) -> None:
    """An officer writes down that the guardian agreed; a later consent takes the earlier's place."""
    place = Place(municipality_id=municipality_id, person_id=person_id)
    RECORD_CONSENT.require(ctx.actor, place)
    if not people.is_known_in(ctx, person_id, municipality_id):
        raise NotFound
    if not guardian_name:
        raise GuardianNameMissing
    insert_once(
        ctx.db,
        GuardianConsent,
        id=ctx.new_id(),
        municipality_id=municipality_id,
        person_id=person_id,
        guardian_name=guardian_name,
        recorded_by=ctx.actor.person_id,
        recorded_at=ctx.now(),
    )
    ctx.db.execute(
        update(GuardianConsent)
        .where(GuardianConsent.person_id == person_id)
        .where(GuardianConsent.municipality_id == municipality_id)
        .values(
            guardian_name=guardian_name,
            recorded_by=ctx.actor.person_id,
            recorded_at=ctx.now(),
            withdrawn_at=None,
        )
    )
    audit.record(ctx, municipality_id, "consent.recorded", subject_id=person_id)


def add_policy(ctx: Context, new: NewPolicy) -> None:
    """An organiser enters the association's cover; days already entered stay as they were."""
    INSURE.require(ctx.actor, Place(new.municipality_id, new.association_id))
    if new.ends_on < new.starts_on:
        raise PolicyEndsBeforeStart
    if new.ends_on - new.starts_on > LONGEST_POLICY:
        raise PolicyTooLong
    policy = InsurancePolicy(
        id=ctx.new_id(),
        municipality_id=new.municipality_id,
        association_id=new.association_id,
        insurer=new.insurer,
        number=new.number,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
    )
    ctx.db.add(policy)
    ctx.db.flush()
    audit.record(ctx, new.municipality_id, "policy.added", thing_id=policy.id)
