"""A rent that is late is seen after five days; the first word about it is a friendly one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.operations.arrears import mark_done, see_arrears
from civic.housing.operations.support import cancel
from civic.housing.placing_models import Resident
from civic.housing.queries.support import support_page
from civic.housing.rules.ledger import Step
from civic.housing.support_models import ArrearsNotice
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import Actor, system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from civic.worker import Worker
from tests.factories.accounts import with_second_factor
from tests.factories.housing import make_resident
from tests.factories.housing_support import (
    FIRST_DUE,
    Tenancy,
    make_payment,
    make_support,
    make_tenancy,
    reference,
)

Acting = Callable[[Actor], AbstractContextManager[Context]]
Drain = Callable[[], int]
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def tenancy(acting: Acting) -> Tenancy:
    with acting(system_in()) as ctx:
        return make_tenancy(ctx)


@pytest.fixture
def decision_id(acting: Acting, tenancy: Tenancy) -> UUID:
    """100 euro of the tenant are due on 1 April, 200 on 1 May."""
    with acting(tenancy.officer) as ctx:
        return make_support(ctx, tenancy)


def go_to(clock: FrozenClock, day: date, hour: int = 10) -> None:
    clock.instant = datetime(day.year, day.month, day.day, hour, tzinfo=ROME)


def notices(acting: Acting, tenancy: Tenancy) -> list[tuple[Step, bool]]:
    with acting(tenancy.officer) as ctx:
        rows = ctx.db.scalars(
            select(ArrearsNotice).order_by(ArrearsNotice.seen_on, ArrearsNotice.id)
        )
        return [(row.step, row.done_on is not None) for row in rows]


def messages(acting: Acting) -> list[Message]:
    with acting(system_in()) as ctx:
        return list(ctx.db.scalars(select(Message).where(Message.kind == MessageKind.ABOUT_RENT)))


@pytest.mark.parametrize(("days", "seen"), [(0, 0), (1, 0), (5, 0), (6, 1), (40, 1)])
def test_five_days_pass_before_anybody_hears_of_it(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
    days: int,
    seen: int,
) -> None:
    go_to(clock, FIRST_DUE + timedelta(days=days))
    assert min(see_arrears(database), 1) == seen
    assert {step for step, _done in notices(acting, tenancy)} == (
        {Step.FRIENDLY} if seen else set()
    )


def test_the_first_word_is_friendly_in_their_language_and_names_no_amount(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
    drain: Drain,
) -> None:
    go_to(clock, FIRST_DUE + timedelta(days=6))
    see_arrears(database)
    drain()
    (message,) = messages(acting)
    assert (message.person_id, message.language) == (tenancy.person_id, "fr")
    for told in ("100", "€", "euro", "rent", "loyer", reference(decision_id), "Casa"):
        assert told not in f"{message.subject}\n{message.body}".replace("http://", "")
    assert "/fr/me" in message.body


def test_a_second_turn_on_the_same_day_does_nothing(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
    drain: Drain,
) -> None:
    go_to(clock, FIRST_DUE + timedelta(days=6))
    assert see_arrears(database) == 1
    assert see_arrears(database) == 0
    drain()
    clock.advance(timedelta(days=3))
    assert see_arrears(database) == 0
    drain()
    assert len(messages(acting)) == 1


def test_who_has_paid_before_the_message_goes_out_hears_nothing(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
    drain: Drain,
) -> None:
    go_to(clock, FIRST_DUE + timedelta(days=6))
    see_arrears(database)
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 10_000, FIRST_DUE + timedelta(days=6))
    drain()
    assert messages(acting) == []


def test_then_an_officer_is_shown_whom_to_call_and_then_to_write(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
) -> None:
    go_to(clock, FIRST_DUE + timedelta(days=6))
    see_arrears(database)
    with acting(tenancy.officer) as ctx:
        assert support_page(ctx, tenancy.city.id).rows[0].waiting == ()
    go_to(clock, FIRST_DUE + timedelta(days=16))
    see_arrears(database)
    with acting(tenancy.officer) as ctx:
        (call,) = support_page(ctx, tenancy.city.id).rows[0].waiting
        assert call.step is Step.CALL
        mark_done(ctx, call.id)
    with acting(tenancy.officer) as ctx:
        mark_done(ctx, call.id)  # twice it is done once
        assert support_page(ctx, tenancy.city.id).rows[0].waiting == ()
    go_to(clock, FIRST_DUE + timedelta(days=29))
    assert see_arrears(database) == 0
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 1, FIRST_DUE)
    go_to(clock, FIRST_DUE + timedelta(days=31))
    see_arrears(database)
    assert (Step.LETTER, False) in notices(acting, tenancy)


def test_the_letter_waits_for_the_call(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
) -> None:
    for days in (6, 16, 29):
        go_to(clock, FIRST_DUE + timedelta(days=days))
        see_arrears(database)
    assert notices(acting, tenancy) == [(Step.FRIENDLY, True), (Step.CALL, False)]


def test_who_has_no_account_or_has_died_gets_no_message_and_an_officer_is_told(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    clock: FrozenClock,
    drain: Drain,
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        without = make_resident(ctx, tenancy.city, "Bilal Khan")
        ctx.db.get_one(Resident, tenancy.resident_id).died_on = date(2026, 3, 20)
    with acting(tenancy.officer) as ctx:
        make_support(ctx, tenancy)
        make_support(ctx, tenancy, resident_id=without)
    go_to(clock, FIRST_DUE + timedelta(days=6))
    assert see_arrears(database) == 2
    drain()
    assert messages(acting) == []
    assert notices(acting, tenancy) == [(Step.FRIENDLY, False)] * 2


def test_several_late_parts_are_one_message(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
    drain: Drain,
) -> None:
    with acting(tenancy.officer) as ctx:
        make_support(ctx, tenancy)
    go_to(clock, date(2026, 5, 8))
    assert see_arrears(database) == 4
    drain()
    assert len(messages(acting)) == 1


def test_nobody_is_told_at_night(
    database: Database, tenancy: Tenancy, decision_id: UUID, clock: FrozenClock
) -> None:
    go_to(clock, FIRST_DUE + timedelta(days=6), hour=3)
    assert see_arrears(database) == 0
    go_to(clock, FIRST_DUE + timedelta(days=6), hour=9)
    assert see_arrears(database) == 1


def test_what_ended_with_a_cancelling_is_never_late(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
) -> None:
    with acting(tenancy.officer) as ctx:
        cancel(ctx, decision_id, "Rinuncia")
    go_to(clock, FIRST_DUE + timedelta(days=40))
    assert see_arrears(database) == 0
    with acting(system_in()) as ctx:
        assert (
            ctx.db.scalars(select(OutboxEvent).where(OutboxEvent.name.like("%Arrears%"))).all()
            == []
        )


def test_a_call_that_is_no_longer_needed_is_no_longer_shown(
    database: Database,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
) -> None:
    for days in (6, 16):
        go_to(clock, FIRST_DUE + timedelta(days=days))
        see_arrears(database)
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 10_000, FIRST_DUE + timedelta(days=16))
        assert support_page(ctx, tenancy.city.id).rows[0].waiting == ()


def test_the_worker_does_it(
    app: Flask, acting: Acting, tenancy: Tenancy, decision_id: UUID, clock: FrozenClock
) -> None:
    go_to(clock, FIRST_DUE + timedelta(days=6))
    with app.app_context():
        assert Worker(app).see_arrears() == 1


def test_done_is_said_on_the_page_and_by_nobody_of_another_city(
    database: Database,
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    clock: FrozenClock,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Callable[[TestResponse], str],
) -> None:
    for days in (6, 16):
        go_to(clock, FIRST_DUE + timedelta(days=days))
        see_arrears(database)
    with acting(system_in()) as ctx:
        abroad = make_tenancy(ctx, "latina", name="Chen Wei")
        call = ctx.db.scalars(
            select(ArrearsNotice.id).where(ArrearsNotice.municipality_id == abroad.city.id)
        ).all()
        assert call == []
    with acting(tenancy.officer) as ctx:
        call_id = ctx.db.scalars(
            select(ArrearsNotice.id).where(ArrearsNotice.step == Step.CALL)
        ).one()
    with pytest.raises(NotFound), acting(abroad.officer) as ctx:
        mark_done(ctx, call_id)
    assert tenancy.officer.person_id
    sign_in(client, tenancy.officer.person_id)
    with_second_factor(client)
    assert "Call them: how can we help?" in html(client.get(f"/en/housing/support/{decision_id}"))
    assert client.post(f"/en/housing/support/notices/{call_id}/done").status_code == 302
    page = html(client.get(f"/en/housing/support/{decision_id}"))
    assert "Call them" not in page
    assert "phone call" in page
