"""How plans ended, in counts: never a person, and few are not counted out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.plans.endings import Outcome
from civic.reporting import queries
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.course import make_closing
from tests.factories.plan_desk import Desk
from tests.factories.plans import make_plan
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
MARCH, FEBRUARY = date(2026, 3, 7), date(2026, 2, 7)


def end_plans(ctx: Context, city: City, outcome: Outcome, number: int, day: date = MARCH) -> None:
    worker = actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, city))
    for each in range(number):
        person_id = make_person(ctx, f"Person {outcome} {each}", city)
        plan_id = make_plan(ctx, city, person_id, worker.own_id)
        make_closing(ctx, Desk(city, worker, actor_of(ctx, person_id), plan_id), day, outcome)


@pytest.fixture
def city(acting: Acting) -> City:
    with acting(system_in()) as ctx:
        city, caserta = make_city(ctx), make_city(ctx, "caserta")
        end_plans(ctx, city, Outcome.JOB, 5)
        end_plans(ctx, city, Outcome.JOB, 1, FEBRUARY)
        end_plans(ctx, city, Outcome.TRAINING, 3)
        end_plans(ctx, caserta, Outcome.TRAINING, 2)
        end_plans(ctx, caserta, Outcome.MOVED, 4)
        return city


def staff(acting: Acting, role: Role, city: City | None = None) -> Actor:
    with acting(system_in()) as ctx:
        return actor_of(ctx, make_staff(ctx, role, city))


def counts(figures: tuple[queries.OutcomeFigure, ...]) -> dict[Outcome, int | None]:
    return {each.outcome: each.plans for each in figures}


def test_an_officer_sees_counts_of_their_own_city_and_small_ones_kept_back(
    acting: Acting, city: City
) -> None:
    with acting(staff(acting, Role.OFFICER, city)) as ctx:
        found = counts(queries.city_outcomes(ctx, city.id, None))
        march = counts(queries.city_outcomes(ctx, city.id, queries.month_of(MARCH)))
    assert found == dict.fromkeys(Outcome, 0) | {Outcome.JOB: 6, Outcome.TRAINING: None}
    assert march[Outcome.JOB] == 5


def test_the_coordination_sees_all_cities_together(acting: Acting, city: City) -> None:
    with acting(staff(acting, Role.COORDINATOR)) as ctx:
        found = counts(queries.network_outcomes(ctx, None))
    assert found[Outcome.JOB] == 6
    assert found[Outcome.TRAINING] == 5
    assert found[Outcome.MOVED] is None


def test_nobody_else_sees_how_plans_ended(acting: Acting, city: City) -> None:
    with acting(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
    strangers = (
        staff(acting, Role.OFFICER, caserta), staff(acting, Role.COORDINATOR),
        staff(acting, Role.CASE_WORKER, city),
    )  # fmt: skip
    for stranger in strangers:
        with pytest.raises(NotFound), acting(stranger) as ctx:
            queries.city_outcomes(ctx, city.id, None)
    with pytest.raises(NotFound), acting(staff(acting, Role.OFFICER, city)) as ctx:
        queries.network_outcomes(ctx, None)


def test_the_pages_say_fewer_than_five_and_nothing_where_no_plan_has_ended(
    acting: Acting,
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Callable[[TestResponse], str],
    city: City,
) -> None:
    sign_in(client, staff(acting, Role.OFFICER, city).own_id)
    page = html(client.get("/en/city/figures"))
    assert "How plans ended" in page
    assert "fewer than 5" in page
    assert "How plans ended" not in html(client.get("/en/city/figures?month=2025-12"))
    sign_in(client, staff(acting, Role.COORDINATOR).own_id)
    assert "How plans ended" in html(client.get("/en/network"))
