"""Places of the directory in a case's city, for appointments and referrals."""

from uuid import UUID

from sqlalchemy import select

from civic.cases.desk_models import Service
from civic.cases.queries.gate import case_for
from civic.kernel.context import Context


def places_of(ctx: Context, case_id: UUID) -> list[tuple[str, str]]:
    case = case_for(ctx, case_id)
    rows = ctx.db.execute(
        select(Service.id, Service.name)
        .where(Service.municipality_id == case.municipality_id)
        .order_by(Service.name, Service.id)
    )
    return [(str(row.id), row.name) for row in rows]
