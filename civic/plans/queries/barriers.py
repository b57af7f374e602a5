"""What stands in the way, and what did."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic.kernel.context import Context
from civic.plans.models import Barrier
from civic.plans.rules import Domain


@dataclass(frozen=True)
class BarrierRow:
    id: UUID
    domain: Domain
    words: str
    language: str
    set_at: datetime
    overcome_on: date | None


def barriers_of(ctx: Context, plan_ids: list[UUID]) -> dict[UUID, list[BarrierRow]]:
    """Of plans that came through a gate: what still stands first, then what is overcome."""
    rows = ctx.db.scalars(
        select(Barrier)
        .where(Barrier.plan_id.in_(plan_ids))
        .order_by(Barrier.overcome_on.is_not(None), Barrier.set_at, Barrier.id)
    )
    found: dict[UUID, list[BarrierRow]] = defaultdict(list)
    for row in rows:
        found[row.plan_id].append(
            BarrierRow(row.id, row.domain, row.words, row.language, row.set_at, row.overcome_on)
        )
    return found
