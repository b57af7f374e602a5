"""Parts of rents that are late, and what was done about them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.housing.queries.books import books_of
from civic.housing.rules.ledger import Arrear, Step, arrears_seen
from civic.housing.support_models import ArrearsNotice, SupportInstalment
from civic.kernel.clock import rome_day
from civic.kernel.context import Context


def late_by_decision(
    ctx: Context, decision_ids: Collection[UUID]
) -> dict[UUID, tuple[Arrear, ...]]:
    """Of decisions that came through a gate: only those with something late."""
    today = rome_day(ctx.now())
    found = {
        decision_id: arrears_seen(book.on(today))
        for decision_id, book in books_of(ctx, decision_ids).items()
    }
    return {decision_id: late for decision_id, late in found.items() if late}


def steps_done(ctx: Context, decision_ids: Collection[UUID]) -> dict[UUID, set[Step]]:
    """By instalment. A call that nobody has made yet is not done: the letter waits for it."""
    rows = ctx.db.execute(
        select(ArrearsNotice.instalment_id, ArrearsNotice.step)
        .where(ArrearsNotice.decision_id.in_(decision_ids))
        .where(ArrearsNotice.done_on.is_not(None))
    )
    found: dict[UUID, set[Step]] = defaultdict(set)
    for instalment_id, step in rows:
        found[instalment_id].add(step)
    return found


@dataclass(frozen=True)
class NoticeRow:
    id: UUID
    decision_id: UUID
    number: int
    """Of the part that is late."""
    step: Step
    seen_on: date
    done_on: date | None


def notices_of(ctx: Context, decision_ids: Collection[UUID]) -> dict[UUID, list[NoticeRow]]:
    """In the order in which they were seen."""
    rows = ctx.db.execute(
        select(ArrearsNotice, SupportInstalment.number)
        .join(SupportInstalment, SupportInstalment.id == ArrearsNotice.instalment_id)
        .where(ArrearsNotice.decision_id.in_(decision_ids))
        .order_by(ArrearsNotice.seen_on, SupportInstalment.number, ArrearsNotice.id)
    )
    found: dict[UUID, list[NoticeRow]] = defaultdict(list)
    for row, number in rows:
        found[row.decision_id].append(
            NoticeRow(row.id, row.decision_id, number, row.step, row.seen_on, row.done_on)
        )
    return found


def is_still_late(ctx: Context, notice_id: UUID) -> bool:
    """Asked just before a message goes out: who has paid meanwhile hears nothing."""
    notice = ctx.db.get(ArrearsNotice, notice_id)
    return notice is not None and bool(late_by_decision(ctx, [notice.decision_id]))
