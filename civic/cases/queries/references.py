"""Where else the person of a case is known: projects by their titles, and nothing of what is in them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.cases.access import Access, Data
from civic.cases.queries.gate import CaseFacts
from civic.catalogue.models import Project
from civic.catalogue.queries.texts import title_columns, with_words
from civic.enrolment.models import Enrolment
from civic.enrolment.rules import EnrolmentState
from civic.kernel.context import Context


@dataclass(frozen=True)
class ProjectReference:
    id: UUID
    slug: str
    title: str
    title_language: str


def projects_of(ctx: Context, case: CaseFacts) -> list[ProjectReference]:
    """Those they take part in, in this city; for who may read the plan, of which they are a part."""
    if case.person_id is None or not case.may(Data.PLAN, Access.READ):
        return []
    title, title_language = title_columns()
    rows = ctx.db.execute(
        with_words(select(Project.id, Project.slug, title, title_language))
        .join(Enrolment, Enrolment.project_id == Project.id)
        .where(Enrolment.person_id == case.person_id, Enrolment.state == EnrolmentState.ACTIVE)
        .where(Enrolment.municipality_id == case.municipality_id)
        .order_by(title, Project.id),
        {"language": ctx.actor.language},
    )
    return [ProjectReference(*row) for row in rows]
