"""Who works on housing in a city: for visits, and for the team of a safe house."""

from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person, RoleGrant
from civic.housing.queries.stock_gate import require_city
from civic.kernel.context import Context
from civic.kernel.policy import Role


def officers(ctx: Context, municipality_id: UUID) -> dict[UUID, str]:
    """Their names by id, in the order of the names."""
    require_city(ctx, municipality_id)
    rows = ctx.db.execute(
        select(Person.id, Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.municipality_id == municipality_id)
        .where(RoleGrant.role == Role.HOUSING_OFFICER)
        .order_by(Person.name, Person.id)
    )
    return {row.id: row.name for row in rows}
