"""The directory of services: kept by a city's officers, read by everybody, with what is open now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.cases.desk_models import Service, ServiceHours
from civic.cases.opening import Span
from civic.cases.operations import directory as keeping
from civic.cases.operations.directory import Facts
from civic.cases.queries.directory import Wanted, services, services_kept
from civic.cases.rules import Reason
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import VISITOR, Actor, Role, system_in
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]
SATURDAY = 5
TEXTS = {
    "it": ("Aiuto con i permessi", "Il passaporto"),
    "ar": ("مساعدة في التصاريح", "جواز السفر"),
}


def facts(name: str = "Sportello unico", **over: Any) -> Facts:
    given: dict[str, Any] = {
        "name": name,
        "reason": Reason.DOCUMENTS,
        "address": "Via Verdi 3",
        "phone": "+390971000000",
        "languages": ("it", "ar"),
        "closed_on_holidays": True,
        "texts": TEXTS,
        "week": (Span(SATURDAY, 9 * 60, 12 * 60),),
    }
    return Facts(**(given | over))


@pytest.fixture
def city(acting: Acting) -> City:
    with acting(system_in()) as ctx:
        return make_city(ctx)


@pytest.fixture
def officer(acting: Acting, city: City) -> Actor:
    with acting(system_in(city.id)) as ctx:
        return actor_of(ctx, make_staff(ctx, Role.OFFICER, city))


def add(acting: Acting, officer: Actor, city: City, *all_facts: Facts) -> list[UUID]:
    found = []
    for each in all_facts:
        with acting(officer) as ctx:
            found.append(keeping.add_service(ctx, city.id, each))
    return found


def shown(acting: Acting, **wanted: Any) -> list[str]:
    with acting(VISITOR) as ctx:
        return [row.name for row in services(ctx, Wanted(**wanted))]


def test_everybody_reads_a_service_in_their_language_else_in_italian(
    acting: Acting, officer: Actor, city: City
) -> None:
    add(acting, officer, city, facts())
    with acting(VISITOR) as ctx:
        (row,) = services(ctx, Wanted())
    assert row.words_in("ar").bring == "جواز السفر"
    assert row.words_in("fr").what == "Aiuto con i permessi"
    assert row.standing.is_open  # ten on a Saturday morning


def test_what_is_open_comes_first_and_open_now_asks_for_that_alone(
    acting: Acting, officer: Actor, city: City, clock: FrozenClock
) -> None:
    closed = facts("Anagrafe", week=(Span(0, 540, 600),))
    add(acting, officer, city, closed, facts("Zona"))
    assert shown(acting) == ["Zona", "Anagrafe"]
    assert shown(acting, open_now=True) == ["Zona"]
    clock.advance(timedelta(hours=6))
    assert shown(acting, open_now=True) == []


def test_of_all_cities_one_s_own_comes_first(acting: Acting, officer: Actor, city: City) -> None:
    with acting(system_in()) as ctx:
        abroad = make_city(ctx, "bari")
        there = actor_of(ctx, make_staff(ctx, Role.OFFICER, abroad))
        newcomer = actor_of(ctx, make_person(ctx, "Awa", city))
    add(acting, there, abroad, facts("Aiuto di Bari"))
    add(acting, officer, city, facts("Zona di Potenza"))
    assert shown(acting) == ["Aiuto di Bari", "Zona di Potenza"]
    with acting(newcomer) as ctx:
        assert [row.name for row in services(ctx, Wanted())] == ["Zona di Potenza", "Aiuto di Bari"]


def test_it_is_found_by_city_language_and_what_somebody_comes_for(
    acting: Acting, officer: Actor, city: City
) -> None:
    add(
        acting,
        officer,
        city,
        facts("Permessi"),
        facts("Casa", reason=Reason.HOUSING, languages=("it", "uk")),
    )
    with acting(system_in()) as ctx:
        elsewhere = make_city(ctx, "caserta")
    assert shown(acting, language="uk") == ["Casa"]
    assert shown(acting, reason=Reason.DOCUMENTS) == ["Permessi"]
    assert shown(acting, city_id=elsewhere.id) == []


def test_a_hidden_service_is_found_by_who_keeps_it_alone(
    acting: Acting, officer: Actor, city: City
) -> None:
    (service_id,) = add(acting, officer, city, facts())
    with acting(officer) as ctx:
        keeping.show_service(ctx, service_id, is_public=False)
    assert shown(acting) == []
    with acting(officer) as ctx:
        (row,) = services_kept(ctx, city.id)
        assert not row.is_public
        assert row.texts["it"].what == "Aiuto con i permessi"
        keeping.show_service(ctx, service_id, is_public=True)
    assert shown(acting) == ["Sportello unico"]


def test_a_change_takes_the_place_of_all_that_was_written(
    acting: Acting, officer: Actor, city: City
) -> None:
    (service_id,) = add(acting, officer, city, facts())
    week = (Span(0, 540, 600), Span(0, 660, 720))
    with acting(officer) as ctx:
        keeping.change_service(
            ctx, service_id, facts("Nuovo", week=week, texts={"it": ("Altro", "")})
        )
        (row,) = services_kept(ctx, city.id)
        assert (row.name, row.week, set(row.texts)) == ("Nuovo", week, {"it"})
        assert ctx.db.scalar(select(func.count(ServiceHours.id))) == 2


def test_the_same_form_sent_twice_adds_one(acting: Acting, officer: Actor, city: City) -> None:
    sent = facts(id=uuid4())
    add(acting, officer, city, sent, sent)
    with acting(officer) as ctx:
        assert ctx.db.scalar(select(func.count(Service.id))) == 1
        lines = ctx.db.scalars(select(AuditEntry.action)).all()
    assert lines == ["service.written"]


def test_nobody_but_the_officers_of_a_city_keeps_its_services(
    acting: Acting, officer: Actor, city: City
) -> None:
    (service_id,) = add(acting, officer, city, facts())
    with acting(system_in()) as ctx:
        elsewhere = make_city(ctx, "caserta")
        others = [
            actor_of(ctx, each)
            for each in (
                make_staff(ctx, Role.OFFICER, elsewhere),
                make_staff(ctx, Role.CASE_WORKER, city),
                make_staff(ctx, Role.ORGANISER, city, make_association(ctx, city)),
                make_staff(ctx, Role.ADMINISTRATOR),
                make_person(ctx, "Amina", city),
            )
        ]
    for other in others:
        for attempt in (
            lambda ctx: keeping.add_service(ctx, city.id, facts()),
            lambda ctx: keeping.change_service(ctx, service_id, facts("X")),
            lambda ctx: keeping.show_service(ctx, service_id, is_public=False),
            lambda ctx: services_kept(ctx, city.id),
        ):
            with pytest.raises(NotFound), acting(other) as ctx:
                attempt(ctx)


# Pages


def typed(**over: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "name": "Sportello unico",
        "reason": "documents",
        "address": "Via Verdi 3",
        "languages": ["it", "ar"],
        "what_it": "Aiuto con i permessi",
        "what_ar": "مساعدة في التصاريح",
        "day_5": "9-12.30, 14:00-17:00",
        "closed_on_holidays": "y",
    }
    return given | over


def test_an_officer_writes_a_service_and_everybody_finds_it_open(
    client: FlaskClient, sign_in: SignIn, officer: Actor, html: Html
) -> None:
    sign_in(client, officer.own_id)
    assert client.post("/en/city/services/new", data=typed()).status_code == 302
    client.post("/en/sign-out")
    page = html(client.get("/ar/services"))
    assert "مساعدة في التصاريح" in page
    assert "09:00–12:30" in page
    page = html(client.get("/en/services?open=now&language=ar&reason=documents&city=potenza"))
    assert "Open now" in page
    assert "until 12:30" in page
    assert "Sportello unico" in page
    assert "Nothing found" in html(client.get("/en/services?language=uk"))
    assert client.get("/en/services?reason=magic&city=nowhere").status_code == 200


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Write what the service is called."),
        ({"what_it": ""}, "Write what is done there, in Italian."),
        ({"day_5": "9-12, 11-13"}, "Write hours like"),
        (
            {"what_ar": "", "bring_ar": "جواز السفر"},
            "Write in this language what is done there, too.",
        ),
        ({"languages": []}, "Choose at least one language."),
        ({"reason": "magic"}, "Sportello unico"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: FlaskClient,
    sign_in: SignIn,
    officer: Actor,
    html: Html,
    change: dict[str, Any],
    sentence: str,
) -> None:
    sign_in(client, officer.own_id)
    answer = client.post("/en/city/services/new", data=typed(**change))
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert "Via Verdi 3" in html(answer)


def test_the_form_of_a_service_holds_what_was_written(
    acting: Acting, client: FlaskClient, sign_in: SignIn, officer: Actor, city: City, html: Html
) -> None:
    (service_id,) = add(acting, officer, city, facts())
    sign_in(client, officer.own_id)
    page = html(client.get(f"/en/city/services/{service_id}"))
    assert 'value="09:00-12:00"' in page
    assert "جواز السفر" in page
    changed = typed(name="Un altro nome")
    assert client.post(f"/en/city/services/{service_id}", data=changed).status_code == 302
    assert "Un altro nome" in html(client.get("/en/city/services"))
    client.post(f"/en/city/services/{service_id}/hide")
    assert "Hidden" in html(client.get("/en/city/services"))


def test_the_directory_asks_as_many_statements_however_long_it_is(
    acting: Acting, client: FlaskClient, officer: Actor, city: City, statements: Statements
) -> None:
    add(acting, officer, city, facts())
    client.get("/it/services")
    with statements() as few:
        client.get("/it/services")
    add(acting, officer, city, *(facts(f"Servizio {number}") for number in range(12)))
    with statements() as many:
        client.get("/it/services")
    assert many.total == few.total <= 5
