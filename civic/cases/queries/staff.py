"""Colleagues of a city who may be asked onto a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person, RoleGrant
from civic.cases.access import NEEDS_ROLE
from civic.cases.policy import WORK_ON_CASES
from civic.kernel.context import Context
from civic.kernel.policy import Place, Role


@dataclass(frozen=True)
class Colleague:
    id: UUID
    name: str
    role: Role
    discipline: str


def colleagues(
    ctx: Context, municipality_id: UUID, roles: Iterable[Role] = frozenset(NEEDS_ROLE.values())
) -> list[Colleague]:
    WORK_ON_CASES.require(ctx.actor, Place(municipality_id=municipality_id))
    rows = ctx.db.execute(
        select(Person.id, Person.name, RoleGrant.role, RoleGrant.discipline)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.municipality_id == municipality_id, RoleGrant.role.in_(list(roles)))
        .order_by(Person.name, Person.id)
    )
    return [Colleague(row.id, row.name, row.role, row.discipline or "") for row in rows]
