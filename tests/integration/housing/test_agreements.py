"""The agreement of a stay: made, signed by both on a screen, and made anew when it no longer stands."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.agreement_contents import agreement_content
from civic.housing.agreement_paper import agreement_blocks
from civic.housing.errors import StayOver
from civic.housing.operations import agreements, moving
from civic.housing.operations.agreements import Terms
from civic.housing.operations.stays import Longer
from civic.housing.placing_models import Placement
from civic.housing.stay_errors import AgreementStands
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.notifications.models import Message
from civic.signatures.rules import Kind
from tests.factories.accounts import make_staff, with_second_factor
from tests.factories.housing import Lodge, make_unit
from tests.factories.housing_stays import Home, make_guest, make_home
from tests.factories.signatures import SCRIBBLE
from tests.integration.housing.agreements_ground import TERMS, made, own, papers, signed_on, stay_of

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]

TODAY = date(2026, 3, 14)


@pytest.fixture
def home(acting: Acting) -> Home:
    with acting(system_in()) as ctx:
        return make_home(ctx)


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, home: Home) -> FlaskClient:
    sign_in(client, home.officer.own_id)
    return with_second_factor(client)


@pytest.fixture
def phone(app: Flask, sign_in: SignIn, home: Home) -> FlaskClient:
    """The mother's own."""
    one = app.test_client()
    sign_in(one, home.mother.own_id)
    return one


def test_it_says_who_where_how_long_and_what_it_costs_in_plain_values(
    officer: FlaskClient, acting: Acting, home: Home
) -> None:
    made(officer, home)
    (paper,) = papers(acting, home)
    assert paper.kind is Kind.AGREEMENT
    assert paper.content == {
        "language": "ar",
        "municipality": "Trieste",
        "unit": {
            "name": "Casa Ginestra",
            "kind": "cohousing",
            "address": "via dei Giacinti 7, interno 3",
            "is_hidden": False,
        },
        "people": ["أمينة بنت يوسف", "Sami"],
        "beds": ["Stanza 1 · letto 1", "Stanza 1 · letto 2"],
        "from": "2026-03-14",
        "until": "2026-04-13",
        "is_open_ended": False,
        "pays_cents": 12_000,
        "deposit_cents": 25_050,
        "call": {"day": "040 0000001", "night": "040 0000002"},
        "own_rules": "",
    }


def test_both_sign_in_their_own_sessions_and_then_it_is_signed(
    officer: FlaskClient, phone: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    paper = made(officer, home)
    officer.post(f"{paper}/sign")
    assert signed_on(acting, home) is None
    assert "to be signed" in html(phone.get("/en/me/home"))
    page = html(phone.get(own(paper)))
    assert "I have read it and sign" in page
    page = html(phone.post(f"{own(paper)}/sign", follow_redirects=True))
    assert "You have signed." in page
    assert "I have read it and sign" not in page
    assert signed_on(acting, home) == TODAY
    assert "signed on 14 March 2026" in html(officer.get(stay_of(home)))


def test_she_signs_on_the_officers_tablet_in_her_language(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    paper = made(officer, home)
    officer.post(f"{paper}/sign")
    handing = html(officer.post(f"{paper}/hand-over"))
    (digits,) = re.findall(r'<bdi dir="ltr">(\d{4})</bdi>', handing)
    theirs = paper.replace("/en/", "/ar/") + "/person"
    assert "أمينة بنت يوسف" in html(officer.get(theirs))
    assert officer.get(stay_of(home)).status_code == 403
    assert officer.post(theirs, data={"means": "drawn", "drawing": "[]"}).status_code == 422
    answer = officer.post(theirs, data={"means": "drawn", "drawing": SCRIBBLE})
    assert answer.headers["Location"] == "/ar/give-back"
    assert officer.post("/ar/give-back", data={"digits": digits}).headers["Location"] == paper
    assert signed_on(acting, home) == TODAY


def test_she_is_told_that_a_paper_waits_and_not_which(
    officer: FlaskClient, acting: Acting, home: Home, drain: Callable[[], int]
) -> None:
    made(officer, home)
    drain()
    with acting(system_in(home.lodge.city.id)) as ctx:
        bodies = ctx.db.scalars(select(Message.body)).all()
    assert len(bodies) == 1
    assert "Ginestra" not in bodies[0]
    assert "Giacinti" not in bodies[0]


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"pays": "-1"}, "An amount cannot be less than nothing."),
        ({"deposit": "-0,01"}, "An amount cannot be less than nothing."),
        ({"pays": "12,123456789012"}, "Write cents with two digits at most"),
        ({"deposit": "9999999999"}, "That is more than a million euro."),
        ({"pays": ""}, "Write how much it is in euro"),
        ({"pays": "1" * 80}, "Write it in at most 60 letters."),
    ],
)
def test_amounts_that_cannot_be_are_said_and_kept(
    officer: FlaskClient,
    acting: Acting,
    home: Home,
    html: Html,
    terms: dict[str, str],
    sentence: str,
) -> None:
    answer = officer.post(f"{stay_of(home)}/agreement", data=TERMS | terms)
    assert answer.status_code == 422
    assert sentence in html(answer)
    for typed in (TERMS | terms).values():
        assert f'value="{typed}"' in html(answer)
    assert papers(acting, home) == ()


def test_what_waits_is_set_aside_when_the_terms_change_and_stays_when_they_do_not(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    first = made(officer, home)
    assert made(officer, home) == first
    second = made(officer, home, TERMS | {"pays": "100"})
    assert second != first
    newest, oldest = papers(acting, home)
    assert (newest.is_waiting, oldest.is_waiting) == (True, False)
    assert "What they pay was changed." in html(officer.get(first))


def both_sign(acting: Acting, home: Home) -> UUID:
    with acting(home.officer) as ctx:
        paper_id = agreements.write_agreement(ctx, home.stay_id, Terms(12_000, 25_000))
        assert paper_id is not None
        agreements.sign_for_service(ctx, home.stay_id, paper_id)
    with acting(home.mother) as ctx:
        agreements.sign_own(ctx, paper_id)
    return paper_id


def test_an_agreement_that_both_have_signed_is_not_made_again_unless_it_says_something_else(
    acting: Acting, home: Home
) -> None:
    both_sign(acting, home)
    with pytest.raises(AgreementStands), acting(home.officer) as ctx:
        agreements.write_agreement(ctx, home.stay_id, Terms(12_000, 25_000))
    with acting(home.officer) as ctx:
        agreements.write_agreement(ctx, home.stay_id, Terms(13_000, 25_000))
    assert signed_on(acting, home) is None
    newest, oldest = papers(acting, home)
    assert newest.is_waiting
    assert oldest.is_complete


def longer(ctx: Context, home: Home) -> None:
    moving.extend_stay(ctx, home.stay_id, Longer(TODAY + timedelta(days=60), "agreed"))


def elsewhere(ctx: Context, home: Home) -> None:
    unit_id, beds = make_unit(ctx, home.lodge.city, "Casa Acanto")
    chosen = {home.mother_id: beds[0], home.child_id: beds[1]}
    moving.transfer_stay(ctx, home.stay_id, unit_id, chosen, TODAY + timedelta(days=1))


@pytest.mark.parametrize("change", [longer, elsewhere])
def test_when_dates_or_place_change_what_waits_is_set_aside_and_it_is_made_anew(
    acting: Acting, home: Home, change: Callable[[Context, Home], None]
) -> None:
    with acting(home.officer) as ctx:
        first = agreements.write_agreement(ctx, home.stay_id, Terms(12_000, 25_000))
    with acting(home.officer) as ctx:
        change(ctx, home)
    (paper,) = papers(acting, home)
    assert paper.set_aside_at is not None
    with acting(home.officer) as ctx:
        second = agreements.write_agreement(ctx, home.stay_id, Terms(12_000, 25_000))
    assert first != second
    newest, _oldest = papers(acting, home)
    with acting(home.officer) as ctx:
        row = ctx.db.get_one(Placement, home.stay_id)
        assert newest.content["until"] == row.until_night.isoformat()


@pytest.mark.parametrize("change", [longer, elsewhere])
def test_when_dates_or_place_change_what_both_signed_stays_and_a_new_one_is_asked_for(
    acting: Acting, home: Home, change: Callable[[Context, Home], None]
) -> None:
    both_sign(acting, home)
    with acting(home.officer) as ctx:
        change(ctx, home)
    (paper,) = papers(acting, home)
    assert paper.is_complete
    assert signed_on(acting, home) is None
    with acting(home.officer) as ctx:
        assert agreements.write_agreement(ctx, home.stay_id, Terms(12_000, 25_000)) is not None


def test_a_stay_that_is_over_has_nothing_to_sign_any_more(acting: Acting, home: Home) -> None:
    with acting(home.officer) as ctx:
        agreements.write_agreement(ctx, home.stay_id, Terms(0, 0))
        moving.cancel_stay(ctx, home.stay_id)
    (paper,) = papers(acting, home)
    assert paper.set_aside_at is not None
    with pytest.raises(StayOver), acting(home.officer) as ctx:
        agreements.write_agreement(ctx, home.stay_id, Terms(0, 0))


def test_the_address_of_a_safe_house_stands_on_no_paper(
    acting: Acting, home: Home, app: Flask
) -> None:
    with acting(system_in(home.lodge.city.id)) as ctx:
        inside = make_staff(ctx, Role.HOUSING_OFFICER, home.lodge.city, name="Ines")
        unit_id, beds = make_unit(ctx, home.lodge.city, "Rifugio", rooms=(1,), team=[inside])
        lodge = Lodge(home.lodge.city, system_in(home.lodge.city.id), unit_id, beds)
        stay_id = make_guest(ctx, lodge, "Nascosta")
        content = agreement_content(ctx, ctx.db.get_one(Placement, stay_id))
    assert content["unit"]["is_hidden"]
    assert "Giacinti" not in str(content)
    with app.test_request_context("/it/"):
        said = [block.text for block in agreement_blocks(content, "it")]
    assert not any("Giacinti" in each for each in said)


def test_only_who_signs_for_the_household_signs_and_strangers_see_nothing(
    acting: Acting, home: Home, app: Flask, sign_in: SignIn, officer: FlaskClient
) -> None:
    paper = made(officer, home)
    with acting(system_in(home.lodge.city.id)) as ctx:
        stranger = make_staff(ctx, Role.CASE_WORKER, home.lodge.city)
    other = app.test_client()
    sign_in(other, stranger)
    for address in (own(paper), f"{own(paper)}/paper.pdf"):
        assert other.get(address).status_code == 404
    assert other.post(f"{own(paper)}/sign").status_code == 404
    assert officer.get(f"{stay_of(home)}/agreements/{uuid4()}").status_code == 404
    with pytest.raises(NotFound), acting(home.officer) as ctx:
        agreements.sign_own(ctx, UUID(paper.rsplit("/", 1)[1]))


def test_an_officer_sets_a_version_aside_with_a_reason(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    paper = made(officer, home)
    assert officer.post(f"{paper}/set-aside", data={"reason": ""}).status_code == 422
    officer.post(f"{paper}/set-aside", data={"reason": "Il nome è scritto male"})
    assert "Il nome è scritto male" in html(officer.get(paper))
    page = html(officer.post(f"{paper}/sign", follow_redirects=True))
    assert "This paper was set aside" in page
