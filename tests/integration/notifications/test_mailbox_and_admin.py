from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.accounts.events import CodeIssued
from civic.accounts.rules import ContactKind
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.outbox import MAX_TRIES, Dispatcher, emit
from civic.kernel.policy import Actor, Role, system_in
from civic.notifications import operations, queries
from civic.notifications.operations import NewMessage
from civic.notifications.rules import MessageKind
from civic.settings import Settings
from tests.conftest import SETTINGS, make_test_app
from tests.factories.accounts import actor_of, make_staff
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


def issue(acting: Acting, address: str, code: str) -> None:
    with acting(system_in()) as ctx:
        emit(
            ctx,
            CodeIssued(municipality_id=None, kind="email", value=address, language="ar", code=code),
        )


def broken(_ctx: Context, _event: CodeIssued) -> None:
    raise RuntimeError


def give_up(acting: Acting, database: Database, clock: FrozenClock) -> UUID:
    """An event whose handler failed until nobody tries any more."""
    issue(acting, "amina@example.org", "123456")
    for _ in range(MAX_TRIES):
        Dispatcher(database, {CodeIssued: [broken]}).drain(1)
        clock.advance(timedelta(hours=1))
    with acting(system_in()) as ctx:
        administrator = actor_of(ctx, make_staff(ctx, Role.ADMINISTRATOR))
    with acting(administrator) as ctx:
        (event,) = queries.failures(ctx).events
        return event.id


def test_the_mailbox_lets_a_tester_read_the_code(
    acting: Acting, client: FlaskClient, drain: Callable[[], int], html: Html
) -> None:
    issue(acting, "amina@example.org", "123456")
    issue(acting, "oleh@example.org", "654321")
    drain()
    page = html(client.get("/en/mailbox"))
    assert "123456" in page
    assert '<article class="panel mt-4" lang="ar" dir="rtl">' in page
    page = html(client.get("/en/mailbox?address=OLEH"))
    assert "654321" in page
    assert "123456" not in page


def test_the_newest_message_comes_first(
    acting: Acting, client: FlaskClient, drain: Callable[[], int], html: Html, clock: FrozenClock
) -> None:
    issue(acting, "amina@example.org", "111111")
    drain()
    clock.advance(timedelta(minutes=1))
    issue(acting, "amina@example.org", "222222")
    drain()
    page = html(client.get("/en/mailbox"))
    assert page.index("222222") < page.index("111111")


def test_odd_addresses_find_nothing_and_break_nothing(client: FlaskClient) -> None:
    for address in ("%", "_", "\x00", "’\u202e", "x" * 5000):
        assert client.get("/en/mailbox", query_string={"address": address}).status_code == 200


def test_in_production_there_is_no_mailbox(database: Database) -> None:
    settings = Settings(secret_key=SETTINGS.secret_key, smtp_url="smtp://127.0.0.1:2525")
    production = make_test_app(database, settings).test_client()
    assert production.get("/it/mailbox").status_code == 404
    assert replace(settings, mode="demonstration").is_demonstration


def test_the_administrator_sees_what_gave_up_and_tries_it_again(
    acting: Acting,
    app: Flask,
    database: Database,
    clock: FrozenClock,
    client: FlaskClient,
    sign_in: SignIn,
    drain: Callable[[], int],
    html: Html,
) -> None:
    event_id = give_up(acting, database, clock)
    with acting(system_in()) as ctx:
        administrator_id = make_staff(ctx, Role.ADMINISTRATOR)
    sign_in(client, administrator_id)
    page = html(client.get("/en/admin"))
    assert "accounts.CodeIssued" in page
    assert "RuntimeError" in page
    assert "123456" not in page
    answer = client.post(f"/en/admin/events/{event_id}/retry", follow_redirects=True)
    assert "It will be tried again in a moment." in html(answer)
    assert drain() == 1
    assert "Everything that happened was passed on." in html(client.get("/en/admin"))


def test_undeliverable_messages_are_counted_and_not_shown(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(system_in()) as ctx:
        administrator_id = make_staff(ctx, Role.ADMINISTRATOR)
        operations.queue(
            ctx,
            NewMessage(
                once_key="one",
                kind=MessageKind.REMINDER_DAY,
                person_id=None,
                channel=ContactKind.EMAIL,
                address="amina@example.org",
                language="it",
                subject="A domani",
                body="Parole",
            ),
        )
    sign_in(client, administrator_id)
    page = html(client.get("/en/admin"))
    assert "Messages waiting to be sent" in page
    assert "amina@example.org" not in page
    assert "Parole" not in page


def test_only_the_administrator_comes_in(
    acting: Acting,
    database: Database,
    clock: FrozenClock,
    client: FlaskClient,
    sign_in: SignIn,
) -> None:
    event_id = give_up(acting, database, clock)
    with acting(system_in()) as ctx:
        city = make_city(ctx)
        others = [make_staff(ctx, role, city) for role in (Role.OFFICER, Role.CASE_WORKER)]
        others.append(make_staff(ctx, Role.COORDINATOR))
    for other in others:
        sign_in(client, other)
        assert client.get("/en/admin").status_code == 404
        assert client.post(f"/en/admin/events/{event_id}/retry").status_code == 404


def test_an_event_that_did_not_give_up_cannot_be_retried(acting: Acting) -> None:
    with acting(system_in()) as ctx:
        administrator = actor_of(ctx, make_staff(ctx, Role.ADMINISTRATOR))
    with pytest.raises(NotFound), acting(administrator) as ctx:
        operations.retry_event(ctx, uuid4())
