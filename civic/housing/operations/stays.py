"""The life of a stay: placed, lengthened, moved, ended. Nights follow in the same transaction.

Whoever changes a stay holds, in this order: the request, the stay, the beds, the people.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.housing.errors import (
    AlreadyMovedIn,
    EndsBeforeStart,
    NobodyToPlace,
    NoNights,
    RequestClosed,
    StayOver,
    TooLongAgo,
)
from civic.housing.models import Bed, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.operations import nights as night_book
from civic.housing.operations.eligibility import check_household
from civic.housing.operations.nights import NewSpan, cut, hold_beds, hold_residents, spans_of
from civic.housing.operations.trail import note
from civic.housing.placing_models import (
    Extension,
    HousingRequest,
    Placement,
    RequestMember,
    Resident,
)
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.applicants import waiting_of
from civic.housing.queries.gate import placement_for, request_for, unit_for
from civic.housing.rules.nights import (
    MOST_NIGHTS_BACK,
    OPEN_ENDED,
    SLEPT,
    Nights,
    Use,
    checked,
)
from civic.housing.rules.placing import LIVING, RequestState, StayState
from civic.housing.sealing import sealed_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission


@dataclass(frozen=True)
class NewStay:
    request_id: UUID
    unit_id: UUID
    beds: Mapping[UUID, UUID]
    """Of each person of the household, their bed."""
    first: date
    until: date | None
    """The day of leaving; None for an open-ended stay, which gets a planned end."""
    is_emergency: bool = False


def place(ctx: Context, new: NewStay, permission: Permission = WORK_ON_HOUSING) -> UUID:
    """The household into these beds, all of it or nobody. Of two who place at once into one bed the
    second hears BedTaken. Refuses RequestClosed, NobodyToPlace, what `eligibility` and `nights` do."""
    request = request_for(ctx, new.request_id, permission, holding=True)
    if request.state is not RequestState.WAITING:
        raise RequestClosed
    unit = unit_for(ctx, new.unit_id, permission)
    if unit.municipality_id != request.municipality_id:
        raise NotFound
    until = new.until or new.first + OPEN_ENDED
    nights = checked(new.first, until)
    if (rome_day(ctx.now()) - nights.first).days > MOST_NIGHTS_BACK:
        raise TooLongAgo
    if not new.beds or set(new.beds) != _household(ctx, request):
        raise NobodyToPlace
    beds = _beds_of_unit(ctx, unit, new.beds)
    people = hold_residents(ctx, new.beds)
    check_household(ctx, unit, new.beds, beds, people, nights.first)
    placement = Placement(
        id=ctx.new_id(),
        municipality_id=unit.municipality_id,
        request_id=request.id,
        resident_id=request.resident_id,
        unit_id=unit.id,
        state=StayState.BOOKED,
        first_night=nights.first,
        until_night=nights.until,
        is_open_ended=new.until is None,
        is_emergency=new.is_emergency,
        placed_at=ctx.now(),
        placed_by=ctx.actor.person_id,
    )
    ctx.db.add(placement)
    ctx.db.flush()
    _sleep(ctx, placement, new.beds, nights)
    _make_ready(ctx, placement, set(new.beds.values()), nights.until)
    request.state, request.closed_at = RequestState.PLACED, ctx.now()
    ctx.db.flush()
    note(ctx, placement, "placed", person_id=_account_of(ctx, placement))
    return placement.id


def _household(ctx: Context, request: HousingRequest) -> set[UUID]:
    return set(
        ctx.db.scalars(
            select(RequestMember.resident_id).where(RequestMember.request_id == request.id)
        )
    )


def _beds_of_unit(ctx: Context, unit: Unit, beds: Mapping[UUID, UUID]) -> dict[UUID, Bed]:
    """Held. Two people in one bed are refused here already, though the key would do it too."""
    if len(set(beds.values())) != len(beds):
        raise NobodyToPlace
    held = hold_beds(ctx, set(beds.values()))
    if any(bed.unit_id != unit.id for bed in held.values()):
        raise NotFound
    return held


def _sleep(ctx: Context, placement: Placement, beds: Mapping[UUID, UUID], nights: Nights) -> None:
    ordered = sorted(beds.items(), key=lambda pair: pair[1])
    night_book.occupy(
        ctx,
        [
            NewSpan(bed_id, nights, Use.STAY, placement_id=placement.id, resident_id=resident_id)
            for resident_id, bed_id in ordered
        ],
    )


def _make_ready(ctx: Context, placement: Placement, bed_ids: set[UUID], start: date) -> None:
    """For as long as the dwelling of each bed asks."""
    rows = ctx.db.execute(
        select(Bed.id, Unit.turnaround_nights)
        .join(Unit, Unit.id == Bed.unit_id)
        .where(Bed.id.in_(bed_ids))
        .order_by(Bed.id)
    )
    for bed_id, nights in rows.all():
        night_book.make_ready(ctx, placement.id, [bed_id], start, nights)


def _held(
    ctx: Context, placement_id: UUID, also: Collection[UUID] = ()
) -> tuple[Placement, list[BedSpan], list[BedSpan]]:
    """The stay, the nights that are slept and those after it in which beds are made ready; all held,
    in one go with the beds they are to have `also`: held in two, two who change places would wait
    for each other. Refuses StayOver."""
    placement = placement_for(ctx, placement_id, holding=True)
    if placement.state not in LIVING:
        raise StayOver
    all_spans = spans_of(ctx, placement.id)
    hold_beds(ctx, {span.bed_id for span in all_spans} | set(also))
    all_spans = spans_of(ctx, placement.id)
    return (
        placement,
        [span for span in all_spans if span.use in SLEPT],
        [span for span in all_spans if span.use is Use.TURNAROUND],
    )


def _last_beds(slept: list[BedSpan]) -> dict[UUID, BedSpan]:
    """Of each person the nights they are in last."""
    return {span.resident_id: span for span in slept if span.resident_id is not None}


def _slept_until(slept: list[BedSpan], day: date) -> set[UUID]:
    """The beds that everybody was in last before that day; of a move still to come, the ones before."""
    begun = [span for span in slept if span.first_night < day]
    return {span.bed_id for span in _last_beds(begun).values()}


def _ahead(making: list[BedSpan], from_day: date) -> list[BedSpan]:
    """What comes after the end of the stay; that of a bed they moved out of before stays."""
    return [span for span in making if span.first_night >= from_day]


@dataclass(frozen=True)
class Longer:
    until: date
    reason: str
    review_id: UUID | None = None
    """The review of the plan in which it was agreed."""


def extend(ctx: Context, placement_id: UUID, longer: Longer) -> None:
    """They stay on in the same beds. BedTaken where somebody else was promised one of the nights;
    EndsBeforeStart for a day before the planned end."""
    placement, slept, making = _held(ctx, placement_id)
    if longer.until < placement.until_night:
        raise EndsBeforeStart
    checked(placement.until_night, longer.until)
    hold_residents(ctx, set(_last_beds(slept)))
    cut(ctx, _ahead(making, placement.until_night), placement.first_night)
    last = _last_beds(slept)
    _go_on(ctx, placement, last, longer.until)
    before, placement.until_night = placement.until_night, longer.until
    placement.overstay_until = None
    _add_extension(ctx, placement, before, longer)
    ends = max(longer.until, *(span.until_night for span in last.values()))
    _make_ready(ctx, placement, {span.bed_id for span in last.values()}, ends)
    note(ctx, placement, "extended", person_id=_account_of(ctx, placement))


def _go_on(ctx: Context, placement: Placement, last: Mapping[UUID, BedSpan], until: date) -> None:
    """Those who had stayed on without leave since go on from there as a stay."""
    night_book.lengthen(ctx, [span for span in last.values() if span.use is Use.STAY], until)
    after = {who: span for who, span in last.items() if span.use is not Use.STAY}
    for resident_id, span in sorted(after.items(), key=lambda pair: pair[1].bed_id):
        nights = Nights(span.until_night, until)
        if len(nights):
            new = NewSpan(span.bed_id, nights, Use.STAY, None, placement.id, resident_id)
            night_book.occupy(ctx, [new])


def _add_extension(ctx: Context, placement: Placement, before: date, longer: Longer) -> None:
    row_id = ctx.new_id()
    city, who = placement.municipality_id, placement.resident_id
    ctx.db.add(
        Extension(
            id=row_id,
            municipality_id=city,
            placement_id=placement.id,
            from_night=before,
            to_night=longer.until,
            review_id=longer.review_id,
            made_at=ctx.now(),
            made_by=ctx.actor.person_id,
            sealed=sealed_of(ctx, city, who, Extension, row_id, {"reason": longer.reason}),
        )
    )
    ctx.db.flush()


def stay_on(ctx: Context, placement: Placement, until: date) -> None:
    """Nights after the planned end in which somebody is still there. The stay and its beds are held;
    BedTaken where somebody else was promised one."""
    spans = spans_of(ctx, placement.id)
    cut(
        ctx,
        _ahead([s for s in spans if s.use is Use.TURNAROUND], placement.until_night),
        placement.first_night,
    )
    last = _last_beds([span for span in spans if span.use in SLEPT])
    night_book.lengthen(ctx, [span for span in last.values() if span.use is Use.OVERSTAY], until)
    for resident_id, span in sorted(last.items(), key=lambda pair: pair[1].bed_id):
        nights = Nights(span.until_night, until)
        if span.use is Use.STAY and len(nights):
            new = NewSpan(span.bed_id, nights, Use.OVERSTAY, None, placement.id, resident_id)
            night_book.occupy(ctx, [new])
    ends = max(until, placement.until_night)
    _make_ready(ctx, placement, {span.bed_id for span in last.values()}, ends)


def make_ready_after(ctx: Context, placement: Placement) -> None:
    """The beds are made ready after the last night there is now; the stay and its beds are held."""
    spans = spans_of(ctx, placement.id)
    making = [span for span in spans if span.use is Use.TURNAROUND]
    cut(ctx, _ahead(making, placement.until_night), placement.first_night)
    last = _last_beds([span for span in spans if span.use in SLEPT]).values()
    ends = max(span.until_night for span in last)
    _make_ready(ctx, placement, {span.bed_id for span in last}, ends)


def transfer(
    ctx: Context, placement_id: UUID, unit_id: UUID, beds: Mapping[UUID, UUID], from_night: date
) -> None:
    """From that night on they sleep elsewhere, until the same planned end. Everybody moves."""
    placement, slept, making = _held(ctx, placement_id, beds.values())
    unit = unit_for(ctx, unit_id)
    last = _last_beds(slept)
    if set(beds) != set(last):
        raise NobodyToPlace
    nights = checked(from_night, placement.until_night)
    if from_night < placement.first_night:
        raise EndsBeforeStart
    held = _beds_of_unit(ctx, unit, beds)
    people = hold_residents(ctx, set(beds))
    check_household(ctx, unit, beds, held, people, from_night)
    # A move that was planned before and has not come is given up with this one.
    left = _slept_until(slept, from_night) - set(beds.values())
    cut(ctx, _ahead(making, from_night), placement.first_night)
    cut(ctx, slept, from_night)
    _sleep(ctx, placement, beds, nights)
    _make_ready(ctx, placement, left, from_night)
    placement.unit_id = unit.id
    _make_ready(ctx, placement, set(beds.values()), nights.until)
    note(ctx, placement, "transferred", person_id=_account_of(ctx, placement))


def cancel(ctx: Context, placement_id: UUID) -> None:
    """Before they move in. The household waits again, where it waited before."""
    request = _request_of(ctx, placement_id)
    placement, slept, making = _held(ctx, placement_id)
    if placement.state is not StayState.BOOKED:
        raise AlreadyMovedIn
    cut(ctx, [*slept, *making], date.min)
    placement.state, placement.ended_at = StayState.CANCELLED, ctx.now()
    hold_residents(ctx, {request.resident_id})
    if waiting_of(ctx, request.resident_id) is None:
        request.state, request.closed_at = RequestState.WAITING, None
    else:
        # They have asked anew meanwhile: nobody waits twice.
        request.state = RequestState.WITHDRAWN
    ctx.db.flush()
    note(ctx, placement, "cancelled", person_id=_account_of(ctx, placement))


def _request_of(ctx: Context, placement_id: UUID) -> HousingRequest:
    return request_for(ctx, placement_for(ctx, placement_id).request_id, holding=True)


def leave_beds(ctx: Context, placement_id: UUID, on_day: date) -> Placement:
    """The nights from that day on are free again, after the time to make the beds ready. A day after
    the planned end writes down that they had stayed on until then. Refuses StayOver, NoNights."""
    placement, slept, making = _held(ctx, placement_id)
    if on_day <= placement.first_night:
        raise NoNights
    ends = max(span.until_night for span in slept)
    hold_residents(ctx, set(_last_beds(slept)))
    cut(ctx, _ahead(making, min(placement.until_night, on_day)), placement.first_night)
    if on_day > ends:
        checked(ends, on_day)
        stay_on(ctx, placement, on_day)
        return placement
    beds = _slept_until(slept, on_day)
    cut(ctx, slept, on_day)
    _make_ready(ctx, placement, beds, on_day)
    # They may have been going to move somewhere, and leave before that.
    placement.unit_id = ctx.db.get_one(Bed, min(beds)).unit_id
    ctx.db.flush()
    return placement


def _account_of(ctx: Context, placement: Placement) -> UUID | None:
    return ctx.db.get_one(Resident, placement.resident_id).person_id
