"""Dwellings: rooms and beds, beds that go; and the table to take away."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.housing.models import Bed, Room, Unit
from civic.housing.operations.nights import close_beds
from civic.housing.queries.dwellings import Wanted, units
from civic.housing.rules.nights import Nights, VoidReason
from civic.housing.rules.stock import Gender, UnitKind
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing import Lodge, make_lodge, make_request, make_stay, members_of
from tests.factories.housing_stock import unit_sent

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
NEW = "/it/housing/units/new"


@pytest.fixture
def lodge(acting: Acting) -> Lodge:
    with acting(system_in()) as ctx:
        return make_lodge(ctx)


@pytest.fixture
def officer(client: FlaskClient, lodge: Lodge, sign_in: SignIn) -> FlaskClient:
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


@pytest.fixture
def at(lodge: Lodge) -> str:
    return f"/it/housing/units/{lodge.unit_id}"


def booked(acting: Acting, lodge: Lodge, nights: int = 30) -> UUID:
    with acting(lodge.officer) as ctx:
        request_id = make_request(ctx, lodge.city)
        make_stay(ctx, lodge, request_id, nights=nights)
        return members_of(ctx, request_id)[0]


def untils(acting: Acting, lodge: Lodge) -> list[date | None]:
    with acting(lodge.officer) as ctx:
        return [ctx.db.get_one(Bed, bed_id).until_night for bed_id in lodge.beds]


def test_a_dwelling_is_written_down_with_its_rooms_and_beds(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    answer = officer.post(NEW, data=unit_sent())
    assert answer.status_code == 302
    page = html(officer.get(answer.location))
    assert "via del Mare 3" in page
    assert page.count("/it/housing/beds/") == 3
    with acting(lodge.officer) as ctx:
        unit = ctx.db.scalars(select(Unit).where(Unit.name == "Casa Salvia")).one()
        assert (unit.night_cost_cents, unit.turnaround_nights) == (1250, 2)
        assert b"Mare" not in unit.sealed
        beds = ctx.db.execute(
            select(Room.name, func.count(), func.min(Bed.from_night))
            .join(Bed, Bed.room_id == Room.id)
            .where(Room.unit_id == unit.id)
            .group_by(Room.name)
            .order_by(Room.name)
        ).all()
    april = date(2026, 4, 1)
    assert [(count, first) for _name, count, first in beds] == [(2, april), (1, april)]


def test_the_same_form_sent_twice_is_one_dwelling(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    told = unit_sent(sent=str(uuid4()))
    first, second = (officer.post(NEW, data=told) for _turn in range(2))
    assert first.location == second.location
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Unit)) == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("beds", "0"),
        ("beds", "2, 0"),
        ("beds", "500"),
        ("beds", "40, 40, 40"),
        ("beds", "-2"),
        ("beds", "due"),
        ("beds", ""),
        ("night_cost", "-12"),
        ("night_cost", "0,123456789012"),
        ("turnaround_nights", "-1"),
        ("turnaround_nights", "400"),
        ("name", ""),
        ("address", ""),
        ("kind", "castle"),
        ("from_night", "20266-04-01"),
        ("from_night", "1626-04-01"),
    ],
)
def test_what_cannot_be_meant_is_told_and_nothing_is_half_done(
    field: str, typed: str, officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    answer = officer.post(NEW, data=unit_sent(**{field: typed}))
    assert answer.status_code == 422
    page = html(answer)
    assert 'class="error-summary"' in page
    assert 'value="Cavana"' in page, "what was typed is kept"
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Unit)) == 1
        assert ctx.db.scalar(select(func.count()).select_from(Room)) == 1


def test_digits_of_any_script_count_beds(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    assert officer.post(NEW, data=unit_sent(beds="٢، ١")).status_code == 302
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Bed)) == 2 + 3


def test_two_dwellings_of_one_name_are_refused(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, at: str
) -> None:
    answer = officer.post(NEW, data=unit_sent(name="Casa Ginestra"))
    assert answer.status_code == 409
    assert "Casa Ginestra" in html(answer)
    assert officer.post(NEW, data=unit_sent()).status_code == 302
    renamed = officer.post(f"{at}/change", data=unit_sent())
    assert renamed.status_code == 409
    with acting(lodge.officer) as ctx:
        assert ctx.db.get_one(Unit, lodge.unit_id).name == "Casa Ginestra"


def test_a_dwelling_is_changed_and_its_words_come_back_into_the_form(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, at: str
) -> None:
    assert 'value="via dei Giacinti 7, interno 3"' in html(officer.get(f"{at}/change"))
    told = unit_sent(takes=["families", "single_women"], is_step_free="y", rules="Niente fumo")
    assert officer.post(f"{at}/change", data=told).status_code == 302
    with acting(lodge.officer) as ctx:
        row = ctx.db.get_one(Unit, lodge.unit_id)
        assert (row.name, row.kind, row.is_step_free) == ("Casa Salvia", UnitKind.TEMPORARY, True)
        assert row.takes == ["single_women", "families"] or row.takes == [
            "families",
            "single_women",
        ]
    assert "Niente fumo" in html(officer.get(at))


def test_the_list_shows_the_quarter_and_never_the_address(
    officer: FlaskClient, lodge: Lodge, html: Html
) -> None:
    page = html(officer.get("/it/housing/units"))
    assert "San Giacomo" in page
    assert "Giacinti" not in page
    assert "Casa Ginestra" not in html(officer.get("/it/housing/units?kind=market"))
    assert "Casa Ginestra" in html(officer.get("/it/housing/units?kind=castle&quarter=San+Giacomo"))
    assert officer.get("/it/housing/units?page=99999999999999999999&quarter=%00").status_code == 200


def test_the_list_counts_the_beds_that_are_free_tonight(acting: Acting, lodge: Lodge) -> None:
    booked(acting, lodge)
    with acting(lodge.officer) as ctx:
        today = rome_day(ctx.now())
        row = units(ctx, lodge.city.id, Wanted(), today)[0]
        assert (row.rooms, row.beds, row.free) == (1, 2, 1)
        close_beds(ctx, [lodge.beds[1]], Nights(today, date(2026, 3, 16)), VoidReason.DAMAGE)
        assert units(ctx, lodge.city.id, Wanted(), today)[0].free == 0


def test_reading_where_people_live_is_in_the_trail(
    officer: FlaskClient, acting: Acting, lodge: Lodge, at: str
) -> None:
    officer.get(at)
    with acting(lodge.officer) as ctx:
        actions = ctx.db.scalars(
            select(AuditEntry.action).where(AuditEntry.thing_id == lodge.unit_id)
        ).all()
    assert actions == ["housing.unit_read"]


def test_rooms_and_beds_are_added_and_named(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, at: str
) -> None:
    told = {"name": "Mansarda", "beds": "2", "from_night": "2026-05-01", "only_for": "woman"}
    assert officer.post(f"{at}/rooms/new", data=told).status_code == 302
    same = officer.post(f"{at}/rooms/new", data=told)
    assert same.status_code == 409
    assert 'value="Mansarda"' in html(same)
    with acting(lodge.officer) as ctx:
        room = ctx.db.scalars(select(Room).where(Room.name == "Mansarda")).one()
        assert room.only_for is Gender.WOMAN
    here = f"/it/housing/rooms/{room.id}"
    assert officer.post(here, data={"name": "Stanza 1"}).status_code == 409
    told = {"name": "Sottotetto", "is_step_free": "y", "only_for": ""}
    assert officer.post(here, data=told).status_code == 302
    more = {"beds": "2", "from_night": "2026-05-01"}
    assert officer.post(f"{here}/beds", data=more).status_code == 302
    with acting(lodge.officer) as ctx:
        row = ctx.db.get_one(Room, room.id)
        assert (row.name, row.is_step_free, row.only_for) == ("Sottotetto", True, None)
        beds = ctx.db.scalars(select(Bed).where(Bed.room_id == room.id).order_by(Bed.name)).all()
    assert [bed.name[-1] for bed in beds] == ["1", "2", "3", "4"]
    bed = f"/it/housing/beds/{beds[0].id}"
    assert officer.post(bed, data={"name": beds[1].name}).status_code == 409
    assert officer.post(bed, data={"name": "letto a castello"}).status_code == 302
    assert "letto a castello" in html(officer.get(at))
    assert officer.get(bed).status_code == officer.get(here).status_code == 200


@pytest.mark.parametrize("beds", ["0", "-1", "500", "99999999999999999999", ""])
def test_no_room_gets_no_bed_or_five_hundred(
    beds: str, officer: FlaskClient, acting: Acting, lodge: Lodge, at: str
) -> None:
    told = {"name": "Mansarda", "beds": beds, "from_night": "2026-05-01"}
    assert officer.post(f"{at}/rooms/new", data=told).status_code == 422
    with acting(lodge.officer) as ctx:
        room_id = ctx.db.scalars(select(Room.id)).one()
    answer = officer.post(f"/it/housing/rooms/{room_id}/beds", data=told)
    assert answer.status_code == 422
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Bed)) == 2


def test_a_dwelling_holds_no_more_beds_than_can_be_overseen(
    officer: FlaskClient, acting: Acting, lodge: Lodge, at: str
) -> None:
    for number, status in ((1, 302), (2, 302), (3, 422)):
        told = {"name": f"Camerata {number}", "beds": "40", "from_night": "2026-05-01"}
        assert officer.post(f"{at}/rooms/new", data=told).status_code == status
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Room)) == 3


def test_a_bed_goes_from_a_night_on_and_stays_after_all(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, at: str
) -> None:
    bed = f"/it/housing/beds/{lodge.beds[1]}"
    assert officer.post(f"{bed}/away", data={"day": "2026-06-01"}).status_code == 302
    assert untils(acting, lodge) == [None, date(2026, 6, 1)]
    assert html(officer.get(at)).count("1º giugno 2026") == 1
    assert officer.post(f"{bed}/keep").status_code == 302
    assert untils(acting, lodge) == [None, None]


def test_a_bed_is_not_taken_away_while_it_is_booked(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    booked(acting, lodge, nights=30)
    bed = f"/it/housing/beds/{lodge.beds[0]}"
    answer = officer.post(f"{bed}/away", data={"day": "2026-04-01"})
    assert answer.status_code == 409
    page = html(answer)
    assert 'value="2026-04-01"' in page, "what was typed is kept"
    assert "12 aprile 2026" in page, "the last night that is booked"
    assert untils(acting, lodge) == [None, None]
    assert officer.post(f"{bed}/away", data={"day": "2026-04-13"}).status_code == 302


def test_a_bed_that_is_gone_is_added_anew_and_not_brought_back(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    bed = f"/it/housing/beds/{lodge.beds[0]}"
    assert officer.post(f"{bed}/away", data={"day": "2026-03-14"}).status_code == 302
    assert officer.post(f"{bed}/keep").status_code == 409
    assert officer.post(f"{bed}/away", data={"day": "2026-05-01"}).status_code == 409
    assert untils(acting, lodge) == [date(2026, 3, 14), None]


@pytest.mark.parametrize("day", ["2024-03-14", "2099-01-01", "", "domani"])
def test_a_bed_goes_on_a_day_that_can_be_meant(
    day: str, officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    at_bed = f"/it/housing/beds/{lodge.beds[0]}/away"
    assert officer.post(at_bed, data={"day": day}).status_code == 422
    assert untils(acting, lodge) == [None, None]


def test_a_whole_dwelling_closes_with_all_its_beds_or_not_at_all(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html, at: str
) -> None:
    booked(acting, lodge, nights=30)
    refused = officer.post(f"{at}/give-up", data={"day": "2026-04-01"})
    assert refused.status_code == 409
    assert 'value="2026-04-01"' in html(refused)
    assert untils(acting, lodge) == [None, None], "the free bed stays, too"
    with acting(lodge.officer) as ctx:
        assert ctx.db.get_one(Unit, lodge.unit_id).closed_on is None
    assert officer.post(f"{at}/give-up", data={"day": "2026-04-20"}).status_code == 302
    assert untils(acting, lodge) == [date(2026, 4, 20)] * 2
    room = {"name": "Mansarda", "beds": "2", "from_night": "2026-05-01"}
    assert officer.post(f"{at}/rooms/new", data=room).status_code == 409
    away = {"day": "2026-04-15"}
    assert officer.post(f"/it/housing/beds/{lodge.beds[0]}/away", data=away).status_code == 409


def test_a_dwelling_that_is_to_close_stays_after_all_with_the_beds_it_had(
    officer: FlaskClient, acting: Acting, lodge: Lodge, at: str, clock: FrozenClock
) -> None:
    early = {"day": "2026-04-01"}
    assert officer.post(f"/it/housing/beds/{lodge.beds[0]}/away", data=early).status_code == 302
    assert officer.post(f"{at}/give-up", data={"day": "2026-04-20"}).status_code == 302
    assert officer.post(f"{at}/keep-open").status_code == 302
    assert untils(acting, lodge) == [date(2026, 4, 1), None]
    assert officer.post(f"{at}/give-up", data={"day": "2026-03-14"}).status_code == 302
    assert officer.post(f"{at}/keep-open").status_code == 409


def test_a_closed_dwelling_is_listed_only_when_asked_for(
    officer: FlaskClient, lodge: Lodge, html: Html, at: str
) -> None:
    officer.post(f"{at}/give-up", data={"day": "2026-03-14"})
    assert "Casa Ginestra" not in html(officer.get("/it/housing/units"))
    assert "Casa Ginestra" in html(officer.get("/it/housing/units?closed=1"))


def test_the_table_goes_away_as_csv_and_xlsx_without_addresses(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    officer.post(NEW, data=unit_sent(name="=1+1", from_night="2026-03-01"))
    answer = officer.get("/it/housing/units/table.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "Casa Ginestra"]
    assert rows[1][5:8] == ["2", "3", "3"]
    assert rows[1][9] == "12.5"
    assert "Giacinti" not in answer.data.decode()
    book = load_workbook(io.BytesIO(officer.get("/it/housing/units/table.xlsx").data))
    sheet = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:]] == ["=1+1", "Casa Ginestra"]
    assert not re.search("Giacinti|Mare", str(sheet))
    with acting(lodge.officer) as ctx:
        exports = ctx.db.scalars(
            select(AuditEntry.details).where(AuditEntry.action == "housing.stock_exported")
        ).all()
    assert exports == [{"units": 2}, {"units": 2}]
