"""The same through the pages: one tap to join, words for every refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Timezone
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.operations.sessions import cancel_session
from civic.catalogue.rules import SessionState
from civic.enrolment.models import Booking
from civic.enrolment.privacy import export
from civic.enrolment.queries import bookings, enrolments
from civic.enrolment.rules import BookingState
from civic.kernel.clock import ROME, FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import (
    ONE,
    TEN,
    Ground,
    make_booked_person,
    on_ground,
    signed_in,
)
from tests.factories.catalogue import make_session

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def slug(database: Database, ground: Ground) -> str:
    with database.reading(system_in(ground.city.id)) as ctx:
        return ctx.db.get_one(Project, ground.project_id).slug


def person(database: Database, birth_year: int = 1995) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_person(ctx, birth_year=birth_year)


def test_visitor_is_led_to_sign_in_and_back_to_the_project(
    client: FlaskClient, html: Html, ground: Ground, slug: str
) -> None:
    page = html(client.get(f"/en/projects/{slug}"))
    assert f"/en/sign-in?next=/en/projects/{slug}" in page
    answer = client.post(f"/en/sessions/{ground.session_id}/book")
    assert answer.status_code == 302
    assert "/en/sign-in" in answer.headers["Location"]


def test_one_tap_on_a_date_joins_and_takes_the_place(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground, slug: str
) -> None:
    sign_in(client, person(database))
    page = html(client.get(f"/en/projects/{slug}"))
    assert "Take a place" in page

    answer = client.post(f"/en/sessions/{ground.session_id}/book", follow_redirects=True)

    assert "You have a place" in html(answer)
    assert "I cannot come" in html(answer)
    again = client.post(f"/en/sessions/{ground.session_id}/give-back", follow_redirects=True)
    assert "Thank you for telling us" in html(again)
    assert "Take a place" in html(again)


def test_full_session_offers_the_waiting_list_and_says_so(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground, slug: str
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        session = ctx.db.get_one(ProjectSession, ground.session_id)
        session.places = session.places_taken = 1
    sign_in(client, person(database))
    assert "Join the waiting list" in html(client.get(f"/en/projects/{slug}"))

    answer = client.post(f"/en/sessions/{ground.session_id}/book", follow_redirects=True)

    assert "you are on the waiting list" in html(answer)


def test_minor_is_told_what_is_missing_and_how_to_get_it(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    minor = person(database, birth_year=2010)
    sign_in(client, minor)

    answer = client.post(f"/en/sessions/{ground.session_id}/book", follow_redirects=True)

    assert "You may be under 18, so your guardian must agree" in html(answer)
    assert "Go to the municipality's desk with your guardian" in html(answer)
    assert "Take a place" not in html(answer)
    with database.reading(signed_in(database, minor)) as ctx:
        assert enrolments.is_enrolled(ctx, ground.project_id)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": SessionState.CANCELLED}, "This session was cancelled."),
        ({"ends_at": datetime(2026, 3, 14, 9, tzinfo=UTC)}, "This session is over."),
    ],
)
def test_past_or_cancelled_session_is_refused_in_words(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    change: dict[str, object],
    sentence: str,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        session = ctx.db.get_one(ProjectSession, ground.session_id)
        for name, value in change.items():
            setattr(session, name, value)
    sign_in(client, person(database))
    answer = client.post(f"/en/sessions/{ground.session_id}/book")
    assert answer.status_code == 409
    assert sentence in html(answer)


@pytest.mark.parametrize("session_id", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_malformed_or_unknown_session_is_not_found(
    client: FlaskClient, sign_in: SignIn, database: Database, session_id: str
) -> None:
    sign_in(client, person(database))
    assert client.post(f"/en/sessions/{session_id}/book").status_code == 404


def test_joining_and_leaving_through_the_project_page(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground, slug: str
) -> None:
    sign_in(client, person(database))
    joined = client.post(f"/en/projects/{slug}/join", follow_redirects=True)
    assert "You are in." in html(joined)
    left = client.post(f"/en/projects/{slug}/leave", follow_redirects=True)
    assert "You have left the project" in html(left)
    assert client.post("/en/projects/no-such-project/join").status_code == 404


def test_giving_back_returns_to_own_pages_only(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, slug: str
) -> None:
    sign_in(client, person(database))
    url = f"/en/sessions/{ground.session_id}/give-back"
    assert client.post(url, data={"next": "/en/me"}).headers["Location"] == "/en/me"
    away = client.post(url, data={"next": "//elsewhere.example"}).headers["Location"]
    assert away == f"/en/projects/{slug}"


# The calendar


def test_calendar_shows_wall_clock_hours_on_both_sides_of_summer_time(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    # 10:00 in Italy is nine in UTC on 21 March and eight on 4 April.
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        april = make_session(
            ctx,
            ground.project_id,
            datetime(2026, 4, 4, 8, tzinfo=UTC),
            datetime(2026, 4, 4, 11, tzinfo=UTC),
            sequence=2,
        )
        holder = make_booked_person(ctx, ground)
    sign_in(client, holder)
    client.post(f"/en/sessions/{april}/book")

    answer = client.get("/en/me/calendar.ics")

    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.get_data())
    [zone] = [part for part in calendar.walk("VTIMEZONE") if isinstance(part, Timezone)]
    assert zone["TZID"] == "Europe/Rome"
    first, second = calendar.walk("VEVENT")
    assert first.decoded("dtstart") == datetime(2026, 3, 21, 10, tzinfo=ROME)
    assert second.decoded("dtstart") == datetime(2026, 4, 4, 10, tzinfo=ROME)
    for event in (first, second):
        assert event["dtstart"].params["TZID"] == "Europe/Rome"
        assert b"DTSTART;TZID=Europe/Rome:" in event.to_ical()
        assert event.decoded("dtstart").time() == time(10)
        # As a reader without a zone database sees it, from the rules in the file.
        start = event.decoded("dtstart")
        in_files_zone = start.replace(tzinfo=zone.to_tz())
        assert in_files_zone.utcoffset() == start.utcoffset()
        assert event.decoded("dtend") - start == timedelta(hours=3)
        assert str(event["status"]) == "CONFIRMED"
    assert first.decoded("sequence") == 0
    assert second.decoded("sequence") > 2, "the session's changes and those of the booking"
    assert str(first["uid"]).startswith(str(ground.session_id))


def test_calendar_tells_of_a_cancelled_session_and_of_a_place_given_back(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_session(
            ctx, ground.project_id, TEN + timedelta(days=1), ONE + timedelta(days=1)
        )
        holder = make_booked_person(ctx, ground)
    sign_in(client, holder)
    client.post(f"/en/sessions/{other}/book")
    client.post(f"/en/sessions/{other}/give-back")
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).state = SessionState.CANCELLED

    events = Calendar.from_ical(client.get("/en/me/calendar.ics").get_data()).walk("VEVENT")

    assert [str(event["status"]) for event in events] == ["CANCELLED", "CANCELLED"]


# What other rooms tell


def test_cancelled_session_frees_its_places_and_tells_everybody(
    client: FlaskClient,
    sign_in: SignIn,
    drain: Callable[[], int],
    database: Database,
    ground: Ground,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        holder = make_booked_person(ctx, ground)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        cancel_session(ctx, ground.session_id)
    drain()

    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(Booking.state)).all() == [BookingState.WITHDRAWN]
        assert ctx.db.get_one(ProjectSession, ground.session_id).places_taken == 0
    with database.reading(signed_in(database, holder)) as ctx:
        assert bookings.my_bookings(ctx) == []


# Guardians


def test_officer_records_a_consent_and_the_reading_stands_in_the_trail(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, ground: Ground, slug: str
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        minor = make_person(ctx, "Yusuf", birth_year=2010)
        officer = make_staff(ctx, Role.OFFICER, ground.city)
    sign_in(client, minor)
    client.post(f"/en/projects/{slug}/join")
    sign_in(client, officer)
    assert "Yusuf" in html(client.get("/en/city/consents"))
    url = f"/en/city/people/{minor}/consent"
    assert "Yusuf" in html(client.get(url))
    assert client.post(url, data={"guardian_name": " \u202e "}).status_code == 422

    answer = client.post(url, data={"guardian_name": "Casa Speranza"}, follow_redirects=True)

    assert "Recorded." in html(answer)
    assert "Nobody is waiting" in html(answer)
    with database.reading(system_in(ground.city.id)) as ctx:
        actions = ctx.db.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == minor)
        ).all()
        assert "consent.recorded" in actions
        assert "person.read" in actions


def test_officer_of_another_city_finds_no_such_person(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        minor = make_booked_person(ctx, ground, birth_year=2010)
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in()) as ctx:
        officer = make_staff(ctx, Role.OFFICER, elsewhere.city)
    sign_in(client, officer)
    url = f"/en/city/people/{minor}/consent"
    assert client.get(url).status_code == 404
    assert client.post(url, data={"guardian_name": "Chiunque"}).status_code == 404


def test_person_takes_away_what_this_room_knows(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        holder = make_booked_person(ctx, ground)
    with database.reading(signed_in(database, holder)) as ctx:
        taken = export(ctx, holder)
    assert [place["state"] for place in taken["places"]] == ["confirmed"]
    assert taken["registers_of_volunteers"][0]["first_day"] == date(2026, 1, 1).isoformat()
