"""Policies, the register of volunteers and the days to be covered."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.rules import ProjectState, SessionState
from civic.enrolment.models import (
    InsurancePolicy,
    RegisterEntry,
)
from civic.enrolment.rules import (
    PolicyLine,
    RegisterLine,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context


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
