"""Hours and papers of recognition stand behind a plan by themselves, as references alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.recognition.models import RecognitionPath
from civic.recognition.rules import PathState
from tests.factories.accounts import actor_of, make_staff
from tests.factories.badges import work_hours
from tests.factories.plans import make_plan
from tests.factories.recognition import Way, make_way
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]


@pytest.fixture
def way(acting: Acting) -> Way:
    with acting(system_in()) as ctx:
        return make_way(ctx)


def test_hours_of_the_city_and_signed_recognition_stand_on_both_pages(
    acting: Acting,
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Callable[[TestResponse], str],
    way: Way,
) -> None:
    with acting(system_in(way.ground.city.id)) as ctx:
        worker = actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, way.ground.city))
        plan_id = make_plan(ctx, way.ground.city, way.person.own_id, worker.own_id)
        work_hours(ctx, way.ground.city, way.ground.association, way.person.own_id)
        ctx.db.add(
            RecognitionPath(
                id=ctx.new_id(),
                municipality_id=way.ground.city.id,
                association_id=way.ground.association.id,
                person_id=way.person.own_id,
                state=PathState.COMPLETED,
                is_own_wish=True,
                opened_at=ctx.now(),
                ended_at=ctx.now(),
            )
        )
    with acting(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        work_hours(ctx, caserta, way.ground.association, way.person.own_id, minutes=(999,))
    for who, path in ((worker.own_id, f"/en/plans/{plan_id}"), (way.person.own_id, "/en/me/plan")):
        sign_in(client, who)
        page = html(client.get(path))
        assert "12 hours in 4 sessions" in page
        assert f"Competences recognised by {way.ground.association.name} on 14 March 2026" in page
