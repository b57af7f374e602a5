"""The year of all beds: light, in few statements, without a name, and without safe houses for others."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.housing.operations import nights as night_book
from civic.housing.operations.nights import NewSpan
from civic.housing.rules.nights import Nights, Use, VoidReason
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_staff, with_second_factor
from tests.factories.housing import (
    Lodge,
    make_lodge,
    make_request,
    make_resident,
    make_stay,
    make_unit,
)
from tests.factories.housing_works import UNITS, make_full_city, make_work

TODAY = date(2026, 3, 14)
BYTES, STATEMENTS = 150_000, 6
Counting = Callable[[], AbstractContextManager[Counted]]
Html = Callable[[TestResponse], str]


@pytest.fixture
def lodge(database: Database) -> Lodge:
    with database.unit_of_work(system_in()) as ctx:
        return make_lodge(ctx)


@pytest.fixture
def officer(
    client: FlaskClient, lodge: Lodge, sign_in: Callable[[FlaskClient, UUID], None]
) -> FlaskClient:
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


def _stay(ctx: Context, lodge: Lodge, bed: int, first: date, nights: int) -> UUID:
    request = make_request(ctx, lodge.city)
    return make_stay(ctx, lodge, request, first=first, nights=nights, beds=[lodge.beds[bed]])


@pytest.mark.parametrize("language", ["en", "it", "ar"])
def test_sixty_dwellings_of_a_year_weigh_under_150_kilobytes_in_at_most_six_statements(
    officer: FlaskClient,
    lodge: Lodge,
    database: Database,
    statements: Counting,
    html: Html,
    language: str,
) -> None:
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        spans = make_full_city(ctx, lodge.city, units=UNITS - 1)
    assert spans > 2_500
    with statements() as asked:
        answer = officer.get(f"/{language}/housing/calendar")
    page = html(answer)
    assert answer.status_code == 200
    assert page.count('class="year flip"') == UNITS
    assert 'viewBox="0 0 365 60"' in page
    assert "drawn as one" not in page
    assert len(page.encode()) < BYTES
    assert asked.total <= STATEMENTS


def test_where_something_changes_every_night_nights_are_drawn_together_and_it_stays_light(
    officer: FlaskClient, lodge: Lodge, database: Database, statements: Counting, html: Html
) -> None:
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        make_full_city(ctx, lodge.city, units=UNITS - 1, shortest=1, longest=2)
    with statements() as asked:
        page = html(officer.get("/en/housing/calendar"))
    assert re.search(r"\d nights are drawn as one", page)
    assert page.count('class="year flip"') == UNITS
    assert len(page.encode()) < BYTES
    assert asked.total <= STATEMENTS


@pytest.mark.parametrize("view", ["list", "year"])
def test_each_view_alone_is_light_too(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html, view: str
) -> None:
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        make_full_city(ctx, lodge.city, units=UNITS - 1)
    page = html(officer.get(f"/en/housing/calendar?view={view}"))
    assert len(page.encode()) < BYTES
    assert ("<article" in page) is (view == "list")
    assert ('class="year flip"' in page) is (view == "year")


def test_sentences_say_until_when_each_bed_is_what(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    with database.unit_of_work(lodge.officer) as ctx:
        _stay(ctx, lodge, 0, TODAY, 10)
        make_work(ctx, lodge, beds=1, first=TODAY + timedelta(days=11), nights=4)
    page = html(officer.get("/en/housing/calendar?view=list"))
    said = re.sub(r"<[^>]+>", "", page)
    assert "Casa Ginestra: 1 of 2 beds free" in said
    assert (
        "Stanza 1 · letto 1: taken until 24 March 2026, then being made ready until 25 March 2026,"
        " then works until 29 March 2026, then free" in said
    )
    assert "Stanza 1 · letto 2: free" in said


def test_nobody_reads_from_it_who_lives_there_or_when_one_left_and_another_came(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    with database.unit_of_work(lodge.officer) as ctx:
        one, other = (
            make_resident(ctx, lodge.city, "Awa Sarr"),
            make_resident(ctx, lodge.city, "Bo"),
        )
        for resident, first in ((one, TODAY), (other, TODAY + timedelta(days=3))):
            nights = Nights(first, first + timedelta(days=3))
            span = NewSpan(lodge.beds[0], nights, Use.STAY, resident_id=resident)
            night_book.occupy(ctx, [span])
    for asked in ("", "?view=list", f"?unit={lodge.unit_id}"):
        page = html(officer.get(f"/en/housing/calendar{asked}"))
        assert "Awa" not in page
        assert "Giacinti" not in page
    assert "taken until 20 March 2026, then free" in page


def test_a_dwelling_is_shown_bed_by_bed_with_its_closures(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    with database.unit_of_work(lodge.officer) as ctx:
        nights = Nights(TODAY, TODAY + timedelta(days=20))
        night_book.close_beds(ctx, [lodge.beds[1]], nights, VoidReason.PESTS)
    page = html(officer.get(f"/en/housing/calendar?unit={lodge.unit_id}"))
    assert page.count('class="year flip"') == 2
    assert "pests" in page
    assert "closed until 3 April 2026, then free" in page
    assert f"/en/housing/units/{lodge.unit_id}/close" in page


@pytest.mark.parametrize(
    "month", ["2026-13", "26-01", "0000-00", "9999-12", "abc", "٢٠٢٦-٠٣", "2026-03-01"]
)
def test_a_month_that_is_none_is_this_month(officer: FlaskClient, html: Html, month: str) -> None:
    answer = officer.get(f"/en/housing/calendar?from={month}")
    assert answer.status_code == 200
    assert "From 1 March 2026 until 28 February 2027." in html(answer)


def test_another_year_counts_its_first_night_and_a_leap_year_has_a_day_more(
    officer: FlaskClient, html: Html
) -> None:
    page = html(officer.get("/en/housing/calendar?from=2028-01"))
    assert 'viewBox="0 0 366 60"' in page
    assert "The numbers are beds free in the first night." in page
    assert "days-29" in page


def test_beds_that_are_not_there_yet_are_not_counted_as_free(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        make_unit(ctx, lodge.city, "Casa Nuova", rooms=(1,), from_night=TODAY + timedelta(days=9))
    page = re.sub(r"<[^>]+>", "", html(officer.get("/en/housing/calendar?view=list")))
    assert "Casa Nuova: 0 of 0 beds free" in page
    assert "bed not there until 23 March 2026, then free" in page


def test_a_safe_house_is_on_the_calendar_of_its_team_alone(
    officer: FlaskClient,
    client: FlaskClient,
    lodge: Lodge,
    database: Database,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Html,
) -> None:
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        insider = make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Sara Safe")
        unit_id, _beds = make_unit(ctx, lodge.city, "Casa Celata", team=[insider])
    for asked in ("", "?view=list", "?view=year"):
        assert "Celata" not in html(officer.get(f"/en/housing/calendar{asked}"))
    assert officer.get(f"/en/housing/calendar?unit={unit_id}").status_code == 404
    sign_in(client, insider)
    with_second_factor(client)
    assert "Celata" in html(client.get("/en/housing/calendar"))
    assert client.get(f"/en/housing/calendar?unit={unit_id}").status_code == 200


def test_another_city_sees_none_of_it(
    officer: FlaskClient,
    client: FlaskClient,
    lodge: Lodge,
    database: Database,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Html,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        abroad = make_lodge(ctx, slug="latina")
        make_unit(ctx, abroad.city, "Casa Pontina")
    assert "Pontina" not in html(officer.get("/en/housing/calendar"))
    sign_in(client, abroad.officer.own_id)
    with_second_factor(client)
    assert client.get(f"/en/housing/calendar?unit={lodge.unit_id}").status_code == 404
