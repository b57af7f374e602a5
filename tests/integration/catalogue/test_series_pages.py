"""Dates that come again, as an organiser clicks them: describe, check, save; then change some."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.catalogue.models import ProjectSession, SessionSeries
from civic.catalogue.rules import SessionState
from civic.kernel.clock import ROME, rome_day
from civic.kernel.db.database import Database
from tests.factories.catalogue import make_session
from tests.factories.series import make_series
from tests.integration.catalogue.scene import NOW, Scene

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]

HOUR = timedelta(hours=1)

SATURDAYS: dict[str, Any] = {
    "day": "2026-03-21",
    "start": "10:00",
    "end": "13:00",
    "meeting_point": "Porta Salza",
    "places": "12",
    "repeat": "weekly",
    "every": "1",
    "weekdays": ["5", "6"],
    "until": "2026-04-26",
}


@pytest.fixture
def organiser(client: FlaskClient, sign_in: SignIn, scene: Scene) -> FlaskClient:
    sign_in(client, scene.author)
    return client


@pytest.fixture
def address(database: Database, scene: Scene) -> str:
    with database.unit_of_work(scene.organiser) as ctx:
        return f"/en/organise/projects/{scene.project(ctx)}/sessions/new"


def rows(database: Database, scene: Scene) -> list[ProjectSession]:
    with database.reading(scene.organiser) as ctx:
        return list(ctx.db.scalars(select(ProjectSession).order_by(ProjectSession.starts_at)))


def ticks(page: str) -> dict[str, bool]:
    """Each day of the second step, and whether it is ticked."""
    boxes = re.findall(r'<input[^>]*name="days"[^>]*type="checkbox"[^>]*>', page) or re.findall(
        r'<input[^>]*type="checkbox"[^>]*name="days"[^>]*>', page
    )
    return {re.findall(r'value="([^"]+)"', box)[0]: " checked" in box for box in boxes}


def hidden(page: str) -> dict[str, list[str]]:
    """What the second step carries on from the first."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    return found


def test_dates_that_come_again_are_shown_with_holidays_left_out_before_they_are_made(
    database: Database, organiser: FlaskClient, scene: Scene, address: str, html: Html
) -> None:
    answer = organiser.post(address, data=SATURDAYS)
    page = html(answer)
    assert answer.status_code == 200
    assert rows(database, scene) == []
    shown = ticks(page)
    assert len(shown) == 12
    assert [day for day, is_on in shown.items() if not is_on] == ["2026-04-05", "2026-04-25"]
    assert "Easter" in page
    assert "Liberation Day" in page
    assert "Every week: Saturday and Sunday" in page

    days = [day for day, is_on in shown.items() if is_on and day != "2026-04-04"]
    saved = organiser.post(address, data=hidden(page) | {"days": days, "step": "save"})
    assert saved.status_code == 302
    assert [rome_day(row.starts_at).isoformat() for row in rows(database, scene)] == days
    assert {row.starts_at.astimezone(ROME).hour for row in rows(database, scene)} == {10}
    with database.reading(scene.organiser) as ctx:
        (series,) = ctx.db.scalars(select(SessionSeries))
        assert series.except_days == ["2026-04-04", "2026-04-05", "2026-04-25"]
        assert series.rule == "FREQ=WEEKLY;BYDAY=SA,SU;UNTIL=20260426T215959Z"


def test_going_back_keeps_all_that_was_typed_and_ticked(
    organiser: FlaskClient, address: str, html: Html
) -> None:
    page = html(organiser.post(address, data=SATURDAYS))
    some = ["2026-03-22", "2026-04-25"]
    back = html(organiser.post(address, data=hidden(page) | {"days": some, "step": "change"}))
    assert 'value="2026-04-26"' in back
    assert "Porta Salza" in back
    assert "error-summary" not in back
    assert re.search(r'<input[^>]*checked[^>]*value="weekly"', back)
    carried = hidden(back)
    assert carried["days"] == some
    again = html(organiser.post(address, data=SATURDAYS | {"until": "2026-05-02"} | carried))
    on = [day for day, is_on in ticks(again).items() if is_on]
    # The first of May is a Friday: of the days that came new, none is a holiday.
    assert on == [*some, "2026-05-02"]


def test_a_series_with_nothing_ticked_says_so_and_keeps_the_dates(
    database: Database, organiser: FlaskClient, scene: Scene, address: str, html: Html
) -> None:
    page = html(organiser.post(address, data=SATURDAYS))
    answer = organiser.post(address, data=hidden(page) | {"step": "save"})
    assert answer.status_code == 422
    assert "Tick at least one day." in html(answer)
    assert len(ticks(html(answer))) == 12
    assert rows(database, scene) == []


def test_a_day_with_a_session_or_without_that_hour_cannot_be_ticked(
    database: Database, organiser: FlaskClient, scene: Scene, address: str, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = UUID(address.split("/")[4])
        starts_at = NOW.replace(day=22, hour=1, minute=30)
        make_session(ctx, project_id, starts_at, starts_at.replace(hour=4))
    night = SATURDAYS | {"start": "02:30", "end": "05:00", "weekdays": ["6"]}
    page = html(organiser.post(address, data=night))
    assert page.count(" disabled>") == 2
    assert "This hour does not exist: clocks go forward" in page
    assert "There is a session already" in page
    every = hidden(page) | {"days": list(ticks(page)), "step": "save"}
    assert organiser.post(address, data=every).status_code == 302
    assert len(rows(database, scene)) == 1 + 4


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"until": ""}, "until"),
    ({"until": "2026-05-01", "times": "3"}, "times"),
    ({"until": "", "times": "10000"}, "times"),
    ({"until": "", "times": "9" * 40}, "times"),
    ({"until": "", "times": "0"}, "times"),
    ({"until": "", "times": "-1"}, "times"),
    ({"until": "", "times": "many"}, "times"),
    ({"until": "", "times": "150", "weekdays": ["5"]}, "times"),
    ({"until": "2999-12-31"}, "until"),
    ({"until": "2026-03-20"}, "until"),
    ({"until": "never"}, "until"),
    ({"until": "2027-12-31", "weekdays": list("0123456")}, "times"),
    ({"day": "2026-03-13"}, "day"),
    ({"day": ""}, "day"),
    ({"every": "0"}, "every"),
    ({"every": "27"}, "every"),
    ({"end": "09:00"}, "end"),
    ({"start": "00:30", "end": "23:30"}, "end"),
    ({"weekdays": ["7"]}, "weekdays"),
    ({"weekdays": ["x"]}, "weekdays"),
    ({"repeat": "secondly"}, "repeat"),
    ({"repeat": "monthly", "week": "9"}, "week"),
    ({"meeting_point": ""}, "meeting_point"),
)


def test_a_series_that_cannot_be_names_the_field_and_keeps_what_was_typed(
    database: Database,
    organiser: FlaskClient,
    scene: Scene,
    address: str,
    html: Html,
    subtests: pytest.Subtests,
) -> None:
    for over, name in REFUSED:
        with subtests.test(str(over)[:60]):
            answer = organiser.post(address, data=SATURDAYS | over)
            page = html(answer)
            assert answer.status_code == 422
            assert f'id="{name}-error"' in page
            assert "Porta Salza" in page or name == "meeting_point"
            assert rows(database, scene) == []


def test_once_stays_simple(
    database: Database, organiser: FlaskClient, scene: Scene, address: str, html: Html
) -> None:
    page = html(organiser.get(address))
    assert re.search(r"<details[^>]* open", page) is None
    plain = {name: SATURDAYS[name] for name in ("day", "start", "end", "meeting_point", "places")}
    assert organiser.post(address, data=plain).status_code == 302
    (row,) = rows(database, scene)
    assert row.series_id is None


@pytest.fixture
def saturdays(database: Database, scene: Scene) -> list[UUID]:
    with database.unit_of_work(scene.organiser) as ctx:
        return make_series(ctx, scene.project(ctx), places=12, meeting_point="Porta Salza")


CHANGE = {
    "day": "2026-03-28",
    "start": "15:00",
    "end": "18:00",
    "meeting_point": "Porta Salza",
    "places": "12",
}


@pytest.mark.parametrize(
    ("scope", "moved", "said"),
    [
        ("one", {1}, "The session is changed."),
        ("following", {1, 2, 3}, "3 sessions are changed."),
        ("all", {0, 1, 2, 3}, "4 sessions are changed."),
    ],
)
def test_a_change_is_for_one_for_those_after_it_or_for_all(
    database: Database,
    organiser: FlaskClient,
    scene: Scene,
    saturdays: list[UUID],
    html: Html,
    scope: str,
    moved: set[int],
    said: str,
) -> None:
    address = f"/en/organise/sessions/{saturdays[1]}/edit"
    page = html(organiser.get(address))
    assert "This one and those after it (3 dates)" in page
    assert "All still to come (4 dates)" in page
    assert "Every week: Saturday" in page
    answer = organiser.post(address, data=CHANGE | {"scope": scope}, follow_redirects=True)
    assert said in html(answer)
    hours = [row.starts_at.astimezone(ROME).hour for row in rows(database, scene)]
    assert {number for number, hour in enumerate(hours) if hour == 15} == moved


def test_a_refused_change_of_a_series_names_the_day_and_keeps_the_choice(
    database: Database, organiser: FlaskClient, scene: Scene, saturdays: list[UUID], html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        ctx.db.get_one(ProjectSession, saturdays[3]).places_taken = 4
    address = f"/en/organise/sessions/{saturdays[1]}/edit"
    answer = organiser.post(address, data=CHANGE | {"scope": "all", "places": "3"})
    page = html(answer)
    assert answer.status_code == 422
    assert "There cannot be fewer places on 11 April 2026: 4 are taken." in page
    assert re.search(r'<input[^>]*checked[^>]*value="all"', page)
    assert {row.places for row in rows(database, scene)} == {12}
    wrong = organiser.post(address, data=CHANGE | {"scope": "every"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("scope", "left", "said"),
    [
        ({}, 3, "The session is cancelled."),
        ({"scope": "nonsense"}, 3, "The session is cancelled."),
        ({"scope": "following"}, 1, "3 sessions are cancelled."),
        ({"scope": "all"}, 0, "4 sessions are cancelled."),
    ],
)
def test_one_those_after_it_or_all_are_cancelled(
    database: Database,
    organiser: FlaskClient,
    scene: Scene,
    saturdays: list[UUID],
    html: Html,
    scope: dict[str, str],
    left: int,
    said: str,
) -> None:
    address = f"/en/organise/sessions/{saturdays[1]}"
    page = html(organiser.get(f"{address}/edit"))
    assert "Cancel it and those after it (3 dates)" in page
    assert "Cancel all still to come (4 dates)" in page
    answer = organiser.post(f"{address}/cancel", data=scope, follow_redirects=True)
    assert said in html(answer)
    states = [row.state for row in rows(database, scene)]
    assert states.count(SessionState.SCHEDULED) == left
    again = organiser.post(f"{address}/cancel", data=scope, follow_redirects=True)
    assert "It was cancelled already." in html(again)


def test_a_monthly_series_by_the_first_saturday(
    database: Database, organiser: FlaskClient, scene: Scene, address: str, html: Html
) -> None:
    over = {"repeat": "monthly", "week": "1", "weekdays": ["5"], "until": "", "times": "3"}
    page = html(organiser.post(address, data=SATURDAYS | over))
    assert list(ticks(page)) == ["2026-04-04", "2026-05-02", "2026-06-06"]
    assert "Every month: Saturday (First time in the month)" in page


def test_dates_are_offered_in_the_language_of_the_page(
    organiser: FlaskClient, address: str, html: Html
) -> None:
    for language, month in (("it", "aprile 2026"), ("fr", "avril 2026"), ("ar", "أبريل 2026")):
        page = html(organiser.post(address.replace("/en/", f"/{language}/"), data=SATURDAYS))
        assert month in page
    assert date(2026, 4, 4).isoformat() in page


def test_nights_end_the_next_day_and_every_page_says_so(
    database: Database, organiser: FlaskClient, scene: Scene, address: str, html: Html
) -> None:
    """Over the night in which summer time begins."""
    nights = SATURDAYS | {"start": "22:00", "end": "6:00", "weekdays": ["5"], "until": "2026-04-11"}
    page = html(organiser.post(address, data=nights))
    assert "22:00–06:00" in page
    assert "(next day)" in page
    days = list(ticks(page))
    organiser.post(address, data=hidden(page) | {"days": days, "step": "save"})
    made = rows(database, scene)
    assert [rome_day(row.starts_at).isoformat() for row in made] == days
    assert {row.starts_at.astimezone(ROME).hour for row in made} == {22}
    assert {row.ends_at.astimezone(ROME).hour for row in made} == {6}
    assert [(row.ends_at - row.starts_at) // HOUR for row in made] == [8, 7, 8, 8]
    desk = html(organiser.get(address.removesuffix("/sessions/new")))
    assert desk.count("(next day)") == 4


def test_a_series_by_day_becomes_one_by_night(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        ids = make_series(ctx, scene.project(ctx), times=2)
    night = {
        "day": "2026-03-21",
        "start": "21:30",
        "end": "0:30",
        "meeting_point": "Villa Giaquinto",
        "places": "5",
        "scope": "all",
    }
    assert organiser.post(f"/en/organise/sessions/{ids[0]}/edit", data=night).status_code == 302
    spans = [(row.starts_at, row.ends_at) for row in rows(database, scene)]
    assert [ends_at - starts_at for starts_at, ends_at in spans] == [3 * HOUR] * 2
    page = html(organiser.get(f"/en/organise/sessions/{ids[0]}/edit"))
    assert 'value="00:30"' in page
    assert "(next day)" in page


def test_a_session_up_to_midnight_is_of_one_day(
    organiser: FlaskClient, address: str, html: Html
) -> None:
    once = SATURDAYS | {"start": "20:00", "end": "0:00", "repeat": "once"}
    assert organiser.post(address, data=once).status_code == 302
    desk = html(organiser.get(address.removesuffix("/sessions/new")))
    assert "20:00–00:00" in desk
    assert "(next day)" not in desk
