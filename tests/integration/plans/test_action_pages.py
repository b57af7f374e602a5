"""Actions on the pages of the two who made them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from civic.plans.models import Action
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.plans import make_action, make_goal

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
TODAY = date(2026, 3, 14)


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


@pytest.fixture
def worker(client: FlaskClient, sign_in: SignIn, desk: Desk) -> FlaskClient:
    sign_in(client, desk.worker.own_id)
    return client


def test_an_action_is_added_and_marked_by_its_buttons(
    acting: Acting, worker: FlaskClient, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        goal_id = make_goal(ctx, desk.city, desk.plan_id)
    path = f"/en/plans/{desk.plan_id}/actions"
    typed = {
        "action-owed_by": "person", "action-words": "Записатися на курс", "action-language": "uk",
        "action-due_on": "2026-03-20", "action-goal_id": str(goal_id),
    }  # fmt: skip
    page = html(worker.post(path, data=typed, follow_redirects=True))
    assert '<div lang="uk" dir="ltr">' in page
    assert "By 20 March 2026" in page
    with acting(system_in(desk.city.id)) as ctx:
        action_id = ctx.db.scalars(select(Action.id)).one()
    page = html(worker.post(f"{path}/{action_id}/done", follow_redirects=True))
    assert "It is still to do" in page
    page = html(worker.post(f"{path}/{action_id}/dropped", follow_redirects=True))
    assert "This action has already been closed." in page
    assert worker.post(f"{path}/{action_id}/burnt").status_code == 404


def test_bad_input_to_an_action_is_refused_and_kept(
    acting: Acting, worker: FlaskClient, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_goal(ctx, desk.city, desk.plan_id)
    path = f"/en/plans/{desk.plan_id}/actions"
    good = {"owed_by": "person", "words": "kept words", "language": "it", "due_on": "2026-03-20"}
    for change in (
        {"owed_by": "nobody"}, {"owed_by": ""}, {"words": ""}, {"words": "kept words" * 200},
        {"language": "tlh"}, {"due_on": "tomorrow"}, {"goal_id": "x"},
        {"goal_id": "00000000-0000-0000-0000-00000000000a"},
    ):  # fmt: skip
        typed = {f"action-{name}": value for name, value in (good | change).items()}
        answer = worker.post(path, data=typed)
        assert answer.status_code == 422, change
        assert typed["action-words"] in html(answer)
        assert typed["action-due_on"] in html(answer)
    with acting(system_in(desk.city.id)) as ctx:
        assert ctx.db.scalar(select(func.count(Action.id))) == 0


def test_overdue_is_said_in_words_on_both_pages(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        make_action(ctx, desk.city, desk.plan_id, due_on=TODAY - timedelta(days=4))
    for who, path in ((desk.worker, f"/en/plans/{desk.plan_id}"), (desk.person, "/en/me/plan")):
        sign_in(client, who.own_id)
        page = html(client.get(path))
        assert "Overdue" in page
        assert "It was to be done by 10 March 2026." in page
