"""Who asks to join, what stands in their way, and how soon associations answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from civic.accounts.models import Person
from civic.catalogue.models import (
    Project,
    ProjectRequirement,
    ProjectSession,
    ProjectSkill,
    ProjectText,
)
from civic.catalogue.queries.projects import ProjectPage
from civic.catalogue.queries.texts import title_columns, with_words
from civic.catalogue.rules import ProjectState, Requirement, SessionState
from civic.enrolment.models import Enrolment, GuardianConsent, Qualification
from civic.enrolment.obstacles import (
    Candidate,
    Obstacle,
    obstacles,
    shares_no_language,
)
from civic.enrolment.policy import ANSWER_CARRIED
from civic.enrolment.rules import MUNICIPAL, EnrolmentState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place, Role
from civic.tenancy.models import Association

MOST_SHOWN = 100
MOST_TEACHING = 3


@dataclass(frozen=True)
class JoiningStand:
    """How somebody stands before a project: in, asking, or what is still missing."""

    state: EnrolmentState | None = None
    obstacles: tuple[Obstacle, ...] = ()
    enrolled_by_name: str = ""
    """The city whose desk wrote them in; empty when they did it themselves."""
    spoken_there: tuple[str, ...] = ()
    """Languages of the project, when the reader speaks none of them: told, never a bar."""
    needs_approval: bool = False
    asked_at: datetime | None = None
    is_open: bool = True
    """Takes new people: neither over nor on a break."""

    @property
    def is_in(self) -> bool:
        return self.state is EnrolmentState.ACTIVE

    @property
    def is_asking(self) -> bool:
        return self.state is EnrolmentState.REQUESTED

    @property
    def can_join(self) -> bool:
        """Or ask to, where the organiser says yes to each person."""
        is_there = self.is_in or self.is_asking
        return (
            self.is_open and not is_there and not any(item.stops_joining for item in self.obstacles)
        )

    @property
    def can_take_place(self) -> bool:
        """One tap takes a place: they are in, or joining asks nobody."""
        is_let_in = self.is_in or (self.can_join and not self.needs_approval)
        return is_let_in and not self.obstacles


def joining_stand(ctx: Context, page: ProjectPage, person_id: UUID | None = None) -> JoiningStand:
    """How the actor, or somebody at the desk, stands before a project; two statements at most."""
    who = person_id or ctx.actor.own_id
    row = ctx.db.execute(
        select(
            Person.birth_year,
            Person.languages,
            Enrolment.state,
            Enrolment.joined_at,
            Enrolment.decided_at,
            Enrolment.decision_reason,
            Enrolment.enrolled_by,
            select(GuardianConsent.id)
            .where(GuardianConsent.person_id == Person.id)
            .where(GuardianConsent.municipality_id == page.municipality_id)
            .where(GuardianConsent.withdrawn_at.is_(None))
            .exists()
            .label("is_consented"),
        )
        .outerjoin(
            Enrolment, and_(Enrolment.person_id == Person.id, Enrolment.project_id == page.id)
        )
        .where(Person.id == who)
    ).one()
    candidate = Candidate(
        row.birth_year,
        tuple(row.languages),
        row.is_consented,
        row.state,
        row.decided_at,
        row.decision_reason or "",
    )
    missing = missing_requirements(ctx, page.id, who) if page.requirements else ()
    is_far = shares_no_language(candidate.languages, page.languages)
    is_there = row.state in (EnrolmentState.ACTIVE, EnrolmentState.REQUESTED)
    return JoiningStand(
        state=row.state,
        obstacles=obstacles(candidate, page.minimum_age, missing, rome_day(ctx.now())),
        enrolled_by_name=page.municipality_name if row.enrolled_by and is_there else "",
        spoken_there=page.languages if is_far else (),
        needs_approval=page.needs_approval,
        asked_at=row.joined_at if row.state is EnrolmentState.REQUESTED else None,
        is_open=page.state is ProjectState.PUBLISHED,
    )


def missing_requirements(
    ctx: Context, project_id: UUID, person_id: UUID
) -> tuple[Requirement, ...]:
    """What the project asks to be shown and the person cannot show yet."""
    rows = ctx.db.execute(
        select(ProjectRequirement.kind, ProjectRequirement.value)
        .outerjoin(
            Qualification,
            and_(
                Qualification.person_id == person_id,
                Qualification.kind == ProjectRequirement.kind,
                Qualification.value == ProjectRequirement.value,
            ),
        )
        .where(ProjectRequirement.project_id == project_id)
        .where(Qualification.person_id.is_(None))
        .order_by(ProjectRequirement.kind, ProjectRequirement.value)
    )
    return tuple(Requirement(row.kind, row.value) for row in rows)


@dataclass(frozen=True)
class Teaching:
    """A project in which one can learn a skill."""

    skill: str
    slug: str
    title: str
    title_language: str
    starts_at: datetime


def projects_teaching(
    ctx: Context, page: ProjectPage, skills: Sequence[str], language: str
) -> dict[str, list[Teaching]]:
    """By skill, the next few of the same city that have a session to come. One statement."""
    next_start = (
        select(func.min(ProjectSession.starts_at))
        .where(ProjectSession.project_id == Project.id)
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.starts_at > ctx.now())
        .scalar_subquery()
    )
    statement = with_words(
        select(ProjectSkill.skill, Project.slug, *title_columns(), next_start.label("starts_at"))
        .join(Project, Project.id == ProjectSkill.project_id)
        .where(ProjectSkill.skill.in_(skills))
        .where(Project.municipality_id == page.municipality_id)
        .where(Project.id != page.id)
        .where(Project.state == ProjectState.PUBLISHED)
        .where(next_start.is_not(None))
        .order_by(next_start, Project.id)
        .limit(MOST_SHOWN)
    )
    found: dict[str, list[Teaching]] = {skill: [] for skill in skills}
    for row in ctx.db.execute(statement, {"language": language}):
        if len(found[row[0]]) < MOST_TEACHING:
            found[row[0]].append(Teaching(*row))
    return found


# Those who wait for an answer


@dataclass(frozen=True)
class RequestRow:
    """A request as whoever answers it may know it (DOMAIN.md, rule 5)."""

    id: UUID
    person_id: UUID
    name: str
    languages: tuple[str, ...]
    words: str
    asked_at: datetime
    is_through_municipality: bool
    is_carried: bool
    title: str
    title_language: str
    slug: str
    association_name: str


@dataclass(frozen=True)
class RequestPage:
    rows: tuple[RequestRow, ...]
    has_more: bool
    still_there: int = 0
    """For the municipality: how many are with the associations, for less than five days."""


def _requests() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Person.name,
            Person.languages,
            Enrolment.asked_words.label("words"),
            Enrolment.joined_at.label("asked_at"),
            or_(Enrolment.enrolled_by.is_not(None), Enrolment.legal_basis.in_(MUNICIPAL)).label(
                "is_through_municipality"
            ),
            Enrolment.escalated_at.is_not(None).label("is_carried"),
            ProjectText.title,
            ProjectText.language.label("title_language"),
            Project.slug,
            Association.name.label("association_name"),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(Project, Project.id == Enrolment.project_id)
        .join(
            ProjectText,
            and_(ProjectText.project_id == Project.id, ProjectText.language == Project.language),
        )
        .join(Association, Association.id == Project.association_id)
        .where(Enrolment.state == EnrolmentState.REQUESTED)
        .order_by(Enrolment.joined_at, Enrolment.id)
        .limit(MOST_SHOWN + 1)
    )


def _page(ctx: Context, statement: Select[*tuple[Any, ...]], still_there: int = 0) -> RequestPage:
    rows = [
        RequestRow(**(dict(row._mapping) | {"languages": tuple(row.languages)}))
        for row in ctx.db.execute(statement)
    ]
    return RequestPage(tuple(rows[:MOST_SHOWN]), len(rows) > MOST_SHOWN, still_there)


def requests_to_associations(ctx: Context) -> RequestPage:
    """What the associations of the actor are asked, the longest waiting first. One statement."""
    return _page(ctx, _requests().where(_organised_by(ctx)))


def requests_carried(ctx: Context, municipality_id: UUID) -> RequestPage:
    """What associations of the city left unanswered. Two statements."""
    ANSWER_CARRIED.require(ctx.actor, Place(municipality_id))
    waiting = ctx.db.scalar(
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.municipality_id == municipality_id)
        .where(Enrolment.state == EnrolmentState.REQUESTED)
        .where(Enrolment.escalated_at.is_(None))
    )
    statement = (
        _requests()
        .where(Enrolment.municipality_id == municipality_id)
        .where(Enrolment.escalated_at.is_not(None))
    )
    return _page(ctx, statement, waiting or 0)


def requests_waiting(ctx: Context) -> int:
    """How many requests the associations of the actor have not answered."""
    return (
        ctx.db.scalar(
            select(func.count())
            .select_from(Enrolment)
            .join(Project, Project.id == Enrolment.project_id)
            .where(Enrolment.state == EnrolmentState.REQUESTED, _organised_by(ctx))
        )
        or 0
    )


def _organised_by(ctx: Context) -> ColumnElement[bool]:
    """Projects of the associations that the actor organises, in the cities where they do."""
    return or_(
        false(),
        *(
            and_(
                Project.association_id == grant.association_id,
                Project.municipality_id == grant.municipality_id,
            )
            for grant in ctx.actor.grants
            if grant.role is Role.ORGANISER
        ),
    )


def request_for(ctx: Context, enrolment_id: UUID, permission: Permission) -> UUID:
    """The gate: whose request it is, where the actor may answer it."""
    row = ctx.db.execute(
        select(
            Enrolment.person_id,
            Enrolment.municipality_id,
            Project.association_id,
            Enrolment.escalated_at,
        )
        .join(Project, Project.id == Enrolment.project_id)
        .where(Enrolment.id == enrolment_id)
    ).first()
    if row is None or (permission is ANSWER_CARRIED and row.escalated_at is None):
        raise NotFound
    permission.require(ctx.actor, Place(row.municipality_id, row.association_id))
    person_id: UUID = row.person_id
    return person_id
