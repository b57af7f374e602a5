"""Rent support as it was decided, paid and missed, and what the bank says of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.housing.rules.book import EntryState, PaymentSource
from civic.housing.rules.ledger import Payer, Step
from civic.housing.rules.support import CeilingOn, SupportKind
from civic.kernel.db.base import Base, Id, Instant, TenantOwned, UtcInstant, enum_column


class SupportDecision(TenantOwned, Base):
    """What the municipality pays for somebody, and what they pay themselves. Whoever pays, undoes or
    cancels holds this row."""

    __tablename__ = "support_decision"
    __table_args__ = (UniqueConstraint("municipality_id", "code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(8))
    """The end of the id; `CV-` and this stand in the words of a transfer."""
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("resident.id"), index=True)
    placement_id: Mapped[UUID | None] = mapped_column(ForeignKey("placement.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """The dwelling it is for, as it was when it was decided; None for a flat outside the stock."""
    lease_id: Mapped[UUID | None] = mapped_column(ForeignKey("lease.id"), index=True)
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("housing_grant.id"), index=True)
    kind: Mapped[SupportKind] = mapped_column(enum_column(SupportKind))
    total_cents: Mapped[int]
    support_cents: Mapped[int]
    """The municipality's part of the total, as decided."""
    bound_cents: Mapped[int]
    """What of it still counts against ceilings and grant: all, until the decision is cancelled."""
    curve: Mapped[dict[str, str]]
    """As decided: first and last share of the tenant in thousandths, or `by_month`."""
    decided_on: Mapped[date]
    decided_at: Mapped[Instant]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    cancelled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Why it was cancelled; under the resident's key."""


class SupportInstalment(TenantOwned, Base):
    __tablename__ = "support_instalment"
    __table_args__ = (UniqueConstraint("decision_id", "number"),)

    id: Mapped[Id]
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("support_decision.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    total_cents: Mapped[int]
    support_cents: Mapped[int]
    tenant_cents: Mapped[int]
    ended_on: Mapped[date | None]
    """The decision was cancelled before its day came: nothing of it is due any more."""


class SupportPayment(TenantOwned, Base):
    """Money that was paid. Never changed or removed: a mistake is undone by a payment against it."""

    __tablename__ = "support_payment"
    __table_args__ = (
        CheckConstraint(
            "(undoes_id IS NULL AND amount_cents > 0)"
            " OR (undoes_id IS NOT NULL AND amount_cents < 0)",
            name="amount",
        ),
    )

    id: Mapped[Id]
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("support_decision.id"), index=True)
    side: Mapped[Payer] = mapped_column(enum_column(Payer))
    amount_cents: Mapped[int]
    paid_on: Mapped[date]
    source: Mapped[PaymentSource] = mapped_column(enum_column(PaymentSource))
    bank_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("bank_entry.id"), unique=True)
    undoes_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_payment.id"), unique=True)
    written_at: Mapped[Instant]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Ceiling(TenantOwned, Base):
    """The most that a city pays for one person, for one flat, or from one grant."""

    __tablename__ = "support_ceiling"
    __table_args__ = (UniqueConstraint("municipality_id", "scope"),)

    id: Mapped[Id]
    scope: Mapped[CeilingOn] = mapped_column(enum_column(CeilingOn))
    cents: Mapped[int]


class RentAccount(TenantOwned, Base):
    """Where people in a city pay their part to."""

    __tablename__ = "rent_account"
    __table_args__ = (UniqueConstraint("municipality_id"),)

    id: Mapped[Id]
    holder: Mapped[str] = mapped_column(String(120))
    iban: Mapped[str] = mapped_column(String(34))
    written_at: Mapped[Instant]
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class BankImport(TenantOwned, Base):
    """A file of the bank that somebody brought. Of the file itself nothing is kept but its lines."""

    __tablename__ = "bank_import"

    id: Mapped[Id]
    source: Mapped[PaymentSource] = mapped_column(enum_column(PaymentSource))
    brought_at: Mapped[Instant]
    brought_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    lines: Mapped[int]
    """Payments in the file, those known before among them."""
    known: Mapped[int]
    """Of these, how many an earlier file had brought: they count once."""
    refused: Mapped[dict[str, str]]
    """Lines that could not be used, by number: `bank_lines.Reason` by value."""


class BankEntry(TenantOwned, Base):
    """A payment as the bank tells it. The identity is the same whenever it is told."""

    __tablename__ = "bank_entry"
    __table_args__ = (
        UniqueConstraint("municipality_id", "identity"),
        Index("ix_bank_entry_import_id_state", "import_id", "state"),
    )

    id: Mapped[Id]
    import_id: Mapped[UUID] = mapped_column(ForeignKey("bank_import.id"))
    number: Mapped[int]
    """Its place in the file."""
    identity: Mapped[str] = mapped_column(String(64))
    booked_on: Mapped[date]
    amount_cents: Mapped[int]
    """What came is positive, what went is negative."""
    state: Mapped[EntryState] = mapped_column(enum_column(EntryState))
    is_repeat: Mapped[bool]
    """An equal line stood before it in the file: two payments, or one told twice."""
    is_reversal: Mapped[bool]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_decision.id"), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """name, words, reference. Under the import's key while it is open, under the resident's once
    it is theirs; thrown away when it is set aside."""


class ArrearsNotice(TenantOwned, Base):
    """What is done about a part that is late: each step once, the friendly one first."""

    __tablename__ = "arrears_notice"
    __table_args__ = (UniqueConstraint("instalment_id", "step"),)

    id: Mapped[Id]
    instalment_id: Mapped[UUID] = mapped_column(ForeignKey("support_instalment.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("support_decision.id"), index=True)
    step: Mapped[Step] = mapped_column(enum_column(Step))
    seen_on: Mapped[date]
    done_on: Mapped[date | None]
    """A message is done once it is on its way; a call and a letter when somebody says so."""
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
