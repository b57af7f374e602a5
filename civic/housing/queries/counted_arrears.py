"""What tenants are late with at the end of a period, over all rent supports; one statement.

Payments fill the oldest part first (`rules.ledger`). So what is missing of the parts that are more
than five days late is what was due by then less everything that was paid: no part needs to be
looked at alone, and `test_figures` holds this sum to the ledger's.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, func, or_, select
from sqlalchemy.orm import aliased

from civic.housing.models import Unit
from civic.housing.queries.counted import Asked, Counted, not_hidden
from civic.housing.rules.ledger import GRACE_DAYS, Payer
from civic.housing.support_models import SupportDecision, SupportInstalment, SupportPayment
from civic.kernel.context import Context


def count_arrears(
    ctx: Context, asked: Asked, counted: Counted, safe_beds: Collection[UUID]
) -> None:
    """By the dwelling's kind (none for a flat outside the stock) and by the grant that supports."""
    for row in ctx.db.execute(_missing(asked, safe_beds)):
        arrears = counted.of(row).arrears
        arrears.cents += int(row.cents)
        arrears.supports += row.supports


def _missing(asked: Asked, safe_beds: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    due, paid = _due(asked.period.last), _paid(asked.period.last)
    missing = due.c.cents - func.coalesce(paid.c.cents, 0)
    whose = {
        "municipality_id": SupportDecision.municipality_id,
        "kind": Unit.kind,
        "grant_id": SupportDecision.grant_id,
    }
    parts = [whose[name] for name in asked.parts]
    statement = (
        select(
            *parts,
            func.sum(missing).label("cents"),
            func.count().label("supports"),
        )
        .select_from(SupportDecision)
        .join(due, due.c.decision_id == SupportDecision.id)
        .outerjoin(paid, paid.c.decision_id == SupportDecision.id)
        .outerjoin(Unit, Unit.id == SupportDecision.unit_id)
        .where(missing > 0)
        .group_by(*parts)
    )
    stay = SupportDecision.placement_id
    seen = statement.where(
        or_(SupportDecision.unit_id.is_(None), Unit.is_safe_house.is_(False)),
        or_(stay.is_(None), not_hidden(stay, safe_beds)),
    )
    return _of_asked(seen, asked)


def _of_asked(statement: Select[*tuple[Any, ...]], asked: Asked) -> Select[*tuple[Any, ...]]:
    if asked.municipality_id is not None:
        statement = statement.where(SupportDecision.municipality_id == asked.municipality_id)
    if asked.kinds:
        statement = statement.where(Unit.kind.in_(asked.kinds))
    if asked.grants:
        statement = statement.where(SupportDecision.grant_id.in_(asked.grants))
    return statement


def _due(day: date) -> Subquery:
    """The tenants' parts that are more than five days late on that day."""
    return (
        select(
            SupportInstalment.decision_id, func.sum(SupportInstalment.tenant_cents).label("cents")
        )
        .where(SupportInstalment.due_on < day - timedelta(days=GRACE_DAYS))
        .where(SupportInstalment.ended_on.is_(None))
        .group_by(SupportInstalment.decision_id)
        .subquery("due")
    )


def _paid(day: date) -> Subquery:
    """A payment that undoes another one never counts before that one."""
    undone = aliased(SupportPayment)
    return (
        select(SupportPayment.decision_id, func.sum(SupportPayment.amount_cents).label("cents"))
        .outerjoin(undone, undone.id == SupportPayment.undoes_id)
        .where(SupportPayment.side == Payer.TENANT, SupportPayment.paid_on <= day)
        .where(or_(undone.id.is_(None), undone.paid_on <= day))
        .group_by(SupportPayment.decision_id)
        .subquery("paid")
    )
