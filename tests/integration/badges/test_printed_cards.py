"""A badge on a card: what its square holds, who gets it, and what a phone needs to check it offline."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.accounts.models import Person
from civic.badges import cards, issuing
from civic.badges.addresses import Addresses
from civic.badges.checking import check, check_alone
from civic.badges.credentials.card import token_in
from civic.badges.credentials.verify import Outcome, Verdict
from civic.badges.issuing import Signer
from civic.badges.models import Achievement, Award, BadgeCard, BadgeIssuer
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from tests.conftest import Counted
from tests.integration.badges.conftest import SITE, BadgeTown

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[Counted]]
DPI, INCH = 200, 72


def signed(database: Database, signer: Signer) -> int:
    issuing.issue_due(database, signer)
    count = cards.sign_due(database, signer)
    issuing.sign_lists(database, signer)
    return count


def token(acting: Acting, town: BadgeTown) -> str:
    with acting(system_in(town.city.id)) as ctx:
        return ctx.db.scalars(select(BadgeCard.token)).one()


def checked(acting: Acting, text: str) -> Verdict:
    with acting(system_in()) as ctx:
        return check(ctx, Addresses(SITE), text.encode())


def printed(pdf: bytes) -> Image.Image:
    """The sheet as a plain printer puts it on paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        picture: Image.Image = document[0].render(scale=DPI / INCH).to_pil()
        return picture
    finally:
        document.close()


def test_a_card_is_signed_once_and_anew_for_another_name(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    assert signed(database, signer) == 1
    first = token(acting, badge_town)
    assert cards.sign_due(database, signer) == 0
    with acting(system_in(badge_town.city.id)) as ctx:
        values = {"name": "Amina D."}
        ctx.db.execute(update(Person).where(Person.id == badge_town.person_id).values(values))
    assert cards.sign_due(database, signer) == 1
    second = token(acting, badge_town)
    assert second != first
    for text in (first, second):
        assert checked(acting, text).outcome is Outcome.VALID
    found = checked(acting, second).facts
    assert found
    assert (found.holder, found.name, found.issuer_name) == (
        "Amina D.",
        "Cura del verde, 12 ore",
        badge_town.gardeners.name,
    )


def test_a_card_falls_with_its_badge_and_with_its_key(
    database: Database,
    acting: Acting,
    badge_town: BadgeTown,
    signer: Signer,
    clock: FrozenClock,
) -> None:
    signed(database, signer)
    first = token(acting, badge_town)
    issuing.give_up(database, signer, badge_town.gardeners.id, "#k1")
    assert checked(acting, first).outcome is Outcome.UNKNOWN_ISSUER
    assert signed(database, signer) == 1
    second = token(acting, badge_town)
    assert checked(acting, second).outcome is Outcome.VALID
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(revoked_at=ctx.now()))
    issuing.sign_lists(database, signer)
    assert checked(acting, second).outcome is Outcome.REVOKED


def test_without_network_signature_and_dates_are_told_and_no_more(
    database: Database,
    acting: Acting,
    badge_town: BadgeTown,
    signer: Signer,
    clock: FrozenClock,
) -> None:
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(valid_until=ctx.now() + timedelta(days=30)))
    signed(database, signer)
    text = token(acting, badge_town).encode()
    with acting(system_in()) as ctx:
        documents = list(ctx.db.scalars(select(BadgeIssuer.document)))
    assert check_alone(text, documents, clock.now()).outcome is Outcome.VALID
    late = clock.now() + timedelta(days=30)
    assert check_alone(text, documents, late).outcome is Outcome.EXPIRED
    assert check_alone(text[:-4] + b"AAAA", documents, clock.now()).outcome is Outcome.FORGED
    assert check_alone(text, [], clock.now()).outcome is Outcome.UNKNOWN_ISSUER


@pytest.mark.parametrize("name", ["Amina Diallo", "أمينة الدرعي", "রফিকুল ইসলাম", "王小明", "A" * 80])
@pytest.mark.parametrize("language", ["it", "ar"])
def test_the_square_reads_from_the_printed_size_and_says_what_the_card_says(
    client: FlaskClient,
    database: Database,
    acting: Acting,
    sign_in: SignIn,
    badge_town: BadgeTown,
    signer: Signer,
    name: str,
    language: str,
) -> None:
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Person).where(Person.id == badge_town.person_id).values(name=name))
        ctx.db.execute(update(Award).values(valid_until=ctx.now() + timedelta(days=365)))
    signed(database, signer)
    sign_in(client, badge_town.person_id)
    answer = client.get(f"/{language}/me/badges/{badge_town.award_id}/card.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    [code] = zxingcpp.read_barcodes(printed(answer.data))
    assert code.text.startswith(f"{SITE}/it/badges/card#")
    assert token_in(code.text) == token(acting, badge_town)
    corners = code.position
    side = abs(corners.top_right.x - corners.top_left.x) * 25.4 / DPI
    assert 38 < side < 45  # millimetres
    verdict = checked(acting, code.text)
    assert verdict.outcome is Outcome.VALID
    assert verdict.facts
    assert verdict.facts.holder == name
    words = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "Valido fino al" in words


def test_a_badge_with_long_names_still_fits_its_square(
    client: FlaskClient,
    database: Database,
    acting: Acting,
    sign_in: SignIn,
    badge_town: BadgeTown,
    signer: Signer,
) -> None:
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(
            update(Person).where(Person.id == badge_town.person_id).values(name="ا" * 40 + "ب" * 40)
        )
        ctx.db.execute(update(Achievement).values(names={"it": "Cura dei giardini storici " * 3}))
    signed(database, signer)
    sign_in(client, badge_town.person_id)
    answer = client.get(f"/it/me/badges/{badge_town.award_id}/card.pdf")
    [code] = zxingcpp.read_barcodes(printed(answer.data))
    assert checked(acting, code.text).outcome is Outcome.VALID


def test_the_card_is_the_person_s_own_and_offered_once_it_is_signed(
    client: FlaskClient,
    app: Flask,
    html: Html,
    database: Database,
    sign_in: SignIn,
    badge_town: BadgeTown,
    signer: Signer,
) -> None:
    path = f"/en/me/badges/{badge_town.award_id}/card.pdf"
    sign_in(client, badge_town.person_id)
    assert client.get(path).status_code == 404
    assert path not in html(client.get("/en/me/badges"))
    signed(database, signer)
    assert path in html(client.get("/en/me/badges"))
    other = app.test_client()
    sign_in(other, badge_town.organiser_id)
    assert other.get(path).status_code == 404


def test_who_pastes_what_the_square_holds_reads_the_name_on_it(
    client: FlaskClient,
    html: Html,
    database: Database,
    acting: Acting,
    badge_town: BadgeTown,
    signer: Signer,
) -> None:
    signed(database, signer)
    text = token(acting, badge_town)
    page = html(client.post("/en/badges/check", data={"text": text}))
    assert "This badge is true. Nobody has changed it or taken it back." in page
    assert "Amina Diallo" in page
    assert "Compare the name with a document" in page
    page = html(client.post("/en/badges/check", data={"text": text[:-4] + "AAAA"}))
    assert "Amina Diallo" not in page


# What a phone keeps


def test_what_a_phone_keeps_is_public_and_names_nobody(
    client: FlaskClient,
    database: Database,
    badge_town: BadgeTown,
    signer: Signer,
    statements: Statements,
) -> None:
    signed(database, signer)
    with statements() as counted:
        answer = client.get("/en/badges/card/issuers.json")
    assert counted.total == 2
    assert "Set-Cookie" not in answer.headers
    assert "Amina" not in answer.get_data(as_text=True)
    told = answer.get_json()
    [did] = told["issuers"]
    assert did.endswith(f":issuers:{badge_town.slug}")
    assert list(told["issuers"][did]["keys"]) == ["k1"]
    [lists] = told["lists"]
    assert lists == f"{SITE}/issuers/{badge_town.slug}/status/1"
    assert set(told["lists"][lists]) == {"revocation", "suspension"}


def test_the_page_is_the_same_for_everybody_and_asks_no_database(
    client: FlaskClient,
    app: Flask,
    html: Html,
    sign_in: SignIn,
    badge_town: BadgeTown,
    statements: Statements,
) -> None:
    with statements() as counted:
        page = html(client.get("/en/badges/card"))
    assert counted.total == 0
    signed_in = app.test_client()
    sign_in(signed_in, badge_town.person_id)
    assert html(signed_in.get("/en/badges/card")) == page
    worker = client.get("/en/badges/card/sw.js")
    assert worker.headers["Service-Worker-Allowed"] == "/en/badges/card"
    assert "badges/card/reading.js" in worker.get_data(as_text=True)
