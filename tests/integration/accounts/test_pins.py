"""The PIN itself: how it is set, counted, locked, and what a session that it began may be."""

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts import operations, passwords, pins
from civic.accounts.errors import PinForParticipants, PinTooEasy, PinUnusable, TooManyPins
from civic.accounts.models import Counter, LoginSession, Pin
from civic.accounts.policy import RESET_PIN
from civic.accounts.privacy import export
from civic.accounts.queries import actor_for_token, person_for
from civic.accounts.rules import (
    PIN_SESSION_LIFE,
    PIN_TRIES,
    PIN_WAITS,
    PINS_PER_CARD,
    PINS_PER_NETWORK,
    is_easy_pin,
)
from civic.audit.models import AuditEntry
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.kernel.policy import VISITOR, Grant, Role, system_in
from civic.tenancy.queries.standings import City
from tests.conftest import SETTINGS
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.tenancy import make_city
from tests.integration.accounts.browser import is_signed_in

KEYS = Keys(SETTINGS.secret_key)
PIN, OTHER = "483920", "715306"
NETWORK = "192.0.2.7"
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheaper parameters: here it is about counting and not about hashing."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def city(database: Database) -> City:
    with database.unit_of_work(system_in()) as ctx:
        return make_city(ctx)


@pytest.fixture
def amina(database: Database, city: City) -> UUID:
    with database.unit_of_work(system_in(city.id)) as ctx:
        return make_person(ctx, "Amina", city)


def set_pin(database: Database, person_id: UUID, pin: str = PIN) -> None:
    with database.reading(system_in()) as ctx:
        who = actor_of(ctx, person_id)
    with database.unit_of_work(who) as ctx:
        pins.set_own_pin(ctx, passwords.hash_password(pin))


def enter(
    database: Database,
    holder: UUID | None,
    pin: str,
    card: str = "potenza ACD479",
    network: str = NETWORK,
) -> str | None:
    """As the sign-in page does: count, compare outside of any transaction, and finish."""
    with database.unit_of_work(VISITOR) as ctx:
        tried = pins.begin_pin_sign_in(ctx, KEYS, card, holder, network)
    if tried is None or not passwords.is_password(pin, tried.pin_hash):
        return None
    with database.unit_of_work(VISITOR) as ctx:
        return pins.finish_pin_sign_in(ctx, KEYS, card, tried, None)


def row_of(ctx: Context, person_id: UUID) -> Pin:
    return ctx.db.get_one(Pin, person_id)


# What a PIN may be


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "48392a", "٤٨٣٩٢٠", "48 392"])
def test_a_pin_is_six_digits(pin: str) -> None:
    with pytest.raises(PinUnusable):
        pins.check_pin(pin)


@pytest.mark.parametrize("pin", ["000000", "121212", "123456", "654321", "123123", "112211"])
def test_what_others_would_try_first_is_no_pin(pin: str) -> None:
    assert is_easy_pin(pin)
    with pytest.raises(PinTooEasy):
        pins.check_pin(pin)


@pytest.mark.parametrize("pin", [PIN, OTHER, "123465", "200413"])
def test_other_digits_are(pin: str) -> None:
    pins.check_pin(pin)


# Setting it


def test_only_a_hash_is_kept_and_a_new_pin_takes_the_place_of_the_old(
    database: Database, amina: UUID
) -> None:
    set_pin(database, amina)
    set_pin(database, amina, OTHER)
    with database.reading(VISITOR) as ctx:
        kept = row_of(ctx, amina)
        assert kept.pin_hash.startswith("$argon2id$")
        assert PIN not in kept.pin_hash
    assert enter(database, amina, PIN) is None
    assert enter(database, amina, OTHER)


def test_a_new_pin_ends_what_the_old_one_began_and_nothing_else(
    app: Flask, database: Database, sign_in: SignIn, amina: UUID
) -> None:
    set_pin(database, amina)
    token = enter(database, amina, PIN)
    tablet, phone = app.test_client(), app.test_client()
    sign_in(phone, amina)
    with tablet.session_transaction() as session:
        session["_user_id"] = token
    assert is_signed_in(tablet)
    set_pin(database, amina, OTHER)
    assert not is_signed_in(tablet)
    assert is_signed_in(phone)


def test_the_desk_resets_a_pin_of_its_own_city_only_and_the_person_can_read_that(
    client: FlaskClient,
    html: Html,
    database: Database,
    sign_in: SignIn,
    city: City,
    amina: UUID,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        rosa = actor_of(ctx, make_staff(ctx, Role.OFFICER, city))
        stranger = actor_of(ctx, make_staff(ctx, Role.OFFICER, make_city(ctx, "caserta")))
    with database.unit_of_work(rosa) as ctx:
        file = person_for(ctx, amina, RESET_PIN, "desk")
        pins.reset_pin(ctx, file, passwords.hash_password(PIN))
    with pytest.raises(NotFound), database.unit_of_work(stranger) as ctx:
        pins.reset_pin(ctx, file, passwords.hash_password(OTHER))
    assert enter(database, amina, PIN)
    with database.reading(system_in(city.id)) as ctx:
        assert "pin.set" in ctx.db.scalars(select(AuditEntry.action)).all()
    sign_in(client, amina)
    assert "let you set a new PIN for your card" in html(client.get("/en/me/file"))


def test_who_holds_a_role_has_no_pin(database: Database, city: City) -> None:
    with database.unit_of_work(system_in()) as ctx:
        rosa = make_staff(ctx, Role.OFFICER, city)
    with pytest.raises(PinForParticipants):
        set_pin(database, rosa)


def test_the_data_that_a_person_takes_away_says_when_they_set_it(
    database: Database, amina: UUID
) -> None:
    set_pin(database, amina)
    enter(database, amina, PIN)
    with database.reading(system_in()) as ctx:
        who = actor_of(ctx, amina)
    with database.reading(who) as ctx:
        data = export(ctx, amina)
    assert data["pin_set"] == "2026-03-14T09:00:00+00:00"
    assert [each["with_card"] for each in data["signed_in"]] == [True]


# Counting


def test_ten_wrong_pins_lock_it_until_the_desk_sets_a_new_one(
    database: Database, clock: FrozenClock, amina: UUID
) -> None:
    set_pin(database, amina)
    for number in range(PIN_TRIES):
        clock.advance(timedelta(days=1))
        assert enter(database, amina, OTHER, card=f"city{number} ACD479") is None
    clock.advance(timedelta(days=365))
    assert enter(database, amina, PIN) is None
    with database.reading(VISITOR) as ctx:
        state = pins.pin_state(ctx, amina)
        assert state is not None
        assert state.is_locked
    set_pin(database, amina, OTHER)
    assert enter(database, amina, OTHER)


def test_after_five_wrong_pins_each_further_one_costs_twice_the_wait(
    database: Database, clock: FrozenClock, amina: UUID
) -> None:
    set_pin(database, amina)
    for number in range(1, PIN_TRIES):
        # A card each, so that it is the PIN that waits and not the card.
        assert enter(database, amina, OTHER, card=f"a {number}") is None
        wait = timedelta(minutes=PIN_WAITS.get(number, 0))
        if wait:
            clock.advance(wait - timedelta(seconds=1))
            assert enter(database, amina, PIN, card=f"b {number}") is None
            clock.advance(timedelta(seconds=1))
        with database.reading(VISITOR) as ctx:
            assert row_of(ctx, amina).tries == number
    waits = list(PIN_WAITS.values())
    assert [later / before for before, later in pairwise(waits)] == [2] * 4
    assert enter(database, amina, PIN)


def test_a_right_pin_forgets_the_wrong_ones(
    database: Database, clock: FrozenClock, amina: UUID
) -> None:
    set_pin(database, amina)
    for _ in range(5):
        for _ in range(PINS_PER_CARD - 1):
            assert enter(database, amina, OTHER) is None
        assert enter(database, amina, PIN)
        clock.advance(timedelta(minutes=15))
    with database.reading(VISITOR) as ctx:
        assert row_of(ctx, amina).tries == 0


def test_known_and_unknown_cards_are_throttled_alike(
    database: Database, clock: FrozenClock, amina: UUID
) -> None:
    set_pin(database, amina)
    for holder, card in ((amina, "potenza ACD479"), (None, "potenza RRR333")):
        for _ in range(PINS_PER_CARD):
            assert enter(database, holder, OTHER, card) is None
        with pytest.raises(TooManyPins):
            enter(database, holder, PIN, card)
    clock.advance(timedelta(minutes=15))
    assert enter(database, amina, PIN)


def test_an_address_cannot_try_card_after_card(database: Database) -> None:
    for number in range(PINS_PER_NETWORK):
        assert enter(database, None, PIN, f"potenza {number}") is None
    with pytest.raises(TooManyPins):
        enter(database, None, PIN, "potenza another")
    assert enter(database, None, PIN, "potenza another", network="192.0.2.8") is None


def test_no_code_and_no_address_stands_in_the_counters(database: Database, amina: UUID) -> None:
    enter(database, amina, OTHER)
    with database.reading(VISITOR) as ctx:
        found = " ".join(ctx.db.scalars(select(Counter.key)))
    assert "ACD479" not in found
    assert NETWORK not in found


def test_many_tries_at_once_are_still_ten(real_database: Database, clock: FrozenClock) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        amina = make_person(ctx)
    set_pin(real_database, amina)
    looked_at: list[bool] = []

    def try_once() -> None:
        with real_database.unit_of_work(VISITOR) as ctx:
            looked_at.append(pins.take_try(ctx, amina) is not None)

    threads = [threading.Thread(target=try_once) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The fifth begins a wait, so that none after it is looked at.
    assert looked_at.count(True) == 5


def test_a_pin_that_was_changed_while_it_was_compared_opens_nothing(
    database: Database, amina: UUID
) -> None:
    set_pin(database, amina)
    with database.unit_of_work(VISITOR) as ctx:
        tried = pins.begin_pin_sign_in(ctx, KEYS, "a card", amina, NETWORK)
    assert tried is not None
    set_pin(database, amina, OTHER)
    with database.unit_of_work(VISITOR) as ctx:
        assert pins.finish_pin_sign_in(ctx, KEYS, "a card", tried, None) is None


# What a session by PIN is


def test_a_session_by_pin_ends_after_twelve_hours(
    database: Database, clock: FrozenClock, amina: UUID
) -> None:
    set_pin(database, amina)
    token = enter(database, amina, PIN)
    assert token
    with database.reading(VISITOR) as ctx:
        assert actor_for_token(ctx, operations.token_hash(token)) is not None
    assert timedelta(hours=12) >= PIN_SESSION_LIFE
    clock.advance(PIN_SESSION_LIFE)
    with database.reading(VISITOR) as ctx:
        assert actor_for_token(ctx, operations.token_hash(token)) is None


def test_a_session_by_pin_says_that_it_is_one_so_that_it_never_opens_cases(
    database: Database, sign_in: SignIn, amina: UUID
) -> None:
    set_pin(database, amina)
    token = enter(database, amina, PIN)
    with database.unit_of_work(VISITOR) as ctx:
        other = operations.open_session(ctx, amina)
        for held, is_by_pin in ((token, True), (other, False)):
            who = actor_for_token(ctx, operations.token_hash(held or ""))
            assert who is not None
            assert (who.by_pin, who.grants) == (is_by_pin, ())


def test_who_is_given_a_role_cannot_sign_in_by_pin_and_is_out_where_they_did(
    database: Database, city: City, amina: UUID
) -> None:
    set_pin(database, amina)
    token = enter(database, amina, PIN)
    with database.unit_of_work(system_in(city.id)) as ctx:
        operations.grant_role(ctx, amina, Grant(Role.CASE_WORKER, city.id))
    with database.reading(VISITOR) as ctx:
        assert actor_for_token(ctx, operations.token_hash(token or "")) is None
    assert enter(database, amina, PIN) is None


def test_the_broom_takes_sessions_by_pin_as_others(
    database: Database, clock: FrozenClock, amina: UUID
) -> None:
    set_pin(database, amina)
    enter(database, amina, PIN)
    clock.advance(PIN_SESSION_LIFE)
    with database.unit_of_work(system_in()) as ctx:
        operations.forget_what_is_over(ctx)
        assert ctx.db.scalars(select(LoginSession)).all() == []
