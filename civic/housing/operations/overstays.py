"""Somebody is still there after the planned end: their nights are theirs all the same, and whether they
may stay is decided by an officer."""

import logging
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from civic.housing.errors import BedNotOffered, BedTaken, SleepsElsewhere
from civic.housing.nights_models import BedSpan
from civic.housing.operations.moving import give_back_coming, keep_words
from civic.housing.operations.nights import hold_beds, hold_residents, spans_of
from civic.housing.operations.stays import make_ready_after, stay_on
from civic.housing.operations.trail import note
from civic.housing.placing_models import Placement, Resident
from civic.housing.queries.gate import placement_for
from civic.housing.rules.living import is_over
from civic.housing.rules.nights import SLEPT, checked
from civic.housing.rules.placing import StayState
from civic.housing.stay_errors import NotOverstaying, OverstayInThePast, ReasonMissing
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in

log = logging.getLogger(__name__)

IN_THE_WAY = (BedTaken, SleepsElsewhere, BedNotOffered)


def keep_overstays(database: Database) -> int:
    """Occupy tonight, and the nights before it that were missed, for everybody who is still there
    after the planned end; returns for how many stays. Run again on the same evening it changes
    nothing. Where somebody else was promised the bed, the nights before that are written and no
    more: the list of stays shows what is in the way, and an officer decides."""
    return sum(_keep(database, *each) for each in _due(database))


def _due(database: Database) -> list[tuple[UUID, UUID]]:
    """Stays, with their city, whose nights end before tomorrow morning."""
    with database.reading(system_in()) as ctx, unscoped(ctx.db, "overstays of all cities"):
        now = ctx.now()
        today = rome_day(now)
        rows = ctx.db.execute(
            select(Placement.id, Placement.municipality_id, Placement.until_night)
            .join(BedSpan, BedSpan.placement_id == Placement.id)
            .where(Placement.state == StayState.MOVED_IN, Placement.until_night <= today)
            .where(BedSpan.use.in_(SLEPT))
            .group_by(Placement.id, Placement.municipality_id, Placement.until_night)
            .having(func.max(BedSpan.until_night) <= today)
            .order_by(Placement.id)
        )
        return [(row.id, row.municipality_id) for row in rows if is_over(row.until_night, now)]


def _keep(database: Database, placement_id: UUID, municipality_id: UUID) -> bool:
    until: date | None = None
    while True:
        try:
            with database.unit_of_work(system_in(municipality_id)) as ctx:
                return _stay_on(ctx, placement_id, until or rome_day(ctx.now()) + timedelta(days=1))
        except IN_THE_WAY as refusal:
            night = refusal.values.get("night")
            # Nothing was written. The nights before the one that is taken are theirs none the less.
            if not isinstance(night, date) or (until is not None and night >= until):
                log.info("somebody has stayed on in a bed that is promised")
                return False
            until = night


def _stay_on(ctx: Context, placement_id: UUID, until: date) -> bool:
    """As far as it was not written already; False where there was nothing to write."""
    placement = placement_for(ctx, placement_id, holding=True)
    if placement.state is not StayState.MOVED_IN or not is_over(placement.until_night, ctx.now()):
        return False
    spans = _held_spans(ctx, placement)
    if not spans or max(span.until_night for span in spans) >= until:
        return False
    stay_on(ctx, placement, until)
    note(ctx, placement, "stayed_on", person_id=_account(ctx, placement))
    return True


def _held_spans(ctx: Context, placement: Placement) -> list[BedSpan]:
    hold_beds(ctx, {span.bed_id for span in spans_of(ctx, placement.id)})
    spans = spans_of(ctx, placement.id, *SLEPT)
    hold_residents(ctx, {span.resident_id for span in spans if span.resident_id is not None})
    return spans


def allow_overstay(ctx: Context, placement_id: UUID, until: date, reason: str) -> None:
    """They may stay until that morning, and nobody else is promised their beds meanwhile.
    NotOverstaying, OverstayInThePast, ReasonMissing; BedTaken where somebody was promised one."""
    placement = _overstaying(ctx, placement_id, reason)
    if until <= rome_day(ctx.now()):
        raise OverstayInThePast
    checked(placement.until_night, until)
    _held_spans(ctx, placement)
    give_back_coming(ctx, placement)
    stay_on(ctx, placement, until)
    placement.overstay_until = until
    keep_words(ctx, placement, overstay=reason)
    note(ctx, placement, "overstay_allowed", person_id=_account(ctx, placement))


def refuse_overstay(ctx: Context, placement_id: UUID, reason: str) -> None:
    """They have to leave. Until they do, the nights they are there stay theirs."""
    placement = _overstaying(ctx, placement_id, reason)
    _held_spans(ctx, placement)
    give_back_coming(ctx, placement)
    make_ready_after(ctx, placement)
    placement.overstay_until = None
    keep_words(ctx, placement, overstay=reason)
    note(ctx, placement, "overstay_refused", person_id=_account(ctx, placement))


def _overstaying(ctx: Context, placement_id: UUID, reason: str) -> Placement:
    placement = placement_for(ctx, placement_id, holding=True)
    if placement.state is not StayState.MOVED_IN or placement.until_night > rome_day(ctx.now()):
        raise NotOverstaying
    if not reason:
        raise ReasonMissing
    return placement


def _account(ctx: Context, placement: Placement) -> UUID | None:
    return ctx.db.get_one(Resident, placement.resident_id).person_id
