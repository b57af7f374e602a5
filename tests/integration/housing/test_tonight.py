"""A bed for tonight in three steps: nothing is written before the last one, nothing typed is lost."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.housing.errors import BedTaken
from civic.housing.operations.tonight import (
    Party,
    TonightStay,
    free_tonight,
    place_tonight,
    tonight,
)
from civic.housing.placing_models import HousingRequest, Placement, PriorityChange, Resident
from civic.housing.rules.placing import RequestState, Source, Urgency
from civic.housing.rules.stock import Gender, UnitKind, Who
from civic.kernel.clock import ROME, FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.housing import Lodge, make_lodge, make_request, make_stay, make_unit
from tests.factories.housing_requests import TODAY

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
AT = "/en/housing/tonight"
AWA = {
    "called": "Awa", "gender": "woman", "is_adult": "yes", "women": "", "men": "",
    "children": "3, 7", "nights": "1", "step": "who",
}  # fmt: skip


@pytest.fixture
def lodge(acting: Acting) -> Lodge:
    with acting(system_in()) as ctx:
        return make_lodge(ctx, beds=3)


@pytest.fixture
def unit(acting: Acting, lodge: Lodge) -> Actor:
    with acting(system_in(lodge.city.id)) as ctx:
        return actor_of(ctx, make_staff(ctx, Role.MOBILE_UNIT, lodge.city, name="Ugo Unit"))


@pytest.fixture
def phone(client: FlaskClient, sign_in: SignIn, unit: Actor) -> FlaskClient:
    sign_in(client, unit.own_id)
    return with_second_factor(client)


def hidden(page: str) -> dict[str, str]:
    """What the last form but one of the page carries on: that of the first bed, or of the yes."""
    form = page.split("<form", 2)[2] if page.count("<form") > 1 else page
    for each in page.split("<form")[1:]:
        if 'name="choice"' in each:
            form = each
            break
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def test_three_steps_lead_to_an_address(
    phone: FlaskClient, acting: Acting, lodge: Lodge, unit: Actor, html: Html
) -> None:
    assert phone.get(AT).status_code == 200
    beds = phone.post(AT, data=AWA)
    assert beds.status_code == 200
    told = hidden(html(beds))
    assert (told["called"], told["children"], told["step"]) == ("Awa", "3, 7", "bed")
    asked = html(phone.post(AT, data=told))
    assert "until the morning of 15 March 2026" in asked
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(HousingRequest)) == 0
    yes = hidden(asked)
    assert yes["step"] == "yes"
    done = phone.post(AT, data=yes)
    assert done.status_code == 302
    assert "Awa" not in done.headers["Location"]
    way = html(phone.get(done.headers["Location"]))
    assert "via dei Giacinti 7" in way
    assert "040 0000002" in way
    with acting(lodge.officer) as ctx:
        (placement,) = ctx.db.scalars(select(Placement))
        (request,) = ctx.db.scalars(select(HousingRequest))
        assert placement.is_emergency
        assert (placement.first_night, placement.until_night) == (TODAY, date(2026, 3, 15))
        assert placement.placed_by == request.opened_by == unit.person_id
        assert (request.source, request.urgency, request.size, request.state) == (
            Source.TONIGHT, Urgency.TONIGHT, 3, RequestState.PLACED,
        )  # fmt: skip
        years = {row.birth_year for row in ctx.db.scalars(select(Resident))}
        assert years == {None, 2023, 2019}
        assert ctx.db.scalar(select(func.count()).select_from(PriorityChange)) == 1


def test_the_last_step_sent_twice_is_one_stay(
    phone: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    yes = hidden(html(phone.post(AT, data=hidden(html(phone.post(AT, data=AWA | {"sent": ""}))))))
    yes["sent"] = "0190163d-8694-739b-aea5-966c26f8ad91"
    first, second = phone.post(AT, data=yes), phone.post(AT, data=yes)
    assert first.headers["Location"] == second.headers["Location"]
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Placement)) == 1


@pytest.mark.parametrize("step", ["bed", "yes"])
def test_a_bed_taken_meanwhile_is_said_and_nothing_typed_is_lost(
    step: str, phone: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        make_unit(ctx, lodge.city, "Casa Acanto", (3,))
    chosen = hidden(html(phone.post(AT, data=AWA))) | {"step": step}
    taken = chosen["choice"].split(":")[0] == str(lodge.unit_id)
    with acting(lodge.officer) as ctx:
        beds = [UUID(each) for each in chosen["choice"].split(":")[1].split(",")]
        request_id = make_request(ctx, lodge.city)
        if taken:
            make_stay(ctx, lodge, request_id, beds=beds)
        else:
            other = Lodge(lodge.city, lodge.officer, UUID(chosen["choice"].split(":")[0]), ())
            make_stay(ctx, other, request_id, beds=beds)
    answer = phone.post(AT, data=chosen)
    page = html(answer)
    assert answer.status_code == 409
    assert "no longer free" in page or "Somebody was quicker" in page
    told = hidden(page)
    assert (told["called"], told["children"]) == ("Awa", "3, 7")
    assert told["choice"] != chosen["choice"]
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(HousingRequest)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"called": ""}, "Write how they want to be called"),
        ({"gender": ""}, "Choose one"),
        ({"is_adult": "no"}, "between 0 and 17"),
        ({"is_adult": "no", "age": "40"}, "between 0 and 17"),
        ({"children": "three"}, "how old each child is"),
        ({"children": "3, 40"}, "how old each child is"),
        ({"women": "-1"}, "Between 0 and 12"),
        ({"women": "11", "men": "11"}, "more than 12 people"),
        ({"nights": "9"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    phone: FlaskClient, html: Html, wrong: dict[str, str], said: str
) -> None:
    answer = phone.post(AT, data=AWA | wrong)
    assert answer.status_code == 422
    assert said in html(answer)


@pytest.mark.parametrize("choice", ["", "x", "0:1", "00000000-0000-0000-0000-000000000000:x"])
def test_a_choice_that_is_none_shows_the_beds_again(
    phone: FlaskClient, html: Html, choice: str
) -> None:
    answer = phone.post(AT, data=AWA | {"choice": choice, "step": "yes"})
    assert answer.status_code == 422
    assert "Choose one of the beds." in html(answer)


def test_a_dwelling_of_nowhere_or_one_bed_for_three_places_nobody(
    phone: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    nowhere = UUID(int=7)
    for choice in (
        f"{lodge.unit_id}:{lodge.beds[0]}",
        f"{nowhere}:{','.join(map(str, lodge.beds))}",
        f"{lodge.unit_id}:{','.join([str(nowhere)] * 3)}",
        f"{lodge.unit_id}:{','.join([str(lodge.beds[0])] * 3)}",
    ):
        answer = phone.post(AT, data=AWA | {"choice": choice, "step": "yes"})
        assert answer.status_code in (404, 409, 422)
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Resident)) == 0


def test_one_goes_back_with_what_was_typed(phone: FlaskClient, html: Html) -> None:
    page = html(phone.post(AT, data=AWA | {"step": "back"}))
    assert 'value="Awa"' in page
    assert 'value="3, 7"' in page


def test_only_its_team_hears_of_a_safe_house_and_only_for_who_is_looked_for(
    acting: Acting, lodge: Lodge, unit: Actor
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        make_unit(ctx, lodge.city, "Casa Segreta", (1,), team=[unit.own_id])
        desk = actor_of(ctx, make_staff(ctx, Role.DESK, lodge.city))
    seen = {}
    for name, who, is_looked_for in (
        ("team", unit, True), ("team, nobody looks", unit, False), ("desk", desk, True),
    ):  # fmt: skip
        with acting(who) as ctx:
            party = Party("Awa", Gender.WOMAN, is_adult=True, is_looked_for=is_looked_for)
            found = free_tonight(ctx, lodge.city.id, party, 1)
            seen[name] = [each.unit_name for each in found]
    assert seen == {
        "team": ["Casa Segreta", "Casa Ginestra"],
        "team, nobody looks": ["Casa Ginestra"],
        "desk": ["Casa Ginestra"],
    }


def test_emergency_beds_come_first_and_a_minor_alone_only_where_minors_are_looked_after(
    acting: Acting, lodge: Lodge, unit: Actor
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        make_unit(ctx, lodge.city, "Zattera", (4,), kind=UnitKind.EMERGENCY)
        make_unit(ctx, lodge.city, "Casa Minori", (2,), takes=[Who.MINORS])
    with acting(unit) as ctx:
        adult = Party("Omar", Gender.MAN, is_adult=True)
        minor = Party("Ali", Gender.MAN, is_adult=False, age=16)
        assert free_tonight(ctx, lodge.city.id, adult, 1)[0].unit_name == "Zattera"
        found = free_tonight(ctx, lodge.city.id, minor, 1)
        assert [each.unit_name for each in found] == ["Casa Minori"]


def test_after_midnight_it_is_still_the_night_that_began_the_day_before(
    acting: Acting, lodge: Lodge, unit: Actor, clock: FrozenClock
) -> None:
    for wall, began in (
        (datetime(2026, 3, 15, 1, 30, tzinfo=ROME), TODAY),
        (datetime(2026, 3, 15, 7, 0, tzinfo=ROME), date(2026, 3, 15)),
        # The night in which the clocks go forward.
        (datetime(2026, 3, 29, 4, 30, tzinfo=ROME), date(2026, 3, 28)),
    ):
        clock.instant = wall
        with acting(unit) as ctx:
            assert tonight(ctx) == began
    with acting(unit) as ctx:
        new = TonightStay(
            lodge.city.id, Party("Awa", Gender.WOMAN, is_adult=True), 1, lodge.unit_id,
            lodge.beds[:1], "it",
        )  # fmt: skip
        placement = ctx.db.get_one(Placement, place_tonight(ctx, new))
        assert placement.first_night == date(2026, 3, 28)
        assert placement.until_night == date(2026, 3, 29)


def test_a_bed_that_is_taken_leaves_nothing_behind(
    acting: Acting, lodge: Lodge, unit: Actor
) -> None:
    with acting(lodge.officer) as ctx:
        make_stay(ctx, lodge, make_request(ctx, lodge.city))
    new = TonightStay(
        lodge.city.id, Party("Awa", Gender.WOMAN, is_adult=True), 1, lodge.unit_id,
        lodge.beds[:1], "it",
    )  # fmt: skip
    with pytest.raises(BedTaken), acting(unit) as ctx:
        place_tonight(ctx, new)
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(HousingRequest)) == 1
        assert ctx.db.scalar(select(func.count()).select_from(Resident)) == 1


def test_the_way_is_shown_to_who_placed_them_and_to_officers_until_it_is_over(
    acting: Acting, lodge: Lodge, unit: Actor, phone: FlaskClient, clock: FrozenClock,
    sign_in: SignIn,
) -> None:  # fmt: skip
    with acting(unit) as ctx:
        new = TonightStay(
            lodge.city.id, Party("Awa", Gender.WOMAN, is_adult=True), 1, lodge.unit_id,
            lodge.beds[:1], "it",
        )  # fmt: skip
        at = f"{AT}/{place_tonight(ctx, new)}"
    assert phone.get(at).status_code == 200
    with acting(system_in(lodge.city.id)) as ctx:
        others = [
            make_staff(ctx, role, lodge.city) for role in (Role.MOBILE_UNIT, Role.HOUSING_OFFICER)
        ]
        stay = make_stay(ctx, lodge, make_request(ctx, lodge.city), beds=lodge.beds[1:])
    assert phone.get(f"{AT}/{stay}").status_code == 404
    for who, status in zip(others, (404, 200), strict=True):
        client = phone.application.test_client()
        sign_in(client, who)
        assert with_second_factor(client).get(at).status_code == status
    clock.advance(timedelta(days=3))
    sign_in(phone, unit.own_id)
    assert with_second_factor(phone).get(at).status_code == 409


def test_a_case_worker_places_nobody_at_night(acting: Acting, lodge: Lodge) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        worker = actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, lodge.city))
    with acting(worker) as ctx, pytest.raises(NotFound):
        free_tonight(ctx, lodge.city.id, Party("Awa", Gender.WOMAN, is_adult=True), 1)
