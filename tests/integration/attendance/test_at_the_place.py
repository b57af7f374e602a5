"""Checking oneself in with the code at the place: on one's own phone and on a lent one."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from civic.attendance.place_code import code_at, token_of
from civic.attendance.rules import Direction, Flag, Method, Outcome, Reason
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import TEN, Ground, make_booked_person
from tests.integration.attendance.card_moves import PIN, enter, set_pin
from tests.integration.attendance.door import minutes, pass_of, stored
from tests.integration.attendance.place import Phone, offered

SignIn = Callable[[FlaskClient, UUID], None]
START = "Scan the code at the place"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def bilal(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_booked_person(ctx, ground, "Bilal")


@pytest.fixture
def hers(phone: Phone, sign_in: SignIn, amina: UUID) -> Phone:
    """The same phone, with Amina signed in to it."""
    sign_in(phone.client, amina)
    return phone


def test_scan_leads_on_in_the_readers_language_without_the_token_in_the_address(
    phone: Phone,
) -> None:
    arabic = {"Accept-Language": "ar-EG,fr;q=0.5"}
    answer = phone.client.get(f"/in/{phone.token()}", headers=arabic)
    assert (answer.status_code, answer.location) == (302, "/ar/here")
    assert "Accept-Language" in answer.headers["Vary"]


def test_scan_counts_at_its_moment_however_long_signing_in_takes(
    phone: Phone,
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    sign_in: SignIn,
    amina: UUID,
) -> None:
    clock.instant = TEN + 5 * SECOND
    phone.scan()
    clock.advance(25 * MINUTE)
    sign_in(phone.client, amina)
    assert "Welcome. You are in." in phone.tap()
    [event] = stored(database, ground)
    assert (event.scanned_at, event.received_at) == (TEN + 5 * SECOND, clock.instant)
    assert (event.person_id, event.operator_id, event.method) == (amina, amina, Method.OWN)
    assert (event.outcome, event.flags, event.to_look_at) == (Outcome.ACCEPTED, [Flag.LATE], False)
    assert event.id.version == 7


def test_hours_of_own_scans_are_those_between_the_scans(
    hers: Phone, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    moves = (
        (TEN, ["entry"], "entry", "Welcome."),
        (TEN + 60 * MINUTE, ["break", "exit"], "break", "Enjoy your break."),
        (TEN + 90 * MINUTE, ["entry", "exit"], "entry", "Welcome."),
        (TEN + 150 * MINUTE, ["break", "exit"], "exit", "Goodbye."),
    )
    for at, choices, direction, words in moves:
        clock.instant = at
        assert offered(hers.scan()) == choices
        clock.advance(3 * MINUTE)
        assert words in hers.tap(direction)
    assert minutes(database, ground) == [120]
    clock.instant = TEN + 160 * MINUTE
    assert offered(hers.scan()) == ["entry"]


def test_one_scan_has_one_effect(
    hers: Phone, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    hers.scan()
    hers.tap()
    assert offered(hers.page()) == []
    clock.advance(10 * MINUTE)
    assert "already recorded" in hers.tap("exit")
    [event] = stored(database, ground)
    assert event.direction is Direction.ENTRY


def test_what_became_of_a_scan_is_known_though_the_browser_forgot_the_answer(hers: Phone) -> None:
    hers.scan()
    with hers.client.session_transaction() as cookie:
        before = dict(cookie["of_the_browser"])
    hers.tap()
    with hers.client.session_transaction() as cookie:
        cookie["of_the_browser"] = before
    page = hers.page()
    assert "Welcome. You are in." in page
    assert offered(page) == []


@pytest.mark.parametrize(
    ("late", "status", "words"), [(80, 200, "Who are you?"), (95, 410, "too old")]
)
def test_old_code_says_so_and_how_to_go_on(
    phone: Phone, clock: FrozenClock, late: int, status: int, words: str
) -> None:
    token = phone.token()
    clock.advance(late * SECOND)
    answer = phone.open(token)
    assert (answer.status_code, words in answer.text) == (status, True)


def test_forged_code_gives_no_claim_and_says_how_to_go_on(phone: Phone) -> None:
    phone.keys = Keys("a key that somebody made up at home")
    answer = phone.open(phone.token())
    assert answer.status_code == 404
    assert "We do not know this code." in answer.text
    assert START in phone.page()


def test_code_of_a_session_that_is_gone_is_unknown(hers: Phone) -> None:
    answer = hers.open(token_of(hers.keys, code_at(UUID(int=7), "", TEN)))
    assert "We do not know this code." in answer.text
    hers.client.post("/en/here", data={"direction": "entry"})
    assert "We do not know this code." in hers.page()


def test_an_old_code_takes_away_nothing_that_a_good_one_gave(
    hers: Phone, clock: FrozenClock
) -> None:
    old = hers.token(minutes=-5)
    hers.scan()
    assert hers.open(old).status_code == 410
    assert offered(hers.page()) == ["entry"]


def test_who_did_not_scan_records_nothing(hers: Phone, database: Database, ground: Ground) -> None:
    assert START in hers.tap()
    hers.scan()
    for nonsense in ("sideways", ""):
        assert offered(hers.tap(nonsense)) == ["entry"]
    assert stored(database, ground) == []


def test_visitor_records_nothing_before_signing_in(
    phone: Phone, database: Database, ground: Ground
) -> None:
    phone.scan()
    page = phone.tap()
    assert "Who are you?" in page
    assert "/en/sign-in?next=/en/here" in page
    assert stored(database, ground) == []


def test_claim_ends_after_half_an_hour(
    hers: Phone, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    hers.scan()
    clock.advance(30 * MINUTE)
    assert START in hers.tap()
    assert stored(database, ground) == []


def test_signing_out_oneself_takes_the_claim_along(hers: Phone) -> None:
    hers.scan()
    hers.client.post("/en/sign-out")
    assert START in hers.page()


# Refusals


def test_who_has_no_place_learns_how_to_get_one(
    phone: Phone, database: Database, ground: Ground, sign_in: SignIn
) -> None:
    """Known in this city, new to it, or of its staff."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        people = (
            make_person(ctx, "Known", ground.city),
            make_person(ctx, "Stranger"),
            make_staff(ctx, Role.OFFICER, ground.city),
        )
    for person_id in people:
        sign_in(phone.client, person_id)
        phone.scan()
        page = phone.tap()
        assert "You have no place yet." in page
        assert re.search(r'href="/en/projects/[^"]+">To the project', page)
        assert "scan the code at the place again" in page
        assert "You have no place yet." in phone.tap()
    assert [event.reason for event in stored(database, ground)] == [Reason.NOT_BOOKED] * 3


def test_who_comes_too_early_can_scan_again_later(
    hers: Phone, database: Database, ground: Ground, clock: FrozenClock
) -> None:
    clock.instant = TEN - 40 * MINUTE
    hers.scan()
    assert "You are early." in hers.tap()
    clock.instant = TEN - 20 * MINUTE
    hers.scan()
    assert "Welcome. You are in." in hers.tap()
    assert [event.outcome for event in stored(database, ground)] == ["refused", "accepted"]


# A lent phone


def test_two_people_check_in_one_after_the_other_on_a_lent_phone(
    phone: Phone, database: Database, ground: Ground, clock: FrozenClock, code: str, bilal: UUID
) -> None:
    set_pin(database, bilal, PIN)
    other = pass_of(database, phone.keys, bilal, ground.city.id).short_code
    phone.scan()
    page = phone.make_way()
    assert "/en/sign-in/card?next=/en/here" in page
    assert f"city={ground.city.slug}" in page
    for card, name in ((code, "Amina"), (other, "Bilal")):
        clock.advance(5 * MINUTE)
        phone.client.get("/en/sign-in/card?next=/en/here")
        assert enter(phone.client, card).location == "/en/here"
        asked = phone.page()
        assert f"Are you \u2068{name}\u2069?" in asked
        assert "Then you are signed out again." in asked
        told = phone.tap()
        assert "Welcome. You are in." in told
        assert name in told
        assert "Next person" in told
        assert "/sign-in" in phone.client.get("/en/me").location
        after = phone.make_way()
        assert name not in after
        assert "Send me a code" in after
    events = stored(database, ground)
    assert bilal in {event.person_id for event in events}
    assert [event.scanned_at for event in events] == [TEN, TEN]
    assert len({event.person_id for event in events}) == 2


def test_who_is_signed_out_by_itself_has_no_session_left(
    phone: Phone, database: Database, code: str
) -> None:
    """Not in the browser, nor in the database for somebody who copied the cookie."""
    phone.scan()
    phone.make_way()
    enter(phone.client, code)
    copied = phone.client.get_cookie("civic")
    phone.tap()
    assert copied
    phone.client.set_cookie("civic", copied.value)
    assert "/sign-in" in phone.client.get("/en/me").location


def test_who_lends_their_phone_is_signed_out_and_the_claim_stays(
    hers: Phone, database: Database, ground: Ground, sign_in: SignIn, amina: UUID, bilal: UUID
) -> None:
    hers.scan()
    hers.tap()
    page = hers.make_way()
    assert "You are signed out." in page
    assert "Who are you?" in page
    sign_in(hers.client, bilal)
    assert "Are you \u2068Bilal\u2069?" in hers.page()
    hers.tap()
    assert {event.person_id for event in stored(database, ground)} == {amina, bilal}


def test_what_one_was_told_is_not_shown_to_the_next_on_ones_own_phone(
    hers: Phone, sign_in: SignIn, bilal: UUID
) -> None:
    hers.scan()
    hers.tap()
    sign_in(hers.client, bilal)
    page = hers.page()
    assert "Amina" not in page
    assert offered(page) == ["entry"]


def test_making_way_without_a_scan_leads_to_the_start(phone: Phone) -> None:
    assert START in phone.make_way()
