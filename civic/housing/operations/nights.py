"""The only place that writes nights.

A span and its nights are written and cut together, so that the nights of a span are always exactly
those between its two days. Beds are held in the order of their ids before anything is written:
whoever comes second waits, and then finds the nights taken. What the code above might still forget,
the two unique keys of `bed_night` refuse.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select

from civic.housing.errors import BedNotOffered, BedStillBooked, BedTaken, SleepsElsewhere
from civic.housing.models import Bed, Room
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.placing_models import Resident
from civic.housing.rules.nights import SLEPT, Nights, Use, VoidReason
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert
from civic.kernel.errors import NotFound


@dataclass(frozen=True)
class NewSpan:
    bed_id: UUID
    nights: Nights
    use: Use
    reason: VoidReason | None = None
    placement_id: UUID | None = None
    resident_id: UUID | None = None
    work_id: UUID | None = None


def hold_beds(ctx: Context, bed_ids: Collection[UUID]) -> dict[UUID, Bed]:
    """Until this transaction ends nobody else occupies, frees or takes away these beds. One order for
    everybody, so that no two wait for each other. NotFound for a bed of nowhere."""
    rows = ctx.db.scalars(
        select(Bed)
        .where(Bed.id.in_(bed_ids))
        .order_by(Bed.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(set(bed_ids)):
        raise NotFound
    return {row.id: row for row in rows}


def hold_residents(ctx: Context, resident_ids: Collection[UUID]) -> dict[UUID, Resident]:
    """The same of people; asked for after the beds."""
    rows = ctx.db.scalars(
        select(Resident)
        .where(Resident.id.in_(resident_ids))
        .order_by(Resident.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(set(resident_ids)):
        raise NotFound
    return {row.id: row for row in rows}


def occupy(ctx: Context, spans: Sequence[NewSpan]) -> list[UUID]:
    """Write spans with all their nights, or none of them: BedNotOffered, BedTaken, SleepsElsewhere."""
    beds = hold_beds(ctx, {each.bed_id for each in spans})
    return [_occupy(ctx, beds[each.bed_id], each) for each in spans]


def _occupy(ctx: Context, bed: Bed, new: NewSpan) -> UUID:
    _check_offered(ctx, bed, new.nights)
    span = BedSpan(
        id=ctx.new_id(),
        municipality_id=bed.municipality_id,
        bed_id=bed.id,
        first_night=new.nights.first,
        until_night=new.nights.until,
        use=new.use,
        reason=new.reason,
        placement_id=new.placement_id,
        resident_id=new.resident_id,
        work_id=new.work_id,
        made_at=ctx.now(),
        made_by=ctx.actor.person_id,
    )
    ctx.db.add(span)
    ctx.db.flush()
    _write_nights(ctx, span, new.nights)
    return span.id


def _check_offered(ctx: Context, bed: Bed, nights: Nights) -> None:
    ends = bed.until_night
    if nights.first < bed.from_night or (ends is not None and nights.until > ends):
        raise BedNotOffered(bed=bed_name(ctx, bed))


def _write_nights(ctx: Context, span: BedSpan, nights: Nights) -> None:
    if not len(nights):
        return
    resident_id = span.resident_id if span.use in SLEPT else None
    rows = [
        {
            "bed_id": span.bed_id,
            "night": night,
            "span_id": span.id,
            "resident_id": resident_id,
            "municipality_id": span.municipality_id,
        }
        for night in nights
    ]
    ctx.db.connection().execute(insert(ctx.db, BedNight).on_conflict_do_nothing(), rows)
    written = ctx.db.scalar(
        select(func.count())
        .select_from(BedNight)
        .where(BedNight.bed_id == span.bed_id, BedNight.span_id == span.id)
        .where(BedNight.night >= nights.first, BedNight.night < nights.until)
    )
    if written != len(nights):
        _say_what_is_in_the_way(ctx, span, nights)


def _say_what_is_in_the_way(ctx: Context, span: BedSpan, nights: Nights) -> None:
    taken = ctx.db.scalar(
        select(func.min(BedNight.night))
        .where(BedNight.bed_id == span.bed_id, BedNight.span_id != span.id)
        .where(BedNight.night >= nights.first, BedNight.night < nights.until)
    )
    if taken is not None:
        bed = ctx.db.get_one(Bed, span.bed_id)
        raise BedTaken(bed=bed_name(ctx, bed), night=taken)
    elsewhere = ctx.db.scalar(
        select(func.min(BedNight.night))
        .where(BedNight.resident_id == span.resident_id, BedNight.span_id != span.id)
        .where(BedNight.night >= nights.first, BedNight.night < nights.until)
    )
    raise SleepsElsewhere(night=elsewhere or nights.first)


def cut(ctx: Context, spans: Iterable[BedSpan], until: date) -> None:
    """From that night on they occupy nothing any more. A span that had not begun keeps no night."""
    for span in spans:
        if until >= span.until_night:
            continue
        until_here = max(until, span.first_night)
        ctx.db.execute(
            delete(BedNight)
            .where(BedNight.bed_id == span.bed_id, BedNight.span_id == span.id)
            .where(BedNight.night >= until_here)
            .execution_options(synchronize_session=False)
        )
        span.until_night = until_here
    ctx.db.flush()


def lengthen(ctx: Context, spans: Iterable[BedSpan], until: date) -> None:
    """They go on until that morning: BedNotOffered, BedTaken, SleepsElsewhere."""
    for span in spans:
        more = Nights(span.until_night, until)
        if not len(more):
            continue
        _check_offered(ctx, ctx.db.get_one(Bed, span.bed_id), more)
        span.until_night = until
        ctx.db.flush()
        _write_nights(ctx, span, more)


def make_ready(
    ctx: Context, placement_id: UUID, bed_ids: Iterable[UUID], start: date, nights: int
) -> None:
    """Lay the time in which beds are made ready, as far as nothing else is there already: whoever
    comes next was promised the bed before this stay was lengthened."""
    for bed_id in bed_ids:
        room = _free_from(ctx, bed_id, start, nights)
        if len(room):
            occupy(ctx, [NewSpan(bed_id, room, Use.TURNAROUND, placement_id=placement_id)])


def _free_from(ctx: Context, bed_id: UUID, start: date, nights: int) -> Nights:
    until = Nights(start, date.fromordinal(start.toordinal() + nights)).until
    taken = ctx.db.scalar(
        select(func.min(BedNight.night))
        .where(BedNight.bed_id == bed_id)
        .where(BedNight.night >= start, BedNight.night < until)
    )
    ends = ctx.db.get_one(Bed, bed_id).until_night
    return Nights(start, min(each for each in (until, taken, ends) if each is not None))


def spans_of(ctx: Context, placement_id: UUID, *uses: Use) -> list[BedSpan]:
    """Of a stay, in the order of their nights."""
    return list(
        ctx.db.scalars(
            select(BedSpan)
            .where(BedSpan.placement_id == placement_id, BedSpan.use.in_(uses or tuple(Use)))
            .where(BedSpan.until_night > BedSpan.first_night)
            .order_by(BedSpan.first_night, BedSpan.bed_id)
            .execution_options(populate_existing=True)
        )
    )


def close_beds(ctx: Context, bed_ids: Collection[UUID], nights: Nights, reason: VoidReason) -> None:
    """Nobody can sleep there: refused with BedTaken where somebody is to."""
    occupy(ctx, [NewSpan(bed_id, nights, Use.VOID, reason) for bed_id in sorted(bed_ids)])


def take_bed_away(ctx: Context, bed: Bed, until: date) -> None:
    """From that night on the bed is offered no more; BedStillBooked while somebody is to sleep in it.
    The bed is held by whoever calls. Closures and works of later nights end with it."""
    last = ctx.db.scalar(
        select(func.max(BedNight.night))
        .join(BedSpan, BedSpan.id == BedNight.span_id)
        .where(BedNight.bed_id == bed.id, BedNight.night >= until, BedSpan.use.in_(SLEPT))
    )
    if last is not None:
        raise BedStillBooked(bed=bed_name(ctx, bed), night=last)
    later = ctx.db.scalars(
        select(BedSpan).where(BedSpan.bed_id == bed.id, BedSpan.until_night > until)
    ).all()
    cut(ctx, later, until)
    bed.until_night = max(until, bed.from_night)
    ctx.db.flush()


def bed_name(ctx: Context, bed: Bed) -> str:
    """Room and bed as colleagues call them."""
    room = ctx.db.get_one(Room, bed.room_id)
    return f"{room.name} · {bed.name}"
