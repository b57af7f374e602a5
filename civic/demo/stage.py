"""Who and what of the demonstration stands in a database: found by names, not remembered."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person, RoleGrant
from civic.accounts.queries import actor_of_person
from civic.catalogue.models import Project, ProjectText
from civic.catalogue.rules import ProjectState
from civic.demo.journal import MadeProject
from civic.demo.offer import PROJECTS
from civic.demo.places import ASSOCIATIONS, CITIES
from civic.demo.shape import DemoProject, DemoStaff
from civic.demo.staff import STAFF
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.models import Association, Municipality


@dataclass(frozen=True)
class Stage:
    cities: dict[str, UUID]
    associations: dict[str, UUID]
    organisers: dict[tuple[str, str], Actor]
    """By association and city."""
    officers: dict[str, Actor]
    case_worker: Actor
    staff: dict[DemoStaff, Actor]
    """Without those whom an older demonstration did not have."""

    @property
    def everywhere(self) -> Actor:
        return system_in(*self.cities.values())

    def organiser_of(self, project: DemoProject) -> Actor:
        return self.organisers[project.association, project.city]


def is_set(ctx: Context) -> bool:
    """Whether the demonstration was loaded into this database."""
    first = select(Association.id).where(Association.slug == ASSOCIATIONS[0].key)
    return ctx.db.scalar(first) is not None


def find(ctx: Context) -> Stage:
    with unscoped(ctx.db, "the demonstration looks for its own people"):
        cities = _by_slug(ctx, Municipality)
        associations = _by_slug(ctx, Association)
        held = ctx.db.execute(
            select(
                RoleGrant.role,
                RoleGrant.municipality_id,
                RoleGrant.association_id,
                RoleGrant.person_id,
                Person.name,
            )
            .join(Person, Person.id == RoleGrant.person_id)
            .where(Person.name.in_([person.name for person in STAFF]))
        )
        holders = {
            (name, role, city, association): person_id
            for role, city, association, person_id, name in held
        }
        found = {
            person: holders.get(
                (
                    person.name,
                    person.role,
                    cities.get(person.city),
                    associations.get(person.association),
                )
            )
            for person in STAFF
        }
        actors = {
            person: actor_of_person(ctx, person_id)
            for person, person_id in found.items()
            if person_id
        }
    return Stage(
        cities={key: cities[key] for key in CITIES},
        associations={body.key: associations[body.key] for body in ASSOCIATIONS},
        organisers={
            (person.association, person.city): actor
            for person, actor in actors.items()
            if person.role is Role.ORGANISER
        },
        officers={
            person.city: actor for person, actor in actors.items() if person.role is Role.OFFICER
        },
        case_worker=next(
            actor for person, actor in actors.items() if person.role is Role.CASE_WORKER
        ),
        staff=actors,
    )


def _by_slug(ctx: Context, model: type[Municipality] | type[Association]) -> dict[str, UUID]:
    return dict(ctx.db.execute(select(model.slug, model.id)).all())


def published(ctx: Context, stage: Stage) -> list[tuple[DemoProject, MadeProject]]:
    """The demonstration's projects that are open, as described and as they stand in rows."""
    rows = ctx.db.execute(
        select(
            Project.id,
            Project.association_id,
            Project.municipality_id,
            Project.created_by,
            Project.area,
            ProjectText.title,
        )
        .join(ProjectText, ProjectText.project_id == Project.id)
        .where(ProjectText.language == "it", Project.state == ProjectState.PUBLISHED)
        .where(Project.municipality_id.in_(stage.cities.values()))
    ).all()
    found = {(row.municipality_id, row.title): row for row in rows}
    pairs = []
    for project in PROJECTS:
        row = found.get((stage.cities[project.city], project.words["it"].title))
        if row is not None:
            made = MadeProject(
                row.id, row.association_id, row.created_by, row.municipality_id, row.area
            )
            pairs.append((project, made))
    return pairs
