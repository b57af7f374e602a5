"""Moving in, on and out, and asking months later how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.housing.errors import AlreadyMovedIn, NotMovedIn, StayOver
from civic.housing.market_models import HousingStep
from civic.housing.nights_models import BedSpan
from civic.housing.operations import stays
from civic.housing.operations.agreements import no_longer_stands
from civic.housing.operations.nights import cut, hold_beds, spans_of
from civic.housing.operations.steps import take_step
from civic.housing.operations.trail import note
from civic.housing.placing_models import FollowUp, Inventory, Placement, Resident
from civic.housing.queries.gate import placement_for
from civic.housing.queries.stay_page import facts_of, reviews_to_choose
from civic.housing.rules.living import FOLLOW_UP_MONTHS, months_later
from civic.housing.rules.nights import SLEPT, Use
from civic.housing.rules.placing import InventoryKind, Outcome, StayState
from civic.housing.rules.steps import Step
from civic.housing.sealing import sealed_of, words_of
from civic.housing.stay_errors import (
    AfterPlannedEnd,
    BeforeFirstNight,
    DayToCome,
    DepositReasonMissing,
    DepositTooMuch,
    FollowUpTooSoon,
    LeftBeforeComing,
    MoveAfterEnd,
    MoveBeforeStart,
    NothingSlept,
    ReasonMissing,
    ReviewMissing,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.i18n import N_

DATES_CHANGED = N_("The stay was made longer.")
PLACE_CHANGED = N_("They moved to another place.")
STAY_CANCELLED = N_("The stay was cancelled.")
STAY_ENDED = N_("The stay has ended.")


@dataclass(frozen=True)
class Counting:
    """What was looked at together on the day of coming or leaving."""

    day: date
    things: Sequence[Mapping[str, Any]] = ()
    """`living.Thing`, how many, `living.Condition`."""
    meters: Mapping[str, str] = field(default_factory=dict)
    is_agreed: bool = False


@dataclass(frozen=True)
class Leaving:
    counting: Counting
    outcome: Outcome
    is_clean: bool
    deposit_back_cents: int
    words: str


def move_in(ctx: Context, placement_id: UUID, counting: Counting) -> None:
    """AlreadyMovedIn, StayOver; DayToCome, BeforeFirstNight, AfterPlannedEnd."""
    placement = placement_for(ctx, placement_id, holding=True)
    if placement.state is StayState.MOVED_IN:
        raise AlreadyMovedIn
    if placement.state is not StayState.BOOKED:
        raise StayOver
    if counting.day > rome_day(ctx.now()):
        raise DayToCome
    if counting.day < placement.first_night:
        raise BeforeFirstNight(day=placement.first_night)
    if counting.day >= placement.until_night:
        raise AfterPlannedEnd(day=placement.until_night)
    placement.state, placement.moved_in_on = StayState.MOVED_IN, counting.day
    _count(ctx, placement, InventoryKind.MOVE_IN, counting)
    _tell_step(ctx, placement, Step.MOVED_IN, counting.day)
    note(ctx, placement, "moved_in", person_id=_account(ctx, placement))


def move_out(ctx: Context, placement_id: UUID, leaving: Leaving) -> None:
    """Nights, state, outcome and the days on which to ask again, in one go. NotMovedIn, StayOver;
    DayToCome, NothingSlept, LeftBeforeComing; DepositTooMuch, DepositReasonMissing; BedTaken for
    nights after the planned end that somebody else had by then."""
    placement = placement_for(ctx, placement_id, holding=True)
    if placement.state is StayState.BOOKED:
        raise NotMovedIn
    if placement.state is not StayState.MOVED_IN:
        raise StayOver
    _check_leaving(ctx, placement, leaving)
    day = leaving.counting.day
    stays.leave_beds(ctx, placement.id, day)
    placement.state, placement.moved_out_on = StayState.ENDED, day
    placement.outcome, placement.ended_at = leaving.outcome, ctx.now()
    placement.is_clean = leaving.is_clean
    placement.deposit_back_cents = leaving.deposit_back_cents
    keep_words(ctx, placement, words=leaving.words)
    _count(ctx, placement, InventoryKind.MOVE_OUT, leaving.counting)
    if leaving.outcome is not Outcome.DIED:
        _ask_later(ctx, placement, day)
    no_longer_stands(ctx, placement, STAY_ENDED, is_over=True)
    if leaving.outcome is Outcome.OWN_LEASE:
        _tell_step(ctx, placement, Step.OWN_LEASE, day)
    note(ctx, placement, "moved_out", person_id=_account(ctx, placement))


def _check_leaving(ctx: Context, placement: Placement, leaving: Leaving) -> None:
    day = leaving.counting.day
    if day > rome_day(ctx.now()):
        raise DayToCome
    if day <= placement.first_night:
        raise NothingSlept(day=placement.first_night)
    if placement.moved_in_on is not None and day < placement.moved_in_on:
        raise LeftBeforeComing(day=placement.moved_in_on)
    if not 0 <= leaving.deposit_back_cents <= placement.deposit_cents:
        raise DepositTooMuch
    if leaving.deposit_back_cents < placement.deposit_cents and not leaving.words:
        raise DepositReasonMissing


def extend_stay(ctx: Context, placement_id: UUID, longer: stays.Longer) -> None:
    """`stays.extend`, with the review in which it was agreed where they have a plan (ReviewMissing),
    or else a reason (ReasonMissing). Nights promised beyond today to somebody who had stayed on
    belong to the longer stay."""
    placement = placement_for(ctx, placement_id, holding=True)
    offered = {each.id for each in reviews_to_choose(ctx, facts_of(ctx, placement))}
    if offered and longer.review_id not in offered:
        raise ReviewMissing
    if not offered and longer.review_id is not None:
        raise NotFound
    if not offered and not longer.reason:
        raise ReasonMissing
    give_back_coming(ctx, placement)
    stays.extend(ctx, placement_id, longer)
    no_longer_stands(ctx, placement, DATES_CHANGED)


def give_back_coming(ctx: Context, placement: Placement) -> None:
    """Nights after tonight in which they were let stay on; the stay is held."""
    hold_beds(ctx, {span.bed_id for span in spans_of(ctx, placement.id)})
    tomorrow = date.fromordinal(rome_day(ctx.now()).toordinal() + 1)
    cut(ctx, spans_of(ctx, placement.id, Use.OVERSTAY), tomorrow)


def transfer_stay(
    ctx: Context, placement_id: UUID, unit_id: UUID, beds: Mapping[UUID, UUID], from_night: date
) -> None:
    """`stays.transfer`, with MoveAfterEnd and MoveBeforeStart said apart; the agreement is made
    anew."""
    placement = placement_for(ctx, placement_id, holding=True)
    if from_night >= placement.until_night:
        raise MoveAfterEnd(day=placement.until_night)
    if from_night < placement.first_night:
        raise MoveBeforeStart(day=placement.first_night)
    stays.transfer(ctx, placement_id, unit_id, beds, from_night)
    no_longer_stands(ctx, placement, PLACE_CHANGED)


def cancel_stay(ctx: Context, placement_id: UUID) -> None:
    """Before they move in; the request waits again."""
    stays.cancel(ctx, placement_id)
    placement = placement_for(ctx, placement_id, holding=True)
    no_longer_stands(ctx, placement, STAY_CANCELLED, is_over=True)


def record_follow_up(ctx: Context, follow_up_id: UUID, found: Outcome, asked_on: date) -> None:
    """What they said, or what was heard of them; written over when it was a mistake."""
    row = ctx.db.scalars(
        select(FollowUp).where(FollowUp.id == follow_up_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound
    placement = placement_for(ctx, row.placement_id)
    if asked_on > rome_day(ctx.now()):
        raise DayToCome
    if placement.moved_out_on is not None and asked_on < placement.moved_out_on:
        raise FollowUpTooSoon
    row.found, row.asked_on, row.asked_by = found, asked_on, ctx.actor.person_id
    ctx.db.flush()
    note(ctx, placement, "followed_up", person_id=_account(ctx, placement), follow_up=row.id)


def keep_words(ctx: Context, placement: Placement, **more: str) -> None:
    """Free words of a stay, sealed together with those that were there before."""
    city, who = placement.municipality_id, placement.resident_id
    told = words_of(ctx, city, who, Placement, placement.id, placement.sealed) | more
    placement.sealed = sealed_of(ctx, city, who, Placement, placement.id, told)
    ctx.db.flush()


def _count(ctx: Context, placement: Placement, kind: InventoryKind, counting: Counting) -> None:
    ctx.db.add(
        Inventory(
            id=ctx.new_id(),
            municipality_id=placement.municipality_id,
            placement_id=placement.id,
            kind=kind,
            things=[dict(each) for each in counting.things],
            meters=dict(counting.meters),
            made_on=counting.day,
            made_by=ctx.actor.person_id,
            is_agreed=counting.is_agreed,
        )
    )
    ctx.db.flush()


def _ask_later(ctx: Context, placement: Placement, left_on: date) -> None:
    for months in FOLLOW_UP_MONTHS:
        ctx.db.add(
            FollowUp(
                id=ctx.new_id(),
                municipality_id=placement.municipality_id,
                placement_id=placement.id,
                months=months,
                due_on=months_later(left_on, months),
            )
        )
    ctx.db.flush()


def _tell_step(ctx: Context, placement: Placement, step: Step, day: date) -> None:
    """To the plans of all who lived there. An own lease may stand there already: it was written down
    when it was signed."""
    residents = ctx.db.scalars(
        select(BedSpan.resident_id)
        .distinct()
        .where(BedSpan.placement_id == placement.id, BedSpan.use.in_(SLEPT))
        .where(
            BedSpan.resident_id.not_in(
                select(HousingStep.resident_id).where(
                    HousingStep.step == Step.OWN_LEASE, HousingStep.step == step
                )
            )
        )
        .order_by(BedSpan.resident_id)
    )
    for resident_id in residents.all():
        if resident_id is not None:
            take_step(ctx, resident_id, step, day, placement.id)


def _account(ctx: Context, placement: Placement) -> UUID | None:
    return ctx.db.get_one(Resident, placement.resident_id).person_id
