"""What the front pages of staff show of several rooms at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.accounts.models import Person, PersonInCity
from civic.accounts.policy import READ_PERSON
from civic.accounts.queries import PersonFile, person_for
from civic.attendance.models import HoursLine
from civic.attendance.queries.to_look_at import Waiting, waiting
from civic.badges.models import Proposal
from civic.badges.rules import ProposalState
from civic.catalogue.fit import Wishes
from civic.catalogue.models import Project, ProjectSession, ProjectText
from civic.catalogue.queries.fit import Fitting, best_fitting
from civic.catalogue.queries.search import search_for
from civic.catalogue.rules import (
    LONGEST_SESSION,
    Area,
    Filters,
    ProjectState,
    SessionState,
)
from civic.enrolment.models import Booking, Enrolment, GuardianConsent
from civic.enrolment.queries.bookings import MyBooking
from civic.enrolment.queries.requests import requests_waiting
from civic.enrolment.rules import BookingState, EnrolmentState
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place, Role
from civic.portal.policy import CITY
from civic.tenancy.models import Association, AssociationInCity, Municipality
from civic.tenancy.rules import Verification

SESSIONS_SHOWN = 8
SUITING = 3


@dataclass(frozen=True)
class ComingSession:
    """A session as the people who run it see it."""

    id: UUID
    title: str
    title_language: str
    area: Area
    association_name: str
    starts_at: datetime
    ends_at: datetime
    meeting_point: str
    places: int
    places_taken: int
    waiting: int
    is_today: bool
    """Today, or still on from last night: the gate may be needed."""


@dataclass(frozen=True)
class OrganiserDesk:
    sessions: tuple[ComingSession, ...]
    proposals: int
    sent_back: int
    requests: int
    attendance: Waiting


@dataclass(frozen=True)
class CityDesk:
    name: str
    submitted: int
    associations_asking: int
    people: int
    minutes_this_month: int
    requests: int
    """To join, which associations left unanswered."""
    sessions: tuple[ComingSession, ...]
    attendance: Waiting


@dataclass(frozen=True)
class ProjectOfPerson:
    title: str
    title_language: str
    association_name: str
    joined_at: datetime
    state: EnrolmentState


@dataclass(frozen=True)
class PersonPage:
    file: PersonFile
    projects: tuple[ProjectOfPerson, ...]
    hours: tuple[tuple[date, str, str, int], ...]
    """Day, project, its language, minutes."""
    minutes: int
    guardian_name: str | None


def suiting(
    ctx: Context, wishes: Wishes, bookings: Sequence[MyBooking], language: str
) -> tuple[Fitting, ...]:
    """The few projects that suit the actor best, besides those they have a date in; none for whom
    nothing is known that could put one before another."""
    if wishes.is_empty:
        return ()
    known = frozenset(booking.facts.project_id for booking in bookings)
    search = search_for(ctx, Filters(), language)
    page = best_fitting(ctx, search, replace(wishes, hidden=known), language, limit=SUITING)
    return page.found


def organiser_desk(ctx: Context) -> OrganiserDesk:
    """Sessions from today on of the associations the actor organises; five statements."""
    own = [
        (grant.association_id, grant.municipality_id)
        for grant in ctx.actor.grants
        if grant.role is Role.ORGANISER
    ]
    associations = {association for association, _city in own if association}
    cities = {city for _association, city in own if city}
    sessions = _coming(ctx, cities, associations)
    proposals = ctx.db.scalar(
        select(func.count())
        .select_from(Proposal)
        .where(Proposal.association_id.in_(associations))
        .where(Proposal.municipality_id.in_(cities))
        .where(Proposal.state == ProposalState.OPEN)
    )
    sent_back = ctx.db.scalar(
        select(func.count())
        .select_from(Project)
        .where(Project.association_id.in_(associations))
        .where(Project.municipality_id.in_(cities))
        .where(Project.state == ProjectState.SENT_BACK)
    )
    return OrganiserDesk(
        sessions, proposals or 0, sent_back or 0, requests_waiting(ctx), waiting(ctx)
    )


def city_desk(ctx: Context, municipality_id: UUID) -> CityDesk:
    """What waits for the officer and what comes next in their city."""
    CITY.require(ctx.actor, Place(municipality_id=municipality_id))
    today = rome_day(ctx.now())
    name = ctx.db.scalars(select(Municipality.name).where(Municipality.id == municipality_id)).one()
    counts = ctx.db.execute(
        select(
            select(func.count())
            .select_from(Project)
            .where(Project.municipality_id == municipality_id)
            .where(Project.state == ProjectState.SUBMITTED)
            .scalar_subquery(),
            select(func.count())
            .select_from(AssociationInCity)
            .where(AssociationInCity.municipality_id == municipality_id)
            .where(AssociationInCity.verification == Verification.ASKED)
            .scalar_subquery(),
            select(func.count())
            .select_from(PersonInCity)
            .where(PersonInCity.municipality_id == municipality_id)
            .scalar_subquery(),
            select(func.coalesce(func.sum(HoursLine.minutes), 0))
            .where(HoursLine.municipality_id == municipality_id)
            .where(HoursLine.day >= today.replace(day=1))
            .scalar_subquery(),
            select(func.count())
            .select_from(Enrolment)
            .where(Enrolment.municipality_id == municipality_id)
            .where(Enrolment.state == EnrolmentState.REQUESTED)
            .where(Enrolment.escalated_at.is_not(None))
            .scalar_subquery(),
        )
    ).one()
    sessions = _coming(ctx, {municipality_id}, None)
    return CityDesk(name, *counts, sessions, waiting(ctx, municipality_id))


def _coming(
    ctx: Context, cities: set[UUID], associations: set[UUID] | None
) -> tuple[ComingSession, ...]:
    midnight, tomorrow = rome_day_bounds(rome_day(ctx.now()))
    in_line = (
        select(func.count())
        .where(Booking.session_id == ProjectSession.id)
        .where(Booking.state == BookingState.WAITING)
        .correlate(ProjectSession)
        .scalar_subquery()
    )
    statement = (
        select(
            ProjectSession.id,
            ProjectText.title,
            ProjectText.language,
            Project.area,
            Association.name,
            ProjectSession.starts_at,
            ProjectSession.ends_at,
            ProjectSession.meeting_point,
            ProjectSession.places,
            ProjectSession.places_taken,
            in_line,
        )
        .join(Project, Project.id == ProjectSession.project_id)
        .join(
            ProjectText,
            (ProjectText.project_id == Project.id) & (ProjectText.language == Project.language),
        )
        .join(Association, Association.id == Project.association_id)
        .where(Project.municipality_id.in_(cities))
        .where(Project.state == ProjectState.PUBLISHED)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        # From midnight, and last night's that are still on.
        .where(ProjectSession.starts_at >= midnight - LONGEST_SESSION)
        .where(ProjectSession.ends_at >= midnight)
        .order_by(ProjectSession.starts_at, ProjectSession.id)
        .limit(SESSIONS_SHOWN)
    )
    if associations is not None:
        statement = statement.where(Project.association_id.in_(associations))
    return tuple(
        ComingSession(*row, is_today=row.starts_at < tomorrow) for row in ctx.db.execute(statement)
    )


def asked_name(ctx: Context, person_id: UUID) -> str:
    """Whose file the officer is asked about before it opens; NotFound when not of their city."""
    name = ctx.db.scalar(
        select(Person.name)
        .join(PersonInCity, PersonInCity.person_id == Person.id)
        .where(Person.id == person_id)
        .where(PersonInCity.municipality_id.in_(_cities_of_officer(ctx)))
    )
    if name is None:
        raise NotFound
    return name


def _cities_of_officer(ctx: Context) -> set[UUID]:
    return {
        grant.municipality_id
        for grant in ctx.actor.grants
        if grant.role is Role.OFFICER and grant.municipality_id
    }


def person_page(ctx: Context, person_id: UUID, reason: str) -> PersonPage:
    """A person's file for an officer; through the gate that records the reading and the reason."""
    file = person_for(ctx, person_id, READ_PERSON, reason)
    projects = ctx.db.execute(
        select(
            ProjectText.title,
            ProjectText.language,
            Association.name,
            Enrolment.joined_at,
            Enrolment.state,
        )
        .join(Project, Project.id == Enrolment.project_id)
        .join(
            ProjectText,
            (ProjectText.project_id == Project.id) & (ProjectText.language == Project.language),
        )
        .join(Association, Association.id == Project.association_id)
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.municipality_id == file.municipality_id)
        .order_by(Enrolment.joined_at.desc(), Enrolment.id)
    )
    hours = ctx.db.execute(
        select(HoursLine.day, ProjectText.title, ProjectText.language, HoursLine.minutes)
        .join(Project, Project.id == HoursLine.project_id)
        .join(
            ProjectText,
            (ProjectText.project_id == Project.id) & (ProjectText.language == Project.language),
        )
        .where(HoursLine.person_id == person_id)
        .where(HoursLine.municipality_id == file.municipality_id)
        .order_by(HoursLine.day.desc(), HoursLine.id)
    ).all()
    guardian = ctx.db.scalar(
        select(GuardianConsent.guardian_name)
        .where(GuardianConsent.person_id == person_id)
        .where(GuardianConsent.municipality_id == file.municipality_id)
        .where(GuardianConsent.withdrawn_at.is_(None))
    )
    return PersonPage(
        file=file,
        projects=tuple(
            ProjectOfPerson(
                row.title,
                row.language,
                row.name,
                row.joined_at,
                row.state,
            )
            for row in projects
        ),
        hours=tuple((row.day, row.title, row.language, row.minutes) for row in hours),
        minutes=sum(row.minutes for row in hours),
        guardian_name=guardian,
    )
