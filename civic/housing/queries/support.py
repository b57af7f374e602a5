"""Pages of rent support: all decisions of a city, one of them, and what a person pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from civic.housing.market_models import MarketFile
from civic.housing.models import HousingGrant, Lease, Unit
from civic.housing.placing_models import Placement, Resident
from civic.housing.queries.arrears import NoticeRow, notices_of
from civic.housing.queries.books import Book, books_of
from civic.housing.queries.gate import is_visible, member_of
from civic.housing.queries.support_gate import may_show
from civic.housing.rules.book import PaymentSource, shown_code
from civic.housing.rules.ledger import Ledger, Payer, arrears_seen
from civic.housing.rules.placing import LIVING
from civic.housing.rules.stock import Direction
from civic.housing.rules.support import Instalment, SupportKind
from civic.housing.sealing import words_of
from civic.housing.support_models import SupportDecision, SupportPayment
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

ON_A_PAGE = 50


@dataclass(frozen=True)
class DecisionRow:
    id: UUID
    code: str
    resident_id: UUID
    name: str
    kind: SupportKind
    unit_name: str
    grant_name: str
    decided_on: date
    cancelled_at: datetime | None
    total_cents: int
    support_cents: int
    ledger: Ledger
    next_due: Instalment | None
    """The first part, from today on, of which the tenant still has something to pay."""
    days_late: int
    """Of the oldest part of the tenant that is seen as late; 0 where none is."""
    waiting: tuple[NoticeRow, ...]
    """What an officer should do about parts that are still late."""

    @property
    def arrears_cents(self) -> int:
        return self.ledger.tenant.arrears


@dataclass(frozen=True)
class SupportPage:
    rows: tuple[DecisionRow, ...]
    has_more: bool
    late: int
    """How many of all have something late."""
    to_do: int


def support_page(
    ctx: Context, municipality_id: UUID, page: int | None = 1, *, ended_too: bool = False
) -> SupportPage:
    """Who is late first, the longest before the others; then by the next day. Every page in the same
    number of statements. None for all of it, to take away: without safe houses, even for their team.
    Names are opened of those shown alone."""
    statement = (
        select(SupportDecision, Resident, Unit.name, HousingGrant.name)
        .join(Resident, Resident.id == SupportDecision.resident_id)
        .join(HousingGrant, HousingGrant.id == SupportDecision.grant_id)
        .outerjoin(Unit, Unit.id == SupportDecision.unit_id)
        .where(SupportDecision.municipality_id == municipality_id, may_show(ctx))
    )
    if page is None:
        statement = statement.where(or_(Unit.id.is_(None), Unit.is_safe_house.is_(False)))
    found = ctx.db.execute(statement).all()
    today = rome_day(ctx.now())
    ids = [decision.id for decision, *_ in found]
    books, notices = books_of(ctx, ids), notices_of(ctx, ids)
    listed = []
    for decision, resident, unit_name, grant_name in found:
        book = books[decision.id]
        row = _row(decision, unit_name, grant_name, book, notices.get(decision.id, ()), today)
        if ended_too or _goes_on(row):
            listed.append((row, resident))
    listed.sort(key=lambda pair: _order(pair[0]))
    start = 0 if page is None else (page - 1) * ON_A_PAGE
    shown = listed[start : None if page is None else start + ON_A_PAGE]
    return SupportPage(
        tuple(_named(ctx, row, resident) for row, resident in shown),
        page is not None and len(listed) > start + ON_A_PAGE,
        sum(row.days_late > 0 for row, _ in listed),
        sum(bool(row.waiting) for row, _ in listed),
    )


def _goes_on(row: DecisionRow) -> bool:
    """Something is still to be paid by somebody."""
    sides = (row.ledger.tenant, row.ledger.municipality)
    return any(side.arrears or side.to_come for side in sides)


def _order(row: DecisionRow) -> tuple[int, date, UUID]:
    day = row.next_due.due_on if row.next_due else date.max
    return -row.days_late, day, row.id


def _named(ctx: Context, row: DecisionRow, resident: Resident) -> DecisionRow:
    return DecisionRow(**{**row.__dict__, "name": member_of(ctx, resident).name})


def _row(
    decision: SupportDecision,
    unit_name: str | None,
    grant_name: str,
    book: Book,
    notices: Sequence[NoticeRow],
    today: date,
) -> DecisionRow:
    standing = book.on(today)
    late = arrears_seen(standing)
    still = {each.instalment.number for each in late}
    return DecisionRow(
        decision.id,
        shown_code(decision.code),
        decision.resident_id,
        "",
        decision.kind,
        unit_name or "",
        grant_name,
        decision.decided_on,
        decision.cancelled_at,
        decision.total_cents,
        decision.support_cents,
        standing,
        next_part(standing),
        max((each.days_late for each in late), default=0),
        tuple(each for each in notices if each.done_on is None and each.number in still),
    )


def next_part(standing: Ledger) -> Instalment | None:
    return next(
        (
            row.instalment
            for row in standing.rows
            if row.instalment.due_on >= standing.day and row.tenant_missing_cents
        ),
        None,
    )


@dataclass(frozen=True)
class PaymentRow:
    id: UUID
    payer: Payer
    amount_cents: int
    paid_on: date
    source: PaymentSource
    undoes_id: UUID | None
    is_undone: bool


@dataclass(frozen=True)
class DecisionPage:
    row: DecisionRow
    person_id: UUID | None
    ended: tuple[Instalment, ...]
    payments: tuple[PaymentRow, ...]
    notices: tuple[NoticeRow, ...]
    why_cancelled: str


def decision_page(ctx: Context, decision: SupportDecision) -> DecisionPage:
    """Of a decision that came through the gate."""
    resident = ctx.db.get_one(Resident, decision.resident_id)
    grant = ctx.db.get_one(HousingGrant, decision.grant_id)
    unit = ctx.db.get(Unit, decision.unit_id) if decision.unit_id else None
    book = books_of(ctx, [decision.id])[decision.id]
    notices = notices_of(ctx, [decision.id]).get(decision.id, [])
    today = rome_day(ctx.now())
    row = _row(decision, unit.name if unit else "", grant.name, book, notices, today)
    words = words_of(
        ctx,
        decision.municipality_id,
        decision.resident_id,
        SupportDecision,
        decision.id,
        decision.sealed,
    )
    return DecisionPage(
        _named(ctx, row, resident),
        resident.person_id,
        book.ended,
        _payments(ctx, decision.id),
        tuple(notices),
        words.get("reason", ""),
    )


def _payments(ctx: Context, decision_id: UUID) -> tuple[PaymentRow, ...]:
    """The newest first."""
    rows = ctx.db.scalars(
        select(SupportPayment)
        .where(SupportPayment.decision_id == decision_id)
        .order_by(SupportPayment.written_at.desc(), SupportPayment.id.desc())
    ).all()
    undone = {row.undoes_id for row in rows}
    return tuple(
        PaymentRow(
            row.id,
            row.side,
            row.amount_cents,
            row.paid_on,
            row.source,
            row.undoes_id,
            row.id in undone,
        )
        for row in rows
    )


@dataclass(frozen=True)
class OwnPay:
    """A decision as the person it is for reads it."""

    municipality_id: UUID
    code: str
    kind: SupportKind
    next_due: Instalment | None
    next_cents: int
    """Of the next part, what is still missing."""
    late_cents: int
    ledger: Ledger

    @property
    def grows(self) -> bool:
        """Their part is larger at the end than at the beginning."""
        rows = self.ledger.rows
        return bool(rows) and (rows[-1].instalment.tenant_cents > rows[0].instalment.tenant_cents)


def own_pay(ctx: Context, resident_ids: Sequence[UUID]) -> list[OwnPay]:
    """Of residents who are the actor; decisions on which something is still open, oldest first."""
    today = rome_day(ctx.now())
    rows = ctx.db.scalars(
        select(SupportDecision)
        .where(SupportDecision.resident_id.in_(resident_ids))
        .order_by(SupportDecision.decided_at, SupportDecision.id)
    ).all()
    books = books_of(ctx, [row.id for row in rows])
    found = []
    for row in rows:
        standing = books[row.id].on(today)
        if not (
            standing.tenant.arrears or standing.tenant.to_come or standing.municipality.to_come
        ):
            continue
        part = next_part(standing)
        missing = next((r.tenant_missing_cents for r in standing.rows if r.instalment == part), 0)
        found.append(
            OwnPay(
                row.municipality_id,
                shown_code(row.code),
                row.kind,
                part,
                missing,
                standing.tenant.arrears,
                standing,
            )
        )
    return found


@dataclass(frozen=True)
class PersonRow:
    resident_id: UUID
    name: str
    placement_id: UUID | None
    unit_name: str
    has_market_file: bool


def people_of(ctx: Context, municipality_id: UUID) -> list[PersonRow]:
    """Who signs for a stay that is living, and whoever is on the way to a lease; by name."""
    rows = ctx.db.execute(
        select(Resident, Placement.id, Unit.name, MarketFile.id)
        .outerjoin(Placement, (Placement.resident_id == Resident.id) & Placement.state.in_(LIVING))
        .outerjoin(Unit, Unit.id == Placement.unit_id)
        .outerjoin(MarketFile, MarketFile.resident_id == Resident.id)
        .where(Resident.municipality_id == municipality_id, Resident.erased_at.is_(None))
        .where(or_(Placement.id.is_not(None), MarketFile.id.is_not(None)))
        .where(or_(Placement.id.is_(None), is_visible(ctx)))
    ).all()
    people = [
        PersonRow(resident.id, member_of(ctx, resident).name, placement_id, unit or "", bool(file))
        for resident, placement_id, unit, file in rows
    ]
    return sorted(people, key=lambda row: (row.name.casefold(), row.resident_id))


@dataclass(frozen=True)
class AboutChoice:
    """A home that a decision may be for: a stay, or a lease of their own."""

    key: str
    name: str
    """Of the dwelling; empty for a lease outside the stock."""
    placement_id: UUID | None = None
    lease_id: UUID | None = None


def homes_of(ctx: Context, resident_id: UUID) -> list[AboutChoice]:
    """Of a resident who came through the gate: where they live and sign, then what they rent."""
    stays = ctx.db.execute(
        select(Placement.id, Unit.name)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(Placement.resident_id == resident_id, Placement.state.in_(LIVING), is_visible(ctx))
        .order_by(Placement.first_night, Placement.id)
    )
    found = [AboutChoice(f"stay-{each}", name, placement_id=each) for each, name in stays]
    leases = ctx.db.execute(
        select(Lease.id, Unit.name)
        .outerjoin(Unit, Unit.id == Lease.unit_id)
        .where(Lease.resident_id == resident_id, Lease.direction == Direction.OUT)
        .where(or_(Lease.unit_id.is_(None), is_visible(ctx)))
        .order_by(Lease.starts_on, Lease.id)
    )
    return found + [
        AboutChoice(f"lease-{each}", name or "", lease_id=each) for each, name in leases
    ]
