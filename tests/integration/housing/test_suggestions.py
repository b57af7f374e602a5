"""Which free beds are suggested to a household, and which households to a dwelling."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.housing.operations.proposals import (
    NewProposal,
    accept,
    propose,
)
from civic.housing.operations.residents import NewPerson
from civic.housing.placing_models import HousingRequest
from civic.housing.queries.fitting import household_for, people_of, suggestions, who_fits
from civic.housing.rules.fitting import Reason
from civic.housing.rules.nights import Nights
from civic.housing.rules.placing import (
    Urgency,
)
from civic.housing.rules.stock import Gender, UnitKind
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.housing import make_stay, make_unit
from tests.factories.housing_requests import TODAY, Scene, ask, make_scene

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]
NIGHTS = Nights(TODAY, TODAY + timedelta(days=30))


@pytest.fixture
def scene(acting: Acting) -> Scene:
    return make_scene(acting)


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, scene: Scene) -> FlaskClient:
    sign_in(client, scene.lodge.officer.own_id)
    return with_second_factor(client)


def test_a_safe_house_is_suggested_to_its_team_alone_and_only_for_who_is_looked_for(
    acting: Acting, scene: Scene
) -> None:
    city = scene.lodge.city
    with acting(system_in(city.id)) as ctx:
        member = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, city))
        safe, _beds = make_unit(ctx, city, "Casa Segreta", (2,), team=[member.own_id])
    for actor, needs, found in (
        (member, ["hidden"], {safe}),
        (member, [], {scene.lodge.unit_id}),
        (scene.lodge.officer, ["hidden"], set()),
    ):
        with acting(actor) as ctx:
            people = people_of(ctx, [scene.own])[scene.own]
            household = household_for(people, needs, Urgency.THIS_WEEK, NIGHTS, is_open_ended=False)
            assert {each.unit_id for each in suggestions(ctx, city.id, household)} == found
    with acting(scene.lodge.officer) as ctx, pytest.raises(NotFound):
        who_fits(ctx, safe, TODAY, None)


def test_only_beds_free_on_every_night_are_suggested(acting: Acting, scene: Scene) -> None:
    city = scene.lodge.city.id
    with acting(scene.lodge.officer) as ctx:
        first = NIGHTS.last
        make_stay(ctx, scene.lodge, scene.other, first=first, nights=2)
        people = people_of(ctx, [scene.own])[scene.own]

        def beds(nights: Nights) -> set[UUID]:
            household = household_for(people, (), Urgency.THIS_WEEK, nights, is_open_ended=False)
            found = suggestions(ctx, city, household)
            return {seat.bed_id for each in found for seat in each.seats}

        assert beds(NIGHTS) == {scene.lodge.beds[1]}
        assert len(beds(Nights(TODAY, first))) == 1
        assert beds(Nights(date(2023, 12, 30), date(2024, 1, 3))) == set()


def test_what_is_suggested_can_be_proposed_and_accepted(acting: Acting, scene: Scene) -> None:
    city = scene.lodge.city
    with acting(system_in(city.id)) as ctx:
        make_unit(
            ctx, city, "Casa Acanto", (2, 2), is_step_free=True, step_free_rooms=(2,),
            kind=UnitKind.TEMPORARY,
        )  # fmt: skip
    with acting(scene.lodge.officer) as ctx:
        people = [
            NewPerson("Omar Sy", Gender.MAN, 1980, needs_no_steps=True),
            NewPerson("Fatou Sy", Gender.WOMAN, 1984),
            NewPerson("Ali Sy", birth_year=2019),
        ]
        request_id = ask(ctx, scene.lodge, *people)
        told = people_of(ctx, [request_id])[request_id]
        household = household_for(
            told, ["step_free"], Urgency.THIS_WEEK, NIGHTS, is_open_ended=False
        )
        (found,) = suggestions(ctx, city.id, household)
        assert Reason.STEP_FREE in found.reasons
        omar = ctx.db.get_one(HousingRequest, request_id).resident_id
        (label,) = [seat.label for seat in found.seats if seat.resident_id == omar]
        assert label.startswith("Stanza 2")
        beds = {seat.resident_id: seat.bed_id for seat in found.seats}
        new = NewProposal(request_id, found.unit_id, beds, found.nights, is_open_ended=False)
        assert accept(ctx, propose(ctx, new)).placement_id


def test_suggestions_take_two_statements_however_many_beds_there_are(
    acting: Acting, scene: Scene, statements: Statements
) -> None:
    with acting(system_in(scene.lodge.city.id)) as ctx:
        for number in range(15):
            make_unit(ctx, scene.lodge.city, f"Casa {number}", (2, 1))
    with acting(scene.lodge.officer) as ctx:
        people = people_of(ctx, [scene.own])[scene.own]
        household = household_for(people, (), Urgency.THIS_WEEK, NIGHTS, is_open_ended=False)
        with statements() as counted:
            found = suggestions(ctx, scene.lodge.city.id, household)
    assert len(found) == 10
    assert counted.total == 2, "\n".join(counted.statements)


def test_who_waits_and_fits_stands_by_the_order_of_the_list(
    officer: FlaskClient, scene: Scene, html: Html
) -> None:
    page = html(officer.get(f"/en/housing/units/{scene.lodge.unit_id}/who-fits"))
    assert page.index("Awa Sarr") < page.index("Bilal Khan")
    wrong = officer.get(
        f"/en/housing/units/{scene.lodge.unit_id}/who-fits?first=2026-04-01&until=2026-03-01"
    )
    assert wrong.status_code == 422
