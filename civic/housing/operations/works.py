"""A work on its way: asked for, quoted, approved, done, inspected. Its nights follow in the same
transaction.

Whoever changes a work holds, in this order: the work, the budget line, the beds.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.housing.errors import EndsBeforeStart, TooLongAgo, TooManyNights
from civic.housing.models import Unit
from civic.housing.nights_models import BedSpan
from civic.housing.operations import nights as night_book
from civic.housing.operations.nights import NewSpan, cut, hold_beds
from civic.housing.operations.trail import note
from civic.housing.queries.gate import unit_for
from civic.housing.queries.work_gate import work_for
from civic.housing.rules.nights import MOST_NIGHTS, MOST_NIGHTS_BACK, Nights, Use
from civic.housing.rules.stock import WorkKind, WorkState
from civic.housing.rules.works import MOST_AHEAD, still_to_take
from civic.housing.sealing import sealed_of, words_of
from civic.housing.works_errors import (
    DatesMissing,
    DayToCome,
    DayTooEarly,
    DayTooLongAgo,
    FindingMissing,
    NoNightOfWork,
    TooFarAhead,
    WordsMissing,
    WorkMoved,
)
from civic.housing.works_models import Work
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound

BEFORE_WORK = (WorkState.REQUESTED, WorkState.QUOTED, WorkState.APPROVED)
PLANNED = (*BEFORE_WORK, WorkState.UNDER_WAY)


@dataclass(frozen=True)
class Plan:
    """Which beds cannot be slept in, and when. Without beds the days are only a plan."""

    first: date | None = None
    until: date | None = None
    """From this night on somebody can sleep there again."""
    beds: Collection[UUID] = field(default=())


@dataclass(frozen=True)
class NewWork:
    kind: WorkKind
    words: str
    plan: Plan = Plan()
    id: UUID | None = None


def request_work(ctx: Context, unit_id: UUID, new: NewWork) -> UUID:
    """WordsMissing, what `plan_work` refuses. The same one sent twice is one."""
    unit = unit_for(ctx, unit_id)
    if not new.words:
        raise WordsMissing
    if new.id is not None and ctx.db.get(Work, new.id) is not None:
        return new.id
    work = add_work(ctx, unit, new)
    _plan(ctx, work, unit, new.plan)
    note(ctx, unit, "work_requested", work=work.id)
    return work.id


def add_work(ctx: Context, unit: Unit, new: NewWork, resident_id: UUID | None = None) -> Work:
    work_id = new.id or ctx.new_id()
    words = {"words": new.words}
    work = Work(
        id=work_id,
        municipality_id=unit.municipality_id,
        unit_id=unit.id,
        kind=new.kind,
        state=WorkState.REQUESTED,
        beds=[],
        resident_id=resident_id,
        requested_at=ctx.now(),
        requested_by=ctx.actor.person_id,
        sealed=sealed_of(ctx, unit.municipality_id, unit.id, Work, work_id, words),
    )
    ctx.db.add(work)
    ctx.db.flush()
    return work


def plan_work(ctx: Context, work_id: UUID, plan: Plan) -> None:
    """Other beds, or longer, shorter, later: what was planned is given back and the new nights are
    taken, or nothing changes. BedTaken names the bed and night where somebody is to sleep; refuses
    WorkMoved, DatesMissing, EndsBeforeStart, NoNightOfWork, TooManyNights, TooLongAgo, TooFarAhead.

    Nights that went by since they were planned stay lost: nobody could sleep there.
    """
    work, unit = work_for(ctx, work_id, holding=True)
    if work.state not in PLANNED:
        raise WorkMoved
    _plan(ctx, work, unit, plan)
    note(ctx, unit, "work_planned", work=work.id)


def _plan(ctx: Context, work: Work, unit: Unit, plan: Plan) -> None:
    nights = _checked(ctx, plan)
    before = spans_of_work(ctx, work.id)
    held = hold_beds(ctx, {*plan.beds, *(span.bed_id for span in before)})
    if any(bed.unit_id != unit.id for bed in held.values()):
        raise NotFound
    before = spans_of_work(ctx, work.id)
    _give_back(ctx, before)
    if nights is not None:
        for bed_id in sorted(plan.beds):
            kept = [
                Nights(span.first_night, span.until_night)
                for span in before
                if span.bed_id == bed_id
            ]
            night_book.occupy(
                ctx,
                [
                    NewSpan(bed_id, each, Use.WORKS, work_id=work.id)
                    for each in still_to_take(nights, kept)
                ],
            )
    work.beds = [str(bed_id) for bed_id in sorted(plan.beds)]
    work.first_night, work.until_night = plan.first, plan.until
    ctx.db.flush()


def _checked(ctx: Context, plan: Plan) -> Nights | None:
    """The nights nobody can sleep in these beds; None where the work needs no empty bed."""
    if plan.first is None or plan.until is None:
        if plan.beds or plan.first != plan.until:
            raise DatesMissing
        return None
    check_days(ctx, plan.first, plan.until)
    if not plan.beds:
        return None
    if plan.first == plan.until:
        raise NoNightOfWork
    return Nights(plan.first, plan.until)


def check_days(ctx: Context, first: date, until: date) -> None:
    """EndsBeforeStart, TooManyNights, TooLongAgo, TooFarAhead."""
    today = rome_day(ctx.now())
    if until < first:
        raise EndsBeforeStart
    if len(Nights(first, until)) > MOST_NIGHTS:
        raise TooManyNights(most=MOST_NIGHTS)
    if (today - first).days > MOST_NIGHTS_BACK:
        raise TooLongAgo
    if first - today > MOST_AHEAD:
        raise TooFarAhead


def spans_of_work(ctx: Context, work_id: UUID) -> list[BedSpan]:
    """Those that have a night left, in the order of their nights."""
    return list(
        ctx.db.scalars(
            select(BedSpan)
            .where(BedSpan.work_id == work_id, BedSpan.until_night > BedSpan.first_night)
            .order_by(BedSpan.first_night, BedSpan.bed_id)
            .execution_options(populate_existing=True)
        )
    )


def _give_back(ctx: Context, spans: list[BedSpan]) -> None:
    """From today on. What was written down only today goes whole: it may be a slip of the hand."""
    today = rome_day(ctx.now())
    for span in spans:
        cut(ctx, [span], date.min if rome_day(span.made_at) >= today else today)


def begin(ctx: Context, work_id: UUID, on_day: date) -> None:
    """After the approval; or at once where our own people do it and it costs nothing."""
    work, unit = work_for(ctx, work_id, holding=True)
    if work.state not in (WorkState.APPROVED, WorkState.REQUESTED):
        raise WorkMoved
    check_past(ctx, on_day, None)
    work.state, work.started_on = WorkState.UNDER_WAY, on_day
    ctx.db.flush()
    note(ctx, unit, "work_begun", work=work.id)


def end(ctx: Context, work_id: UUID, on_day: date) -> None:
    """The firm is done. The beds stay empty until somebody has looked."""
    work, unit = work_for(ctx, work_id, holding=True)
    if work.state is not WorkState.UNDER_WAY:
        raise WorkMoved
    check_past(ctx, on_day, work.started_on)
    work.state, work.done_on = WorkState.DONE, on_day
    ctx.db.flush()
    note(ctx, unit, "work_done", work=work.id)


def inspect(ctx: Context, work_id: UUID, *, is_well: bool, words: str) -> None:
    """Found well, the beds are free from tonight on. Not well, it goes on: FindingMissing without a
    word on why."""
    work, unit = work_for(ctx, work_id, holding=True)
    if work.state is not WorkState.DONE:
        raise WorkMoved
    if not is_well and not words:
        raise FindingMissing
    today = rome_day(ctx.now())
    write_words(ctx, work, found=words)
    work.inspected_on, work.inspected_by = today, ctx.actor.person_id
    if is_well:
        work.state = WorkState.CLOSED
        _free_beds(ctx, work)
    else:
        work.state, work.done_on = WorkState.UNDER_WAY, None
    ctx.db.flush()
    note(ctx, unit, "work_inspected", work=work.id, well=is_well)


def refuse_work(ctx: Context, work_id: UUID, words: str) -> None:
    """It is not done. Its money and its nights are free again."""
    work, unit = work_for(ctx, work_id, holding=True)
    if work.state not in BEFORE_WORK:
        raise WorkMoved
    write_words(ctx, work, refused=words)
    work.state, work.approved_cents = WorkState.REFUSED, 0
    _free_beds(ctx, work)
    note(ctx, unit, "work_refused", work=work.id)


def _free_beds(ctx: Context, work: Work) -> None:
    """From today on: nights that have gone by were lost."""
    hold_beds(ctx, {span.bed_id for span in spans_of_work(ctx, work.id)})
    cut(ctx, spans_of_work(ctx, work.id), rome_day(ctx.now()))


def write_words(ctx: Context, work: Work, **words: str) -> None:
    """Beside what was written before."""
    city, who = work.municipality_id, work.unit_id
    told = words_of(ctx, city, who, Work, work.id, work.sealed)
    work.sealed = sealed_of(ctx, city, who, Work, work.id, {**told, **words})


def check_past(ctx: Context, on_day: date, began: date | None) -> None:
    """Something that happened: DayToCome, DayTooLongAgo, DayTooEarly."""
    today = rome_day(ctx.now())
    if on_day > today:
        raise DayToCome
    if began is not None and on_day < began:
        raise DayTooEarly(day=began)
    if (today - on_day).days > MOST_NIGHTS_BACK:
        raise DayTooLongAgo
