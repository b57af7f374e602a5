"""What a plan walks towards: skills shown by badges, and where the others are to be learnt."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.badges.models import Award
from civic.badges.startup import GROUND_MAINTENANCE, PLANTING, PRUNING
from civic.catalogue.rules import ProjectState, SessionState
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.plans.errors import OccupationUnknown
from civic.plans.models import PlanOccupation
from civic.plans.operations import occupations
from tests.factories.accounts import actor_of, make_staff
from tests.factories.badges import make_award
from tests.factories.catalogue import make_project, make_session
from tests.factories.course import GROUNDSMAN, HOME_CARE
from tests.factories.plan_desk import Desk, make_desk, make_others
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


def offer(
    acting: Acting, city: str, skill: str, in_days: int = 3, title: str = "Siepe", **over: object
) -> UUID:
    """A project that teaches one skill, with a session so many days from now."""
    with acting(system_in()) as ctx:
        place = make_city(ctx, city)
        gardeners = make_association(ctx, place)
        author = make_staff(ctx, Role.ORGANISER, place, gardeners)
        session = over.pop("session", {})
        project_id = make_project(
            ctx, gardeners.id, place.id, author, skills=(skill,), title=title, **over
        )
        starts_at = ctx.now() + timedelta(days=in_days)
        assert isinstance(session, dict)
        make_session(ctx, project_id, starts_at, starts_at + timedelta(hours=2), **session)
        return project_id


def hold_badge(acting: Acting, desk: Desk, skills: list[str], code: str = "green-12") -> UUID:
    with acting(system_in()) as ctx:
        city = make_city(ctx, desk.city.slug)
        assessor = make_staff(ctx, Role.ORGANISER, city)
        gardeners = make_association(ctx, city)
        return make_award(ctx, city, gardeners, desk.person.own_id, assessor, code, skills)


def test_an_occupation_is_chosen_once_and_can_be_changed(acting: Acting, desk: Desk) -> None:
    with acting(desk.worker) as ctx:
        assert occupations.choose_occupation(ctx, desk.plan_id, GROUNDSMAN)
        assert not occupations.choose_occupation(ctx, desk.plan_id, GROUNDSMAN)
        occupations.choose_occupation(ctx, desk.plan_id, HOME_CARE)
        occupations.drop_occupation(ctx, desk.plan_id, UUID(GROUNDSMAN))
        occupations.drop_occupation(ctx, desk.plan_id, UUID(GROUNDSMAN))
    with acting(desk.worker) as ctx:
        _plan, steps = occupations.read_steps(ctx, desk.plan_id, "it")
        assert [each.occupation.id for each in steps] == [HOME_CARE]


def test_what_is_not_on_the_list_is_refused(acting: Acting, desk: Desk) -> None:
    with pytest.raises(OccupationUnknown), acting(desk.worker) as ctx:
        occupations.choose_occupation(ctx, desk.plan_id, str(uuid4()))
    with pytest.raises(NotFound), acting(desk.worker) as ctx:
        occupations.drop_occupation(ctx, desk.plan_id, uuid4())


def test_a_badge_shows_its_skills_while_it_holds(acting: Acting, desk: Desk) -> None:
    hold_badge(acting, desk, [PLANTING])
    over = hold_badge(acting, desk, [PRUNING], "green-40")
    gone = hold_badge(acting, desk, [GROUND_MAINTENANCE], "team")
    with acting(system_in(desk.city.id)) as ctx:
        ctx.db.get_one(Award, over).valid_until = ctx.now()
        ctx.db.get_one(Award, gone).revoked_at = ctx.now()
    with acting(desk.worker) as ctx:
        occupations.choose_occupation(ctx, desk.plan_id, GROUNDSMAN)
        _plan, (steps,) = occupations.read_steps(ctx, desk.plan_id, "it")
    assert [step.skill for step in steps.skills if step.is_shown] == [PLANTING]
    assert steps.skills[0].skill == PLANTING
    assert steps.shown == 1


def test_a_missing_skill_names_the_projects_here_that_teach_it(acting: Acting, desk: Desk) -> None:
    offer(acting, "potenza", PRUNING, 9, "Later")
    offer(acting, "potenza", PRUNING, 2, "Sooner")
    offer(acting, "potenza", PRUNING, 1, "A draft", state=ProjectState.DRAFT)
    offer(acting, "potenza", PRUNING, 1, "Paused", state=ProjectState.PAUSED)
    offer(acting, "potenza", PRUNING, -1, "Over")
    cancelled = {"session": {"state": SessionState.CANCELLED}}
    offer(acting, "potenza", PRUNING, 1, "Cancelled", **cancelled)
    offer(acting, "caserta", PRUNING, 1, "Elsewhere")
    hold_badge(acting, desk, [PLANTING])
    offer(acting, "potenza", PLANTING, 1, "Shown already")
    with acting(desk.worker) as ctx:
        occupations.choose_occupation(ctx, desk.plan_id, GROUNDSMAN)
        _plan, (steps,) = occupations.read_steps(ctx, desk.plan_id, "it")
    found = {step.skill: [each.title for each in step.projects] for step in steps.skills}
    assert found[PRUNING] == ["Sooner", "Later"]
    assert found[PLANTING] == []


def test_of_each_skill_three_projects_are_named_in_the_readers_language(
    acting: Acting, desk: Desk
) -> None:
    for number in range(1, 6):
        offer(acting, "potenza", PRUNING, number, f"Siepe {number}", texts={"fr": f"Haie {number}"})
    with acting(desk.worker) as ctx:
        occupations.choose_occupation(ctx, desk.plan_id, GROUNDSMAN)
        _plan, (steps,) = occupations.read_steps(ctx, desk.plan_id, "fr")
    (projects,) = [step.projects for step in steps.skills if step.projects]
    assert [each.title for each in projects] == ["Haie 1", "Haie 2", "Haie 3"]
    assert {each.title_language for each in projects} == {"fr"}


def test_the_page_has_as_many_statements_for_many_occupations_as_for_one(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, statements: Statements
) -> None:
    hold_badge(acting, desk, [PLANTING])
    offer(acting, "potenza", PRUNING)
    path = f"/it/plans/{desk.plan_id}/occupations"
    sign_in(client, desk.worker.own_id)
    client.post(path, data={"occupation": GROUNDSMAN})
    with statements() as few:
        assert client.get(path).status_code == 200
    client.post(path, data={"occupation": HOME_CARE})
    for number in range(4):
        offer(acting, "potenza", GROUND_MAINTENANCE, number + 1)
    with statements() as many:
        assert client.get(path).status_code == 200
    assert many.total == few.total <= 14


def test_the_two_see_ticks_and_where_to_join(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    hold_badge(acting, desk, [PLANTING])
    offer(acting, "potenza", PRUNING, title="Potatura al parco")
    sign_in(client, desk.worker.own_id)
    path = f"/en/plans/{desk.plan_id}/occupations"
    page = html(client.post(path, data={"occupation": GROUNDSMAN}, follow_redirects=True))
    assert "Groundsman/groundswoman" in page
    assert "1 of 8 skills shown by badges" in page
    assert f'value="{GROUNDSMAN}"' not in page
    sign_in(client, desk.person.own_id)
    page = html(client.get("/en/me/plan"))
    assert "shown by a badge" in page
    assert "Potatura al parco" in page
    sign_in(client, desk.worker.own_id)
    page = html(client.post(f"{path}/{GROUNDSMAN}/drop", follow_redirects=True))
    assert "No occupation yet" in page


def test_a_choice_that_is_none_is_answered_with_a_sentence(
    client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker.own_id)
    for wrong in ({}, {"occupation": "x"}):
        answer = client.post(f"/en/plans/{desk.plan_id}/occupations", data=wrong)
        assert answer.status_code == 422


def test_nobody_else_chooses_or_sees(acting: Acting, desk: Desk) -> None:
    with acting(system_in()) as ctx:
        others = make_others(ctx, desk)
    for other in others.values():
        with acting(system_in()) as ctx:
            actor = actor_of(ctx, other)
        with pytest.raises(NotFound), acting(actor) as ctx:
            occupations.choose_occupation(ctx, desk.plan_id, GROUNDSMAN)
        with pytest.raises(NotFound), acting(actor) as ctx:
            occupations.read_steps(ctx, desk.plan_id, "it")
    with acting(system_in(desk.city.id)) as ctx:
        assert ctx.db.scalar(select(func.count(PlanOccupation.id))) == 0
