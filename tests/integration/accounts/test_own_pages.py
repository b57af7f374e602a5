from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.accounts import policy, queries
from civic.audit.operations import record
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.tenancy import make_city

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def amina(database: Database, client: FlaskClient, sign_in: SignIn) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        person_id = make_person(ctx, city=make_city(ctx), phone="+393331234567")
    sign_in(client, person_id)
    return person_id


def test_own_pages_ask_visitors_to_sign_in(client: FlaskClient) -> None:
    for page in ("/en/me/profile", "/en/me/file"):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/en/sign-in?next=")
    assert client.post("/en/me/profile/sign-out-everywhere").status_code == 302


def test_profile_shows_what_is_known(client: FlaskClient, amina: UUID, html: Html) -> None:
    page = html(client.get("/en/me/profile"))
    for words in ("Amina", "+39 333 123 4567", "1995", "checked"):
        assert words in page


def test_profile_changes_and_goes_on_in_the_chosen_language(
    client: FlaskClient, amina: UUID, database: Database
) -> None:
    answer = client.post(
        "/en/me/profile",
        data={"name": "Aminata \u202e", "languages": ["it", "ti"], "page_language": "ar"},
    )
    assert answer.headers["Location"] == "/ar/me/profile"
    with database.reading(system_in()) as ctx:
        card = queries.person_card(ctx, amina)
        assert (card.name, card.languages) == ("Aminata", ("it", "ti"))
        assert actor_of(ctx, amina).language == "ar"


@pytest.mark.parametrize(
    "over",
    [{"name": ""}, {"name": "x" * 300}, {"languages": ["xx"]}, {"page_language": "klingon"}],
    ids=lambda over: next(iter(over)),
)
def test_a_bad_change_is_answered_422_and_changes_nothing(
    client: FlaskClient, amina: UUID, database: Database, over: dict[str, object]
) -> None:
    data = {"name": "Aminata", "languages": ["it"], "page_language": "fr", **over}
    assert client.post("/en/me/profile", data=data).status_code == 422
    with database.reading(system_in()) as ctx:
        assert queries.person_card(ctx, amina).name == "Amina"


def test_rare_languages_that_were_chosen_are_not_hidden(
    client: FlaskClient, amina: UUID, html: Html
) -> None:
    assert "<details>" in html(client.get("/en/me/profile")).split("<form", 2)[2]
    client.post("/en/me/profile", data={"name": "A", "languages": ["ti"], "page_language": "en"})
    assert "<details open>" in html(client.get("/en/me/profile"))


def test_one_reads_who_opened_ones_file_when_and_why_in_plain_words(
    client: FlaskClient, amina: UUID, database: Database, clock: FrozenClock, html: Html
) -> None:
    assert "Nobody has opened your file" in html(client.get("/en/me/file"))
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        rosa = actor_of(ctx, make_staff(ctx, Role.OFFICER, city, name="Rosa"))
    with database.unit_of_work(rosa) as ctx:
        queries.person_for(ctx, amina, policy.READ_PERSON, "desk")
    clock.advance(timedelta(hours=1))
    with database.unit_of_work(rosa) as ctx:
        queries.person_for(ctx, amina, policy.READ_PERSON, "100% of the people at the desk")
    with database.unit_of_work(system_in(city.id)) as ctx:
        record(ctx, city.id, "person.exported", subject_id=amina)
    page = html(client.get("/en/me/file"))
    for words in (
        "Rosa",
        "officer of the municipality",
        "Potenza",
        "opened your file",
        "You were at the desk, or called",
        "100% of the people at the desk",
        "The system",
        "worked on your file",
        "10:00",
        "11:00",
    ):
        assert words in page
    assert "person.read" not in page


def test_the_list_of_readings_is_ones_own_alone(
    client: FlaskClient, amina: UUID, database: Database, html: Html
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        other = make_person(ctx, "Other", city)
        rosa = actor_of(ctx, make_staff(ctx, Role.OFFICER, city, name="Rosa"))
    with database.unit_of_work(rosa) as ctx:
        queries.person_for(ctx, other, policy.READ_PERSON, "at the desk")
    assert "Rosa" not in html(client.get("/en/me/file"))
