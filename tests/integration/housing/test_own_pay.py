"""What somebody pays stands on their own page, in friendly words, and on nobody else's."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.housing.operations.market import FlatWords, MarketWords, keep_file, keep_flat
from civic.housing.privacy import export
from civic.housing.rules.market import FlatState, Paper
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from civic.web.panels import panels
from tests.factories.accounts import actor_of, make_person, with_second_factor
from tests.factories.housing_support import (
    Tenancy,
    make_payment,
    make_support,
    make_tenancy,
    reference,
)

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def tenancy(acting: Acting) -> Tenancy:
    with acting(system_in()) as ctx:
        return make_tenancy(ctx)


@pytest.fixture
def decision_id(acting: Acting, tenancy: Tenancy) -> UUID:
    """100 euro since 1 March, 200 on 1 April, 300 and 400 after it."""
    with acting(tenancy.officer) as ctx:
        return make_support(ctx, tenancy, first_due=date(2026, 3, 1))


def own_page(client: FlaskClient, html: Html) -> str:
    return html(client.get("/en/me/home"))


def test_their_page_says_what_comes_next_how_to_pay_and_what_is_late(
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    sign_in: SignIn,
    html: Html,
) -> None:
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 4_000, date(2026, 3, 5))
    sign_in(client, tenancy.person_id)
    page = own_page(client, html)
    for words in ("Next: €200.00 on 1 April 2026.", reference(decision_id),
                  "€60.00 from earlier are still missing. That happens.",
                  "Your part grows step by step",
                  "1 June 2026: you €400.00, the city €0.00"):  # fmt: skip
        assert words in page


def test_what_is_settled_is_not_shown(
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    sign_in: SignIn,
    html: Html,
) -> None:
    sign_in(client, tenancy.person_id)
    assert "Write this code" not in own_page(client, html)


def test_nobody_else_reads_it(
    app: Flask,
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    sign_in: SignIn,
    html: Html,
) -> None:
    with acting(system_in()) as ctx:
        other = make_person(ctx, "Chen", tenancy.city)
    sign_in(client, other)
    with client:
        client.get("/en/me")
        named = {"resident_id": tenancy.resident_id, "municipality_id": tenancy.city.id}
        assert panels("home.pay", **named) == ""
        assert panels("home.pay", resident_id=None, municipality_id=None) == ""
    sign_in(client, tenancy.person_id)
    with client:
        client.get("/en/me")
        assert reference(decision_id) in panels("home.pay", **named)
        assert reference(decision_id) in panels("home.pay", resident_id=None, municipality_id=None)


def test_they_take_it_away_with_their_data(
    database: Database, acting: Acting, tenancy: Tenancy, decision_id: UUID
) -> None:
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 4_000, date(2026, 3, 5))
        keep_file(ctx, tenancy.resident_id, MarketWords(150_000, 0, 1, [Paper.IDENTITY]))
        keep_flat(ctx, tenancy.resident_id, FlatWords("Barriera", 45_000, FlatState.TO_VIEW))
    with acting(system_in()) as ctx:
        person = actor_of(ctx, tenancy.person_id)
    with database.reading(person) as ctx:
        found = export(ctx, tenancy.person_id)
    (decision,) = found["rent_support"]
    assert decision["code"] == reference(decision_id)
    assert [each["own_cents"] for each in decision["instalments"]] == [
        10_000, 20_000, 30_000, 40_000,
    ]  # fmt: skip
    assert decision["payments"] == [
        {"by": "tenant", "cents": 4_000, "paid": "2026-03-05", "takes_back": False}
    ]
    (way,) = found["towards_an_own_lease"]
    assert way["means"]["affordable_cents_a_month"] == 45_000
    assert [each["quarter"] for each in way["flats"]] == ["Barriera"]
    json.dumps(found)


def test_their_page_says_to_which_account_and_only_a_right_one_is_taken(
    app: Flask,
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    decision_id: UUID,
    sign_in: SignIn,
    html: Html,
) -> None:
    office = app.test_client()
    sign_in(office, tenancy.officer.own_id)
    with_second_factor(office)
    typed = {"holder": "Comune di Trieste", "iban": "IT60 X054 2811 1010 0000 0123 457"}
    refused = office.post("/en/housing/support/account", data=typed)
    assert refused.status_code == 422
    assert "This is no account number" in html(refused)
    assert typed["iban"] in html(refused)
    for number in ("IT60X0542811101000000123456", "IT07X0542811101000000654321"):
        typed["iban"] = number
        assert office.post("/en/housing/support/account", data=typed).status_code == 302
    assert "IT07 X054 2811 1010 0000 0654 321" in html(office.get("/en/housing/support/account"))
    sign_in(client, tenancy.person_id)
    assert "IT07 X054 2811 1010 0000 0654 321" in own_page(client, html)
    with acting(tenancy.officer) as ctx:
        lines = ctx.db.scalars(
            select(AuditEntry).where(AuditEntry.action == "housing.rent_account_changed")
        ).all()
    assert len(lines) == 2
    assert "IT07" not in str([line.details for line in lines])
