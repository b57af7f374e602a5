"""The pages of a move: what the person sees and answers, and what two case workers do."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from tests.factories.course import NOTE, WORKED_IN_FRENCH, Elsewhere, fill_plan, make_elsewhere
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.plans import make_goal

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Drain = Callable[[], int]


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        desk = make_desk(ctx)
        fill_plan(ctx, desk)
        return desk


@pytest.fixture
def elsewhere(acting: Acting) -> Elsewhere:
    with acting(system_in()) as ctx:
        return make_elsewhere(ctx)


@pytest.fixture
def path(client: FlaskClient, sign_in: SignIn, desk: Desk, elsewhere: Elsewhere, html: Html) -> str:
    """Of the person's page of a move that was proposed to them."""
    sign_in(client, desk.worker.own_id)
    asked = {"municipality_id": str(elsewhere.city.id)}
    assert client.post(f"/en/plans/{desk.plan_id}/moving", data=asked).status_code == 302
    sign_in(client, desk.person.own_id)
    found = re.search(r'href="(/en/me/plan/moves/[^"]+)"', html(client.get("/en/me/plan")))
    assert found
    return found[1]


def hidden(page: str) -> dict[str, str]:
    found = re.search(r'name="seen" type="hidden" value="([0-9a-f]{64})"', page)
    assert found
    return {"seen": found[1]}


def test_the_person_sees_what_goes_along_and_says_yes(
    client: FlaskClient, sign_in: SignIn, desk: Desk, elsewhere: Elsewhere, path: str, html: Html,
    drain: Drain,
) -> None:  # fmt: skip
    page = html(client.get(path))
    for shown in (WORKED_IN_FRENCH, "Premier jour", "Corso CPIA", "Pas de chambre", "Caserta"):
        assert shown in page
    assert NOTE not in page
    answer = client.post(f"{path}/agree", data=hidden(page), follow_redirects=True)
    assert "Your plan is on its way." in html(answer)
    drain()
    sign_in(client, elsewhere.worker.own_id)
    page = html(client.get("/en/plans"))
    assert "Arrived from another municipality" in page
    assert WORKED_IN_FRENCH not in page
    found = re.search(r'action="(/en/plans/arrivals/[^"]+/take)"', page)
    assert found
    assert WORKED_IN_FRENCH in html(client.post(found[1], follow_redirects=True))
    drain()
    sign_in(client, elsewhere.colleague.own_id)
    page = html(client.post(found[1], follow_redirects=True))
    assert "Somebody has already taken this plan on." in page
    sign_in(client, desk.worker.own_id)
    assert "Arrived and taken on" in html(client.get(f"/en/plans/{desk.plan_id}/moving"))
    sign_in(client, desk.person.own_id)
    assert "Somebody over there has taken your plan on." in html(client.get(path))


def test_an_answer_to_an_older_page_is_asked_again(
    acting: Acting, client: FlaskClient, desk: Desk, path: str, html: Html
) -> None:
    before = hidden(html(client.get(path)))
    with acting(system_in(desk.city.id)) as ctx:
        make_goal(ctx, desk.city, desk.plan_id, "Una casa")
    refused = client.post(f"{path}/agree", data=before)
    assert refused.status_code == 409
    assert "The plan has changed meanwhile." in html(refused)
    assert "Una casa" in html(refused)
    assert client.post(f"{path}/agree", data=hidden(html(refused))).status_code == 302
    assert client.post(f"{path}/agree").status_code == 409


def test_the_person_says_no_or_calls_it_back(
    client: FlaskClient, sign_in: SignIn, desk: Desk, elsewhere: Elsewhere, path: str, html: Html
) -> None:
    assert "stays where it is" in html(client.post(f"{path}/refuse", follow_redirects=True))
    assert "already been decided" in html(client.post(f"{path}/call-back", follow_redirects=True))
    sign_in(client, desk.worker.own_id)
    page = html(client.get(f"/en/plans/{desk.plan_id}/moving"))
    assert "The person said no" in page
    assert "Propose the move" in page


def test_the_case_worker_records_the_word_of_the_person(
    client: FlaskClient, sign_in: SignIn, desk: Desk, path: str, html: Html
) -> None:
    move_id = path.rsplit("/", 1)[1]
    sign_in(client, desk.worker.own_id)
    page = html(client.get(f"/en/plans/{desk.plan_id}/moving"))
    agree = f"/en/plans/{desk.plan_id}/moves/{move_id}/agree"
    given = hidden(page) | {"language": "ar", "agreed": "y"}
    for missing in ("language", "agreed"):
        less = {name: value for name, value in given.items() if name != missing}
        assert client.post(agree, data=less).status_code == 422
    assert client.post(agree, data=given | {"seen": "0"}).status_code == 409
    page = html(client.post(agree, data=given, follow_redirects=True))
    assert "recorded the agreement on 14 March 2026." in page
    assert "Arabic" in page
    back = f"/en/plans/{desk.plan_id}/moves/{move_id}/call-back"
    assert "Called back" in html(client.post(back, follow_redirects=True))


def test_no_city_or_ones_own_is_answered_with_a_sentence(
    client: FlaskClient, sign_in: SignIn, desk: Desk, elsewhere: Elsewhere, html: Html
) -> None:
    sign_in(client, desk.worker.own_id)
    for wrong in ("", "x", str(desk.city.id)):
        answer = client.post(f"/en/plans/{desk.plan_id}/moving", data={"municipality_id": wrong})
        assert answer.status_code == 422
