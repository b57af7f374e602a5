"""Where I live: what everybody of the household sees on their own phone, and when it ends."""

import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.rules import ACTION_WORDS
from civic.housing import privacy
from civic.housing.models import HousingFile, Unit
from civic.housing.operations import agreements, moving
from civic.housing.operations.agreements import Terms
from civic.housing.operations.residents import Mark
from civic.housing.operations.stays import Longer
from civic.housing.placing_models import Placement, Resident
from civic.housing.queries import own_home as queries
from civic.housing.rules.ledger import Step
from civic.housing.rules.stock import FileKind, WorkState
from civic.housing.sealing import sealed_of, words_of
from civic.housing.works_models import Work
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.settings import ROOT
from tests.factories.accounts import make_person, with_second_factor
from tests.factories.housing_stays import Home, came, left, make_home

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]

TODAY = date(2026, 3, 14)
HOME = "/en/me/home"
ADDRESS = "via dei Giacinti 7, interno 3"
SECRETS = (ADDRESS, "Casa Ginestra", "040 0000001", "Il codice del portone")


def told(ctx: Context, home: Home, **more: str) -> None:
    unit = ctx.db.get_one(Unit, home.lodge.unit_id)
    city = unit.municipality_id
    words = words_of(ctx, city, unit.id, Unit, unit.id, unit.sealed) | more
    unit.sealed = sealed_of(ctx, city, unit.id, Unit, unit.id, words)


@pytest.fixture
def home(acting: Acting) -> Home:
    """They moved in yesterday."""
    with acting(system_in()) as ctx:
        home = make_home(ctx, first=TODAY - timedelta(days=1))
        told(ctx, home, entry="Il codice del portone è 4711", rules="Il giardino è di tutti")
    with acting(home.officer) as ctx:
        came(ctx, home.stay_id, TODAY - timedelta(days=1))
    return home


@pytest.fixture
def phone(client: FlaskClient, sign_in: SignIn, home: Home) -> FlaskClient:
    sign_in(client, home.mother.own_id)
    return client


def agreed(acting: Acting, home: Home) -> UUID:
    with acting(home.officer) as ctx:
        paper_id = agreements.write_agreement(ctx, home.stay_id, Terms(12_000, 25_000))
        assert paper_id is not None
        agreements.sign_for_service(ctx, home.stay_id, paper_id)
    with acting(home.mother) as ctx:
        agreements.sign_own(ctx, paper_id)
    return paper_id


def test_it_says_where_until_when_whom_to_call_what_to_pay_and_the_rules(
    phone: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    agreed(acting, home)
    answer = phone.get(HOME)
    page = html(answer)
    for said in (
        *SECRETS,
        "12 April 2026",
        "Stanza 1 · letto 1",
        'href="tel:0400000001"',
        'href="tel:0400000002"',
        'href="tel:112"',
        "€120.00",
        "From 10 in the evening until 7 in the morning",
        "Il giardino è di tutti",
        "signed by both",
    ):
        assert said in page
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_it_needs_no_second_step_and_reads_in_her_language(
    phone: FlaskClient, home: Home, html: Html
) -> None:
    page = html(phone.get("/ar/me/home"))
    assert 'dir="rtl"' in page
    assert ADDRESS in page


def test_my_page_links_to_it_where_there_is_something_to_see(
    phone: FlaskClient, app: Flask, acting: Acting, sign_in: SignIn, home: Home, html: Html
) -> None:
    assert 'href="/en/me/home"' in html(phone.get("/en/me"))
    with acting(system_in()) as ctx:
        stranger = make_person(ctx, "Stella", home.lodge.city)
    other = app.test_client()
    sign_in(other, stranger)
    assert 'href="/en/me/home"' not in html(other.get("/en/me"))
    page = html(other.get(HOME))
    assert "You have no place here now" in page
    assert not any(secret in page for secret in SECRETS)


def test_everybody_of_the_household_with_an_account_sees_it(
    app: Flask, acting: Acting, sign_in: SignIn, home: Home, html: Html
) -> None:
    paper_id = agreed(acting, home)
    with acting(system_in()) as ctx:
        grown = make_person(ctx, "Sami", home.lodge.city)
        ctx.db.get_one(Resident, home.child_id).person_id = grown
    other = app.test_client()
    sign_in(other, grown)
    page = html(other.get(HOME))
    assert ADDRESS in page
    assert "Stanza 1 · letto 2" in page
    assert "Stanza 1 · letto 1" not in page
    paper = f"{HOME}/agreements/{paper_id}"
    assert other.get(paper).status_code == 200
    assert other.post(f"{paper}/sign").status_code == 404


def test_before_the_first_night_it_says_where_and_not_how_to_get_in(
    app: Flask, acting: Acting, sign_in: SignIn, html: Html
) -> None:
    with acting(system_in()) as ctx:
        home = make_home(ctx, first=TODAY + timedelta(days=3))
        told(ctx, home, entry="Il codice del portone è 4711")
    phone = app.test_client()
    sign_in(phone, home.mother.own_id)
    page = html(phone.get(HOME))
    assert "Where I am going to live" in page
    assert ADDRESS in page
    assert "4711" not in page
    assert "Tell us" not in page


def test_after_moving_out_nothing_but_the_agreement_is_left(
    phone: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    paper_id = agreed(acting, home)
    with acting(home.officer) as ctx:
        left(ctx, home.stay_id)
    page = html(phone.get(HOME))
    assert not any(secret in page for secret in SECRETS)
    assert "Agreements of before" in page
    assert phone.get(f"{HOME}/agreements/{paper_id}").status_code == 200
    assert phone.get(f"{HOME}/agreements/{paper_id}/paper.pdf").status_code == 200
    assert phone.get(f"{HOME}/{home.stay_id}/fault").status_code == 404
    data = json.loads(phone.get("/en/me/data.json").data)
    assert ADDRESS not in json.dumps(data["housing"]["stays"][0]["address"])


def test_a_cancelled_stay_is_not_shown(
    app: Flask, acting: Acting, sign_in: SignIn, html: Html
) -> None:
    with acting(system_in()) as ctx:
        home = make_home(ctx)
    with acting(home.officer) as ctx:
        moving.cancel_stay(ctx, home.stay_id)
    phone = app.test_client()
    sign_in(phone, home.mother.own_id)
    assert ADDRESS not in html(phone.get(HOME))


def test_the_way_in_is_shut_for_visitors_and_for_other_peoples_homes(
    app: Flask, acting: Acting, sign_in: SignIn, home: Home
) -> None:
    visitor = app.test_client()
    assert visitor.get(HOME).status_code in (302, 403)
    with acting(system_in()) as ctx:
        stranger = make_person(ctx, "Stella", home.lodge.city)
    other = app.test_client()
    sign_in(other, stranger)
    for rest in (f"{home.stay_id}/fault", f"{home.stay_id}/signed/{uuid4()}"):
        assert other.get(f"{HOME}/{rest}").status_code == 404
    assert other.post(f"{HOME}/{home.stay_id}/fault", data={"words": "x"}).status_code == 404


def photo() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "green").save(out, "PNG")
    out.seek(0)
    return out


def test_a_fault_with_a_photo_becomes_a_work_and_its_state_is_shown(
    phone: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    there = f"{HOME}/{home.stay_id}/fault"
    assert there in html(phone.get(HOME))
    sent = {"words": "الماء ساخن جداً", "file": (photo(), "x.png"), "sent": str(uuid4())}
    page = html(phone.post(there, data=sent, follow_redirects=True))
    assert "Thank you. We look at it and mend it." in page
    assert "الماء ساخن جداً" in page
    assert "asked for" in page
    phone.post(there, data={**sent, "file": (photo(), "x.png")})
    with acting(home.officer) as ctx:
        work = ctx.db.scalars(select(Work)).one()
        assert (work.resident_id, work.unit_id) == (home.mother_id, home.lodge.unit_id)
        kinds = ctx.db.scalars(select(HousingFile.kind).where(HousingFile.about_id == work.id))
        assert kinds.all() == [FileKind.FAULT]
        work.state = WorkState.UNDER_WAY
    assert "under way" in html(phone.get(HOME))


def test_a_fault_without_words_or_with_a_false_photo_is_said_and_kept(
    phone: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    there = f"{HOME}/{home.stay_id}/fault"
    answer = phone.post(there, data={"words": " "})
    assert (answer.status_code, "Say in a few words what is broken." in html(answer)) == (422, True)
    sent = {"words": "Il rubinetto", "file": (io.BytesIO(b"no picture"), "x.png")}
    answer = phone.post(there, data=sent)
    assert answer.status_code == 422
    assert "Il rubinetto" in html(answer)
    assert "This is not a picture" in html(answer)
    with acting(home.officer) as ctx:
        assert ctx.db.scalars(select(Work)).all() == []


def test_the_privacy_export_holds_stays_requests_agreements_and_extensions(
    phone: FlaskClient, acting: Acting, home: Home
) -> None:
    agreed(acting, home)
    with acting(home.officer) as ctx:
        longer = Longer(TODAY + timedelta(days=60), "Fino alla fine del corso")
        moving.extend_stay(ctx, home.stay_id, longer)
    found = json.loads(phone.get("/en/me/data.json").data)["housing"]
    (known,) = found["written_down_as"]
    assert known["name"] == "أمينة بنت يوسف"
    (request,) = found["requests"]
    assert (request["state"], request["people"]) == ("placed", 2)
    (stay,) = found["stays"]
    assert (stay["address"], stay["pays_cents_a_month"]) == (ADDRESS, 12_000)
    assert stay["extensions"] == [
        {"from": "2026-04-12", "to": "2026-05-13", "reason": "Fino alla fine del corso"}
    ]
    (paper,) = stay["agreements"]
    assert {each["side"] for each in paper["signatures"]} == {"person", "service"}


def test_the_privacy_export_of_another_member_leaves_out_words_that_are_not_theirs(
    app: Flask, acting: Acting, sign_in: SignIn, home: Home
) -> None:
    with acting(home.officer) as ctx:
        longer = Longer(TODAY + timedelta(days=60), "Fino alla fine del corso")
        moving.extend_stay(ctx, home.stay_id, longer)
    with acting(system_in()) as ctx:
        grown = make_person(ctx, "Sami", home.lodge.city)
        ctx.db.get_one(Resident, home.child_id).person_id = grown
    other = app.test_client()
    sign_in(other, grown)
    found = json.loads(other.get("/en/me/data.json").data)["housing"]
    assert "Fino alla fine" not in json.dumps(found)
    assert found["stays"][0]["moved_in"] == "2026-03-13"


def test_whoever_stays_on_still_sees_their_home(
    app: Flask, acting: Acting, sign_in: SignIn, home: Home, clock: FrozenClock, html: Html
) -> None:
    clock.advance(timedelta(days=60))
    phone = app.test_client()
    sign_in(phone, home.mother.own_id)
    assert ADDRESS in html(phone.get(HOME))


def test_an_agreement_signed_on_paper_is_shown_to_a_member_with_an_account(
    app: Flask, acting: Acting, sign_in: SignIn, home: Home, client: FlaskClient, html: Html
) -> None:
    """Who signs has no account; somebody else of the household has one."""
    with acting(system_in(home.lodge.city.id)) as ctx:
        ctx.db.get_one(Placement, home.stay_id).resident_id = home.child_id
    sign_in(client, home.officer.own_id)
    with_second_factor(client)
    sent = {"day": "2026-03-14", "file": (photo(), "x.png")}
    assert (
        client.post(f"/en/housing/stays/{home.stay_id}/agreement/signed", data=sent).status_code
        == 302
    )
    phone = app.test_client()
    sign_in(phone, home.mother.own_id)
    assert "The signed paper" in html(phone.get(HOME))
    with acting(home.officer) as ctx:
        file_id = ctx.db.scalars(select(HousingFile.id)).one()
    answer = phone.get(f"{HOME}/{home.stay_id}/signed/{file_id}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert phone.get(f"{HOME}/{home.stay_id}/signed/{uuid4()}").status_code == 404


def test_a_card_and_its_pin_never_open_where_somebody_lives(acting: Acting, home: Home) -> None:
    at_a_screen = replace(home.mother, by_pin=True)
    with acting(at_a_screen) as ctx:
        assert not queries.has_home(ctx)
        assert privacy.export(ctx, home.mother.own_id) == {}
        for ask in (queries.own_home, lambda ctx: queries.own_stay(ctx, home.stay_id)):
            with pytest.raises(NotFound):
                ask(ctx)


def test_nobody_takes_away_what_is_known_of_somebody_else(acting: Acting, home: Home) -> None:
    with pytest.raises(NotFound), acting(home.officer) as ctx:
        privacy.export(ctx, home.mother.own_id)


def test_whatever_is_done_about_somebody_has_words_on_their_page_of_who_did_it() -> None:
    done = re.compile(r'note\(\s*ctx,\s*\w+,\s*"(\w+)",\s*person_id=')
    handed = re.compile(r'_(?:signed|note|household_changed)\([^)]*"(\w+)"[^)]*\)')
    written = set()
    for path in Path(ROOT, "civic", "housing").rglob("*.py"):
        source = path.read_text()
        written |= set(done.findall(source))
        if path.name in {"agreements.py", "payments.py", "requests.py"}:
            written |= set(handed.findall(source))
    written |= {f"arrears_{step.value}" for step in Step} | {f"resident_{each}" for each in Mark}
    assert len(written) > 30
    assert {f"housing.{each}" for each in written} - set(ACTION_WORDS) == set()
