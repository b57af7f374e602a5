"""A city with an association, and those who work in it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from civic.catalogue.operations.projects import NewProject, ProjectContent, ProjectWords
from civic.catalogue.operations.sessions import SessionPlan
from civic.catalogue.rules import Area
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.accounts import actor_of, make_staff
from tests.factories.catalogue import PRUNE_HEDGES, make_project, make_session
from tests.factories.tenancy import make_association, make_city

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Scene:
    city: City
    association: AssociationRow
    organiser: Actor
    officer: Actor

    @property
    def author(self) -> UUID:
        return self.organiser.own_id

    def project(self, ctx: Context, **over: Any) -> UUID:
        return make_project(ctx, self.association.id, self.city.id, self.author, **over)

    def project_with_session(self, ctx: Context, *, days: float = 7, **over: Any) -> UUID:
        project_id = self.project(ctx, **over)
        make_session(ctx, project_id, NOW + days * DAY, NOW + days * DAY + 3 * HOUR)
        return project_id


def set_scene(
    database: Database, slug: str = "potenza", association: str = "Orti in Comune"
) -> Scene:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx, slug)
        row = make_association(ctx, city, association)
        organiser = actor_of(ctx, make_staff(ctx, Role.ORGANISER, city, row))
        officer = actor_of(ctx, make_staff(ctx, Role.OFFICER, city))
    return Scene(city, row, organiser, officer)


def content(title: str = "Puliamo i vicoli", **over: Any) -> ProjectContent:
    words = ProjectWords(title, "Puliamo i vicoli del centro storico.", "Guanti e acqua.")
    values: dict[str, Any] = {
        "words": words,
        "area": Area.TERRITORY,
        "minimum_age": 16,
        "languages": ("it", "ar"),
        "skills": (PRUNE_HEDGES,),
    }
    return ProjectContent(**values | over)


def new_project(scene: Scene, **over: Any) -> NewProject:
    return NewProject(scene.association.id, scene.city.id, "it", content(**over))


def plan(days: float = 7, hours: float = 3, places: int = 5, point: str = "Porta") -> SessionPlan:
    start = NOW + days * DAY
    return SessionPlan(start, start + hours * HOUR, point, places)
