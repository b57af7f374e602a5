"""Badges that cities and associations define."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.badges import queries
from civic.badges.evaluating import propose_all
from civic.badges.models import Achievement, Proposal
from civic.badges.startup import CIVIC_LIFE, TEAMWORK
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.accounts import make_person, make_staff
from tests.factories.badges import make_award, work_hours
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
NEW = "/en/organise/own-badges/new"


@dataclass(frozen=True)
class Town:
    city: City
    gardeners: AssociationRow
    scouts: AssociationRow
    officer_id: UUID
    organiser_id: UUID
    """Of the gardeners."""
    person_id: UUID
    """Worked twelve hours with the gardeners."""

    @property
    def own(self) -> str:
        return f"{self.city.id}:{self.gardeners.id}"


@pytest.fixture
def town(acting: Acting) -> Town:
    with acting(system_in()) as ctx:
        city = make_city(ctx)
        gardeners, scouts = make_association(ctx, city), make_association(ctx, city, "Scout")
        person_id = make_person(ctx, "Amina", city)
        work_hours(ctx, city, gardeners, person_id)
        return Town(
            city,
            gardeners,
            scouts,
            make_staff(ctx, Role.OFFICER, city),
            make_staff(ctx, Role.ORGANISER, city, gardeners, "Rosa"),
            person_id,
        )


def filled(place: str, **over: Any) -> dict[str, Any]:
    return {
        "place": place,
        "name": "Hedges of the villa",
        "language": "en",
        "criteria": "Four Saturdays at the laurel hedge.",
        "area": "green",
        "level": "1",
        "hours": "10",
        "sessions": "4",
        "months": "0",
        "kept": "0",
        "skills": [TEAMWORK],
        "rating": "",
    } | over


def own_codes(acting: Acting, town: Town) -> list[str]:
    with acting(system_in(town.city.id)) as ctx:
        rows = ctx.db.scalars(select(Achievement.code).where(Achievement.made_by.is_not(None)))
        return list(rows)


def proposed(acting: Acting, town: Town) -> list[UUID]:
    """Associations that are asked about a badge of the town's own."""
    with acting(system_in(town.city.id)) as ctx:
        return list(
            ctx.db.scalars(
                select(Proposal.association_id)
                .join(Achievement, Achievement.id == Proposal.achievement_id)
                .where(Achievement.made_by.is_not(None))
            )
        )


def test_a_badge_of_an_association_is_proposed_to_who_has_the_hours_already(
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    html: Html,
    town: Town,
    drain: Callable[[], int],
) -> None:
    sign_in(client, town.organiser_id)
    page = html(client.post(NEW, data=filled(town.own), follow_redirects=True))
    assert "Hedges of the villa" in page
    drain()
    assert proposed(acting, town) == [town.gardeners.id]
    with acting(system_in(town.city.id)) as ctx:
        rule = ctx.db.scalars(
            select(Achievement.rule).where(Achievement.made_by.is_not(None))
        ).one()
        actions = set(ctx.db.scalars(select(AuditEntry.action)))
    assert rule == {"minutes": 600, "sessions": 4, "association": str(town.gardeners.id)}
    assert "badge.defined" in actions


def test_hours_with_another_association_do_not_count_for_it(
    acting: Acting, client: FlaskClient, sign_in: SignIn, town: Town, drain: Callable[[], int]
) -> None:
    with acting(system_in()) as ctx:
        scout = make_staff(ctx, Role.ORGANISER, town.city, town.scouts)
    sign_in(client, scout)
    place = f"{town.city.id}:{town.scouts.id}"
    assert client.post(NEW, data=filled(place)).status_code == 302
    drain()
    assert proposed(acting, town) == []


def test_an_officer_defines_for_the_city_and_all_hours_of_it_count(
    acting: Acting, client: FlaskClient, sign_in: SignIn, town: Town, drain: Callable[[], int]
) -> None:
    sign_in(client, town.officer_id)
    assert client.post(NEW, data=filled(str(town.city.id))).status_code == 302
    drain()
    assert proposed(acting, town) == [town.gardeners.id]


def test_nobody_defines_for_others(
    acting: Acting, client: FlaskClient, sign_in: SignIn, town: Town, app: Flask
) -> None:
    for place in (str(town.city.id), f"{town.city.id}:{town.scouts.id}", "nonsense"):
        sign_in(client, town.organiser_id)
        assert client.post(NEW, data=filled(place)).status_code == 422
    person = app.test_client()
    sign_in(person, town.person_id)
    assert person.post(NEW, data=filled(town.own)).status_code == 404
    assert own_codes(acting, town) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "  "}, "Give it a name."),
        ({"criteria": ""}, "Write what it takes"),
        ({"sessions": "0"}, "Write a number from 1 to 500."),
        ({"sessions": "many"}, "Write a whole number."),
        ({"months": "9"}, "Nobody can reach this"),
        ({"kept": "100"}, "Write a number from 0 to 95."),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "Nobody can reach this"),
        ({"skills": []}, "Choose at least one skill."),
    ],
)
def test_what_cannot_be_meant_is_said_and_what_was_typed_stays(
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    html: Html,
    town: Town,
    wrong: dict[str, Any],
    said: str,
) -> None:
    sign_in(client, town.organiser_id)
    kept = {"description": "A hedge that we planted ourselves."}
    answer = client.post(NEW, data=filled(town.own, **kept, **wrong))
    assert answer.status_code == 422
    page = html(answer)
    assert said in page
    assert "A hedge that we planted ourselves." in page
    assert own_codes(acting, town) == []


def test_a_badge_can_ask_for_others_and_for_how_a_skill_was_seen(
    acting: Acting, client: FlaskClient, sign_in: SignIn, town: Town, drain: Callable[[], int]
) -> None:
    sign_in(client, town.organiser_id)
    more = {"badges": ["green-12"], "rating": "alone", "skills": [TEAMWORK, CIVIC_LIFE]}
    assert client.post(NEW, data=filled(town.own, **more)).status_code == 302
    drain()
    assert proposed(acting, town) == []
    with acting(system_in(town.city.id)) as ctx:
        make_award(ctx, town.city, town.gardeners, town.person_id, town.organiser_id)
        [own] = [a for a in queries.achievements(ctx, town.city.id) if a.code.startswith("own-")]
        assert dict(own.rule.ratings) == {TEAMWORK: "alone", CIVIC_LIFE: "alone"}


def test_a_retired_badge_is_proposed_to_nobody_and_stays_with_who_holds_it(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html, town: Town
) -> None:
    sign_in(client, town.organiser_id)
    client.post(NEW, data=filled(town.own))
    [code] = own_codes(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        achievement_id = ctx.db.scalars(
            select(Achievement.id).where(Achievement.code == code)
        ).one()
        make_award(ctx, town.city, town.gardeners, town.person_id, town.organiser_id, code)
    done = client.post(f"/en/organise/own-badges/{achievement_id}/retire", follow_redirects=True)
    assert "Given to nobody any more" in html(done)
    with acting(system_in(town.city.id)) as ctx:
        assert code not in {about.code for about in queries.achievements(ctx, town.city.id)}
        assert [badge.achievement.code for badge in queries.badges_of(ctx, town.person_id)] == [
            code
        ]


def test_only_who_could_define_it_retires_it(
    acting: Acting, client: FlaskClient, sign_in: SignIn, town: Town
) -> None:
    sign_in(client, town.organiser_id)
    client.post(NEW, data=filled(town.own))
    with acting(system_in()) as ctx:
        achievement_id = ctx.db.scalars(
            select(Achievement.id).where(Achievement.made_by.is_not(None))
        ).one()
        network = ctx.db.scalars(select(Achievement.id).where(Achievement.code == "team")).one()
        others = [
            make_staff(ctx, Role.ORGANISER, town.city, town.scouts),
            make_staff(ctx, Role.OFFICER, make_city(ctx, "matera")),
        ]
    path = "/en/organise/own-badges/{}/retire"
    for other in others:
        sign_in(client, other)
        assert client.post(path.format(achievement_id)).status_code == 404
    sign_in(client, town.organiser_id)
    assert client.post(path.format(network)).status_code == 404


def test_all_of_a_city_are_evaluated_once_however_often(
    real_database: Database, acting: Acting
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        for number in range(3):
            work_hours(ctx, city, gardeners, make_person(ctx, f"Person {number}", city))
    assert propose_all(real_database, city.id) == 9  # first day, green, italian
    assert propose_all(real_database, city.id) == 0


def test_a_proposed_badge_of_the_city_is_among_what_the_person_takes_away_even_retired(
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    town: Town,
    drain: Callable[[], int],
) -> None:
    sign_in(client, town.organiser_id)
    client.post(NEW, data=filled(town.own))
    drain()
    with acting(system_in(town.city.id)) as ctx:
        own = select(Achievement.id).where(Achievement.made_by.is_not(None))
        achievement_id = ctx.db.scalars(own).one()
    client.post(f"/en/organise/own-badges/{achievement_id}/retire")
    sign_in(client, town.person_id)
    answer = client.get("/en/me/data.json")
    assert answer.status_code == 200
    assert "Hedges of the villa" in answer.get_data(as_text=True)
