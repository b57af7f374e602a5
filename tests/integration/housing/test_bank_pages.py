"""The pages of the bank's file: what is wrong with one is said, and nothing of it is kept or logged."""

import io
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.queries.books import book_of
from civic.housing.rules.ledger import Payer
from civic.housing.support_models import BankEntry, BankImport
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing_support import (
    Line,
    Tenancy,
    camt_of,
    csv_of,
    make_support,
    make_tenancy,
    reference,
)

Acting = Callable[[Actor], AbstractContextManager[Context]]
Html = Callable[[TestResponse], str]
PAID_ON = date(2026, 3, 2)
BANK = "/en/housing/support/bank"


@pytest.fixture
def tenancy(acting: Acting) -> Tenancy:
    with acting(system_in()) as ctx:
        return make_tenancy(ctx)


@pytest.fixture
def decision_id(acting: Acting, tenancy: Tenancy) -> UUID:
    with acting(tenancy.officer) as ctx:
        return make_support(ctx, tenancy, first_due=date(2026, 3, 1))


@pytest.fixture
def office(
    client: FlaskClient, tenancy: Tenancy, sign_in: Callable[[FlaskClient, UUID], None]
) -> FlaskClient:
    assert tenancy.officer.person_id
    sign_in(client, tenancy.officer.person_id)
    return with_second_factor(client)


def send(office: FlaskClient, body: bytes, name: str = "movimenti.csv") -> TestResponse:
    return office.post(BANK, data={"file": (io.BytesIO(body), name)})


def test_a_file_is_brought_looked_at_and_booked(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, decision_id: UUID, html: Html
) -> None:
    lines = [
        Line(PAID_ON, "100.00", reference(decision_id), "Awa Sarr", "CRO000111"),
        Line(PAID_ON, "70.00", "acconto", "Un Cugino", "CRO000222"),
    ]
    brought = send(office, csv_of(lines))
    assert brought.status_code == 302
    page = html(office.get(brought.location))
    for words in ("Awa Sarr", "by its code", " checked"):
        assert words in page
    with acting(tenancy.officer) as ctx:
        entries = {row.amount_cents: row.id for row in ctx.db.scalars(select(BankEntry))}
    nothing = office.post(brought.location, data={})
    assert nothing.status_code == 422
    assert "Tick the payments" in html(nothing)
    wrong = office.post(
        brought.location,
        data={"book": f"{entries[10_000]}:{decision_id}", f"code-{entries[7_000]}": "CV-12345678"},
    )
    assert wrong.status_code == 422
    assert "There is no decision with the code CV-12345678." in html(wrong)
    for kept in ('value="CV-12345678"', " checked"):
        assert kept in html(wrong)
    booked = office.post(
        brought.location,
        data={
            "book": f"{entries[10_000]}:{decision_id}",
            f"code-{entries[7_000]}": reference(decision_id),
        },
    )
    assert booked.status_code == 302
    with acting(tenancy.officer) as ctx:
        assert book_of(ctx, decision_id).paid_by(Payer.TENANT) == 17_000
    assert "Nothing is open" in html(office.get(brought.location))
    again = send(office, csv_of(lines))
    assert "2 payments were in a file before" in html(office.get(again.location))


def test_the_rest_is_set_aside(office: FlaskClient, decision_id: UUID, html: Html) -> None:
    brought = send(office, csv_of([Line(PAID_ON, "12.00", "Rimborso", "Mario Rossi", "CRO000333")]))
    page = html(office.get(brought.location))
    assert "Mario Rossi" in page
    entry = page.split('name="entry" value="')[1].split('"')[0]
    assert office.post(f"{brought.location}/aside").status_code == 302
    assert "Mario Rossi" in html(office.get(brought.location)), "what nobody saw stays"
    assert office.post(f"{brought.location}/aside", data={"entry": "x"}).status_code == 404
    assert office.post(f"{brought.location}/aside", data={"entry": entry}).status_code == 302
    assert "Mario Rossi" not in html(office.get(brought.location))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "Choose a file first."),
        (b"%PDF-1.7 ...", "not a bank statement that we can read"),
        (b"a;b;c\n1;2;3\n", "not a bank statement that we can read"),
        (b"<Document><BkToCstmrStmt>", "damaged or cut off"),
        (
            b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>',
            "holds more than payments",
        ),
        (b"Data;Importo\n" + b"x" * 10_050_000, "at most 10 MB"),
    ],
)
def test_what_is_no_statement_is_refused_in_a_sentence(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, html: Html, body: bytes, said: str
) -> None:
    answer = send(office, body)
    assert answer.status_code == 422
    assert said in html(answer)
    answer.request.environ["wsgi.input"].close()
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(BankImport)).all() == []


def test_fifty_megabytes_get_a_clear_page(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, html: Html
) -> None:
    """The rest of what is sent is taken from the wire, so that the browser comes to read the answer."""
    answer = send(office, camt_of([], "<!--" + "x" * 50_000_000 + "-->"), "estratto.xml")
    assert answer.status_code == 413
    assert "This file is too large: at most 10 MB." in html(answer)
    sent = answer.request.environ["wsgi.input"]
    assert sent.read(1) == b""
    sent.close()
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(BankImport)).all() == []


def test_lines_that_cannot_be_used_are_told_one_by_one(
    office: FlaskClient, decision_id: UUID, html: Html
) -> None:
    body = csv_of([Line(PAID_ON, "100.00", "x", "Awa Sarr", "CRO000111")])
    body += b"02/03/2026;cento;EUR;y;Awa Sarr;CRO000222\n"
    brought = send(office, body)
    page = html(office.get(brought.location))
    assert "1 line was left out" in page
    assert "no amount that we can read" in page


def test_nothing_of_a_file_reaches_a_log(
    office: FlaskClient, decision_id: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="civic")
    send(office, csv_of([Line(PAID_ON, "100.00", "Parola Segreta", "Awa Sarr", "CRO000111")]))
    send(office, b"<Document>Parola Segreta Awa Sarr")
    assert "Segreta" not in caplog.text
    assert "Sarr" not in caplog.text


def test_a_tick_that_no_page_of_ours_sent_is_not_there(
    office: FlaskClient, decision_id: UUID
) -> None:
    brought = send(office, csv_of([Line(PAID_ON, "100.00", "x", "Awa", "CRO000111")]))
    assert office.post(brought.location, data={"book": "tutto"}).status_code == 404
    assert office.post(brought.location, data={"code-x": "CV-12345678"}).status_code == 404
