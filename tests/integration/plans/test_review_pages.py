"""The pages of reviews: what they show, to whom, and what they keep of what was typed."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from civic.plans.models import Review, ReviewScore
from civic.plans.rules import Domain, View
from tests.factories.plan_desk import Desk, make_desk, make_others
from tests.factories.plans import make_action, make_review

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
TODAY = date(2026, 3, 14)
PLAN_READ = "plan.read"


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


@pytest.fixture
def worker(client: FlaskClient, sign_in: SignIn, desk: Desk) -> FlaskClient:
    sign_in(client, desk.worker.own_id)
    return client


def open_review(
    acting: Acting,
    desk: Desk,
    worker: dict[Domain, int] | None = None,
    person: dict[Domain, int] | None = None,
    *,
    is_open: bool = True,
) -> UUID:
    with acting(system_in(desk.city.id)) as ctx:
        return make_review(
            ctx, desk.city, desk.plan_id, worker=worker, person=person, is_open=is_open
        )


def scored(acting: Acting, desk: Desk) -> dict[tuple[View, Domain], int]:
    with acting(system_in(desk.city.id)) as ctx:
        return {(row.view, row.domain): row.score for row in ctx.db.scalars(select(ReviewScore))}


def chosen(page: str) -> dict[str, str]:
    """The radio buttons that are set, by name."""
    found = re.findall(r"<input[^>]*checked[^>]*>", page)
    return {
        re.search(r'name="(\w+)"', tag)[1]: re.search(r'value="(\w*)"', tag)[1]  # type: ignore[index]
        for tag in found
    }


def test_a_review_is_begun_scored_handed_over_and_completed(
    acting: Acting, worker: FlaskClient, desk: Desk, html: Html
) -> None:
    answer = worker.post(
        f"/en/plans/{desk.plan_id}/reviews", data={"held_on": TODAY.isoformat(), "months": "2"}
    )
    assert answer.status_code == 302
    path = answer.headers["Location"]
    answer = worker.post(f"{path}/scores", data={"work": "2", "legal": "4"})
    assert answer.headers["Location"] == path
    handing = html(worker.post(f"{path}/hand-over"))
    in_arabic = path.replace("/en/", "/ar/")
    assert f'href="{in_arabic}/person"' in handing  # the person reads Arabic
    (digits,) = re.findall(r'<bdi dir="ltr">(\d{4})</bdi>', handing)
    answer = worker.post(f"{in_arabic}/person", data={"work": "3"})
    assert answer.headers["Location"] == "/ar/give-back"
    assert worker.get(path).status_code == 403
    answer = worker.post("/ar/give-back", data={"digits": digits})
    assert answer.headers["Location"] == path  # and the case worker English
    page = html(worker.get(path))
    assert "A little money now and then; no regular work yet." in page
    assert "A course, a trial or some work, with somebody beside." in page
    answer = worker.post(f"{path}/complete", data={"note": "We go on"}, follow_redirects=True)
    assert "Completed" in html(answer)
    assert "We go on" in html(answer)
    assert scored(acting, desk) == {
        (View.WORKER, Domain.WORK): 2,
        (View.WORKER, Domain.LEGAL): 4,
        (View.PERSON, Domain.WORK): 3,
    }


def test_the_page_in_the_persons_hands_shows_nothing_else_and_leads_nowhere_else(
    acting: Acting, worker: FlaskClient, desk: Desk, html: Html
) -> None:
    review_id = open_review(acting, desk, worker={Domain.WORK: 2}, person={Domain.WORK: 5})
    path = f"/en/plans/{desk.plan_id}/reviews/{review_id}/person"
    page = html(worker.get(path))
    assert chosen(page) == {"work": "5"}
    links = set(re.findall(r'<a [^>]*href="([^"]+)"', page)) - {"#content"}
    assert links == {path.replace("/en/", f"/{tag}/") for tag in ("it", "en", "fr", "ar")}
    assert page.count('type="radio"') == len(Domain) * 6
    assert "Giulia" not in page


def test_on_their_own_phone_a_person_scores_while_a_review_is_open(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    review_id = open_review(acting, desk, worker={Domain.WORK: 2})
    sign_in(client, desk.person.own_id)
    path = f"/en/me/plan/reviews/{review_id}"
    assert path in html(client.get("/en/me/plan"))
    assert chosen(html(client.get(path))) == {}
    answer = client.post(path, data={"work": "4", "health": ""}, follow_redirects=True)
    assert "Thank you. Your case worker sees it" in html(answer)
    assert chosen(html(client.get(path))) == {"work": "4"}
    assert scored(acting, desk) == {
        (View.WORKER, Domain.WORK): 2,
        (View.PERSON, Domain.WORK): 4,
    }


def test_scores_that_come_after_the_end_are_refused_and_shown_again(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    review_id = open_review(acting, desk, worker={Domain.WORK: 2}, is_open=False)
    of_worker = f"/en/plans/{desk.plan_id}/reviews/{review_id}"
    of_person = f"/en/me/plan/reviews/{review_id}"
    for who, path, view in (
        (desk.worker, f"{of_worker}/scores", of_worker),
        (desk.worker, f"{of_worker}/person", of_worker),
        (desk.person, of_person, "/en/me/plan"),
    ):
        sign_in(client, who.own_id)
        answer = client.post(path, data={"italian": "4"})
        assert answer.status_code == 409
        assert "This review is completed: its scores stay as they are." in html(answer)
        assert chosen(html(answer)) == {"italian": "4"}
        assert client.get(path).headers["Location"] == view
    assert scored(acting, desk) == {(View.WORKER, Domain.WORK): 2}


def test_a_score_that_is_none_is_refused_and_the_others_stay_chosen(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    review_id = open_review(acting, desk)
    of_worker = f"/en/plans/{desk.plan_id}/reviews/{review_id}"
    for who, path in (
        (desk.worker, f"{of_worker}/scores"),
        (desk.worker, f"{of_worker}/person"),
        (desk.person, f"/en/me/plan/reviews/{review_id}"),
    ):
        sign_in(client, who.own_id)
        answer = client.post(path, data={"work": "6", "legal": "3"})
        assert answer.status_code == 422
        assert "Choose one of the five steps, or leave it out." in html(answer)
        assert chosen(html(answer)) == {"legal": "3"}
    assert scored(acting, desk) == {}


def test_bad_input_to_a_review_is_refused_and_kept(
    worker: FlaskClient, desk: Desk, acting: Acting, html: Html
) -> None:
    good = {"held_on": TODAY.isoformat(), "months": "3", "note": "kept words"}
    for change, sentence in (
        ({"held_on": "yesterday"}, "Choose a day, like 28/11/2026."),
        ({"held_on": ""}, "Choose the day of the review."),
        ({"held_on": "2026-03-15"}, "choose today or a day before"),
        ({"held_on": "2026-03-01"}, "The plan began on 14 March 2026"),
        ({"months": "5"}, "Choose when the next review is."),
        ({"months": ""}, "Choose when the next review is."),
        ({"note": "kept words" * 200}, "Write it in at most 1000 letters."),
    ):
        answer = worker.post(f"/en/plans/{desk.plan_id}/reviews", data=good | change)
        assert answer.status_code == 422, change
        assert sentence in html(answer)
        assert "kept words" in html(answer)
        assert (good | change)["held_on"] in html(answer)
    open_review(acting, desk, is_open=False)
    answer = worker.post(f"/en/plans/{desk.plan_id}/reviews", data=good)
    assert answer.status_code == 409
    assert "There is already a completed review of this day." in html(answer)
    assert "kept words" in html(answer)


def test_a_review_without_a_score_is_not_completed_and_the_note_stays_typed(
    acting: Acting, worker: FlaskClient, desk: Desk, html: Html
) -> None:
    review_id = open_review(acting, desk)
    path = f"/en/plans/{desk.plan_id}/reviews/{review_id}/complete"
    answer = worker.post(path, data={"note": "kept words"})
    assert answer.status_code == 409
    assert "Nobody has scored anything yet." in html(answer)
    assert "kept words" in html(answer)
    with acting(system_in(desk.city.id)) as ctx:
        assert ctx.db.get_one(Review, review_id).closed_at is None


def test_completed_twice_the_second_note_is_shown_and_not_stored(
    acting: Acting, worker: FlaskClient, desk: Desk, html: Html
) -> None:
    review_id = open_review(acting, desk, worker={Domain.WORK: 2}, is_open=False)
    path = f"/en/plans/{desk.plan_id}/reviews/{review_id}/complete"
    answer = worker.post(path, data={"note": "kept words"})
    assert answer.status_code == 409
    assert "This review is completed" in html(answer)
    assert "kept words" in html(answer)
    with acting(system_in(desk.city.id)) as ctx:
        assert ctx.db.get_one(Review, review_id).note == ""


def test_every_showing_to_the_case_worker_is_a_line_in_the_trail(
    acting: Acting, worker: FlaskClient, desk: Desk
) -> None:
    review_id = open_review(acting, desk)
    path = f"/en/plans/{desk.plan_id}/reviews"
    shown = [path, *(f"{path}/{review_id}{end}" for end in (
        "", "/scores", "/hand-over", "/person",
    ))]  # fmt: skip
    for address in shown:
        assert worker.get(address).status_code == 200
    with acting(system_in(desk.city.id)) as ctx:
        lines = list(ctx.db.scalars(select(AuditEntry.action)))
    assert lines == [PLAN_READ] * len(shown)


def test_every_other_role_gets_the_pages_of_an_absent_review(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk
) -> None:
    review_id = open_review(acting, desk)
    with acting(system_in(desk.city.id)) as ctx:
        action_id = make_action(ctx, desk.city, desk.plan_id)
        others = make_others(ctx, desk)
    plan = f"/en/plans/{desk.plan_id}"
    review = f"{plan}/reviews/{review_id}"
    read = (
        f"{plan}/reviews", review, f"{review}/scores", f"{review}/hand-over", f"{review}/person",
    )  # fmt: skip
    write = (
        f"{plan}/reviews", f"{review}/scores", f"{review}/person", f"{review}/complete",
        f"{review}/hand-over",
        f"{plan}/actions", f"{plan}/actions/{action_id}/done",
    )  # fmt: skip
    typed = {
        "held_on": TODAY.isoformat(), "months": "3", "work": "3", "action-words": "x",
        "action-owed_by": "person", "action-language": "it",
    }  # fmt: skip
    for role, other in {**others, "the person": desk.person.own_id}.items():
        sign_in(client, other)
        for address in read:
            assert client.get(address).status_code == 404, (role, address)
        for address in write:
            assert client.post(address, data=typed).status_code == 404, (role, address)
            assert client.post(address, data={"work": "9"}).status_code == 404, (role, address)
        if role != "the person":
            own = f"/en/me/plan/reviews/{review_id}"
            assert client.get(own).status_code == 404, role
            assert client.post(own, data={"work": "3"}).status_code == 404, role
            assert client.post(own, data={"work": "9"}).status_code == 404, role
    assert scored(acting, desk) == {}


def test_the_case_worker_does_not_score_by_the_persons_address(
    acting: Acting, worker: FlaskClient, desk: Desk
) -> None:
    review_id = open_review(acting, desk)
    assert worker.get(f"/en/me/plan/reviews/{review_id}").status_code == 404
    assert worker.post(f"/en/me/plan/reviews/{review_id}", data={"work": "3"}).status_code == 404


def test_change_over_time_stands_in_steps_in_a_table_and_in_words(
    acting: Acting, client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        for number, (worker, person) in enumerate(((1, 2), (2, None), (4, 1))):
            make_review(
                ctx, desk.city, desk.plan_id, TODAY - timedelta(days=60 - 30 * number),
                worker={Domain.ITALIAN: worker},
                person={Domain.ITALIAN: person} if person else {}, is_open=False,
            )  # fmt: skip
    for who, path in (
        (desk.worker, f"/en/plans/{desk.plan_id}/reviews"),
        (desk.person, "/en/me/plan"),
    ):
        sign_in(client, who.own_id)
        page = html(client.get(path))
        assert "3 steps up." in page
        assert "1 step down." in page
        steps = re.findall(r'class="stair stair-(\w+)"', page)
        assert steps == ["2", "none", "1", "1", "2", "4"]
        assert re.findall(r"<th scope=\"row\">(?:<a[^>]*>)?(\d+ \w+ 2026)", page)[-3:] == [
            "13 January 2026", "12 February 2026", "14 March 2026",
        ]  # fmt: skip


def test_the_desk_says_in_words_how_each_review_presses(
    acting: Acting, worker: FlaskClient, desk: Desk, html: Html
) -> None:
    assert "No review yet" in html(worker.get("/en/plans"))
    with acting(system_in(desk.city.id)) as ctx:
        make_review(ctx, desk.city, desk.plan_id, next_on=TODAY - timedelta(days=1), is_open=False)
    assert "Review overdue" in html(worker.get("/en/plans"))


def test_pages_ask_as_often_for_many_reviews_as_for_one(
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    desk: Desk,
    statements: Callable[[], AbstractContextManager[SimpleNamespace]],
) -> None:
    def fill(days: int) -> UUID:
        with acting(system_in(desk.city.id)) as ctx:
            make_action(ctx, desk.city, desk.plan_id)
            return make_review(
                ctx, desk.city, desk.plan_id, TODAY - timedelta(days=days),
                worker=dict.fromkeys(Domain, 2), person=dict.fromkeys(Domain, 3), is_open=False,
            )  # fmt: skip

    review_id = fill(1)
    pages = (
        (desk.worker, "/en/plans"),
        (desk.worker, f"/en/plans/{desk.plan_id}"),
        (desk.worker, f"/en/plans/{desk.plan_id}/reviews"),
        (desk.worker, f"/en/plans/{desk.plan_id}/reviews/{review_id}"),
        (desk.person, "/en/me/plan"),
    )

    def counts() -> list[int]:
        found = []
        for who, path in pages:
            sign_in(client, who.own_id)
            client.get(path)
            with statements() as counted:
                assert client.get(path).status_code == 200
            found.append(counted.total)
        return found

    few = counts()
    for days in range(2, 12):
        fill(days)
    assert counts() == few
    assert max(few) <= 20
