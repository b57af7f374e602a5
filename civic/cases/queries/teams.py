"""Who is on a case at this moment, for those who must hear of it."""

from uuid import UUID

from sqlalchemy import and_, or_, select

from civic.accounts.models import RoleGrant
from civic.cases.access import is_backed
from civic.cases.models import CaseAccess
from civic.kernel.context import Context


def standing_team(ctx: Context, case_id: UUID) -> list[UUID]:
    """Those named on it whose role in the city still carries it; who came in an emergency is not of
    the team."""
    rows = ctx.db.execute(
        select(CaseAccess.person_id, CaseAccess.role, RoleGrant.role, RoleGrant.discipline)
        .join(
            RoleGrant,
            and_(
                RoleGrant.person_id == CaseAccess.person_id,
                RoleGrant.municipality_id == CaseAccess.municipality_id,
            ),
        )
        .where(CaseAccess.case_id == case_id, CaseAccess.is_emergency.is_(False))
        .where(or_(CaseAccess.until.is_(None), CaseAccess.until > ctx.now()))
        .order_by(CaseAccess.since, CaseAccess.id)
    )
    found = (row[0] for row in rows if is_backed(row[1], row[2], row[3]))
    return list(dict.fromkeys(person_id for person_id in found if person_id))
