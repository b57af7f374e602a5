from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.attendance.models import Pass
from civic.audit.models import AuditEntry
from civic.badges.startup import PLANTING
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import City
from tests.factories.accounts import make_person, make_staff
from tests.factories.plans import make_goal, make_plan
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
CODE = "AC4D7E"


@dataclass(frozen=True)
class Desk:
    city: City
    worker_id: UUID
    person_id: UUID
    plan_id: UUID


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        city = make_city(ctx)
        worker_id = make_staff(ctx, Role.CASE_WORKER, city, name="Giulia")
        person_id = make_person(ctx, "أمينة", city)
        newcomer_id = make_person(ctx, "Oleh", city)
        ctx.db.add(
            Pass(
                id=ctx.new_id(),
                municipality_id=city.id,
                person_id=newcomer_id,
                token_hash="0" * 64,
                short_code=CODE,
                issued_at=ctx.now(),
            )
        )
        return Desk(city, worker_id, person_id, make_plan(ctx, city, person_id, worker_id))


def test_a_case_worker_opens_a_plan_and_sets_a_goal(
    client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker_id)
    answer = client.post("/en/plans", data={"short_code": CODE, "agreed": "y"})
    assert answer.status_code == 302
    path = answer.headers["Location"]
    goal = {"domain": "work", "words": "Хочу працювати", "language": "uk", "skills": [PLANTING]}
    page = html(client.post(f"{path}/goals", data=goal, follow_redirects=True))
    assert '<div lang="uk" dir="ltr">' in page
    assert "Хочу працювати" in page
    assert "plant green plants" in page


def test_without_the_box_ticked_no_plan_is_opened_and_the_code_stays(
    client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker_id)
    answer = client.post("/en/plans", data={"short_code": CODE})
    assert answer.status_code == 422
    assert "A plan begins only when the person agrees" in html(answer)
    assert f'value="{CODE}"' in html(answer)


def test_a_wrong_code_is_said_at_the_field(
    client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker_id)
    answer = client.post("/en/plans", data={"short_code": "nobody", "agreed": "y"})
    assert answer.status_code == 422
    assert "Nobody here has a pass with this code." in html(answer)


def test_bad_input_to_a_goal_is_refused_and_kept(
    client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker_id)
    path = f"/en/plans/{desk.plan_id}/goals"
    good = {"domain": "work", "words": "kept words", "language": "it"}
    bad: tuple[dict[str, str], ...] = (
        {"words": ""},
        {"domain": "magic"},
        {"language": "tlh"},
        {"skills": "no-such-skill"},
        {"words": "kept words" * 200},
    )
    for change in bad:
        typed = good | change
        answer = client.post(path, data=typed)
        assert answer.status_code == 422
        assert typed["words"] in html(answer)


def test_showing_a_plan_is_a_line_in_the_trail(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk
) -> None:
    sign_in(client, desk.worker_id)
    assert client.get(f"/it/plans/{desk.plan_id}").status_code == 200
    with acting(system_in(desk.city.id)) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_every_other_role_gets_the_page_of_an_absent_plan(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        gardeners = make_association(ctx, desk.city)
        others = [
            make_staff(ctx, Role.CASE_WORKER, desk.city),
            make_staff(ctx, Role.CASE_WORKER, make_city(ctx, "caserta")),
            make_staff(ctx, Role.OFFICER, desk.city),
            make_staff(ctx, Role.ORGANISER, desk.city, gardeners),
            make_staff(ctx, Role.COORDINATOR),
            make_staff(ctx, Role.ADMINISTRATOR),
            desk.person_id,
        ]
    for other in others:
        sign_in(client, other)
        assert client.get(f"/it/plans/{desk.plan_id}").status_code == 404
        assert client.post(f"/it/plans/{desk.plan_id}/goals").status_code == 404


def test_a_person_reads_their_plan_with_each_goal_in_its_own_direction(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_goal(ctx, desk.city, desk.plan_id, "أريد بيتا", language="ar")
    sign_in(client, desk.person_id)
    page = html(client.get("/fr/me/plan"))
    assert '<div lang="ar" dir="rtl">' in page
    assert "Giulia" in page
    assert "/goals" not in page


def test_a_person_without_a_plan_learns_how_one_begins(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        person_id = make_person(ctx, "Nobody yet", desk.city)
    sign_in(client, person_id)
    assert "No plan yet" in html(client.get("/en/me/plan"))


def test_marking_a_goal_by_the_button(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        goal_id = make_goal(ctx, desk.city, desk.plan_id)
    sign_in(client, desk.worker_id)
    path = f"/en/plans/{desk.plan_id}/goals/{goal_id}"
    assert "Take it up again" in html(client.post(f"{path}/reached", follow_redirects=True))
    assert client.post(f"{path}/dropped").status_code == 409
    assert client.post(f"{path}/burnt").status_code == 404


def test_the_desk_has_a_fixed_number_of_statements(
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    desk: Desk,
    statements: Callable[[], AbstractContextManager[SimpleNamespace]],
) -> None:
    sign_in(client, desk.worker_id)
    with statements() as few:
        client.get("/it/plans")
    with acting(system_in(desk.city.id)) as ctx:
        for number in range(5):
            person_id = make_person(ctx, f"Person {number}", desk.city)
            make_plan(ctx, desk.city, person_id, desk.worker_id)
    with statements() as many:
        client.get("/it/plans")
    assert many.total == few.total


def test_an_officer_opens_a_plan_and_reaches_no_plan_of_somebody_else(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        officer_id = make_staff(ctx, Role.OFFICER, desk.city)
    sign_in(client, officer_id)
    answer = client.post("/en/plans", data={"short_code": CODE, "agreed": "y"})
    assert "Plan of <bdi>Oleh</bdi>" in html(client.get(answer.headers["Location"]))
    assert client.get(f"/en/plans/{desk.plan_id}").status_code == 404
