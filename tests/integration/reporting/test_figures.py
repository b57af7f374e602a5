"""What officers and the national coordination see of hours."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.audit.models import AuditEntry
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.reporting import queries
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.attendance import Ground, make_ground
from tests.factories.reporting import make_hours

Acting = Callable[[Actor], AbstractContextManager[Context]]


@dataclass(frozen=True)
class Field:
    potenza: Ground
    caserta: Ground
    officer: Actor
    coordinator: Actor


@pytest.fixture
def field(acting: Acting) -> Iterator[Field]:
    """Potenza: two people, five hours in March and three in February; Caserta: six people."""
    with acting(system_in()) as ctx:
        potenza, caserta = make_ground(ctx, "potenza"), make_ground(ctx, "caserta")
        amina, blessing = (make_person(ctx, name, potenza.city) for name in ("Amina", "Blessing"))
        make_hours(ctx, potenza, amina, 180, date(2026, 3, 7))
        make_hours(ctx, potenza, blessing, 120, date(2026, 3, 7))
        other = make_ground(ctx, "potenza")
        make_hours(ctx, other, amina, 180, date(2026, 2, 28))
        for number in range(6):
            make_hours(ctx, caserta, make_person(ctx, f"Oleh {number}", caserta.city), 60)
        officer = make_staff(ctx, Role.OFFICER, potenza.city)
        coordinator = make_staff(ctx, Role.COORDINATOR)
        yield Field(potenza, caserta, actor_of(ctx, officer), actor_of(ctx, coordinator))


def test_an_officer_sees_people_and_hours_of_their_own_city_alone(
    acting: Acting, field: Field
) -> None:
    with acting(field.officer) as ctx:
        figures = queries.city_figures(ctx, field.potenza.city.id, None, None)
        people = queries.who_took_part(ctx, field.potenza.city.id, None, None)
    assert (figures.total.people, figures.total.minutes) == (2, 480)
    assert [(one.name, one.minutes) for one in people] == [("Amina", 360), ("Blessing", 120)]


def test_somebody_in_two_months_counts_once_in_all_and_once_in_each(
    acting: Acting, field: Field
) -> None:
    with acting(field.officer) as ctx:
        months = queries.city_figures(ctx, field.potenza.city.id, None, None).months
    assert [(one.month, one.people, one.minutes) for one in months] == [
        (date(2026, 3, 1), 2, 300),
        (date(2026, 2, 1), 1, 180),
    ]


def test_a_chosen_month_leaves_the_others_out(acting: Acting, field: Field) -> None:
    with acting(field.officer) as ctx:
        march = queries.month_of(date(2026, 3, 15))
        figures = queries.city_figures(ctx, field.potenza.city.id, march, None)
    assert figures.total.minutes == 300


def test_figures_of_another_city_are_not_there_for_an_officer(acting: Acting, field: Field) -> None:
    with acting(field.officer) as ctx, pytest.raises(NotFound):
        queries.city_figures(ctx, field.caserta.city.id, None, None)
    with acting(field.officer) as ctx, pytest.raises(NotFound):
        queries.who_took_part(ctx, field.caserta.city.id, None, None)


def test_the_coordinator_sees_counts_and_fewer_than_five_people_are_kept_back(
    acting: Acting, field: Field
) -> None:
    with acting(field.coordinator) as ctx:
        cities = {city.name: city for city in queries.network_figures(ctx, None)}
    assert cities["Potenza"].figure.people is None
    assert cities["Caserta"].figure.people == 6
    assert cities["Caserta"].figure.minutes == 360


def test_the_coordinator_never_sees_a_name(
    client: FlaskClient, sign_in: Callable[[FlaskClient, UUID], None], field: Field
) -> None:
    assert field.coordinator.person_id
    sign_in(client, field.coordinator.person_id)
    page = client.get("/it/network")
    assert page.status_code == 200
    assert "Caserta" in page.text
    assert not any(name in page.text for name in ("Amina", "Blessing", "Oleh"))
    for path in ("/it/city", "/it/city/figures", "/it/city/people", "/it/organise", "/it/plans"):
        assert client.get(path).status_code == 404, path


def test_reading_who_took_part_is_on_record(
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, UUID], None],
    database: Database,
    field: Field,
) -> None:
    assert field.officer.person_id
    sign_in(client, field.officer.person_id)
    assert "Amina" in client.get("/it/city/people/took-part").text
    with database.reading(system_in(field.potenza.city.id)) as ctx:
        actions = ctx.db.scalars(select(AuditEntry.action)).all()
    assert "reporting.who_took_part" in actions


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=%00", "month=x&area=y", "area=GREEN", "city=nowhere"]
)
def test_nonsense_in_the_address_counts_everything(
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, UUID], None],
    field: Field,
    query: str,
) -> None:
    assert field.officer.person_id
    sign_in(client, field.officer.person_id)
    assert client.get(f"/it/city/figures?{query}").status_code == 200
