"""The pages of figures: who may read them, what they never show, and files of the same."""

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.housing.operations import nights as night_book
from civic.housing.operations.moving import Counting, Leaving, move_in, move_out
from civic.housing.operations.stays import transfer
from civic.housing.placing_models import Placement
from civic.housing.queries import figures as queries
from civic.housing.queries.counted import Asked
from civic.housing.rules.figures import Period
from civic.housing.rules.nights import Nights, VoidReason
from civic.housing.rules.placing import Outcome
from civic.housing.rules.stock import UnitKind
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.reporting.housing import network_dwellings
from tests.conftest import SATURDAY_MORNING, Counted
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.housing import (
    Lodge,
    make_grant,
    make_lodge,
    make_request,
    make_resident,
    make_stay,
    make_unit,
)
from tests.factories.housing_figures import let_to_us, support_of, work_done
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Statements = Callable[[], AbstractContextManager[Counted]]
TODAY = date(2026, 3, 14)
WINTER = Period(date(2026, 1, 1), TODAY)
PAGE = "/it/housing/figures"
MOST_STATEMENTS = 22


@dataclass(frozen=True)
class Town:
    lodge: Lodge
    hidden: UUID
    hidden_bed: UUID
    insider: Actor
    clock: FrozenClock

    def asked(self, ctx: Context) -> queries.Report:
        return queries.report(ctx, Asked(WINTER), self.lodge.city.id)


@pytest.fixture
def town(acting: Acting, clock: FrozenClock) -> Town:
    """A co-housing of two beds, and a safe house of which one officer knows: the city's only emergency
    beds."""
    with acting(system_in()) as ctx:
        lodge = make_lodge(ctx)
        insider = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Ines"))
        hidden, (bed,) = make_unit(
            ctx,
            lodge.city,
            "Casa Segreta",
            rooms=(1,),
            kind=UnitKind.EMERGENCY,
            team=[insider.own_id],
            night_cost_cents=77_700,
        )
    return Town(lodge, hidden, bed, insider, clock)


def stay_of(
    ctx: Context, town: Town, name: str, bed: int, first: date, nights: int, *, is_over: bool = True
) -> UUID:
    """Written down on its days, and ended unless it goes on."""
    town.clock.instant = SATURDAY_MORNING + (first - TODAY)
    who = make_resident(ctx, town.lodge.city, name)
    request_id = make_request(ctx, town.lodge.city, [who])
    beds = [town.lodge.beds[bed]]
    stay_id = make_stay(ctx, town.lodge, request_id, first=first, nights=nights, beds=beds)
    officer = ctx.acting(town.lodge.officer)
    move_in(officer, stay_id, Counting(first))
    if is_over:
        leave(officer, town, stay_id, first + timedelta(days=nights))
    town.clock.instant = SATURDAY_MORNING
    return stay_id


def leave(ctx: Context, town: Town, stay_id: UUID, day: date) -> None:
    town.clock.instant = SATURDAY_MORNING + (day - TODAY)
    move_out(ctx, stay_id, Leaving(Counting(day), Outcome.OWN_LEASE, True, 0, "fine"))
    town.clock.instant = SATURDAY_MORNING


def opened(client: FlaskClient, sign_in: SignIn, who: Actor, page: str = PAGE) -> TestResponse:
    sign_in(client, who.own_id)
    return with_second_factor(client).get(page)


def test_the_page_shows_both_sides_of_the_use_rate(
    client: FlaskClient, sign_in: SignIn, acting: Acting, town: Town
) -> None:
    """1 January to 13 March: 72 nights of two beds; one closed for 36, the other slept in for 30."""
    with acting(system_in(town.lodge.city.id)) as ctx:
        stay_of(ctx, town, "Awa", 0, date(2026, 1, 10), 30)
        closed = Nights(date(2026, 1, 5), date(2026, 2, 10))
        night_book.close_beds(ctx, [town.lodge.beds[1]], closed, VoidReason.PESTS)
    page = opened(client, sign_in, town.lodge.officer, "/en/housing/figures")
    assert page.status_code == 200
    words = re.sub(r"<[^>]+>|\s+", " ", page.text)
    assert "30 of 144" in words
    assert "30 of 108, 36 excluded" in words
    assert "20.8 %" in page.text.replace("\xa0", " ").replace("\u202f", " ")
    assert "27.8 %" in page.text.replace("\xa0", " ").replace("\u202f", " ")
    assert "closed: pests" in words
    assert "Casa Ginestra" in words
    assert "Awa" not in page.text


def test_tonight_and_what_is_planned_is_not_counted_yet(acting: Acting, town: Town) -> None:
    with acting(system_in(town.lodge.city.id)) as ctx:
        stay_of(ctx, town, "Awa", 0, date(2026, 3, 12), 60, is_over=False)
    whole_year = Period(date(2026, 1, 1), date(2027, 1, 1)).before(TODAY)
    with acting(town.lodge.officer) as ctx:
        report = queries.report(ctx, Asked(whole_year), town.lodge.city.id)
    assert (whole_year.last, report.total.nights.used) == (date(2026, 3, 13), 2)
    assert len(Period(date(2026, 5, 1), date(2026, 6, 1)).before(TODAY)) == 0


@pytest.mark.parametrize("query", ["", "?year=2026&part=q4", "?first=2026-05-01&last=2026-06-01"])
def test_a_city_without_nights_says_so(
    client: FlaskClient, sign_in: SignIn, acting: Acting, query: str
) -> None:
    with acting(system_in()) as ctx:
        city = make_city(ctx, "latina")
        officer = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, city))
    page = opened(client, sign_in, officer, f"/en/housing/figures{query}")
    assert page.status_code == 200
    assert "No night to count" in page.text


def test_safe_houses_are_in_nobodys_figures(
    client: FlaskClient, sign_in: SignIn, acting: Acting, town: Town
) -> None:
    """Not even their team's: nights, beds, stays, waits, costs, works, arrears, lists and files."""
    with acting(system_in(town.lodge.city.id)) as ctx:
        hidden = Lodge(town.lodge.city, town.insider, town.hidden, (town.hidden_bed,))
        inside = Town(hidden, town.hidden, town.hidden_bed, town.insider, town.clock)
        ended = stay_of(ctx, inside, "Zahra", 0, date(2026, 1, 10), 20)
        night_book.close_beds(
            ctx, [town.hidden_bed], Nights(date(2026, 2, 10), TODAY), VoidReason.SAFETY
        )
        let_to_us(ctx, town.hidden, 90_000, date(2025, 1, 1))
        work_done(ctx, town.hidden, 50_000, date(2026, 2, 1))
        who, grant = make_resident(ctx, town.lodge.city), make_grant(ctx, town.lodge.city)
        support_of(ctx, who, town.hidden, grant, [(date(2026, 1, 1), 9_900)], [], ended)
    for reader in (town.insider, town.lodge.officer):
        with acting(reader) as ctx:
            report = town.asked(ctx)
            excluded = queries.excluded_nights(ctx, Asked(WINTER), town.lodge.city.id)
        assert list(report.by_kind) == [UnitKind.COHOUSING]
        assert report.total.nights.offered == 2 * 72
        assert (report.total.nights.used, report.total.nights.lost, excluded) == (0, 0, [])
        assert (report.people, report.total.ended, report.total.waiting) == (0, 0, None)
        assert (report.total.costs.total, report.total.arrears.cents) == (0, 0)
        assert not any(asked.due for asked in report.follow_ups.values())
    page = opened(client, sign_in, town.insider, "/en/housing/figures")
    assert "Safe houses are not counted here." in page.text
    assert "Casa Segreta" not in page.text
    for file in ("figures.csv", "figures.csv?table=excluded"):
        assert "Segreta" not in client.get(f"/en/housing/{file}").text
    with acting(_coordinator(acting)) as ctx:
        (trieste,) = network_dwellings(ctx, WINTER)
    assert (trieste.nights.offered, trieste.nights.used, trieste.people) == (144, 0, 0)
    assert (trieste.ended, trieste.arrears_cents) == (0, 0)


def test_a_stay_that_moved_out_of_a_safe_house_is_not_counted(acting: Acting, town: Town) -> None:
    """Its length and its wait would tell of the nights there; the nights elsewhere are nights."""
    with acting(system_in(town.lodge.city.id)) as ctx:
        hidden = Lodge(town.lodge.city, town.insider, town.hidden, (town.hidden_bed,))
        inside = Town(hidden, town.hidden, town.hidden_bed, town.insider, town.clock)
        stay_id = stay_of(ctx, inside, "Zahra", 0, date(2026, 1, 10), 40, is_over=False)
        team = ctx.acting(town.insider)
        who = ctx.db.get_one(Placement, stay_id).resident_id
        transfer(team, stay_id, town.lodge.unit_id, {who: town.lodge.beds[0]}, date(2026, 2, 1))
        leave(team, town, stay_id, date(2026, 2, 10))
    with acting(town.lodge.officer) as ctx:
        report = town.asked(ctx)
    assert (report.total.nights.used, report.people) == (9, 1)
    assert (report.total.ended, report.total.length_of_stay, report.total.waiting) == (
        0,
        None,
        None,
    )


def _coordinator(acting: Acting) -> Actor:
    with acting(system_in()) as ctx:
        return actor_of(ctx, make_staff(ctx, Role.COORDINATOR))


def test_the_network_sees_counts_and_fewer_than_five_people_are_kept_back(
    client: FlaskClient, sign_in: SignIn, acting: Acting, town: Town
) -> None:
    with acting(system_in(town.lodge.city.id)) as ctx:
        for number in range(4):
            first = date(2026, 1, 1) + timedelta(days=15 * number)
            stay_of(ctx, town, f"Awa {number}", 0, first, 10)
        grant, who = make_grant(ctx, town.lodge.city), make_resident(ctx, town.lodge.city)
        support_of(ctx, who, town.lodge.unit_id, grant, [(date(2026, 1, 1), 9_900)], [])
    coordinator = _coordinator(acting)
    with acting(coordinator) as ctx:
        (trieste,) = network_dwellings(ctx, WINTER)
    assert (trieste.name, trieste.nights.used) == ("Trieste", 40)
    assert (trieste.people, trieste.ended, trieste.to_autonomy) == (None, None, None)
    assert (trieste.length_of_stay, trieste.waiting, trieste.arrears_cents) == (None, None, None)
    with acting(system_in(town.lodge.city.id)) as ctx:
        stay_of(ctx, town, "Awa 4", 1, date(2026, 1, 1), 10)
    with acting(coordinator) as ctx:
        (trieste,) = network_dwellings(ctx, WINTER)
    assert (trieste.people, trieste.ended, trieste.to_autonomy) == (5, 5, 5)
    assert trieste.length_of_stay is not None
    page = opened(client, sign_in, coordinator, "/en/network/housing")
    assert page.status_code == 200
    assert "Trieste" in page.text
    assert not any(name in page.text for name in ("Awa", "Ginestra", "San Giacomo", "PON-1"))
    assert "/en/network/housing" in client.get("/en/network").text


def test_another_citys_nights_are_never_among_ones_own(acting: Acting, town: Town) -> None:
    with acting(system_in()) as ctx:
        other = make_lodge(ctx, beds=3, slug="latina")
    with acting(town.lodge.officer) as ctx:
        assert town.asked(ctx).total.nights.offered == 2 * 72
        with pytest.raises(NotFound):
            queries.report(ctx, Asked(WINTER), other.city.id)
        with pytest.raises(NotFound):
            queries.excluded_nights(ctx, Asked(WINTER), other.city.id)
        with pytest.raises(NotFound):
            network_dwellings(ctx, WINTER)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.HOUSING_OFFICER, 200),
        (Role.OFFICER, 200),
        (Role.CITY_COORDINATOR, 200),
        (Role.CASE_WORKER, 404),
        (Role.DESK, 404),
        (Role.MOBILE_UNIT, 404),
        (Role.DATA_PROTECTION, 404),
    ],
)
def test_who_may_read_the_figures_of_a_city(
    client: FlaskClient, sign_in: SignIn, acting: Acting, town: Town, role: Role, status: int
) -> None:
    with acting(system_in(town.lodge.city.id)) as ctx:
        who = actor_of(ctx, make_staff(ctx, role, town.lodge.city, name="Reader"))
    for page in (PAGE, f"{PAGE}.csv", f"{PAGE}.xlsx"):
        assert opened(client, sign_in, who, page).status_code == status
    assert client.get("/it/network/housing").status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("first=2026-02-01&last=2026-01-01", "The last day comes before the first one."),
        ("first=2026-02-30&last=2026-03-01", "Write it as a day, or leave both days empty."),
        ("first=2026-02-01", "Choose both days, or neither of them."),
        ("last=2026-02-01", "Choose both days, or neither of them."),
        ("first=1900-01-01&last=2026-01-01", "That is too long: 10 years at most."),
    ],
)
def test_days_that_nobody_can_mean_are_said_beside_their_field(
    client: FlaskClient, sign_in: SignIn, town: Town, query: str, sentence: str
) -> None:
    page = opened(client, sign_in, town.lodge.officer, f"/en/housing/figures?{query}")
    assert page.status_code == 422
    assert sentence in page.text
    for given in re.findall(r"=([0-9-]+)", query):
        assert f'value="{given}"' in page.text
    assert client.get(f"/en/housing/figures.csv?{query}").status_code == 422


@pytest.mark.parametrize(
    "query",
    ["year=9999", "year=%00&part=13", "kind=castle&grant=1", "part=q9", "city=nowhere", "kind="],
)
def test_nonsense_in_the_address_counts_everything(
    client: FlaskClient, sign_in: SignIn, town: Town, query: str
) -> None:
    page = opened(client, sign_in, town.lodge.officer, f"/en/housing/figures?{query}")
    assert page.status_code == 200
    assert "0 of 144" in re.sub(r"<[^>]+>", "", page.text)


def test_parts_of_a_year_are_its_quarters_and_months(
    client: FlaskClient, sign_in: SignIn, town: Town
) -> None:
    """Two beds: 31 + 28 + 31 nights in the first quarter of 2025, 30 in April, the year 365."""
    opened(client, sign_in, town.lodge.officer)
    for query, offered in (
        ("year=2025&part=q1", "0 of 180"),
        ("year=2025&part=04", "0 of 60"),
        ("year=2025&part=12", "0 of 62"),
        ("year=2025&part=q4", "0 of 184"),
        ("year=2025", "0 of 730"),
        ("first=2025-03-29&last=2025-03-31", "0 of 6"),
    ):
        page = client.get(f"/en/housing/figures?{query}")
        assert offered in re.sub(r"<[^>]+>", "", page.text), query


def test_the_files_hold_the_same_figures(
    client: FlaskClient, sign_in: SignIn, acting: Acting, town: Town
) -> None:
    with acting(system_in(town.lodge.city.id)) as ctx:
        stay_of(ctx, town, "Awa", 0, date(2026, 1, 10), 30)
        closed = Nights(date(2026, 1, 5), date(2026, 2, 10))
        night_book.close_beds(ctx, [town.lodge.beds[1]], closed, VoidReason.PESTS)
    response = opened(client, sign_in, town.lodge.officer, "/en/housing/figures.csv?year=2026")
    assert response.content_type == "text/csv; charset=utf-8"
    text = response.get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    whole = rows[0]
    assert (whole["What is counted"], whole["Nights offered"]) == ("everything", "144")
    assert whole["Nights used: somebody lives there"] == "30"
    assert whole["Nights lost: closed: pests"] == "36"
    assert whole["Use of the nights offered, percent"] == "20.8"
    assert whole["Use without excluded nights, percent"] == "27.8"
    assert [row["Name"] for row in rows if row["What is counted"] == "month"] == [
        "2026-01",
        "2026-02",
        "2026-03",
    ]
    assert "Awa" not in text
    excluded = client.get("/en/housing/figures.csv?year=2026&table=excluded")
    (row,) = csv.DictReader(io.StringIO(excluded.get_data().decode("utf-8-sig")), delimiter=";")
    assert (row["Dwelling"], row["First night"], row["Nights"]) == (
        "Casa Ginestra",
        "2026-01-05",
        "36",
    )
    xlsx = client.get("/en/housing/figures.xlsx?year=2026")
    with ZipFile(io.BytesIO(xlsx.get_data())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>144</v>" in sheet
    assert "<v>20.8</v>" in sheet


def test_the_drawing_has_words_and_stays_within_a_phone(
    client: FlaskClient, sign_in: SignIn, acting: Acting, town: Town
) -> None:
    with acting(system_in(town.lodge.city.id)) as ctx:
        stay_of(ctx, town, "Awa", 0, date(2026, 1, 10), 30)
    for language in ("en", "ar"):
        page = opened(client, sign_in, town.lodge.officer, f"/{language}/housing/figures?year=2026")
        (drawing,) = re.findall(r"<svg[^>]*img-fluid.*?</svg>", page.text, re.DOTALL)
        assert 'viewBox="0 0 340 240"' in drawing
        assert 'role="img"' in drawing
        assert re.search(r'aria-label="[^"]{20,}"', drawing)
        assert "style=" not in drawing
        labels = [float(x) for x in re.findall(r'<text x="([0-9.]+)" y="228.0"', drawing)]
        assert len(labels) == 3
        assert labels == sorted(labels, reverse=language == "ar")


def test_the_page_asks_as_many_statements_for_fifty_beds_as_for_two(
    client: FlaskClient, sign_in: SignIn, acting: Acting, town: Town, statements: Statements
) -> None:
    opened(client, sign_in, town.lodge.officer)
    with statements() as few:
        assert client.get(PAGE).status_code == 200
    with acting(system_in(town.lodge.city.id)) as ctx:
        for number in range(12):
            make_unit(ctx, town.lodge.city, f"Casa {number}", rooms=(4,))
            stay_of(ctx, town, f"P {number}", 0, date(2026, 1, 1) + timedelta(days=6 * number), 5)
    with statements() as many:
        assert client.get(PAGE).status_code == 200
    assert many.total == few.total <= MOST_STATEMENTS
