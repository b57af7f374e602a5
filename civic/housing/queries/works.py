"""Works as pages and tables show them. Those of safe houses are there for their team alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from civic.housing.models import Bed, BudgetLine, HousingGrant, Room, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.queries.files import FileRow, files_of
from civic.housing.queries.gate import is_visible
from civic.housing.queries.stock_gate import require_city
from civic.housing.queries.work_gate import work_for
from civic.housing.rules.stock import OPEN_WORKS, FileKind, WorkKind, WorkState
from civic.housing.rules.works import cost_per_bed
from civic.housing.sealing import words_of
from civic.housing.works_models import Work, WorkQuote
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

PAGE = 40
MOST_ROWS = 5000
"""Of a table that is taken away."""


@dataclass(frozen=True)
class Lost:
    """What a work takes from sleepers, in beds times nights."""

    nights: int = 0
    so_far: int = 0
    beds: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class WorkRow:
    id: UUID
    unit_id: UUID
    unit_name: str
    kind: WorkKind
    state: WorkState
    requested_on: date
    first: date | None
    until: date | None
    is_from_resident: bool
    cost_cents: int
    lost: Lost
    is_late: bool
    """Not inspected by the day it was planned for."""
    done_on: date | None
    inspected_on: date | None

    @property
    def beds(self) -> int:
        return len(self.lost.beds)

    @property
    def cents_per_bed(self) -> int | None:
        return cost_per_bed(self.cost_cents, self.beds) if self.cost_cents else None


def works_of(
    ctx: Context,
    city_id: UUID,
    *,
    is_open: bool = True,
    unit_id: UUID | None = None,
    page: int = 1,
) -> tuple[list[WorkRow], bool]:
    """Of open ones the oldest first, of closed ones the newest; and whether there are more."""
    require_city(ctx, city_id)
    statement = _listed(ctx, city_id)
    if unit_id is not None:
        statement = statement.where(Unit.id == unit_id)
    oldest_first = (Work.requested_at, Work.id)
    newest_first = (Work.requested_at.desc(), Work.id)
    if is_open:
        statement = statement.where(Work.state.in_(OPEN_WORKS)).order_by(*oldest_first)
    else:
        statement = statement.where(Work.state.not_in(OPEN_WORKS)).order_by(*newest_first)
    found = ctx.db.execute(statement.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return _rows(ctx, found[:PAGE]), len(found) > PAGE


def all_works(ctx: Context, city_id: UUID) -> list[WorkRow]:
    """For a table; the newest."""
    require_city(ctx, city_id)
    statement = _listed(ctx, city_id).order_by(Work.requested_at.desc(), Work.id).limit(MOST_ROWS)
    return _rows(ctx, ctx.db.execute(statement).all())


def _listed(ctx: Context, city_id: UUID) -> Select[Work, str]:
    return (
        select(Work, Unit.name)
        .join(Unit, Unit.id == Work.unit_id)
        .where(Unit.municipality_id == city_id, is_visible(ctx))
    )


def _rows(ctx: Context, found: Sequence[Any]) -> list[WorkRow]:
    lost = _lost(ctx, [work for work, _name in found])
    return [_row(ctx, work, name, lost[work.id]) for work, name in found]


def _row(ctx: Context, work: Work, unit_name: str, lost: Lost) -> WorkRow:
    today = rome_day(ctx.now())
    return WorkRow(
        id=work.id,
        unit_id=work.unit_id,
        unit_name=unit_name,
        kind=work.kind,
        state=work.state,
        requested_on=rome_day(work.requested_at),
        first=work.first_night,
        until=work.until_night,
        is_from_resident=work.resident_id is not None,
        cost_cents=work.approved_cents,
        lost=lost,
        is_late=work.state in OPEN_WORKS
        and work.until_night is not None
        and work.until_night < today,
        done_on=work.done_on,
        inspected_on=work.inspected_on,
    )


def _lost(ctx: Context, works: Iterable[Work]) -> dict[UUID, Lost]:
    """From the spans, which are what really was taken; with the beds of the plan."""
    today = rome_day(ctx.now())
    beds = {work.id: {UUID(bed_id) for bed_id in work.beds} for work in works}
    nights, so_far = dict.fromkeys(beds, 0), dict.fromkeys(beds, 0)
    spans = ctx.db.execute(
        select(BedSpan.work_id, BedSpan.bed_id, BedSpan.first_night, BedSpan.until_night).where(
            BedSpan.work_id.in_(list(beds)), BedSpan.until_night > BedSpan.first_night
        )
    ).all()
    for work_id, bed_id, first, until in spans:
        if work_id is not None:
            beds[work_id].add(bed_id)
            nights[work_id] += (until - first).days
            so_far[work_id] += max(0, (min(until, today) - first).days)
    return {each: Lost(nights[each], so_far[each], frozenset(beds[each])) for each in beds}


@dataclass(frozen=True)
class QuoteRow:
    id: UUID
    firm: str
    amount_cents: int
    received_on: date
    is_chosen: bool
    papers: Sequence[FileRow]


@dataclass(frozen=True)
class BedChoice:
    id: UUID
    name: str
    """With its room."""


@dataclass(frozen=True)
class WorkPage:
    row: WorkRow
    city_id: UUID
    words: str
    found: str
    refused: str
    beds: Sequence[BedChoice]
    """Those that cannot be slept in, by name."""
    of_unit: Sequence[BedChoice]
    quotes: Sequence[QuoteRow]
    photos: Sequence[FileRow]
    line: str
    """The budget line it is booked on, by name; empty before the approval."""
    started_on: date | None

    def photos_of(self, kind: FileKind) -> list[FileRow]:
        return [photo for photo in self.photos if photo.kind is kind]


def work_page(ctx: Context, work_id: UUID) -> WorkPage:
    work, unit = work_for(ctx, work_id)
    words = words_of(ctx, work.municipality_id, unit.id, Work, work.id, work.sealed)
    quotes = ctx.db.scalars(
        select(WorkQuote)
        .where(WorkQuote.work_id == work.id)
        .order_by(WorkQuote.amount_cents, WorkQuote.id)
    ).all()
    files = files_of(ctx, [work.id, *(quote.id for quote in quotes)])
    beds = beds_of(ctx, unit.id)
    return WorkPage(
        row=_row(ctx, work, unit.name, _lost(ctx, [work])[work.id]),
        city_id=unit.municipality_id,
        words=words.get("words", ""),
        found=words.get("found", ""),
        refused=words.get("refused", ""),
        beds=[bed for bed in beds if str(bed.id) in work.beds],
        of_unit=beds,
        quotes=[
            QuoteRow(
                each.id,
                each.firm,
                each.amount_cents,
                each.received_on,
                each.is_chosen,
                files.get(each.id, []),
            )
            for each in quotes
        ],
        photos=files.get(work.id, []),
        line=_line_name(ctx, work.budget_line_id),
        started_on=work.started_on,
    )


def beds_of(ctx: Context, unit_id: UUID) -> list[BedChoice]:
    """Of a dwelling whose gate was asked before; those that are there today or will be."""
    today = rome_day(ctx.now())
    rows = ctx.db.execute(
        select(Bed.id, Room.name, Bed.name)
        .join(Room, Room.id == Bed.room_id)
        .where(Bed.unit_id == unit_id, Bed.until_night.is_(None) | (Bed.until_night > today))
        .order_by(Room.name, Bed.name, Bed.id)
    )
    return [BedChoice(bed_id, f"{room} · {bed}") for bed_id, room, bed in rows]


def _line_name(ctx: Context, line_id: UUID | None) -> str:
    if line_id is None:
        return ""
    line = ctx.db.get_one(BudgetLine, line_id)
    return f"{line.code} {line.name}"


@dataclass(frozen=True)
class LineChoice:
    id: UUID
    name: str
    left_cents: int


def lines_with_money(ctx: Context, city_id: UUID) -> list[LineChoice]:
    """Lines of grants that run today, with what is left on each."""
    require_city(ctx, city_id)
    today = rome_day(ctx.now())
    booked = (
        select(Work.budget_line_id, func.sum(Work.approved_cents).label("cents"))
        .group_by(Work.budget_line_id)
        .subquery()
    )
    rows = ctx.db.execute(
        select(BudgetLine, HousingGrant.code, func.coalesce(booked.c.cents, 0))
        .join(HousingGrant, HousingGrant.id == BudgetLine.grant_id)
        .outerjoin(booked, booked.c.budget_line_id == BudgetLine.id)
        .where(BudgetLine.municipality_id == city_id)
        .where(HousingGrant.starts_on <= today, HousingGrant.ends_on >= today)
        .order_by(HousingGrant.code, BudgetLine.code)
    )
    return [
        LineChoice(line.id, f"{code} · {line.code} {line.name}", line.amount_cents - int(cents))
        for line, code, cents in rows
    ]


def unit_choices(ctx: Context, city_id: UUID) -> list[BedChoice]:
    """Dwellings that are not closed, for a field in which one is chosen."""
    require_city(ctx, city_id)
    today = rome_day(ctx.now())
    rows = ctx.db.execute(
        select(Unit.id, Unit.name)
        .where(Unit.municipality_id == city_id, is_visible(ctx))
        .where(Unit.closed_on.is_(None) | (Unit.closed_on > today))
        .order_by(Unit.name, Unit.id)
    )
    return [BedChoice(unit_id, name) for unit_id, name in rows]
