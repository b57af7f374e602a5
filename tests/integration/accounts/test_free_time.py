"""When somebody has time: a page of boxes, for their own eyes."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.accounts import privacy, queries
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.accounts import actor_of, make_person
from tests.factories.tenancy import make_city

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
PAGE = "/en/me/free-time"
SATURDAY_MORNING, SUNDAY_EVENING = 15, 20


@pytest.fixture
def amina(database: Database, client: FlaskClient, sign_in: SignIn) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        person_id = make_person(ctx, city=make_city(ctx))
    sign_in(client, person_id)
    return person_id


def free(database: Database, person_id: UUID) -> frozenset[int]:
    with database.reading(system_in()) as ctx:
        actor = actor_of(ctx, person_id)
    with database.reading(actor) as ctx:
        return queries.free_slots(ctx)


def ticked(page: str) -> list[int]:
    boxes: list[str] = re.findall(r"<input[^>]*name=\"slots\"[^>]*>", page)
    return [number for number, box in enumerate(boxes) if " checked" in box]


def test_what_is_ticked_is_kept_and_leads_to_what_fits(
    client: FlaskClient, amina: UUID, database: Database, html: Html
) -> None:
    answer = client.post(PAGE, data={"slots": ["15", "20"]})
    assert answer.headers["Location"] == "/en/projects?sort=fit"
    assert free(database, amina) == {SATURDAY_MORNING, SUNDAY_EVENING}
    assert ticked(html(client.get(PAGE))) == [SATURDAY_MORNING, SUNDAY_EVENING]


def test_ticking_again_takes_the_place_of_what_was_said_before(
    client: FlaskClient, amina: UUID, database: Database
) -> None:
    client.post(PAGE, data={"slots": ["15", "20"]})
    client.post(PAGE, data={"slots": ["0"]})
    assert free(database, amina) == {0}
    client.post(PAGE, data={"csrf_token": "what every form sends along"})
    assert free(database, amina) == frozenset()


@pytest.mark.parametrize("slot", ["21", "-1", "saturday", "", "9" * 40, "١٥x"])
def test_no_part_of_the_week_is_refused_in_words_and_keeps_what_was_ticked(
    client: FlaskClient, amina: UUID, database: Database, html: Html, slot: str
) -> None:
    answer = client.post(PAGE, data={"slots": ["15", slot]})
    assert answer.status_code == 422
    assert "Please tick the boxes again" in html(answer)
    assert ticked(html(answer)) == [SATURDAY_MORNING]
    assert free(database, amina) == frozenset()


def test_each_box_says_its_day_and_part_to_who_cannot_see_the_table(
    client: FlaskClient, amina: UUID, html: Html
) -> None:
    page = html(client.get("/it/me/free-time"))
    assert len(re.findall(r"name=\"slots\"", page)) == 21
    assert re.search(r"visually-hidden\">sabato, ", page, re.IGNORECASE)


def test_it_is_asked_of_nobody_who_is_not_signed_in(client: FlaskClient) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/en/sign-in?next=")


def test_the_account_leads_there(client: FlaskClient, amina: UUID, html: Html) -> None:
    assert "/en/me/free-time" in html(client.get("/en/me/profile"))


def test_it_goes_along_when_somebody_takes_their_data(
    client: FlaskClient, amina: UUID, database: Database
) -> None:
    client.post(PAGE, data={"slots": ["20", "15"]})
    with database.reading(system_in()) as ctx:
        actor = actor_of(ctx, amina)
    with database.reading(actor) as ctx:
        assert privacy.export(ctx, amina)["free_time"] == ["saturday morning", "sunday evening"]


def test_two_people_have_their_own_time(
    client: FlaskClient, amina: UUID, database: Database, sign_in: SignIn
) -> None:
    client.post(PAGE, data={"slots": ["15"]})
    with database.unit_of_work(system_in()) as ctx:
        other = make_person(ctx, "Binta")
    sign_in(client, other)
    client.post(PAGE, data={"slots": ["3"]})
    assert free(database, amina) == {15}
    assert free(database, other) == {3}
