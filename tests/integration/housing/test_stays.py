"""The list of stays and the page of one: who sees them, what they say, what they cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.housing.placing_models import Placement
from civic.housing.rules.placing import StayState
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import make_staff, with_second_factor
from tests.factories.housing import Lodge, make_request, make_resident, make_stay, make_unit
from tests.factories.housing_stays import Home, came, left, make_guest, make_home
from tests.factories.housing_support import make_support, make_tenancy

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]

TODAY = date(2026, 3, 14)
LIST = "/en/housing/stays"


@pytest.fixture
def home(acting: Acting) -> Home:
    with acting(system_in()) as ctx:
        return make_home(ctx)


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, home: Home) -> FlaskClient:
    sign_in(client, home.officer.own_id)
    return with_second_factor(client)


def guest(
    acting: Acting, home: Home, name: str, bed: int, first: int, nights: int, *, is_in: bool = True
) -> UUID:
    with acting(home.officer) as ctx:
        stay_id = make_guest(
            ctx,
            home.lodge,
            name,
            beds=home.lodge.beds[bed : bed + 1],
            first=TODAY + timedelta(days=first),
            nights=nights,
        )
        if is_in:
            came(ctx, stay_id, TODAY + timedelta(days=first))
    return stay_id


def part_of(page: str, title: str) -> str:
    """What stands under that title, until the next one."""
    return page.split(f"<h2>{title}</h2>", 1)[1].split("</section>", 1)[0]


def test_the_list_tells_who_comes_who_leaves_and_who_is_still_there(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    guest(acting, home, "Ora Resta", 2, -20, 15)
    guest(acting, home, "Va Presto", 3, -5, 20)
    page = html(officer.get(LIST))
    assert "2 households live in your dwellings now." in page
    assert "Ora Resta" in part_of(page, "Still there after the planned end")
    assert "nobody has said yes" in page
    assert "Va Presto" in part_of(page, "Leave within 30 days")
    coming = part_of(page, "Have a place and are to come")
    assert "أمينة بنت يوسف" in coming
    assert "2 people" in coming
    everybody = html(officer.get(f"{LIST}/all"))
    assert "Va Presto" in everybody
    assert "أمينة" not in everybody
    assert "Va Presto" in html(officer.get(f"{LIST}/all?dwelling=ginestra&page=0"))
    assert "Va Presto" not in html(officer.get(f"{LIST}/all?dwelling=%25&page=x"))
    assert officer.get(f"{LIST}/all?page=-1").status_code == 200
    assert officer.get(f"{LIST}/all?page=99999999999999999999").status_code == 200


def test_whoever_leaves_today_is_not_told_to_have_stayed_on(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    guest(acting, home, "Va Oggi", 2, -5, 5)
    page = html(officer.get(LIST))
    assert "Va Oggi" in part_of(page, "Leave within 30 days")
    assert "Still there" not in page


def test_the_lists_ask_as_many_statements_however_long_they_are(
    officer: FlaskClient, acting: Acting, home: Home, statements: Statements, html: Html
) -> None:
    guest(acting, home, "Ora Resta", 2, -20, 15)
    guest(acting, home, "Va Presto", 3, -5, 20)
    for address in (LIST, f"{LIST}/all"):
        officer.get(address)
    few = {}
    for address in (LIST, f"{LIST}/all"):
        with statements() as counted:
            officer.get(address)
        few[address] = counted.total
    with acting(system_in(home.lodge.city.id)) as ctx:
        unit_id, beds = make_unit(ctx, home.lodge.city, "Casa Grande", rooms=(12,))
    with acting(home.officer) as ctx:
        lodge = Lodge(home.lodge.city, home.officer, unit_id, beds)
        for place, bed in enumerate(beds):
            first = TODAY - timedelta(days=5)
            stay_id = make_guest(
                ctx, lodge, f"Ospite {place}", beds=[bed], first=first, nights=4 + place
            )
            if place % 3:
                came(ctx, stay_id, first)
    for address in (LIST, f"{LIST}/all"):
        with statements() as counted:
            page = html(officer.get(address))
        assert "Ospite 11" in page
        assert counted.total == few[address]
    assert max(few.values()) <= 12


def test_the_page_of_a_stay_says_all_of_it_and_that_it_was_read(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    page = html(officer.get(f"{LIST}/{home.stay_id}"))
    for said in ("أمينة بنت يوسف", "Sami", "via dei Giacinti 7, interno 3", "Stanza 1 · letto 1"):
        assert said in page
    with acting(system_in(home.lodge.city.id)) as ctx:
        read = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "housing.read")).all()
    assert [(each.thing_id, each.actor_id) for each in read] == [
        (home.stay_id, home.officer.own_id)
    ]


def test_a_safe_house_shows_to_its_team_alone(
    app_client: Callable[[UUID], FlaskClient], acting: Acting, home: Home, html: Html
) -> None:
    city = home.lodge.city
    with acting(system_in(city.id)) as ctx:
        inside = make_staff(ctx, Role.HOUSING_OFFICER, city, name="Ines")
        unit_id, beds = make_unit(ctx, city, "Rifugio", rooms=(1,), team=[inside])
        resident_id = make_resident(ctx, city, "Nascosta")
        request_id = make_request(ctx, city, [resident_id])
        lodge = Lodge(city, system_in(city.id), unit_id, beds)
        stay_id = make_stay(ctx, lodge, request_id)
        came(ctx, stay_id)
    for address in (LIST, f"{LIST}/all"):
        assert "Nascosta" in html(app_client(inside).get(address))
        outside = html(app_client(home.officer.own_id).get(address))
        assert "Nascosta" not in outside
        assert "Rifugio" not in outside
    assert app_client(inside).get(f"{LIST}/{stay_id}").status_code == 200
    assert app_client(home.officer.own_id).get(f"{LIST}/{stay_id}").status_code == 404


@pytest.fixture
def app_client(client: FlaskClient, sign_in: SignIn) -> Callable[[UUID], FlaskClient]:
    def signed_in(person_id: UUID) -> FlaskClient:
        one = client.application.test_client()
        sign_in(one, person_id)
        return with_second_factor(one)

    return signed_in


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.OFFICER, Role.DESK, Role.MOBILE_UNIT])
def test_who_lives_where_is_for_housing_officers_alone(
    app_client: Callable[[UUID], FlaskClient], acting: Acting, home: Home, role: Role
) -> None:
    with acting(system_in(home.lodge.city.id)) as ctx:
        other = make_staff(ctx, role, home.lodge.city)
    client = app_client(other)
    for address in (LIST, f"{LIST}/all", f"{LIST}/{home.stay_id}", "/en/housing/follow-ups"):
        assert client.get(address).status_code in (403, 404)


def test_what_was_asked_of_somebody_who_has_left_stays_readable(
    officer: FlaskClient, acting: Acting, home: Home, html: Html
) -> None:
    stay_id = guest(acting, home, "Se Ne Va", 2, -20, 25)
    with acting(home.officer) as ctx:
        left(ctx, stay_id)
    page = html(officer.get(f"{LIST}/{stay_id}"))
    assert "How it ended" in page
    assert "After 6 months" in page
    assert "Se Ne Va" not in html(officer.get(f"{LIST}/all"))


def test_rent_support_that_goes_on_after_the_stay_is_shown_to_whoever_ends_it(
    client: FlaskClient, sign_in: SignIn, acting: Acting, html: Html
) -> None:
    with acting(system_in()) as ctx:
        tenancy = make_tenancy(ctx)
        make_support(ctx, tenancy, first_due=date(2026, 4, 1))
        row = ctx.db.get_one(Placement, tenancy.placement_id)
        row.state, row.moved_out_on = StayState.ENDED, date(2026, 3, 14)
        row.is_clean, row.deposit_back_cents = True, 0
    sign_in(client, tenancy.officer.own_id)
    with_second_factor(client)
    page = html(client.get(f"/en/housing/stays/{tenancy.placement_id}"))
    assert "Rent support for this stay still goes on" in page
