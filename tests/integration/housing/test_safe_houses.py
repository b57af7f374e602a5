"""A safe house is on no list, page, table, file or choice outside its team."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.models import Bed, HousingFile, Lease, Offer, Owner, Room, Unit, UnitTeam
from civic.housing.operations.files import Paper
from civic.housing.operations.offers import keep_contract
from civic.housing.queries.dwellings import Wanted, quarters, stock_table, units
from civic.housing.queries.offers import offers, owner_page, owners
from civic.housing.rules.stock import OfferState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.housing import Lodge, make_lodge
from tests.factories.housing_stock import PDF, make_offer, send_file, unit_sent

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
NAME, QUARTER, STREET = "Casa Viola", "Opicina", "via Nascosta 9"


@pytest.fixture
def lodge(acting: Acting) -> Lodge:
    with acting(system_in()) as ctx:
        return make_lodge(ctx)


@pytest.fixture
def outside(acting: Acting, lodge: Lodge) -> Actor:
    """Another housing officer of the city."""
    with acting(system_in(lodge.city.id)) as ctx:
        return actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Ugo Altri"))


@pytest.fixture
def inside(app: Flask, lodge: Lodge, sign_in: SignIn) -> FlaskClient:
    client = app.test_client()
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


@pytest.fixture
def other(app: Flask, outside: Actor, sign_in: SignIn) -> FlaskClient:
    client = app.test_client()
    sign_in(client, outside.own_id)
    return with_second_factor(client)


@pytest.fixture
def offer_id(acting: Acting, lodge: Lodge) -> UUID:
    with acting(lodge.officer) as ctx:
        return make_offer(ctx, lodge, "Sara Segreta", address=STREET, state=OfferState.ACCEPTED)


@pytest.fixture
def house(inside: FlaskClient, acting: Acting, lodge: Lodge, offer_id: UUID) -> UUID:
    """A safe house that was an offer, with a plan and a lease; written down by its form."""
    with acting(lodge.officer) as ctx:
        owner_id = ctx.db.get_one(Offer, offer_id).owner_id
    told = unit_sent(
        name=NAME, quarter=QUARTER, address=STREET, is_safe_house="y", owner=str(owner_id)
    )
    answer = inside.post(f"/it/housing/units/new?offer={offer_id}", data=told)
    assert answer.status_code == 302
    assert send_file(inside, f"{answer.location}/files", PDF, kind="floor_plan").status_code == 302
    lease = {"direction": "in", "starts_on": "2026-01-01", "rent": "600"}
    assert inside.post(f"{answer.location}/leases/new", data=lease).status_code == 302
    return UUID(answer.location.rsplit("/", 1)[1])


def ids(ctx: Context, house: UUID) -> dict[str, UUID]:
    return {
        "room": ctx.db.scalars(select(Room.id).where(Room.unit_id == house)).all()[0],
        "bed": ctx.db.scalars(select(Bed.id).where(Bed.unit_id == house)).all()[0],
        "lease": ctx.db.scalars(select(Lease.id).where(Lease.unit_id == house)).one(),
        "file": ctx.db.scalars(select(HousingFile.id).where(HousingFile.about_id == house)).one(),
        "owner": ctx.db.scalars(select(Owner.id)).one(),
    }


def pages(found: dict[str, UUID], house: UUID, offer_id: UUID) -> list[str]:
    """Every address of the stock that names something of the house."""
    unit, offer = f"/it/housing/units/{house}", f"/it/housing/offers/{offer_id}"
    return [
        unit,
        f"{unit}/change",
        f"{unit}/give-up",
        f"{unit}/rooms/new",
        f"{unit}/leases/new",
        f"/it/housing/rooms/{found['room']}",
        f"/it/housing/beds/{found['bed']}",
        f"/it/housing/leases/{found['lease']}",
        f"/it/housing/files/{found['file']}",
        f"/it/housing/owners/{found['owner']}",
        f"/it/housing/owners/{found['owner']}/change",
        offer,
        f"/it/housing/units/new?offer={offer_id}",
    ]


def changes(found: dict[str, UUID], house: UUID, offer_id: UUID) -> list[str]:
    unit, offer = f"/it/housing/units/{house}", f"/it/housing/offers/{offer_id}"
    return [
        *(each for each in pages(found, house, offer_id) if each.endswith(("change", "new"))),
        f"{unit}/give-up",
        f"{unit}/keep-open",
        f"{unit}/files/{found['file']}/remove",
        f"/it/housing/rooms/{found['room']}",
        f"/it/housing/rooms/{found['room']}/beds",
        f"/it/housing/beds/{found['bed']}",
        f"/it/housing/beds/{found['bed']}/away",
        f"/it/housing/beds/{found['bed']}/keep",
        f"/it/housing/leases/{found['lease']}",
        f"/it/housing/owners/{found['owner']}/contract",
        f"{offer}/visits",
        f"{offer}/refuse",
        f"{offer}/withdraw",
        f"{offer}/accept",
    ]


SENT = {
    **unit_sent(name="Preso"),
    "day": "2026-06-01",
    "words": "x",
    "reason": "other",
    "direction": "in",
    "starts_on": "2026-01-01",
    "rent": "1",
    "owner_name": "x",
    "rooms": "1",
    "offered_on": "2026-03-01",
}


def test_whoever_is_outside_the_team_finds_none_of_its_pages(
    other: FlaskClient, inside: FlaskClient, acting: Acting, lodge: Lodge, house: UUID,
    offer_id: UUID,
) -> None:  # fmt: skip
    with acting(lodge.officer) as ctx:
        found = ids(ctx, house)
    for page in pages(found, house, offer_id):
        assert other.get(page).status_code == 404, page
        expected = 409 if "?offer=" in page else 200
        assert inside.get(page).status_code == expected, page


def test_whoever_is_outside_the_team_changes_nothing_of_it(
    other: FlaskClient, outside: Actor, acting: Acting, lodge: Lodge, house: UUID, offer_id: UUID
) -> None:
    with acting(lodge.officer) as ctx:
        found = ids(ctx, house)
        sent = {**SENT, "visitor": str(outside.own_id), "beds": "1"}
    for page in changes(found, house, offer_id):
        assert other.post(page, data=sent).status_code == 404, page
    file = f"/it/housing/units/{house}/files"
    assert send_file(other, file, PDF, kind="floor_plan").status_code == 404
    contract = f"/it/housing/owners/{found['owner']}/contract"
    assert send_file(other, contract, PDF).status_code == 404
    with acting(lodge.officer) as ctx:
        row = ctx.db.get_one(Unit, house)
        assert (row.name, row.closed_on) == (NAME, None)
        assert ids(ctx, house) == found


def test_no_list_filter_or_choice_tells_of_it(
    other: FlaskClient, inside: FlaskClient, house: UUID, html: Html
) -> None:
    lists = (
        "/it/housing/units",
        "/it/housing/units?closed=1",
        f"/it/housing/units?quarter={QUARTER}",
        "/it/housing/units/new",
        "/it/housing/offers",
        "/it/housing/offers?show=answered",
        "/it/housing/offers/new",
        "/it/housing/owners",
    )
    for page in lists:
        text = html(other.get(page))
        for word in (NAME, STREET, "Sara Segreta", str(house)):
            assert word not in text, (page, word)
        assert f"<option>{QUARTER}" not in text
    assert NAME in html(inside.get("/it/housing/units"))
    assert "Sara Segreta" in html(inside.get("/it/housing/owners"))


def test_it_travels_in_no_table_not_even_its_team_s(
    other: FlaskClient, inside: FlaskClient, house: UUID
) -> None:
    for client in (other, inside):
        assert NAME not in client.get("/it/housing/units/table.csv").data.decode()
        book = load_workbook(io.BytesIO(client.get("/it/housing/units/table.xlsx").data))
        sheet = str(book.get_sheet_by_index(0).to_python())
        assert "Casa Ginestra" in sheet
        assert NAME not in sheet
        assert QUARTER not in sheet


def test_the_queries_themselves_leave_it_out(
    acting: Acting, lodge: Lodge, outside: Actor, house: UUID
) -> None:
    with acting(outside) as ctx:
        today = rome_day(ctx.now())
        city = lodge.city.id
        everything = Wanted(closed_too=True)
        assert house not in {row.id for row in units(ctx, city, everything, today)}
        assert QUARTER not in quarters(ctx, city)
        assert house not in {row.id for row in stock_table(ctx, city, today)}
        assert offers(ctx, city, list(OfferState)) == []
        assert owners(ctx, city) == []


def test_its_name_refused_to_nobody_tells_nobody_that_it_is_there(
    other: FlaskClient, inside: FlaskClient, acting: Acting, lodge: Lodge, house: UUID
) -> None:
    assert inside.post("/it/housing/units/new", data=unit_sent(name=NAME)).status_code == 409
    assert other.post("/it/housing/units/new", data=unit_sent(name=NAME)).status_code == 302
    opened = {**unit_sent(name=NAME)}
    answer = inside.post(f"/it/housing/units/{house}/change", data=opened)
    assert answer.status_code == 409, (
        "no longer a safe house, it would be a second one of that name"
    )
    with acting(lodge.officer) as ctx:
        assert ctx.db.get_one(Unit, house).is_safe_house


def test_an_owner_of_other_flats_stays_in_sight_without_papers_that_tell_of_it(
    other: FlaskClient, acting: Acting, lodge: Lodge, outside: Actor, house: UUID, tmp_path: Path
) -> None:
    store = FileStore(tmp_path / "files" / "housing")
    with acting(lodge.officer) as ctx:
        owner_id = ctx.db.scalars(select(Unit.owner_id).where(Unit.id == house)).one()
        assert owner_id is not None
        file_id = keep_contract(ctx, store, owner_id, Paper("application/pdf", PDF))
        ctx.db.get_one(Unit, lodge.unit_id).owner_id = owner_id
    with acting(outside) as ctx:
        page = owner_page(ctx, owner_id)
        assert [name for _id, name in page.units] == ["Casa Ginestra"]
        assert (page.offers, page.files, page.has_papers) == ((), (), False)
    assert other.get(f"/it/housing/owners/{owner_id}").status_code == 200
    assert other.get(f"/it/housing/files/{file_id}").status_code == 404
    remove = f"/it/housing/owners/{owner_id}/files/{file_id}/remove"
    assert other.post(remove).status_code == 404
    with acting(lodge.officer) as ctx:
        assert owner_page(ctx, owner_id).has_papers
        with pytest.raises(NotFound):
            keep_contract(ctx.acting(outside), store, owner_id, Paper("application/pdf", PDF))


def team(acting: Acting, lodge: Lodge, unit_id: UUID) -> set[UUID]:
    with acting(lodge.officer) as ctx:
        found = select(UnitTeam.person_id).where(UnitTeam.unit_id == unit_id)
        return set(ctx.db.scalars(found))


def test_whoever_makes_it_a_safe_house_is_always_on_its_team(
    inside: FlaskClient, other: FlaskClient, acting: Acting, lodge: Lodge, outside: Actor,
    house: UUID,
) -> None:  # fmt: skip
    assert team(acting, lodge, house) == {lodge.officer.own_id}
    at = f"/it/housing/units/{house}"
    told = unit_sent(name=NAME, is_safe_house="y", team=[str(outside.own_id)])
    assert inside.post(f"{at}/change", data=told).status_code == 302
    assert team(acting, lodge, house) == {lodge.officer.own_id, outside.own_id}
    assert other.get(at).status_code == 200
    assert other.post(f"{at}/change", data={**told, "team": []}).status_code == 302
    assert team(acting, lodge, house) == {outside.own_id}, "a colleague takes one off the team"
    assert inside.get(at).status_code == 404


def test_only_housing_officers_of_the_city_are_on_a_team(
    inside: FlaskClient, acting: Acting, lodge: Lodge, house: UUID
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        desk = make_staff(ctx, Role.DESK, lodge.city, name="Dina Desk")
    told = unit_sent(name=NAME, is_safe_house="y", team=[str(desk)])
    assert inside.post(f"/it/housing/units/{house}/change", data=told).status_code == 422
    assert team(acting, lodge, house) == {lodge.officer.own_id}


def test_a_house_that_is_safe_no_longer_is_seen_by_all_and_keeps_no_team(
    inside: FlaskClient, other: FlaskClient, acting: Acting, lodge: Lodge, house: UUID
) -> None:
    at = f"/it/housing/units/{house}"
    assert inside.post(f"{at}/change", data=unit_sent(name=NAME)).status_code == 302
    assert other.get(at).status_code == 200
    assert team(acting, lodge, house) == set()


def test_a_dwelling_that_all_saw_goes_out_of_sight_with_its_owner_once_it_is_a_safe_house(
    inside: FlaskClient, other: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    at = f"/it/housing/units/{lodge.unit_id}"
    assert other.get(at).status_code == 200
    told = unit_sent(name="Casa Ginestra", is_safe_house="y")
    assert inside.post(f"{at}/change", data=told).status_code == 302
    assert other.get(at).status_code == 404
    assert "Casa Ginestra" not in html(other.get("/it/housing/units"))
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalars(select(Owner.id)).all() == []
