"""A case by its reference, among those that are open to the one who asks."""

from uuid import UUID

from sqlalchemy import or_, select

from civic.cases.errors import NoSuchReference, NotYours
from civic.cases.models import CaseAccess
from civic.cases.queries.gate import case_for, reference_of
from civic.kernel.context import Context


def by_reference(ctx: Context, case_id: UUID, reference: str) -> UUID:
    """Of the same city. One that is not theirs looks like one that does not exist."""
    case = case_for(ctx, case_id)
    wanted = reference.strip().upper()
    rows = ctx.db.scalars(
        select(CaseAccess.case_id)
        .where(CaseAccess.municipality_id == case.municipality_id)
        .where(or_(CaseAccess.person_id == ctx.actor.person_id, CaseAccess.person_id.is_(None)))
        .distinct()
    )
    for other_id in rows:
        if reference_of(other_id) == wanted:
            try:
                return case_for(ctx, other_id).id
            except NotYours:
                continue
    raise NoSuchReference
