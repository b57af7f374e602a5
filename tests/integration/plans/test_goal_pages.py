"""The page of a goal and of what stands in the way, as a case worker uses them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from civic.plans.models import Evidence, Goal, Milestone
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.plans import make_barrier, make_goal, make_milestone, make_paper

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[..., None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


@pytest.fixture
def path(acting: Acting, desk: Desk) -> str:
    with acting(system_in(desk.city.id)) as ctx:
        goal_id = make_goal(ctx, desk.city, desk.plan_id, "أريد أن أعمل", language="ar")
    return f"/en/plans/{desk.plan_id}/goals/{goal_id}"


def test_a_case_worker_writes_a_goal_in_italian_with_a_step_and_a_paper(
    client: FlaskClient, sign_in: SignIn, desk: Desk, path: str, html: Html
) -> None:
    sign_in(client, desk.worker.person_id)
    client.post(f"{path}/italian", data={"italian-words_it": "Voglio lavorare"})
    client.post(
        f"{path}/milestones",
        data={"milestone-words": "Prendere la patente", "milestone-language": "it"},
    )
    page = html(
        client.post(
            f"{path}/evidence",
            data={
                "evidence-kind": "italian",
                "evidence-title": "CPIA Potenza",
                "evidence-level": "A2",
                "evidence-dated_on": "2026-03-01",
            },
            follow_redirects=True,
        )
    )
    assert '<div lang="it" dir="ltr">' in page
    for words in ("Voglio lavorare", "Prendere la patente", "CPIA Potenza", "A2"):
        assert words in page


@pytest.mark.parametrize(
    ("form", "typed", "sentence"),
    [
        ("italian", {"italian-words_it": "  "}, "Write the goal in Italian."),
        (
            "milestones",
            {"milestone-words": "", "milestone-language": "it"},
            "Write which step comes next.",
        ),
        (
            "milestones",
            {"milestone-words": "kept", "milestone-language": "it", "milestone-due_on": "x"},
            "Choose a day, like 28/11/2026.",
        ),
        (
            "evidence",
            {"evidence-kind": "italian", "evidence-title": "kept"},
            "Choose the level of Italian.",
        ),
        (
            "evidence",
            {
                "evidence-kind": "other",
                "evidence-title": "kept",
                "evidence-dated_on": "2026-03-15",
            },
            "This day has not come yet.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: FlaskClient,
    sign_in: SignIn,
    desk: Desk,
    path: str,
    html: Html,
    form: str,
    typed: dict[str, str],
    sentence: str,
) -> None:
    sign_in(client, desk.worker.person_id)
    answer = client.post(f"{path}/{form}", data=typed)
    assert answer.status_code == 422
    page = html(answer)
    assert sentence in page
    assert ("kept" in page) is ("kept" in typed.values())


def test_a_paper_is_taken_off_only_with_a_reason(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, path: str, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        goal_id = ctx.db.scalars(select(Goal.id)).one()
        paper = make_paper(ctx, desk.city, goal_id)
    sign_in(client, desk.worker.person_id)
    off = f"{path}/evidence/{paper}/off"
    answer = client.post(off, data={f"{paper.hex}-reason": " "})
    assert answer.status_code == 422
    assert "Write in a few words why." in html(answer)
    page = html(client.post(off, data={f"{paper.hex}-reason": "Scaduto"}, follow_redirects=True))
    assert "Taken off on" in page
    assert "Scaduto" in page
    assert client.post(off, data={f"{paper.hex}-reason": "Scaduto"}).status_code == 409


def test_a_form_sent_twice_from_the_page_makes_one(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, path: str, html: Html
) -> None:
    sign_in(client, desk.worker.person_id)
    page = html(client.get(path))
    sent = page.split('name="milestone-sent" type="hidden" value="')[1].split('"')[0]
    typed = {
        "milestone-words": "Una volta",
        "milestone-language": "it",
        "milestone-sent": sent,
    }
    for _ in range(2):
        assert client.post(f"{path}/milestones", data=typed).status_code == 302
    for _ in range(2):
        client.post(f"{path}/milestones", data={**typed, "milestone-sent": "no id"})
    with acting(system_in(desk.city.id)) as ctx:
        assert ctx.db.scalar(select(func.count(Milestone.id))) == 3


def test_what_stands_in_the_way_is_written_down_and_overcome(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker.person_id)
    path = f"/en/plans/{desk.plan_id}/barriers"
    answer = client.post(path, data={"domain": "housing", "words": "", "language": "it"})
    assert (answer.status_code, "Write what stands in the way." in html(answer)) == (422, True)
    client.post(path, data={"domain": "housing", "words": "Un debito", "language": "it"})
    page = html(client.get(path))
    done = page.split('action="')[1:]
    (url,) = [each.split('"')[0] for each in done if "/done" in each.split('"')[0]]
    assert "Overcome on" in html(client.post(url, follow_redirects=True))


def test_the_person_sees_steps_papers_and_barriers_and_can_change_none(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, path: str, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        goal_id = ctx.db.scalars(select(Goal.id)).one()
        make_milestone(ctx, desk.city, goal_id)
        make_paper(ctx, desk.city, goal_id)
        make_barrier(ctx, desk.city, desk.plan_id)
    sign_in(client, desk.person.person_id)
    page = html(client.get("/fr/me/plan"))
    for words in ("Prendere la patente", "Corso di italiano", "Nessun autobus la mattina"):
        assert words in page
    assert "/goals/" not in page
    assert client.get(path).status_code == 404


def test_a_plan_asks_as_many_statements_however_much_it_holds(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, statements: Statements
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        goal_id = make_goal(ctx, desk.city, desk.plan_id)
        make_milestone(ctx, desk.city, goal_id)
        make_paper(ctx, desk.city, goal_id)
    sign_in(client, desk.person.person_id)
    client.get("/it/me/plan")
    with statements() as few:
        client.get("/it/me/plan")
    with acting(system_in(desk.city.id)) as ctx:
        for _ in range(5):
            more = make_goal(ctx, desk.city, desk.plan_id)
            make_barrier(ctx, desk.city, desk.plan_id)
            for _ in range(3):
                make_milestone(ctx, desk.city, more)
                make_paper(ctx, desk.city, more)
        assert ctx.db.scalar(select(func.count(Evidence.id))) == 16
    with statements() as many:
        client.get("/it/me/plan")
    assert many.total == few.total
