"""Whatever is decided, paid, undone, imported and cancelled, in whatever order and on whatever day: every
decision sums to its payments and arrears, and no ceiling and no grant is ever passed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, func, select, update

from civic.housing.models import HousingGrant
from civic.housing.operations import bank, payments
from civic.housing.operations.arrears import see_arrears
from civic.housing.operations.bank import Tick
from civic.housing.operations.payments import NewPayment
from civic.housing.operations.support import NewSupport, cancel, decide, set_ceilings
from civic.housing.queries.bank import look_at
from civic.housing.queries.books import books_of, left_of_grant
from civic.housing.queries.support import support_page
from civic.housing.rules.ledger import Account, Payer
from civic.housing.rules.support import CeilingOn, Curve, SupportKind
from civic.housing.support_models import (
    ArrearsNotice,
    BankEntry,
    SupportDecision,
    SupportInstalment,
    SupportPayment,
)
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import system_in
from civic.kernel.vault import Vault
from tests.factories.housing import make_grant, make_resident
from tests.factories.housing_support import Line, csv_of, make_tenancy, reference

MORNING = datetime(2026, 3, 14, 9, tzinfo=UTC)
FIRST = date(2026, 3, 14)
GRANTS = (150_000, 90_000)
MOST_FOR_ONE = 120_000
WHICH = st.integers(0, 7)
CENTS = st.integers(-100, 60_000)
FIRST_SHARE = st.integers(0, 700)
LAST_SHARE = st.integers(500, 1000)
"""Mostly rising, and sometimes refused because they fall."""


class Book(RuleBasedStateMachine):
    """Two people of a city, two grants, and a ceiling for each person; a decision for each of them."""

    connection: Connection
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        vault = Vault(self.folder / "cities", self.folder / "subjects", makes_city_keys=True)
        self.clock = FrozenClock(MORNING)
        self.database = Database.within(self.connection, self.clock, vault)
        with self.database.unit_of_work(system_in()) as ctx:
            tenancy = make_tenancy(ctx, grant_cents=GRANTS[0])
            self.tenancy, self.officer = tenancy, tenancy.officer
            self.grants = [
                tenancy.grant_id,
                make_grant(ctx, tenancy.city, "PON-2", amount_cents=GRANTS[1]),
            ]
            self.people = [tenancy.resident_id, make_resident(ctx, tenancy.city, "Bilal Khan")]
        with self.database.unit_of_work(self.officer) as ctx:
            set_ceilings(ctx, tenancy.city.id, {CeilingOn.PERSON: MOST_FOR_ONE})
        self.decisions: list[UUID] = []
        self.payments: list[tuple[UUID, UUID]] = []
        self.files: list[bytes] = []
        self.decide(0, 0, 30_000, 3, -20, 250, 1000, is_monthly=True)
        self.decide(1, 1, 40_000, 2, 5, 0, 500, is_monthly=False)

    def teardown(self) -> None:
        self.savepoint.rollback()

    @property
    def today(self) -> date:
        return rome_day(self.clock.now())

    def tries(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Done whole or refused whole."""
        before = self._rows()
        try:
            with self.database.unit_of_work(self.officer) as ctx:
                return act(ctx, *arguments)
        except CivicError:
            assert self._rows() == before
            return None

    def _rows(self) -> list[Any]:
        with self.database.reading(self.officer) as ctx:
            return [
                sorted(map(tuple, ctx.db.execute(statement)))
                for statement in (
                    select(SupportDecision.id, SupportDecision.bound_cents),
                    select(SupportInstalment.id, func.coalesce(SupportInstalment.ended_on, FIRST)),
                    select(SupportPayment.id, SupportPayment.amount_cents),
                    select(BankEntry.id, BankEntry.state),
                )
            ]

    def one(self, which: int) -> UUID | None:
        return self.decisions[which % len(self.decisions)] if self.decisions else None

    @rule(
        who=st.integers(0, 1), grant=st.integers(0, 1), cents=CENTS, months=st.integers(0, 5),
        day=st.integers(-40, 40), first=FIRST_SHARE, last=LAST_SHARE, is_monthly=st.booleans(),
    )  # fmt: skip
    def decide(
        self, who: int, grant: int, cents: int, months: int, day: int, first: int, last: int,
        *, is_monthly: bool,
    ) -> None:  # fmt: skip
        new = NewSupport(
            self.people[who],
            self.grants[grant],
            SupportKind.RENT if is_monthly else SupportKind.DEPOSIT,
            cents,
            months,
            self.today + timedelta(days=day),
            Curve(first, last),
            is_monthly,
        )
        made = self.tries(decide, new)
        if made is not None:
            self.decisions.append(made)

    @rule(which=WHICH, cents=CENTS, payer=st.sampled_from(Payer), day=st.integers(-30, 2))
    def pay(self, which: int, cents: int, payer: Payer, day: int) -> None:
        decision_id = self.one(which)
        if decision_id is not None:
            new = NewPayment(payer, cents, self.today + timedelta(days=day))
            made = self.tries(payments.pay, decision_id, new)
            if made is not None:
                self.payments.append((decision_id, made))

    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        if self.payments:
            decision_id, payment_id = self.payments[which % len(self.payments)]
            self.tries(payments.undo, decision_id, payment_id)

    @rule(which=WHICH, cents=st.integers(1, 60_000), came=st.booleans(), number=st.integers(0, 3))
    def bring_a_file(self, which: int, cents: int, number: int, *, came: bool) -> None:
        """Its line is known again by the bank's reference: of four, some come back."""
        decision_id = self.one(which)
        if decision_id is not None:
            amount = f"{'' if came else '-'}{cents // 100}.{cents % 100:02}"
            line = Line(self.today, amount, reference(decision_id), "Awa", f"CRO00000{number}")
            self.files.append(csv_of([line, line]))
            self._import(self.files[-1])

    @rule(which=WHICH)
    def bring_it_again(self, which: int) -> None:
        if self.files:
            with self.database.reading(self.officer) as ctx:
                before = ctx.db.scalar(select(func.count()).select_from(SupportPayment))
                lines = ctx.db.scalar(select(func.count()).select_from(BankEntry))
            self._import(self.files[which % len(self.files)])
            with self.database.reading(self.officer) as ctx:
                assert ctx.db.scalar(select(func.count()).select_from(BankEntry)) == lines
                assert ctx.db.scalar(select(func.count()).select_from(SupportPayment)) == before

    def _import(self, body: bytes) -> None:
        file, source = bank.read(body)
        import_id = self.tries(bank.bring, self.tenancy.city.id, file, source)
        with self.database.reading(self.officer) as ctx:
            found = look_at(ctx, import_id)
        ticks = [Tick(row.id, row.proposal.decision_id) for row in found.proposed if row.proposal]
        if ticks and self.tries(bank.book, import_id, ticks) is None:
            self.tries(bank.set_aside, import_id, [each.entry_id for each in ticks])

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        decision_id = self.one(which)
        if decision_id is not None:
            self.tries(cancel, decision_id, "Si cambia strada")

    @rule(days=st.integers(1, 45))
    def days_pass(self, days: int) -> None:
        self.clock.advance(timedelta(days=days))
        see_arrears(self.database)

    @invariant()
    def every_decision_sums_to_its_payments_and_arrears(self) -> None:
        with self.database.reading(self.officer) as ctx:
            rows = {row.id: row for row in ctx.db.scalars(select(SupportDecision))}
            for decision_id, book in books_of(ctx, rows).items():
                paid = self._paid(ctx, decision_id)
                for day in (self.today, self.today + timedelta(days=400)):
                    standing = book.on(day)
                    for payer in Payer:
                        adds_up(standing.of(payer))
                        assert standing.of(payer).paid == paid.get(payer, 0)
                row = rows[decision_id]
                parts = (*book.instalments, *book.ended)
                assert sum(each.total_cents for each in parts) == row.total_cents
                assert sum(each.support_cents for each in parts) == row.support_cents
                assert not book.ended or row.cancelled_at is not None

    @staticmethod
    def _paid(ctx: Context, decision_id: UUID) -> dict[Payer, int]:
        rows = ctx.db.execute(
            select(SupportPayment.side, func.sum(SupportPayment.amount_cents))
            .where(SupportPayment.decision_id == decision_id)
            .group_by(SupportPayment.side)
        )
        return {side: int(cents) for side, cents in rows}

    @invariant()
    def no_ceiling_and_no_grant_is_passed_whatever_is_paid(self) -> None:
        with self.database.reading(self.officer) as ctx:
            rows = ctx.db.scalars(select(SupportDecision)).all()
            books = books_of(ctx, [row.id for row in rows])
            for grant_id, most in zip(self.grants, GRANTS, strict=True):
                of_grant = [row for row in rows if row.grant_id == grant_id]
                bound = sum(row.bound_cents for row in of_grant)
                assert 0 <= bound <= most
                paid = sum(books[row.id].paid_by(Payer.MUNICIPALITY) for row in of_grant)
                assert 0 <= paid <= bound
                grant = ctx.db.get_one(HousingGrant, grant_id)
                assert left_of_grant(ctx, grant) == most - bound
            for person in self.people:
                theirs = sum(row.bound_cents for row in rows if row.resident_id == person)
                assert theirs <= MOST_FOR_ONE

    @invariant()
    def the_list_tells_the_same(self) -> None:
        with self.database.reading(self.officer) as ctx:
            found = support_page(ctx, self.tenancy.city.id, None, ended_too=True)
        assert {row.id for row in found.rows} == set(self.decisions)
        late = [row.days_late for row in found.rows]
        assert late == sorted(late, reverse=True)

    @invariant()
    def each_step_about_a_late_part_is_taken_once(self) -> None:
        with self.database.reading(self.officer) as ctx:
            rows = ctx.db.execute(select(ArrearsNotice.instalment_id, ArrearsNotice.step)).all()
        assert len(rows) == len(set(map(tuple, rows)))


def adds_up(account: Account) -> None:
    assert account.decided == account.paid_on_instalments + account.arrears + account.to_come
    assert account.paid == account.paid_on_instalments + account.credit
    assert min(account.arrears, account.to_come, account.credit, account.paid) >= 0
    assert account.due + account.not_yet_due == account.decided


def test_the_ledger_of_every_decision_sums_to_its_payments_and_arrears(
    connection: Connection, tmp_path: Path
) -> None:
    Book.connection, Book.folder = connection, tmp_path
    run_state_machine_as_test(
        Book,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_a_cent_that_is_lost_behind_the_books_back_is_noticed(
    connection: Connection, tmp_path: Path
) -> None:
    """The checks above can fail."""
    Book.connection, Book.folder = connection, tmp_path
    book = Book()
    book.decide(0, 0, 40_000, 3, 0, 250, 1000, is_monthly=True)
    book.every_decision_sums_to_its_payments_and_arrears()
    with book.database.unit_of_work(book.officer) as ctx:
        ctx.db.execute(
            update(SupportInstalment).values(support_cents=SupportInstalment.support_cents - 1)
        )
    with pytest.raises(AssertionError):
        book.every_decision_sums_to_its_payments_and_arrears()
    with book.database.unit_of_work(book.officer) as ctx:
        ctx.db.execute(update(SupportDecision).values(bound_cents=GRANTS[0] + 1))
    with pytest.raises(AssertionError):
        book.no_ceiling_and_no_grant_is_passed_whatever_is_paid()
    book.teardown()
