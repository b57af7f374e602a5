"""A plan goes along to another city with its person's word, and with nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.accounts import queries as accounts
from civic.audit.models import AuditEntry
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.plans import privacy
from civic.plans.endings import ArrivalState, MoveState, Outcome
from civic.plans.errors import (
    ArrivalGone,
    ArrivalTaken,
    ConsentMissing,
    MoveDecided,
    MoveNowhere,
    MoveUnderWay,
    ParcelChanged,
    PlanElsewhere,
    PlanOnItsWay,
)
from civic.plans.models import (
    Barrier,
    Closing,
    Evidence,
    FollowUp,
    Goal,
    Plan,
    PlanArrival,
    PlanMove,
    Review,
)
from civic.plans.operations import arriving, closing, moving, plans
from civic.plans.operations.closing import End
from civic.plans.operations.moving import Consent
from civic.plans.queries.moves import arrivals
from civic.plans.queries.parcels import digest
from civic.plans.queries.plans import my_plans
from civic.plans.rules import Domain, View
from tests.factories.accounts import actor_of
from tests.factories.course import (
    GROUNDSMAN,
    NOTE,
    WORKED_IN_FRENCH,
    Elsewhere,
    fill_plan,
    make_elsewhere,
)
from tests.factories.plan_desk import Desk, make_desk, make_others
from tests.factories.plans import make_goal, make_plan
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
Drain = Callable[[], int]


@dataclass(frozen=True)
class Towns:
    desk: Desk
    elsewhere: Elsewhere


@pytest.fixture
def towns(acting: Acting) -> Towns:
    with acting(system_in()) as ctx:
        desk = make_desk(ctx)
        fill_plan(ctx, desk)
        return Towns(desk, make_elsewhere(ctx))


def propose(acting: Acting, towns: Towns) -> UUID:
    with acting(towns.desk.worker) as ctx:
        return moving.propose_move(ctx, towns.desk.plan_id, towns.elsewhere.city.id)


def seen(acting: Acting, towns: Towns, move_id: UUID) -> Consent:
    with acting(towns.desk.person) as ctx:
        return Consent(digest(moving.own_move_page(ctx, move_id).parcel), "ar")


def agree(acting: Acting, towns: Towns, move_id: UUID) -> None:
    consent = seen(acting, towns, move_id)
    with acting(towns.desk.person) as ctx:
        moving.agree_to_move(ctx, move_id, consent)


def waiting(acting: Acting, towns: Towns) -> list[UUID]:
    with acting(towns.elsewhere.worker) as ctx:
        return [each.id for each in arrivals(ctx)]


def sent(acting: Acting, towns: Towns, drain: Drain) -> tuple[UUID, UUID]:
    """A plan that has arrived: its move and its arrival."""
    move_id = propose(acting, towns)
    agree(acting, towns, move_id)
    drain()
    (arrival_id,) = waiting(acting, towns)
    return move_id, arrival_id


def state_of(acting: Acting, towns: Towns, move_id: UUID) -> MoveState:
    with acting(system_in(towns.desk.city.id)) as ctx:
        return ctx.db.get_one(PlanMove, move_id).state


def test_nothing_goes_anywhere_before_the_person_has_agreed(
    acting: Acting, towns: Towns, drain: Drain
) -> None:
    move_id = propose(acting, towns)
    drain()
    assert waiting(acting, towns) == []
    with acting(system_in(towns.desk.city.id)) as ctx:
        assert ctx.db.get_one(PlanMove, move_id).parcel == {}
    with acting(towns.desk.person) as ctx:
        moving.refuse_move(ctx, move_id)
        moving.refuse_move(ctx, move_id)
    consent = seen(acting, towns, move_id)
    with pytest.raises(MoveDecided), acting(towns.desk.person) as ctx:
        moving.agree_to_move(ctx, move_id, consent)
    drain()
    assert waiting(acting, towns) == []
    assert state_of(acting, towns, move_id) is MoveState.REFUSED


def test_what_goes_along_is_what_the_person_saw_and_no_note_of_a_review(
    acting: Acting, towns: Towns
) -> None:
    move_id = propose(acting, towns)
    with acting(towns.desk.person) as ctx:
        parcel = moving.own_move_page(ctx, move_id).parcel
    (goal,) = parcel["goals"]
    assert goal["words"] == WORKED_IN_FRENCH
    assert [each["words"] for each in goal["milestones"]] == ["Premier jour"]
    assert {each["kind"] for each in goal["evidence"]} == {"badge", "italian"}
    assert {(each["words"], each["goal"]) for each in parcel["actions"]} == {
        ("Écrire à l’école", 0),
        ("Chiamare la scuola", None),
    }
    assert [each["words"] for each in parcel["barriers"]] == ["Pas de chambre"]
    assert parcel["reviews"][0]["scores"] == {"worker": {"work": 2}, "person": {"work": 3}}
    assert parcel["occupations"] == [GROUNDSMAN]
    assert NOTE not in str(parcel)


def test_whoever_agrees_to_what_is_no_longer_so_is_asked_to_look_again(
    acting: Acting, towns: Towns
) -> None:
    move_id = propose(acting, towns)
    before = seen(acting, towns, move_id)
    with acting(system_in(towns.desk.city.id)) as ctx:
        make_goal(ctx, towns.desk.city, towns.desk.plan_id, "Una casa", domain=Domain.HOUSING)
    with pytest.raises(ParcelChanged), acting(towns.desk.person) as ctx:
        moving.agree_to_move(ctx, move_id, before)
    agree(acting, towns, move_id)
    with acting(system_in(towns.desk.city.id)) as ctx:
        assert len(ctx.db.get_one(PlanMove, move_id).parcel["goals"]) == 2


def test_the_agreement_is_kept_with_day_language_and_who(acting: Acting, towns: Towns) -> None:
    move_id = propose(acting, towns)
    agree(acting, towns, move_id)
    agree(acting, towns, move_id)
    with acting(system_in(towns.desk.city.id)) as ctx:
        move = ctx.db.get_one(PlanMove, move_id)
        assert (move.state, move.language) == (MoveState.AGREED, "ar")
        assert (move.decided_by, move.decided_at) == (towns.desk.person.own_id, ctx.now())
        said = [
            line.details["what"]
            for line in ctx.db.scalars(select(AuditEntry).order_by(AuditEntry.number))
            if line.action == "plan.changed"
        ]
    assert said == ["move_proposed", "move_agreed"]


def test_the_person_may_agree_in_front_of_the_case_worker_who_stands_for_it(
    acting: Acting, towns: Towns, drain: Drain
) -> None:
    move_id = propose(acting, towns)
    consent = seen(acting, towns, move_id)
    plan_id = towns.desk.plan_id
    with pytest.raises(ConsentMissing), acting(towns.desk.worker) as ctx:
        moving.record_agreement(ctx, plan_id, move_id, consent, agreed=False)
    with acting(towns.desk.worker) as ctx:
        moving.record_agreement(ctx, plan_id, move_id, consent, agreed=True)
    drain()
    with acting(system_in(towns.desk.city.id)) as ctx:
        assert ctx.db.get_one(PlanMove, move_id).decided_by == towns.desk.worker.own_id
    assert len(waiting(acting, towns)) == 1


def test_a_plan_goes_to_another_city_of_the_network_and_to_one_at_a_time(
    acting: Acting, towns: Towns
) -> None:
    with acting(system_in()) as ctx:
        third = make_city(ctx, "trieste")
    plan_id = towns.desk.plan_id
    for nowhere in (towns.desk.city.id, plan_id):
        with pytest.raises(MoveNowhere), acting(towns.desk.worker) as ctx:
            moving.propose_move(ctx, plan_id, nowhere)
    move_id = propose(acting, towns)
    assert propose(acting, towns) == move_id
    with pytest.raises(MoveUnderWay), acting(towns.desk.worker) as ctx:
        moving.propose_move(ctx, plan_id, third.id)
    with acting(towns.desk.worker) as ctx:
        moving.call_back(ctx, plan_id, move_id)
        assert moving.propose_move(ctx, plan_id, third.id) != move_id


def test_one_case_worker_over_there_takes_it_on_and_the_plan_ends_here(
    acting: Acting, towns: Towns, drain: Drain, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=3))
    move_id, arrival_id = sent(acting, towns, drain)
    assert drain() == 0
    person_id, there = towns.desk.person.own_id, towns.elsewhere
    with acting(system_in(there.city.id)) as ctx:
        assert not accounts.is_known_in(ctx, person_id, there.city.id)
    with acting(there.worker) as ctx:
        plan_id = arriving.take_on(ctx, arrival_id)
        assert arriving.take_on(ctx, arrival_id) == plan_id
    with pytest.raises(ArrivalTaken), acting(there.colleague) as ctx:
        arriving.take_on(ctx, arrival_id)
    drain()
    with acting(there.worker) as ctx:
        page = plans.read_plan(ctx, plan_id)
        (goal,) = page.goals
        assert goal.words == WORKED_IN_FRENCH
        assert {(each.words, each.goal_id) for each in page.actions} == {
            ("Écrire à l’école", goal.id),
            ("Chiamare la scuola", None),
        }
        (review,) = page.reviews
        assert review.note == ""
        assert review.scores[View.PERSON] == {Domain.WORK: 3}
        kept = ctx.db.scalars(select(Evidence).order_by(Evidence.title)).all()
        assert [row.award_id for row in kept] == [None, None]
        assert {row.title for row in kept} >= {"Corso CPIA"}
        assert any("Orti in Comune" in row.title for row in kept)
        assert ctx.db.scalars(select(Barrier.words)).all() == ["Pas de chambre"]
        assert accounts.is_known_in(ctx, person_id, there.city.id)
        assert ctx.db.get_one(PlanArrival, arrival_id).parcel == {}
        assert arrivals(ctx) == []
    with acting(system_in(towns.desk.city.id)) as ctx:
        assert ctx.db.get_one(Plan, towns.desk.plan_id).closed_at is not None
        ended = ctx.db.scalars(select(Closing)).one()
        assert (ended.outcome, ended.closed_by) == (Outcome.MOVED, towns.desk.worker.own_id)
        assert ctx.db.scalars(select(FollowUp)).all() == []
    assert state_of(acting, towns, move_id) is MoveState.TAKEN
    with acting(system_in()) as ctx:
        person = actor_of(ctx, person_id)
    with acting(person) as ctx:
        mine = my_plans(ctx)
        assert [page.municipality_name for page in mine] == ["Caserta", "Potenza"]
        assert [page.plan.is_closed for page in mine] == [False, True]


def test_it_goes_into_the_plan_that_the_same_case_worker_has_begun_already(
    acting: Acting, towns: Towns, drain: Drain
) -> None:
    _move_id, arrival_id = sent(acting, towns, drain)
    there = towns.elsewhere
    with acting(system_in()) as ctx:
        begun = make_plan(ctx, there.city, towns.desk.person.own_id, there.worker.own_id)
    with pytest.raises(PlanElsewhere), acting(there.colleague) as ctx:
        arriving.take_on(ctx, arrival_id)
    assert waiting(acting, towns) == [arrival_id]
    with acting(there.worker) as ctx:
        assert arriving.take_on(ctx, arrival_id) == begun
        assert len(plans.read_plan(ctx, begun).goals) == 1


def test_until_it_is_taken_on_the_person_may_call_it_back(
    acting: Acting, towns: Towns, drain: Drain
) -> None:
    move_id, arrival_id = sent(acting, towns, drain)
    with acting(towns.desk.person) as ctx:
        moving.call_back_own(ctx, move_id)
        moving.call_back_own(ctx, move_id)
    assert waiting(acting, towns) == []
    with pytest.raises(ArrivalGone), acting(towns.elsewhere.worker) as ctx:
        arriving.take_on(ctx, arrival_id)
    with acting(system_in(towns.desk.city.id, towns.elsewhere.city.id)) as ctx:
        assert ctx.db.get_one(PlanMove, move_id).parcel == {}
        assert ctx.db.get_one(PlanArrival, arrival_id).parcel == {}
        assert ctx.db.get_one(Plan, towns.desk.plan_id).closed_at is None
    again = propose(acting, towns)
    assert again != move_id
    with acting(towns.desk.worker) as ctx:
        moving.call_back(ctx, towns.desk.plan_id, again)
    assert state_of(acting, towns, again) is MoveState.CALLED_BACK


def test_what_is_called_back_before_it_has_arrived_never_arrives(
    acting: Acting, towns: Towns, drain: Drain
) -> None:
    move_id = propose(acting, towns)
    agree(acting, towns, move_id)
    with acting(towns.desk.person) as ctx:
        moving.call_back_own(ctx, move_id)
    drain()
    assert waiting(acting, towns) == []
    with acting(system_in(towns.elsewhere.city.id)) as ctx:
        row = ctx.db.scalars(select(PlanArrival)).one()
        assert (row.state, row.parcel) == (ArrivalState.CALLED_BACK, {})


def test_once_taken_on_it_is_too_late_to_call_it_back(
    acting: Acting, towns: Towns, drain: Drain
) -> None:
    move_id, arrival_id = sent(acting, towns, drain)
    with acting(towns.elsewhere.worker) as ctx:
        arriving.take_on(ctx, arrival_id)
    for _ in range(2):
        with pytest.raises(ArrivalTaken), acting(towns.desk.person) as ctx:
            moving.call_back_own(ctx, move_id)
        drain()


def test_a_plan_on_its_way_is_not_closed_and_a_closed_one_is_proposed_no_more(
    acting: Acting, towns: Towns
) -> None:
    plan_id = towns.desk.plan_id
    move_id = propose(acting, towns)
    agree(acting, towns, move_id)
    with acting(system_in()) as ctx:
        end = End(Outcome.JOB, ctx.now().date())
    with pytest.raises(PlanOnItsWay), acting(towns.desk.worker) as ctx:
        closing.close_plan(ctx, plan_id, end)
    with acting(towns.desk.person) as ctx:
        moving.call_back_own(ctx, move_id)
    proposed = propose(acting, towns)
    with acting(towns.desk.worker) as ctx:
        closing.close_plan(ctx, plan_id, end)
    assert state_of(acting, towns, proposed) is MoveState.CALLED_BACK


def test_neither_city_reads_the_others_rows(acting: Acting, towns: Towns, drain: Drain) -> None:
    move_id, arrival_id = sent(acting, towns, drain)
    with acting(towns.elsewhere.worker) as ctx:
        assert ctx.db.scalars(select(PlanMove)).all() == []
        assert ctx.db.scalars(select(Goal)).all() == []
        assert len(ctx.db.scalars(select(PlanArrival)).all()) == 1
    with acting(towns.desk.worker) as ctx:
        assert ctx.db.scalars(select(PlanArrival)).all() == []
        assert len(ctx.db.scalars(select(Review)).all()) == 1
    with pytest.raises(NotFound), acting(towns.desk.worker) as ctx:
        arriving.take_on(ctx, arrival_id)
    with pytest.raises(NotFound), acting(towns.elsewhere.worker) as ctx:
        moving.call_back(ctx, towns.desk.plan_id, move_id)


def test_nobody_else_proposes_agrees_takes_on_or_calls_back(
    acting: Acting, towns: Towns, drain: Drain
) -> None:
    move_id, arrival_id = sent(acting, towns, drain)
    with acting(system_in()) as ctx:
        others = [actor_of(ctx, each) for each in make_others(ctx, towns.desk).values()]
        # One of them is a case worker where the plan goes, and may take it on.
        others = [each for each in others if each.municipalities != {towns.elsewhere.city.id}]
    plan_id, consent = towns.desk.plan_id, Consent("", "it")
    for other in others:
        attempts: list[Callable[[Context], object]] = [
            lambda ctx: moving.read_moves(ctx, plan_id),
            lambda ctx: moving.own_move_page(ctx, move_id),
            lambda ctx: moving.propose_move(ctx, plan_id, towns.elsewhere.city.id),
            lambda ctx: moving.agree_to_move(ctx, move_id, consent),
            lambda ctx: moving.record_agreement(ctx, plan_id, move_id, consent, agreed=True),
            lambda ctx: moving.refuse_move(ctx, move_id),
            lambda ctx: moving.call_back(ctx, plan_id, move_id),
            lambda ctx: moving.call_back_own(ctx, move_id),
            lambda ctx: arriving.take_on(ctx, arrival_id),
        ]
        for attempt in attempts:
            with pytest.raises(NotFound), acting(other) as ctx:
                attempt(ctx)
        with acting(other) as ctx:
            assert arrivals(ctx) == []


def test_a_person_takes_along_what_was_asked_and_what_they_answered(
    acting: Acting, towns: Towns
) -> None:
    move_id = propose(acting, towns)
    agree(acting, towns, move_id)
    with acting(towns.desk.person) as ctx:
        (taken,) = privacy.export(ctx, towns.desk.person.own_id)["plans"]
    (move,) = taken["moves"]
    assert (move["to"], move["state"], move["language"]) == ("Caserta", "agreed", "ar")
    assert move["went_along"]["goals"][0]["words"] == WORKED_IN_FRENCH
    assert taken["occupations"][0].endswith(GROUNDSMAN)
