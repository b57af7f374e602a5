"""What the desk looks at before it writes somebody in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as people
from civic.accounts.queries import PersonFile
from civic.audit import operations as audit
from civic.catalogue.models import Project
from civic.catalogue.queries.projects import ProjectPage, project_page
from civic.catalogue.queries.texts import title_columns, with_words
from civic.enrolment.models import Enrolment
from civic.enrolment.policy import WRITE_IN
from civic.enrolment.queries.requests import JoiningStand, joining_stand
from civic.enrolment.rules import EnrolmentState, LegalBasis
from civic.kernel.context import Context
from civic.kernel.policy import Place
from civic.tenancy.models import Municipality

REASON = "desk"
"""Why the file was opened, as the person reads it."""
PEOPLE_SHOWN = 20
SHORTEST_SEARCH = 2
"""Letters of a name: a desk looks for somebody, it does not leaf through everybody."""


@dataclass(frozen=True)
class EnrolmentLine:
    id: UUID
    title: str
    title_language: str
    slug: str
    state: EnrolmentState
    basis: LegalBasis
    joined_at: datetime


@dataclass(frozen=True)
class DeskFile:
    """Somebody at the desk: who they are and what they have joined in this city."""

    file: PersonFile
    city_slug: str
    city_name: str
    lines: tuple[EnrolmentLine, ...]


@dataclass(frozen=True)
class DeskProject:
    """A project of the city as the person at the desk stands before it."""

    file: PersonFile
    page: ProjectPage
    stand: JoiningStand
    basis: LegalBasis
    """On which they take part, or would."""


def found_by_name(ctx: Context, municipality_id: UUID, name: str) -> list[people.PersonCard]:
    """People of the city whose name holds these letters. Names are read here, so it is recorded."""
    WRITE_IN.require(ctx.actor, Place(municipality_id))
    if len(name) < SHORTEST_SEARCH:
        return []
    found = people.people_of(ctx, municipality_id, name, PEOPLE_SHOWN)
    audit.record(ctx, municipality_id, "desk.searched", details={"people": len(found)})
    return found


def desk_file(ctx: Context, person_id: UUID) -> DeskFile:
    """Through the gate that records the reading."""
    file = people.person_for(ctx, person_id, WRITE_IN, REASON)
    city = ctx.db.execute(
        select(Municipality.slug, Municipality.name).where(Municipality.id == file.municipality_id)
    ).one()
    rows = ctx.db.execute(
        with_words(
            select(
                Enrolment.id,
                *title_columns(),
                Project.slug,
                Enrolment.state,
                Enrolment.legal_basis,
                Enrolment.joined_at,
            )
            .join(Project, Project.id == Enrolment.project_id)
            .where(Enrolment.person_id == person_id)
            .where(Enrolment.municipality_id == file.municipality_id)
            .where(Enrolment.state.in_((EnrolmentState.ACTIVE, EnrolmentState.REQUESTED)))
            .order_by(Enrolment.joined_at.desc(), Enrolment.id)
        ),
        {"language": ctx.actor.language},
    )
    return DeskFile(file, city.slug, city.name, tuple(EnrolmentLine(*row) for row in rows))


def desk_project(ctx: Context, person_id: UUID, slug: str) -> DeskProject:
    """A project of a city that knows them, in which the actor works; and the file's gate."""
    page = project_page(ctx, slug, ctx.actor.language)
    file = people.person_for(ctx, person_id, WRITE_IN, REASON, municipality_id=page.municipality_id)
    own = ctx.db.scalar(
        select(Enrolment.legal_basis)
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.project_id == page.id)
    )
    usual = LegalBasis.OCCASIONAL if page.is_occasional else LegalBasis.VOLUNTEER
    return DeskProject(file, page, joining_stand(ctx, page, person_id), own or usual)
