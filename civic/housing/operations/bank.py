"""The bank's file taken in: its lines kept sealed, looked at, and booked with somebody's tick.

The same payment told twice, in one file or in two, is one line: its identity is a key. Lines that
belong to nobody here are set aside, and their words thrown away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from civic.housing.bank_files import read_bank_file
from civic.housing.bank_lines import BankFile, BankLine, Reason
from civic.housing.book_errors import CodeUnknown, EntryGone, NothingTicked
from civic.housing.operations.nights import hold_residents
from civic.housing.operations.payments import NewPayment, pay
from civic.housing.operations.trail import note
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.bank import decisions_by_code
from civic.housing.queries.support_gate import decision_for, import_for
from civic.housing.rules.book import EntryState, PaymentSource, codes_in, shown_code
from civic.housing.rules.ledger import Payer
from civic.housing.sealing import sealed_of, words_of
from civic.housing.support_models import BankEntry, BankImport
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_each_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place
from civic.kernel.vault import Spot

BATCH = 500
"""Rows of one statement: SQLite takes only so many values at once."""


def read(body: bytes) -> tuple[BankFile, PaymentSource]:
    """Outside any transaction, for a long file takes a while. Refuses what `bank_files` does."""
    found = read_bank_file(body)
    is_camt = body.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")
    return found, PaymentSource.CAMT if is_camt else PaymentSource.CSV


def bring(ctx: Context, municipality_id: UUID, file: BankFile, source: PaymentSource) -> UUID:
    """Keep the lines that no file has brought before, open and sealed. Nothing is booked."""
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    kept = BankImport(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        source=source,
        brought_at=ctx.now(),
        brought_by=ctx.actor.person_id,
        lines=len(file.lines),
        known=0,
        refused={str(each.number): each.reason.value for each in file.refused},
    )
    ctx.db.add(kept)
    ctx.db.flush()
    new = 0
    for start in range(0, len(file.lines), BATCH):
        new += len(_keep(ctx, kept, file.lines[start : start + BATCH], start))
    twice = sum(each.reason is Reason.REPEATED for each in file.refused)
    kept.lines, kept.known = len(file.lines) + twice, len(file.lines) - new + twice
    ctx.db.flush()
    note(ctx, kept, "bank_file_brought", lines=kept.lines)
    return kept.id


def _keep(ctx: Context, kept: BankImport, lines: Sequence[BankLine], before: int) -> set[UUID]:
    key = ctx.vault.new_key(kept.municipality_id, kept.id)
    rows = []
    for number, line in enumerate(lines, start=before + 1):
        entry_id = ctx.new_id()
        words = {"name": line.name, "words": line.words, "reference": line.reference}
        rows.append(
            {
                "id": entry_id,
                "municipality_id": kept.municipality_id,
                "import_id": kept.id,
                "number": number,
                "identity": line.identity,
                "booked_on": line.booked_on,
                "amount_cents": line.amount_cents,
                "state": EntryState.OPEN,
                "is_repeat": line.is_repeat,
                "is_reversal": line.is_reversal,
                "sealed": key.seal(Spot(BankEntry.__tablename__, entry_id), words),
            }
        )
    return insert_each_once(ctx.db, BankEntry, rows)


@dataclass(frozen=True)
class Tick:
    """Somebody says that this line belongs to this decision."""

    entry_id: UUID
    decision_id: UUID


def by_code(ctx: Context, import_id: UUID, typed: dict[UUID, str]) -> list[Tick]:
    """Lines for which somebody wrote a code by hand. CodeUnknown."""
    row = import_for(ctx, import_id)
    read_codes = {
        entry_id: next(iter(codes_in(code) or codes_in(f"CV-{code}")), "")
        for entry_id, code in typed.items()
    }
    found = decisions_by_code(ctx, row.municipality_id, read_codes.values())
    for entry_id, code in read_codes.items():
        if code not in found:
            raise CodeUnknown(code=shown_code(code) if code else typed[entry_id][:20])
    return [Tick(entry_id, found[code]) for entry_id, code in read_codes.items()]


def book(ctx: Context, import_id: UUID, ticks: Sequence[Tick]) -> int:
    """All of them, or none: NothingTicked, EntryGone, and what `payments.pay` refuses. Decisions and
    then lines are held in the order of their ids."""
    row = import_for(ctx, import_id)
    if not ticks:
        raise NothingTicked
    wanted = {each.entry_id: each.decision_id for each in ticks}
    decisions = [
        decision_for(ctx, decision_id, holding=True) for decision_id in sorted(set(wanted.values()))
    ]
    # A payment may complete a step of theirs, after the first line of the trail was written.
    hold_residents(ctx, {each.resident_id for each in decisions})
    entries = ctx.db.scalars(
        select(BankEntry)
        .where(BankEntry.id.in_(wanted), BankEntry.import_id == row.id)
        .order_by(BankEntry.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(entries) != len(wanted):
        raise NotFound
    if any(each.state is not EntryState.OPEN or each.is_reversal for each in entries):
        raise EntryGone
    for entry in sorted(entries, key=lambda each: (each.booked_on, each.number)):
        _book(ctx, row, entry, wanted[entry.id])
    note(ctx, row, "bank_lines_booked", lines=len(entries))
    return len(entries)


def _book(ctx: Context, row: BankImport, entry: BankEntry, decision_id: UUID) -> None:
    decision = decision_for(ctx, decision_id)
    if decision.municipality_id != row.municipality_id:
        raise NotFound
    city = row.municipality_id
    words = words_of(ctx, city, row.id, BankEntry, entry.id, entry.sealed)
    pay(
        ctx,
        decision.id,
        NewPayment(
            Payer.TENANT if entry.amount_cents > 0 else Payer.MUNICIPALITY,
            abs(entry.amount_cents),
            entry.booked_on,
            row.source,
            entry.id,
        ),
    )
    entry.state, entry.decision_id = EntryState.BOOKED, decision.id
    # From now on the words are theirs, and go when their key does.
    entry.sealed = sealed_of(ctx, city, decision.resident_id, BankEntry, entry.id, words)
    ctx.db.flush()


def set_aside(ctx: Context, import_id: UUID, entry_ids: Sequence[UUID]) -> int:
    """Lines that belong to nobody here, as far as they are still open: what they said is thrown away.
    Their identity stays, so that the next file does not bring them again."""
    row = import_for(ctx, import_id)
    statement = (
        update(BankEntry)
        .where(BankEntry.import_id == row.id, BankEntry.state == EntryState.OPEN)
        .where(BankEntry.id.in_(entry_ids))
        .values(state=EntryState.SET_ASIDE, sealed=None)
        .returning(BankEntry.id)
        .execution_options(synchronize_session=False)
    )
    number = len(ctx.db.scalars(statement).all())
    note(ctx, row, "bank_lines_set_aside", lines=number)
    return number
