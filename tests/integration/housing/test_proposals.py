"""Beds proposed to a household, what they say, and what becomes of other proposals by that."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.housing.errors import BedTaken, NobodyToPlace, NotForThem, ProposalOver, RequestClosed
from civic.housing.operations.proposals import (
    NewProposal,
    accept,
    accept_own,
    propose,
    refuse,
    withdraw_proposal,
)
from civic.housing.operations.requests import add_member, withdraw_request
from civic.housing.operations.residents import NewPerson
from civic.housing.placing_models import HousingRequest, Placement, Proposal
from civic.housing.queries.requests import own_requests
from civic.housing.queries.waiting import waiting_list
from civic.housing.rules.nights import Nights
from civic.housing.rules.placing import (
    ProposalState,
    RefusedFor,
    RequestState,
)
from civic.housing.rules.stock import Who
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.notifications.models import Message
from tests.factories.accounts import actor_of, with_second_factor
from tests.factories.housing import make_stay, make_unit, members_of
from tests.factories.housing_requests import TODAY, Scene, make_scene

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]
NIGHTS = Nights(TODAY, TODAY + timedelta(days=30))


@pytest.fixture
def scene(acting: Acting) -> Scene:
    return make_scene(acting)


@pytest.fixture
def officer(client: FlaskClient, sign_in: SignIn, scene: Scene) -> FlaskClient:
    sign_in(client, scene.lodge.officer.own_id)
    return with_second_factor(client)


def offer(
    ctx: Context, scene: Scene, request_id: UUID, bed: int = 0, nights: Nights = NIGHTS
) -> UUID:
    beds = dict(zip(members_of(ctx, request_id), scene.lodge.beds[bed:], strict=False))
    new = NewProposal(request_id, scene.lodge.unit_id, beds, nights, is_open_ended=False)
    return propose(ctx, new)


def state_of(ctx: Context, proposal_id: UUID) -> ProposalState:
    return ctx.db.get_one(Proposal, proposal_id, populate_existing=True).state


def test_a_proposal_holds_nothing_and_two_may_have_the_same_bed_proposed(
    acting: Acting, scene: Scene
) -> None:
    with acting(scene.lodge.officer) as ctx:
        offer(ctx, scene, scene.own)
        offer(ctx, scene, scene.other)
        assert ctx.db.scalar(select(func.count()).select_from(Placement)) == 0


def test_the_same_proposal_is_made_once(acting: Acting, scene: Scene) -> None:
    with acting(scene.lodge.officer) as ctx:
        assert offer(ctx, scene, scene.own) == offer(ctx, scene, scene.own)


def test_a_yes_places_them_and_frees_what_else_was_proposed(acting: Acting, scene: Scene) -> None:
    later = Nights(NIGHTS.until + timedelta(days=9), NIGHTS.until + timedelta(days=20))
    with acting(scene.lodge.officer) as ctx:
        mine = offer(ctx, scene, scene.own)
        my_other = offer(ctx, scene, scene.own, bed=1)
        same_bed = offer(ctx, scene, scene.other)
        other_bed = offer(ctx, scene, scene.other, bed=1)
        same_bed_later = offer(ctx, scene, scene.other, nights=later)
    with acting(scene.lodge.officer) as ctx:
        told = accept(ctx, mine, "Yes, thank you")
        assert told.refusal is None
        placement = ctx.db.get_one(Placement, told.placement_id)
        assert (placement.request_id, placement.until_night) == (scene.own, NIGHTS.until)
        assert ctx.db.get_one(HousingRequest, scene.own).state is RequestState.PLACED
        assert state_of(ctx, mine) is ProposalState.ACCEPTED
        assert state_of(ctx, my_other) is ProposalState.FREED
        assert state_of(ctx, same_bed) is ProposalState.FREED
        assert state_of(ctx, other_bed) is ProposalState.OPEN
        assert state_of(ctx, same_bed_later) is ProposalState.OPEN
        with pytest.raises(ProposalOver):
            accept(ctx, same_bed)


def test_a_no_leaves_them_on_the_list_where_they_were(acting: Acting, scene: Scene) -> None:
    city = scene.lodge.city.id
    with acting(scene.lodge.officer) as ctx:
        before = [(row.id, row.place, row.priority) for row in waiting_list(ctx, city).rows]
        proposal_id = offer(ctx, scene, scene.own)
        refuse(ctx, proposal_id, RefusedFor.SHARING, "I would rather wait")
        after = [(row.id, row.place, row.priority) for row in waiting_list(ctx, city).rows]
        row = ctx.db.get_one(HousingRequest, scene.own)
    assert before == after
    assert row.state is RequestState.WAITING
    with acting(scene.lodge.officer) as ctx:
        proposal = ctx.db.get_one(Proposal, proposal_id)
        assert (proposal.state, proposal.refused_for) == (
            ProposalState.REFUSED,
            RefusedFor.SHARING,
        )
        assert proposal.sealed is not None
        assert b"rather" not in proposal.sealed


def test_a_bed_taken_meanwhile_frees_the_proposal_and_tells_the_officer(
    acting: Acting, scene: Scene
) -> None:
    with acting(scene.lodge.officer) as ctx:
        proposal_id = offer(ctx, scene, scene.own)
        make_stay(ctx, scene.lodge, scene.other, nights=3)
        told = accept(ctx, proposal_id)
        assert isinstance(told.refusal, BedTaken)
        assert state_of(ctx, proposal_id) is ProposalState.FREED
        assert ctx.db.get_one(HousingRequest, scene.own).state is RequestState.WAITING
        assert ctx.db.scalar(select(func.count()).select_from(Placement)) == 1


def test_what_cannot_be_is_not_proposed(acting: Acting, scene: Scene) -> None:
    with acting(system_in(scene.lodge.city.id)) as ctx:
        women, (bed,) = make_unit(ctx, scene.lodge.city, "Donne", (1,), takes=[Who.SINGLE_WOMEN])
    with acting(scene.lodge.officer) as ctx:
        (bilal,) = members_of(ctx, scene.other)
        with pytest.raises(NotForThem):
            propose(ctx, NewProposal(scene.other, women, {bilal: bed}, NIGHTS, is_open_ended=False))
        unit = scene.lodge.unit_id
        with pytest.raises(NotFound):
            propose(ctx, NewProposal(scene.other, unit, {bilal: bed}, NIGHTS, is_open_ended=False))
        with pytest.raises(NobodyToPlace):
            propose(ctx, NewProposal(scene.other, unit, {}, NIGHTS, is_open_ended=False))
        make_stay(ctx, scene.lodge, scene.own)
        with pytest.raises(BedTaken):
            offer(ctx, scene, scene.other)
        with pytest.raises(RequestClosed):
            offer(ctx, scene, scene.own, bed=1)


def test_a_household_that_changed_or_withdrew_has_no_proposals_left(
    acting: Acting, scene: Scene
) -> None:
    with acting(scene.lodge.officer) as ctx:
        first, second = offer(ctx, scene, scene.own), offer(ctx, scene, scene.other)
        add_member(ctx, scene.own, NewPerson("Moussa", birth_year=2020))
        withdraw_request(ctx, scene.other)
        assert state_of(ctx, first) is state_of(ctx, second) is ProposalState.FREED


def test_an_officer_takes_a_proposal_back_once(acting: Acting, scene: Scene) -> None:
    with acting(scene.lodge.officer) as ctx:
        proposal_id = offer(ctx, scene, scene.own)
        withdraw_proposal(ctx, proposal_id)
        assert state_of(ctx, proposal_id) is ProposalState.WITHDRAWN
        with pytest.raises(ProposalOver):
            withdraw_proposal(ctx, proposal_id)
        with pytest.raises(ProposalOver):
            refuse(ctx, proposal_id, RefusedFor.COST)


def test_a_message_says_that_there_is_news_and_not_of_what(
    acting: Acting, scene: Scene, drain: Callable[[], int]
) -> None:
    with acting(scene.lodge.officer) as ctx:
        offer(ctx, scene, scene.own)
        offer(ctx, scene, scene.other)
    drain()
    with acting(system_in()) as ctx:
        (message,) = ctx.db.scalars(select(Message))
    assert message.person_id == scene.account
    said = f"{message.subject} {message.body}".lower()
    for word in ("casa", "alloggi", "home", "housing", "letto", "ginestra", "san giacomo"):
        assert word not in said


def test_they_answer_themselves_on_their_own_page(
    acting: Acting, scene: Scene, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(scene.lodge.officer) as ctx:
        proposal_id = offer(ctx, scene, scene.own)
    sign_in(client, scene.account)
    page = html(client.get("/en/me/home/request"))
    assert "You lose your home within a month." in page
    assert "There is a place for you" in page
    assert "via dei Giacinti" not in page
    assert "Casa Ginestra" not in page
    told = {"answer": "yes", "words": "Grazie"}
    assert client.post(f"/en/me/home/proposals/{proposal_id}/answer", data=told).status_code == 302
    with acting(scene.lodge.officer) as ctx:
        (placement,) = ctx.db.scalars(select(Placement))
        assert (placement.request_id, placement.placed_by) == (scene.own, scene.account)
        assert state_of(ctx, proposal_id) is ProposalState.ACCEPTED
    again = client.post(
        f"/en/me/home/proposals/{proposal_id}/answer", data=told, follow_redirects=True
    )
    assert "no longer stands" in html(again)


def test_a_no_of_their_own_needs_no_reason(
    acting: Acting, scene: Scene, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(scene.lodge.officer) as ctx:
        proposal_id = offer(ctx, scene, scene.own)
    sign_in(client, scene.account)
    at = f"/en/me/home/proposals/{proposal_id}/answer"
    assert client.post(at, data={"answer": "perhaps"}).status_code == 422
    answer = client.post(at, data={"answer": "no"}, follow_redirects=True)
    assert "You stay on the list where you were" in html(answer)
    with acting(scene.lodge.officer) as ctx:
        assert state_of(ctx, proposal_id) is ProposalState.REFUSED


def test_a_proposal_of_somebody_else_is_as_if_it_were_not_there(
    acting: Acting, scene: Scene, client: FlaskClient, sign_in: SignIn
) -> None:
    with acting(scene.lodge.officer) as ctx:
        theirs = offer(ctx, scene, scene.other)
    sign_in(client, scene.account)
    answer = client.post(f"/en/me/home/proposals/{theirs}/answer", data={"answer": "yes"})
    assert answer.status_code == 404
    with acting(system_in()) as ctx:
        awa = actor_of(ctx, scene.account)
    with acting(awa) as ctx:
        with pytest.raises(NotFound):
            accept_own(ctx, theirs)
        assert [each.id for each in own_requests(ctx)] == [scene.own]


def test_the_pages_lead_from_a_suggestion_to_a_stay(
    officer: FlaskClient, acting: Acting, scene: Scene, html: Html
) -> None:
    at = f"/en/housing/requests/{scene.own}"
    page = html(officer.get(f"{at}/proposals?first=2026-04-01&until=2026-04-20"))
    assert "Casa Ginestra" in page
    assert "Nobody else sleeps in their room." in page
    with acting(scene.lodge.officer) as ctx:
        (who,) = members_of(ctx, scene.own)
    chosen = {
        "unit": str(scene.lodge.unit_id), "first": "2026-04-01", "until": "2026-04-20",
        "seat": f"{who}:{scene.lodge.beds[0]}",
    }  # fmt: skip
    assert officer.post(f"{at}/proposals", data=chosen).status_code == 302
    with acting(scene.lodge.officer) as ctx:
        (proposal_id,) = ctx.db.scalars(select(Proposal.id))
    answer = f"/en/housing/proposals/{proposal_id}/answer"
    assert officer.get(answer).status_code == 200
    assert officer.post(answer, data={}).status_code == 422
    assert officer.post(answer, data={"answer": "yes", "words": "Sì"}).status_code == 302
    assert "has a place" in html(officer.get(at))
    over = officer.post(answer, data={"answer": "no"})
    assert over.status_code == 409
    assert "no longer stands" in html(over)


def test_a_bed_taken_between_page_and_click_is_said_and_the_others_are_shown(
    officer: FlaskClient, acting: Acting, scene: Scene, html: Html
) -> None:
    with acting(scene.lodge.officer) as ctx:
        make_stay(ctx, scene.lodge, scene.other)
        (who,) = members_of(ctx, scene.own)
    chosen = {
        "unit": str(scene.lodge.unit_id), "first": "2026-03-14", "until": "2026-03-20",
        "seat": f"{who}:{scene.lodge.beds[0]}",
    }  # fmt: skip
    answer = officer.post(f"/en/housing/requests/{scene.own}/proposals", data=chosen)
    assert answer.status_code == 409
    page = html(answer)
    assert "is no longer free" in page
    assert str(scene.lodge.beds[1]) in page
    for wrong in ({"seat": "x"}, {"unit": "x"}, {"first": ""}, {"until": "2026-03-14"}):
        at = f"/en/housing/requests/{scene.own}/proposals"
        assert officer.post(at, data=chosen | wrong).status_code == 422
