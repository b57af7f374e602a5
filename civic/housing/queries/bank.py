"""Lines of the bank's files, and which decision each of them may belong to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.housing.models import Unit
from civic.housing.placing_models import Resident
from civic.housing.queries.books import Book, books_of
from civic.housing.queries.gate import member_of
from civic.housing.queries.support_gate import import_for, may_show
from civic.housing.rules.book import EntryState, are_alike, codes_in, shown_code
from civic.housing.rules.ledger import Payer
from civic.housing.sealing import words_of
from civic.housing.support_models import BankEntry, BankImport, SupportDecision
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

SHOWN = 100
"""Open lines with a proposal on one page, and as many without; the others come once these are dealt
with."""


@dataclass(frozen=True)
class Proposal:
    decision_id: UUID
    code: str
    name: str
    by_code: bool
    """The code stands in its words; else amount and name fit, and somebody has to look."""


@dataclass(frozen=True)
class EntryRow:
    id: UUID
    booked_on: date
    amount_cents: int
    name: str
    words: str
    is_repeat: bool
    is_reversal: bool
    proposal: Proposal | None

    @property
    def payer(self) -> Payer:
        """What came, a tenant paid; what went, the municipality."""
        return Payer.TENANT if self.amount_cents > 0 else Payer.MUNICIPALITY


@dataclass(frozen=True)
class ImportRow:
    id: UUID
    brought_at: datetime
    lines: int
    known: int
    open: int
    booked: int


@dataclass(frozen=True)
class Look:
    """An import before it is booked."""

    row: ImportRow
    refused: Mapping[str, str]
    proposed: tuple[EntryRow, ...]
    others: tuple[EntryRow, ...]
    more: int
    """Open lines beyond those."""


def imports_of(ctx: Context, municipality_id: UUID, most: int = 50) -> list[ImportRow]:
    """The newest first."""
    rows = ctx.db.scalars(
        select(BankImport)
        .where(BankImport.municipality_id == municipality_id)
        .order_by(BankImport.brought_at.desc(), BankImport.id.desc())
        .limit(most)
    ).all()
    counts = _counts(ctx, [row.id for row in rows])
    return [_import(row, counts[row.id]) for row in rows]


def _counts(ctx: Context, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[EntryState, int]]:
    found: dict[UUID, dict[EntryState, int]] = defaultdict(dict)
    for import_id, state, number in ctx.db.execute(
        select(BankEntry.import_id, BankEntry.state, func.count())
        .where(BankEntry.import_id.in_(ids))
        .group_by(BankEntry.import_id, BankEntry.state)
    ):
        found[import_id][state] = number
    return found


def _import(row: BankImport, counts: Mapping[EntryState, int]) -> ImportRow:
    still, booked = counts.get(EntryState.OPEN, 0), counts.get(EntryState.BOOKED, 0)
    return ImportRow(row.id, row.brought_at, row.lines, row.known, still, booked)


def look_at(ctx: Context, import_id: UUID) -> Look:
    """Proposals before the others, both by their days. Statements do not grow with the lines."""
    row = import_for(ctx, import_id)
    entries = ctx.db.scalars(
        select(BankEntry)
        .where(BankEntry.import_id == row.id, BankEntry.state == EntryState.OPEN)
        .order_by(BankEntry.booked_on, BankEntry.number)
    ).all()
    desk = _Desk(ctx, row.municipality_id)
    rows = [_entry(ctx, row.id, each, desk) for each in entries]
    proposed = [each for each in rows if each.proposal is not None][:SHOWN]
    others = [each for each in rows if each.proposal is None][:SHOWN]
    return Look(
        _import(row, _counts(ctx, [row.id])[row.id]),
        row.refused,
        tuple(proposed),
        tuple(others),
        len(rows) - len(proposed) - len(others),
    )


def _entry(ctx: Context, import_id: UUID, entry: BankEntry, desk: "_Desk") -> EntryRow:
    words = words_of(ctx, entry.municipality_id, import_id, BankEntry, entry.id, entry.sealed)
    row = EntryRow(
        entry.id,
        entry.booked_on,
        entry.amount_cents,
        words.get("name", ""),
        words.get("words", ""),
        entry.is_repeat,
        entry.is_reversal,
        None,
    )
    # What takes an earlier payment back is no payment: somebody undoes that one by hand.
    if entry.is_reversal:
        return row
    proposal = desk.proposal(f"{row.words} {words.get('reference', '')}", row)
    return EntryRow(**{**row.__dict__, "proposal": proposal})


class _Desk:
    """The decisions of a city that a line may be paid on, as far as the actor may see them."""

    def __init__(self, ctx: Context, municipality_id: UUID) -> None:
        self._ctx = ctx
        rows = ctx.db.execute(
            select(SupportDecision, Resident)
            .join(Resident, Resident.id == SupportDecision.resident_id)
            .outerjoin(Unit, Unit.id == SupportDecision.unit_id)
            .where(SupportDecision.municipality_id == municipality_id, may_show(ctx))
            .order_by(SupportDecision.decided_at, SupportDecision.id)
        ).all()
        self._people = {decision.id: resident for decision, resident in rows}
        self._codes = {decision.id: decision.code for decision, _ in rows}
        self._by_code = {code: decision_id for decision_id, code in self._codes.items()}
        self._by_amount: dict[int, list[UUID]] = defaultdict(list)
        today = rome_day(ctx.now())
        for decision_id, book in books_of(ctx, self._codes).items():
            for cents in _expected(book, today):
                self._by_amount[cents].append(decision_id)
        self._names: dict[UUID, str] = {}

    def proposal(self, words: str, row: EntryRow) -> Proposal | None:
        for code in codes_in(words):
            if code in self._by_code:
                return self._proposal(self._by_code[code], by_code=True)
        if not row.name:
            return None
        for decision_id in self._by_amount.get(row.amount_cents, ()):
            if are_alike(self._name(decision_id), row.name):
                return self._proposal(decision_id, by_code=False)
        return None

    def _proposal(self, decision_id: UUID, *, by_code: bool) -> Proposal:
        code = shown_code(self._codes[decision_id])
        return Proposal(decision_id, code, self._name(decision_id), by_code)

    def _name(self, decision_id: UUID) -> str:
        """Opened only where an amount or a code has led here."""
        if decision_id not in self._names:
            self._names[decision_id] = member_of(self._ctx, self._people[decision_id]).name
        return self._names[decision_id]


def _expected(book: Book, today: date) -> set[int]:
    """Amounts that a tenant may bring (positive), or the municipality send (negative): the next part
    that is missing, or all that is late."""
    standing = book.on(today)
    owed = {
        next((row.tenant_missing_cents for row in standing.rows if row.tenant_missing_cents), 0),
        standing.tenant.arrears,
        -next((row.support_missing_cents for row in standing.rows if row.support_missing_cents), 0),
        -standing.municipality.arrears,
    }
    return owed - {0}


def decisions_by_code(ctx: Context, municipality_id: UUID, codes: Iterable[str]) -> dict[str, UUID]:
    rows = ctx.db.execute(
        select(SupportDecision.code, SupportDecision.id)
        .outerjoin(Unit, Unit.id == SupportDecision.unit_id)
        .where(SupportDecision.municipality_id == municipality_id, may_show(ctx))
        .where(SupportDecision.code.in_(list(codes)))
    )
    return {code: decision_id for code, decision_id in rows}  # noqa: C416 - rows are no pairs to mypy
