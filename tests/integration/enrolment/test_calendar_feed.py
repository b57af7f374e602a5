"""A person's own calendar, and the address at which it asks."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.models import Person
from civic.catalogue.operations.sessions import SessionPlan, cancel_session, change_session
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.sessions import session_for
from civic.enrolment import privacy
from civic.enrolment.models import Booking, CalendarFeed
from civic.enrolment.operations import feeds, places
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from tests.conftest import Counted
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, make_ground, signed_in
from tests.factories.enrolment import make_booking

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
DAY = timedelta(days=1)


@pytest.fixture
def ground(acting: Acting) -> Ground:
    with acting(system_in()) as ctx:
        return make_ground(ctx)


@pytest.fixture
def amina(acting: Acting, ground: Ground) -> UUID:
    with acting(system_in()) as ctx:
        return make_booked_person(ctx, ground, "Amina Diallo", page_language="ar")


@pytest.fixture
def token(database: Database, amina: UUID) -> str:
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        return feeds.make_feed(ctx)


def path(token: str) -> str:
    return f"/calendar/{token}.ics"


def events(client: FlaskClient, token: str) -> list[Event]:
    answer = client.get(path(token))
    assert answer.status_code == 200
    return Calendar.from_ical(answer.data).events


def event(client: FlaskClient, token: str) -> Event:
    (only,) = events(client, token)
    return only


def test_the_address_shows_the_persons_places_in_their_language(
    client: FlaskClient, token: str
) -> None:
    answer = client.get(path(token), headers={"Accept-Language": "it"})
    assert answer.content_type == "text/calendar; charset=utf-8"
    (found,) = Calendar.from_ical(answer.data).events
    assert b"DTSTART;TZID=Europe/Rome:20260321T100000" in found.to_ical()
    assert found["STATUS"] == "CONFIRMED"
    assert "/ar/projects/" in str(found["URL"])
    text = answer.get_data(as_text=True)
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H" in text


def test_nothing_in_it_names_the_person(client: FlaskClient, token: str, amina: UUID) -> None:
    answer = client.get(path(token))
    assert b"Amina" not in answer.data
    assert amina.hex.encode() not in answer.data.replace(b"-", b"")


def test_the_token_is_kept_nowhere_and_cannot_be_guessed(
    database: Database, token: str, amina: UUID
) -> None:
    with database.reading(system_in()) as ctx:
        row = ctx.db.scalars(select(CalendarFeed)).one()
    assert len(token) >= 43  # 256 bits
    assert token not in row.token_hash
    assert row.token_hash == feeds.token_hash(token)


def test_no_log_holds_the_token(
    client: FlaskClient, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client.get(path(token))
    client.get(path(token + "x"))
    assert token not in caplog.text
    assert not any(token in str(vars(record)) for record in caplog.records)


def test_a_new_address_stops_the_old_one(
    database: Database, client: FlaskClient, amina: UUID, token: str
) -> None:
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        newer = feeds.make_feed(ctx)
    assert client.get(path(token)).status_code == 404
    assert client.get(path(newer)).status_code == 200


def test_an_address_switched_off_looks_as_if_it_never_was(
    database: Database, client: FlaskClient, amina: UUID, token: str
) -> None:
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        feeds.switch_off_feed(ctx)
    off, never = client.get(path(token)), client.get(path("never"))
    assert off.status_code == never.status_code == 404
    assert off.data == never.data
    assert token.encode() not in off.data


def test_who_asks_again_is_told_that_nothing_changed(client: FlaskClient, token: str) -> None:
    first = client.get(path(token))
    again = client.get(path(token), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "public" not in first.headers["Cache-Control"]
    assert first.headers["X-Robots-Tag"] == "noindex"


def move(database: Database, ground: Ground) -> None:
    organiser = signed_in(database, ground.organiser_id)
    with database.unit_of_work(organiser) as ctx:
        facts = session_for(ctx, ground.session_id, ORGANISE)
        change_session(
            ctx,
            ground.session_id,
            SessionPlan(TEN + 2 * DAY, ONE + 2 * DAY, facts.meeting_point, facts.places),
        )


def test_a_move_arrives_as_a_newer_edition_of_the_same_event(
    database: Database, client: FlaskClient, ground: Ground, token: str
) -> None:
    before = event(client, token)
    move(database, ground)
    after = event(client, token)
    assert after["UID"] == before["UID"]
    assert after.decoded("SEQUENCE") > before.decoded("SEQUENCE")
    assert after.decoded("DTSTART") == TEN + 2 * DAY


def test_a_place_given_back_and_taken_again_counts_on(
    database: Database, client: FlaskClient, ground: Ground, amina: UUID, token: str
) -> None:
    found = [event(client, token)]
    actor = signed_in(database, amina)
    with database.unit_of_work(actor) as ctx:
        places.give_back(ctx, ground.session_id)
    found.append(event(client, token))
    with database.unit_of_work(actor) as ctx:
        places.book_place(ctx, ground.session_id)
    found.append(event(client, token))
    assert [str(each["STATUS"]) for each in found] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    sequences = [each.decoded("SEQUENCE") for each in found]
    assert sequences == sorted(set(sequences))


def test_a_cancelled_session_stays_as_cancelled_for_sixty_days(
    database: Database,
    client: FlaskClient,
    ground: Ground,
    token: str,
    clock: FrozenClock,
    drain: Callable[[], int],
) -> None:
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        cancel_session(ctx, ground.session_id)
    assert event(client, token)["STATUS"] == "CANCELLED"
    drain()
    assert event(client, token)["STATUS"] == "CANCELLED"
    clock.advance(59 * DAY)
    assert event(client, token)["STATUS"] == "CANCELLED"
    clock.advance(2 * DAY)
    assert events(client, token) == []


def test_what_is_over_stays_for_thirty_days(
    client: FlaskClient, token: str, clock: FrozenClock
) -> None:
    clock.instant = ONE + 29 * DAY
    assert event(client, token)["STATUS"] == "CONFIRMED"
    clock.instant = ONE + 31 * DAY
    assert events(client, token) == []


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (BookingState.OFFERED, ["TENTATIVE"]),
        (BookingState.LAPSED, ["CANCELLED"]),
        (BookingState.WITHDRAWN, ["CANCELLED"]),
        (BookingState.WAITING, []),
        (BookingState.GATHERING, []),
    ],
)
def test_a_hope_is_no_date_and_what_is_lost_is_cancelled(
    acting: Acting,
    client: FlaskClient,
    ground: Ground,
    token: str,
    state: BookingState,
    status: list[str],
) -> None:
    with acting(system_in(ground.city.id)) as ctx:
        ctx.db.scalars(select(Booking)).one().state = state
    assert [str(each["STATUS"]) for each in events(client, token)] == status


def test_places_in_other_cities_are_there_and_others_places_are_not(
    acting: Acting, client: FlaskClient, ground: Ground, amina: UUID, token: str
) -> None:
    with acting(system_in()) as ctx:
        away = make_ground(ctx, "caserta", starts_at=TEN + DAY, ends_at=ONE + DAY)
        make_booking(ctx, amina, away.session_id)
        make_booked_person(ctx, away, "Oleh")
    assert len(events(client, token)) == 2


def test_the_feed_costs_few_statements(
    client: FlaskClient, token: str, statements: Callable[[], AbstractContextManager[Counted]]
) -> None:
    with statements() as counted:
        client.get(path(token))
    assert counted.total <= 3


# The page


@pytest.fixture
def signed(client: FlaskClient, amina: UUID, sign_in: SignIn) -> FlaskClient:
    sign_in(client, amina)
    return client


def address_in(page: str) -> str:
    return page.split('id="address" dir="ltr" readonly value="')[1].split('"')[0]


def test_the_address_is_shown_once_and_works(
    app_client: FlaskClient, signed: FlaskClient, html: Callable[[TestResponse], str]
) -> None:
    assert "Make my address" in html(signed.get("/en/me/calendar"))
    answer = signed.post("/en/me/calendar", data={"do": "make"})
    page = html(answer)
    address = address_in(page)
    assert answer.headers["Cache-Control"].endswith("no-store")
    assert address.replace("http://", "webcal://") in page
    assert page.count("data:image/svg+xml;base64,") == 1
    path_alone = address.removeprefix("http://127.0.0.1:8000")
    assert app_client.get(path_alone).status_code == 200
    again = html(signed.get("/en/me/calendar"))
    assert address not in again
    assert "Your address works since" in again


def test_the_address_is_in_no_cookie(
    signed: FlaskClient, html: Callable[[TestResponse], str]
) -> None:
    answer = signed.post("/en/me/calendar", data={"do": "make"})
    token = address_in(html(answer)).rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in str(answer.headers)
    with signed.session_transaction() as kept:
        assert token not in str(dict(kept))


def test_it_can_be_switched_off_on_the_page(
    app_client: FlaskClient, signed: FlaskClient, html: Callable[[TestResponse], str]
) -> None:
    address = address_in(html(signed.post("/it/me/calendar", data={"do": "make"})))
    path_alone = address.removeprefix("http://127.0.0.1:8000")
    assert signed.post("/it/me/calendar", data={"do": "off"}).status_code == 302
    assert app_client.get(path_alone).status_code == 404


@pytest.mark.parametrize("do", ["", "x", "make\x00"])
def test_nonsense_changes_nothing(database: Database, signed: FlaskClient, do: str) -> None:
    assert signed.post("/it/me/calendar", data={"do": do}).status_code == 302
    with database.reading(system_in()) as ctx:
        assert ctx.db.scalars(select(CalendarFeed)).all() == []


def test_visitors_are_led_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/it/me/calendar").status_code == 302


@pytest.fixture
def app_client(client: FlaskClient) -> FlaskClient:
    """A calendar program, which brings no cookie."""
    return client.application.test_client()


def test_the_file_to_take_along_holds_the_same(
    signed: FlaskClient, acting: Acting, amina: UUID
) -> None:
    answer = signed.get("/en/me/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 1
    with acting(system_in()) as ctx:
        assert ctx.db.get_one(Person, amina).page_language == "ar"


def test_a_person_takes_away_when_they_made_addresses_and_no_address(
    database: Database, amina: UUID, token: str
) -> None:
    actor = signed_in(database, amina)
    with database.unit_of_work(actor) as ctx:
        feeds.make_feed(ctx)
    with database.reading(actor) as ctx:
        found = privacy.export(ctx, amina)["calendar_addresses"]
    assert sorted(line["stopped"] is None for line in found) == [False, True]
    assert token not in str(found)


def test_two_screens_at_once_leave_one_address_that_works(real_database: Database) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        person_id = make_booked_person(ctx, make_ground(ctx))
    actor = signed_in(real_database, person_id)
    barrier = Barrier(4)

    def make(_number: int) -> str:
        barrier.wait()
        with real_database.unit_of_work(actor) as ctx:
            return feeds.make_feed(ctx)

    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(make, range(4)))
    with real_database.reading(system_in()) as ctx:
        works = ctx.db.scalars(
            select(CalendarFeed.token_hash).where(CalendarFeed.revoked_at.is_(None))
        ).all()
    assert len(works) == 1
    assert works[0] in {feeds.token_hash(token) for token in tokens}
