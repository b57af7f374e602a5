"""A name tapped on the roster is a scan like any other."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.attendance.models import CheckDecision
from civic.attendance.operations.passes import PassShown
from civic.attendance.rules import Decision, Direction, Method, Outcome, Reason
from civic.attendance.views.roster import matches
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person, on_ground
from tests.integration.attendance.door import Door, minutes, one, pass_of, stored

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
MOST_FOR_ROSTER = 11
"""Statements: who asks, the session, its people and their scans, hours, corrections confirmed and
proposed, messages, whom the move of it left without a word, things to look at, and those without
a place."""


@pytest.fixture
def at_ten(door: Door, clock: FrozenClock) -> Door:
    clock.instant = TEN
    return door


def tap(
    door: Door, person_id: UUID, direction: str, scan_id: UUID | str | None = None, **more: str
) -> TestResponse:
    data = {"scan_id": str(scan_id or uuid4()), "direction": direction, **more}
    return door.client.post(f"{door.url}/people/{person_id}/tap", data=data, follow_redirects=True)


def panel(page: str, person_id: UUID) -> str:
    return page.split(f'id="p{person_id.hex}"')[1].split("</li>")[0]


def buttons(page: str, person_id: UUID) -> list[str]:
    return re.findall(r'name="direction" value="(\w+)"', panel(page, person_id))


def test_a_tapped_name_is_in_and_out_and_has_the_hours(
    at_ten: Door, html: Html, database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    page = html(tap(at_ten, amina, "entry"))
    assert "In: noted." in panel(page, amina)
    assert "since 10:00" in panel(page, amina)
    clock.advance(timedelta(hours=1))
    assert "Out: noted." in html(tap(at_ten, amina, "exit"))

    assert minutes(database, ground) == [60]
    assert {row.method for row in stored(database, ground)} == {Method.ROSTER}
    assert all(row.told_at == row.scanned_at for row in stored(database, ground))


def test_the_buttons_fit_where_somebody_is(
    at_ten: Door, html: Html, clock: FrozenClock, amina: UUID
) -> None:
    assert buttons(html(at_ten.client.get(at_ten.url)), amina) == ["entry"]
    assert buttons(html(tap(at_ten, amina, "entry")), amina) == ["break", "exit"]
    clock.advance(timedelta(minutes=30))
    page = html(tap(at_ten, amina, "break"))
    assert buttons(page, amina) == ["entry", "exit"]
    assert "On a break" in panel(page, amina)
    clock.advance(timedelta(minutes=15))
    assert buttons(html(tap(at_ten, amina, "entry")), amina) == ["break", "exit"]
    clock.advance(timedelta(minutes=15))
    assert buttons(html(tap(at_ten, amina, "exit")), amina) == ["entry"]


def test_a_break_is_left_out_of_the_hours(
    at_ten: Door, database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    for direction in ("entry", "break", "entry", "exit"):
        tap(at_ten, amina, direction)
        clock.advance(timedelta(minutes=20))
    assert minutes(database, ground) == [40]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (TEN - timedelta(minutes=31), []),
        (TEN - timedelta(minutes=30), ["entry"]),
        (ONE, ["entry"]),
        (ONE + timedelta(minutes=1), []),
    ],
)
def test_nobody_is_offered_what_the_hour_forbids(
    door: Door, html: Html, clock: FrozenClock, amina: UUID, at: object, expected: list[str]
) -> None:
    clock.instant = at  # type: ignore[assignment]
    assert buttons(html(door.client.get(door.url)), amina) == expected


def test_whoever_is_in_can_be_tapped_out_long_after_the_end(
    at_ten: Door, html: Html, clock: FrozenClock, amina: UUID
) -> None:
    tap(at_ten, amina, "entry")
    clock.instant = ONE + timedelta(hours=11)
    assert buttons(html(at_ten.client.get(at_ten.url)), amina) == ["exit"]


def test_two_taps_on_one_form_are_one_scan(
    at_ten: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    page = html(at_ten.client.get(at_ten.url))
    scan_id = UUID(panel(page, amina).split('name="scan_id" value="')[1].split('"')[0])
    assert scan_id.version == 7
    first = html(tap(at_ten, amina, "entry", scan_id))
    second = html(tap(at_ten, amina, "entry", scan_id))
    assert "In: noted." in first
    assert "In: noted." in second
    assert len(stored(database, ground)) == 1


def test_each_form_has_an_id_of_its_own(
    at_ten: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_booked_person(ctx, ground, "Bilal")
    page = html(at_ten.client.get(at_ten.url))
    ids = re.findall(r'name="scan_id" value="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 2


def test_undo_stands_beside_the_answer_for_fifteen_minutes(
    at_ten: Door, html: Html, database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    scan_id = uuid4()
    page = html(tap(at_ten, amina, "entry", scan_id))
    assert "until 10:15" in panel(page, amina)
    undo = f"{at_ten.url}/scans/{scan_id}/undo"
    assert undo in panel(page, amina)
    shown_again = f"{at_ten.url}?tapped={scan_id}"
    clock.advance(timedelta(minutes=15))
    assert undo in html(at_ten.client.get(shown_again))

    page = html(at_ten.client.post(undo, follow_redirects=True))

    assert "Taken back" in panel(page, amina)
    assert buttons(page, amina) == ["entry"]
    assert undo not in page
    [row] = stored(database, ground)
    assert row.outcome is Outcome.ACCEPTED
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(CheckDecision.decision)).all() == [Decision.UNDONE]


def test_after_fifteen_minutes_hours_are_corrected_instead(
    at_ten: Door, html: Html, database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    scan_id = uuid4()
    tap(at_ten, amina, "entry", scan_id)
    clock.advance(timedelta(minutes=15, seconds=1))
    undo = f"{at_ten.url}/scans/{scan_id}/undo"
    assert undo not in html(at_ten.client.get(f"{at_ten.url}?tapped={scan_id}"))
    assert "fifteen minutes have gone" in html(at_ten.client.post(undo, follow_redirects=True))
    assert buttons(html(at_ten.client.get(at_ten.url)), amina) == ["break", "exit"]


def test_undoing_an_exit_takes_its_hours_back(
    at_ten: Door, database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    tap(at_ten, amina, "entry")
    clock.advance(timedelta(hours=1))
    scan_id = uuid4()
    tap(at_ten, amina, "exit", scan_id)
    assert minutes(database, ground) == [60]
    at_ten.client.post(f"{at_ten.url}/scans/{scan_id}/undo")
    assert minutes(database, ground) == [0]


def test_nobody_undoes_what_somebody_else_tapped(
    at_ten: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, amina: UUID
) -> None:
    scan_id = uuid4()
    tap(at_ten, amina, "entry", scan_id)
    with database.unit_of_work(system_in()) as ctx:
        other = make_staff(ctx, Role.ORGANISER, ground.city, ground.association)
    sign_in(at_ten.client, other)
    assert "/undo" not in html(at_ten.client.get(f"{at_ten.url}?tapped={scan_id}"))
    answer = at_ten.client.post(f"{at_ten.url}/scans/{scan_id}/undo", follow_redirects=True)
    assert "Another phone made this scan" in html(answer)
    assert buttons(html(at_ten.client.get(at_ten.url)), amina) == ["break", "exit"]


@pytest.mark.parametrize("state", [BookingState.WAITING, BookingState.OFFERED])
def test_whoever_waits_for_a_place_has_no_button_and_is_refused(
    at_ten: Door, html: Html, database: Database, ground: Ground, amina: UUID, state: BookingState
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.scalars(select(Booking).where(Booking.person_id == amina)).one().state = state
    assert buttons(html(at_ten.client.get(at_ten.url)), amina) == []
    page = html(tap(at_ten, amina, "entry"))
    assert "No place in this session" in panel(page, amina)
    [row] = stored(database, ground)
    assert (row.outcome, row.reason) == (Outcome.REFUSED, Reason.NOT_BOOKED)


def test_a_stranger_cannot_be_tapped_and_nothing_is_kept(
    at_ten: Door, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        stranger = make_person(ctx, "Bilal", ground.city)
    elsewhere = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in(elsewhere.city.id)) as ctx:
        far = make_booked_person(ctx, elsewhere)
    for person_id in (stranger, far, uuid4()):
        assert tap(at_ten, person_id, "entry").status_code == 404
    assert stored(database, ground) == []


def test_a_stranger_whose_pass_was_refused_stays_nameless(
    at_ten: Door, html: Html, database: Database, keys: Keys, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        stranger = make_person(ctx, "Bilal", ground.city)
    scan = one(pass_of(database, keys, stranger, ground.city.id).token)
    at_ten.send(scan)
    assert "Bilal" not in html(at_ten.client.get(f"{at_ten.url}?tapped={scan['id']}"))
    assert tap(at_ten, stranger, "entry").status_code == 404


def test_a_refusal_says_why_and_tells_the_person_in_their_language(
    at_ten: Door, html: Html, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        minor = make_booked_person(ctx, ground, "Yusuf", birth_year=2010, page_language="ar")
    page = panel(html(tap(at_ten, minor, "entry")), minor)
    assert "alert-danger" in page
    assert "guardian's consent is missing" in page.replace("&#39;", "'")
    assert 'lang="ar" dir="rtl"' in page
    assert "/undo" not in page


@pytest.mark.parametrize("wrong", [{"scan_id": "1"}, {"scan_id": " "}, {"direction": "up"}])
def test_a_tap_that_cannot_be_read_is_asked_for_again(
    at_ten: Door, html: Html, database: Database, ground: Ground, amina: UUID, wrong: dict[str, str]
) -> None:
    answer = tap(at_ten, amina, **{"direction": "entry", **wrong})
    assert answer.status_code == 422
    assert "Tap the name once more" in html(answer)
    assert stored(database, ground) == []


def test_a_long_list_is_searched_by_first_letters_and_stays_so_after_a_tap(
    at_ten: Door, html: Html, database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        bilal = make_booked_person(ctx, ground, "Bilal Öztürk")
    page = html(at_ten.client.get(f"{at_ten.url}?q=ozt"))
    assert "Bilal" in page
    assert "Amina" not in page
    page = html(tap(at_ten, bilal, "entry", q="ozt"))
    assert "In: noted." in page
    assert "Amina" not in page
    assert "0 names found" in html(at_ten.client.get(f"{at_ten.url}?q=zzz"))


@pytest.mark.parametrize(
    ("name", "search", "is_found"),
    [
        ("Amina Diallo", "dia", True),
        ("Amina Diallo", "ami dia", True),
        ("Amina Diallo", "ina", False),
        ("José Žarko", "jose zar", True),
        ("أمينة", "امين", True),
        ("Ольга", "olga", True),
        ("Amina", "", True),
    ],
)
def test_a_name_is_found_in_its_own_letters_and_in_latin_ones(
    name: str, search: str, is_found: bool
) -> None:
    assert matches(name, search) is is_found


def test_whoever_was_let_in_without_a_place_stands_on_the_list_and_can_leave(
    at_ten: Door, html: Html, database: Database, ground: Ground, amina: UUID, shown: PassShown
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        booking = ctx.db.scalars(select(Booking).where(Booking.person_id == amina)).one()
        booking.state = BookingState.WITHDRAWN
    scan = {
        "id": str(uuid4()), "code": shown.token, "direction": "entry",
        "scanned_at": TEN.isoformat(), "shown": "accepted",
    }  # fmt: skip
    at_ten.send(scan)
    page = html(at_ten.client.get(at_ten.url))
    assert "No place" in panel(page, amina)
    assert buttons(page, amina) == ["break", "exit"]


# The gate page


def test_break_and_the_name_of_the_gate_come_with_a_typed_code(
    at_ten: Door,
    html: Html,
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    shown: PassShown,
) -> None:
    def send(direction: str) -> str:
        form = {
            "scan_id": str(uuid4()), "code": shown.short_code, "direction": direction,
            "gate": " North \u202egate ",
        }  # fmt: skip
        return html(at_ten.client.post(f"{at_ten.url}/scan", data=form))

    send("entry")
    clock.advance(timedelta(minutes=30))
    page = send("break")
    assert "Enjoy your break" in page
    assert 'value="North gate"' in page
    assert "/undo" in page
    rows = stored(database, ground)
    assert [row.direction for row in rows] == [Direction.ENTRY, Direction.BREAK]
    assert {(row.gate, row.method) for row in rows} == {("North gate", Method.CODE)}


def test_the_camera_page_sends_gate_and_what_it_showed(
    at_ten: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    early = (TEN - timedelta(hours=1)).isoformat()
    base = {"code": shown.token, "direction": "entry", "scanned_at": TEN.isoformat()}
    at_ten.send(
        {**base, "id": str(uuid4()), "gate": "South", "shown": "nonsense"},
        {**base, "id": str(uuid4()), "gate": ["x"], "scanned_at": early, "shown": "unmatched"},
    )
    kept, live = stored(database, ground)
    assert (live.gate, live.to_look_at) == ("South", False)
    assert (kept.gate, kept.reason, kept.to_look_at) == ("", Reason.TOO_EARLY, True)


def test_a_phone_whose_clock_is_three_hours_behind_lets_people_in_all_the_same(
    at_ten: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    behind = (TEN - timedelta(hours=3)).isoformat()
    scan = {"id": str(uuid4()), "code": shown.token, "direction": "entry", "scanned_at": behind}
    answer = at_ten.client.post(f"{at_ten.url}/scans", json={"sent_at": behind, "scans": [scan]})
    assert answer.get_json()["answers"][0]["outcome"] == "accepted"
    [row] = stored(database, ground)
    assert (row.scanned_at, row.to_look_at) == (TEN, True)


def test_the_camera_page_can_undo_what_it_scanned(
    at_ten: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    [answer] = at_ten.send(
        {"id": str(uuid4()), "code": shown.token, "direction": "entry",
         "scanned_at": TEN.isoformat()}
    )  # fmt: skip
    assert answer["undo"] is True
    undo = f"{at_ten.url}/scans/{answer['id']}/undo"
    said = at_ten.client.post(undo, headers={"Accept": "application/json"})
    assert said.get_json()["outcome"] == "undone"


# Speed


def test_the_roster_costs_the_same_however_many_are_on_it(
    at_ten: Door, database: Database, ground: Ground, amina: UUID, statements: Counting
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        people = [make_booked_person(ctx, ground, f"Person {number}") for number in range(12)]
    tapped = uuid4()
    for person_id in people:
        tap(at_ten, person_id, "entry")
    tap(at_ten, amina, "entry", tapped)
    at_ten.client.get(at_ten.url)

    with statements() as counted:
        at_ten.client.get(at_ten.url)
    assert counted.total <= MOST_FOR_ROSTER, counted.statements

    with statements() as counted:
        at_ten.client.get(f"{at_ten.url}?tapped={tapped}")
    assert counted.total <= MOST_FOR_ROSTER + 1, counted.statements
