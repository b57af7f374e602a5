"""Beds that are closed for a while, and opened again."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from civic.housing.operations import nights as night_book
from civic.housing.operations.nights import cut, hold_beds
from civic.housing.operations.trail import note
from civic.housing.operations.works import check_days
from civic.housing.queries.gate import unit_for
from civic.housing.queries.work_gate import closure_for
from civic.housing.rules.nights import VoidReason, checked
from civic.housing.works_errors import ClosureOver, NoBedChosen, NoNightOfWork, ReopensInPast
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def close_beds(
    ctx: Context,
    unit_id: UUID,
    bed_ids: Collection[UUID],
    first: date,
    until: date,
    reason: VoidReason,
) -> None:
    """All of them or none: BedTaken names the bed and night where somebody is to sleep. NoBedChosen,
    NoNightOfWork, EndsBeforeStart, TooManyNights, TooLongAgo, TooFarAhead."""
    unit = unit_for(ctx, unit_id)
    if not bed_ids:
        raise NoBedChosen
    check_days(ctx, first, until)
    if first == until:
        raise NoNightOfWork
    held = hold_beds(ctx, set(bed_ids))
    if any(bed.unit_id != unit.id for bed in held.values()):
        raise NotFound
    night_book.close_beds(ctx, set(bed_ids), checked(first, until), reason)
    note(ctx, unit, "beds_closed", beds=len(held))


def reopen(ctx: Context, span_id: UUID, from_night: date) -> None:
    """From that night on somebody can sleep there again. Nights that have gone by stay closed, unless
    the closure was written down today: then it may be a slip of the hand. ReopensInPast; ClosureOver
    where nothing is closed from that night on."""
    span, unit = closure_for(ctx, span_id)
    hold_beds(ctx, {span.bed_id})
    ctx.db.refresh(span)
    today = rome_day(ctx.now())
    if from_night < today and rome_day(span.made_at) < today:
        raise ReopensInPast
    if span.until_night <= max(from_night, span.first_night):
        raise ClosureOver
    cut(ctx, [span], from_night)
    note(ctx, unit, "beds_reopened", closure=span.id)
