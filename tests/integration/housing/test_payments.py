"""A payment is never changed: a mistake is undone by one against it, and every cent adds up."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from werkzeug.test import TestResponse

from civic.housing.book_errors import (
    MoreThanDecided,
    PaidLater,
    PaidLongBefore,
    PaymentUndone,
)
from civic.housing.operations.payments import NewPayment, pay, undo
from civic.housing.operations.support import cancel
from civic.housing.queries.books import book_of
from civic.housing.rules.ledger import Payer
from civic.housing.support_errors import AmountTooLarge, PaymentOfNothing
from civic.housing.support_models import SupportDecision, SupportPayment
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing_support import Tenancy, make_payment, make_support, make_tenancy

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
TODAY = date(2026, 3, 14)


@pytest.fixture
def tenancy(acting: Acting) -> Tenancy:
    with acting(system_in()) as ctx:
        return make_tenancy(ctx)


@pytest.fixture
def decision_id(acting: Acting, tenancy: Tenancy) -> UUID:
    """Due since 1 March: of the first month 100 euro are the tenant's and 300 the city's."""
    with acting(tenancy.officer) as ctx:
        return make_support(ctx, tenancy, first_due=date(2026, 3, 1))


def test_payments_fill_the_oldest_part_first(
    acting: Acting, tenancy: Tenancy, decision_id: UUID, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=31))  # 14 April: two parts are due, 100 and 200
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 15_000, date(2026, 4, 10))
        standing = book_of(ctx, decision_id).on(date(2026, 4, 14))
    assert [row.tenant_missing_cents for row in standing.rows] == [0, 15_000, 30_000, 40_000]
    assert (standing.tenant.arrears, standing.tenant.to_come) == (15_000, 70_000)


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (NewPayment(Payer.TENANT, 0, TODAY), PaymentOfNothing),
        (NewPayment(Payer.TENANT, -1, TODAY), PaymentOfNothing),
        (NewPayment(Payer.TENANT, 100_000_001, TODAY), AmountTooLarge),
        (NewPayment(Payer.TENANT, 1, TODAY + timedelta(days=1)), PaidLater),
        (NewPayment(Payer.TENANT, 1, date(2024, 3, 14)), PaidLongBefore),
        (NewPayment(Payer.MUNICIPALITY, 60_001, TODAY), MoreThanDecided),
    ],
)
def test_what_is_no_payment_is_refused(
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    new: NewPayment,
    refusal: type[CivicError],
) -> None:
    with pytest.raises(refusal), acting(tenancy.officer) as ctx:
        pay(ctx, decision_id, new)
    with acting(tenancy.officer) as ctx:
        assert book_of(ctx, decision_id).payments == ()


def test_a_tenant_may_pay_too_much_and_the_city_may_not(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 120_000, TODAY)
        make_payment(ctx, tenancy, decision_id, 60_000, TODAY, Payer.MUNICIPALITY)
        standing = book_of(ctx, decision_id).on(TODAY)
    assert standing.tenant.credit == 20_000
    assert standing.municipality.credit == 0
    with pytest.raises(MoreThanDecided) as refused, acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 1, TODAY, Payer.MUNICIPALITY)
    assert refused.value.values == {"left": 0}


def test_a_payment_is_undone_once_and_both_stay(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    with acting(tenancy.officer) as ctx:
        payment_id = make_payment(ctx, tenancy, decision_id, 10_000, TODAY)
    with acting(tenancy.officer) as ctx:
        undo(ctx, decision_id, payment_id)
    with acting(tenancy.officer) as ctx:
        payments = book_of(ctx, decision_id).payments
        assert sorted(each.amount_cents for each in payments) == [-10_000, 10_000]
        assert book_of(ctx, decision_id).on(TODAY).tenant.paid == 0
    with pytest.raises(PaymentUndone), acting(tenancy.officer) as ctx:
        undo(ctx, decision_id, payment_id)
    against = next(each.id for each in payments if each.amount_cents < 0)
    with pytest.raises(NotFound), acting(tenancy.officer) as ctx:
        undo(ctx, decision_id, against)


def test_a_payment_of_another_decision_cannot_be_undone_here(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    with acting(tenancy.officer) as ctx:
        other = make_support(ctx, tenancy)
        payment_id = make_payment(ctx, tenancy, other, 10_000, TODAY)
    with pytest.raises(NotFound), acting(tenancy.officer) as ctx:
        undo(ctx, decision_id, payment_id)


def test_after_a_cancelling_what_the_city_paid_ahead_still_binds_until_it_comes_back(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    """Due on 1 March: 300 euro of the city. It paid 600, and the rest of the months ended."""
    with acting(tenancy.officer) as ctx:
        payment_id = make_payment(ctx, tenancy, decision_id, 60_000, TODAY, Payer.MUNICIPALITY)
        cancel(ctx, decision_id, "Trova lavoro altrove")
        assert ctx.db.get_one(SupportDecision, decision_id).bound_cents == 60_000
    with acting(tenancy.officer) as ctx:
        undo(ctx, decision_id, payment_id)
        assert ctx.db.get_one(SupportDecision, decision_id).bound_cents == 30_000


def test_neither_the_application_nor_anybody_else_changes_or_removes_a_payment(
    acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 10_000, TODAY)
    for attempt in (update(SupportPayment).values(amount_cents=1), delete(SupportPayment)):
        with pytest.raises(DatabaseError), acting(tenancy.officer) as ctx:
            ctx.db.execute(attempt)
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(SupportPayment.amount_cents)).all() == [10_000]


def test_a_payment_is_written_down_and_taken_back_on_the_page(
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    sign_in: SignIn,
    html: Callable[[TestResponse], str],
) -> None:
    assert tenancy.officer.person_id
    sign_in(client, tenancy.officer.person_id)
    with_second_factor(client)
    address = f"/en/housing/support/{decision_id}/payments"
    sent = {
        "payer": "tenant", "amount": "100,00", "paid_on": "2026-03-02",
        "sent": "01975a00-0000-7000-8000-00000000aaaa",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(address, data=sent).status_code == 302
    with acting(tenancy.officer) as ctx:
        payment_id = ctx.db.scalars(select(SupportPayment.id)).one()
    wrong = client.post(address, data=sent | {"amount": "1,234567890123", "sent": ""})
    assert wrong.status_code == 422
    assert "Write cents with two digits at most" in html(wrong)
    assert 'value="1,234567890123"' in html(wrong)
    more = client.post(address, data=sent | {"payer": "municipality", "amount": "700", "sent": ""})
    assert more.status_code == 409
    assert "€600.00 are left" in html(more)
    assert client.post(f"{address}/{payment_id}/undo").status_code == 302
    page = html(client.get(f"/en/housing/support/{decision_id}"))
    assert "takes a payment back" in page
    assert client.post(f"{address}/{payment_id}/undo").status_code == 409
