"""Done by several at once: one open plan, one end, one answer, one who takes a plan on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.attendance.models import Pass
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.outbox import Dispatcher, OutboxEvent
from civic.kernel.policy import Actor, Role, system_in
from civic.plans.endings import ArrivalState, FollowUpAnswer, MoveState, Outcome
from civic.plans.errors import PlanClosed
from civic.plans.models import Closing, FollowUp, Goal, Plan, PlanArrival, PlanMove, PlanOccupation
from civic.plans.operations import arriving, closing, following_up, moving, occupations, plans
from civic.plans.operations.closing import End
from civic.plans.operations.following_up import Found
from civic.plans.operations.moving import Consent
from civic.plans.operations.plans import NewGoal
from civic.plans.queries.parcels import digest
from civic.plans.rules import Domain
from civic.wiring import SUBSCRIPTIONS
from tests.conftest import make_test_app
from tests.factories.accounts import actor_of, make_staff
from tests.factories.course import GROUNDSMAN, Elsewhere, make_elsewhere
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.plans import make_goal

ROUNDS = 8
CODE = "AC4D7E"
GOAL = NewGoal(Domain.WORK, "x", "it", ())


def at_once(*steps: Callable[[], str]) -> list[str]:
    barrier = Barrier(len(steps))

    def run(step: Callable[[], str]) -> str:
        barrier.wait()
        try:
            return step()
        except CivicError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@pytest.fixture
def desk(real_database: Database) -> Desk:
    with real_database.unit_of_work(system_in()) as ctx:
        desk = make_desk(ctx)
        make_goal(ctx, desk.city, desk.plan_id)
        ctx.db.add(
            Pass(
                id=ctx.new_id(), municipality_id=desk.city.id, person_id=desk.person.own_id,
                token_hash="0" * 64, short_code=CODE, issued_at=ctx.now(),
            )
        )  # fmt: skip
        return desk


@pytest.fixture
def elsewhere(real_database: Database) -> Elsewhere:
    with real_database.unit_of_work(system_in()) as ctx:
        return make_elsewhere(ctx)


def today_end(database: Database, outcome: Outcome = Outcome.JOB) -> End:
    return End(outcome, rome_day(database.clock.now()))


def test_after_an_end_several_at_once_open_one_new_plan(
    real_database: Database, desk: Desk, clock: FrozenClock
) -> None:
    with real_database.unit_of_work(system_in(desk.city.id)) as ctx:
        colleague = actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, desk.city))
        old = desk.plan_id
    with real_database.unit_of_work(desk.worker) as ctx:
        closing.close_plan(ctx, old, today_end(real_database))

    def begin(actor: Actor) -> str:
        with real_database.unit_of_work(actor) as ctx:
            return str(plans.open_plan(ctx, desk.city.id, CODE, agreed=True))

    def reopen() -> str:
        with real_database.unit_of_work(desk.worker) as ctx:
            closing.reopen_plan(ctx, old, "Ancora")
        return str(old)

    for _ in range(ROUNDS):
        answers = at_once(
            partial(begin, desk.worker), partial(begin, desk.worker),
            partial(begin, colleague), reopen,
        )  # fmt: skip
        with real_database.reading(system_in(desk.city.id)) as ctx:
            (standing,) = ctx.db.scalars(select(Plan).where(Plan.closed_at.is_(None)))
        opened = {each for each in answers if each not in ("plan_elsewhere", "newer_plan")}
        assert opened == {str(standing.id)}
        owner = desk.worker if standing.case_worker_id == desk.worker.own_id else colleague
        clock.advance(timedelta(days=1))
        with real_database.unit_of_work(owner) as ctx:
            closing.close_plan(ctx, standing.id, today_end(real_database))


def test_closed_by_several_at_once_a_plan_has_one_end_and_two_follow_ups(
    real_database: Database, desk: Desk
) -> None:
    def close(outcome: Outcome) -> str:
        with real_database.unit_of_work(desk.worker) as ctx:
            closing.close_plan(ctx, desk.plan_id, today_end(real_database, outcome))
        return "closed"

    answers = at_once(
        partial(close, Outcome.JOB), partial(close, Outcome.JOB), partial(close, Outcome.TRAINING)
    )
    assert sorted(set(answers)) == ["closed", "plan_closed"]
    with real_database.reading(system_in(desk.city.id)) as ctx:
        assert ctx.db.scalar(select(func.count(Closing.id))) == 1
        assert ctx.db.scalar(select(func.count(FollowUp.id))) == 2


def test_whoever_closes_a_plan_waits_for_what_is_being_changed(
    real_database: Database, desk: Desk
) -> None:
    changed, may_commit = Event(), Event()

    def change() -> None:
        with real_database.unit_of_work(desk.worker) as ctx:
            plans.set_goal(ctx, desk.plan_id, GOAL)
            changed.set()
            assert may_commit.wait(10)

    def close() -> None:
        with real_database.unit_of_work(desk.worker) as ctx:
            closing.conclude(
                ctx, desk.plan_id, desk.city.id, today_end(real_database), desk.worker.own_id
            )

    with ThreadPoolExecutor(2) as pool:
        changing = pool.submit(change)
        assert changed.wait(10)
        ending = pool.submit(close)
        with pytest.raises(TimeoutError):
            ending.result(timeout=0.5)
        may_commit.set()
        changing.result(timeout=10)
        ending.result(timeout=10)


def test_what_comes_while_a_plan_is_being_closed_comes_too_late(
    real_database: Database, desk: Desk
) -> None:
    concluded, may_commit = Event(), Event()

    def close() -> None:
        with real_database.unit_of_work(desk.worker) as ctx:
            end = today_end(real_database)
            closing.conclude(ctx, desk.plan_id, desk.city.id, end, desk.worker.own_id)
            concluded.set()
            assert may_commit.wait(10)

    def change() -> None:
        with real_database.unit_of_work(desk.worker) as ctx:
            plans.set_goal(ctx, desk.plan_id, GOAL)

    with ThreadPoolExecutor(2) as pool:
        ending = pool.submit(close)
        assert concluded.wait(10)
        changing = pool.submit(change)
        with pytest.raises(TimeoutError):
            changing.result(timeout=0.5)
        may_commit.set()
        ending.result(timeout=10)
        with pytest.raises(PlanClosed):
            changing.result(timeout=10)
    with real_database.reading(system_in(desk.city.id)) as ctx:
        assert ctx.db.scalar(select(func.count(Goal.id))) == 1


def test_an_occupation_chosen_by_several_at_once_stands_once(
    real_database: Database, desk: Desk
) -> None:
    def choose() -> str:
        with real_database.unit_of_work(desk.worker) as ctx:
            return str(occupations.choose_occupation(ctx, desk.plan_id, GROUNDSMAN))

    assert sorted(at_once(choose, choose, choose)) == ["False", "False", "True"]
    with real_database.reading(system_in(desk.city.id)) as ctx:
        assert ctx.db.scalar(select(func.count(PlanOccupation.id))) == 1


def test_a_follow_up_answered_by_several_at_once_has_one_answer(
    real_database: Database, desk: Desk, clock: FrozenClock
) -> None:
    with real_database.unit_of_work(desk.worker) as ctx:
        closing.close_plan(ctx, desk.plan_id, today_end(real_database))
    clock.advance(timedelta(days=400))
    with real_database.reading(system_in(desk.city.id)) as ctx:
        ids = ctx.db.scalars(select(FollowUp.id)).all()
        today = rome_day(ctx.now())

    def answer(follow_up_id: UUID, given: FollowUpAnswer) -> str:
        with real_database.unit_of_work(desk.worker) as ctx:
            following_up.answer_follow_up(ctx, desk.plan_id, follow_up_id, Found(given, today))
        return given

    for follow_up_id in ids:
        answers = at_once(
            *[partial(answer, follow_up_id, FollowUpAnswer.STILL_SO)] * 2,
            *[partial(answer, follow_up_id, FollowUpAnswer.NOT_REACHED)] * 2,
        )
        with real_database.reading(system_in(desk.city.id)) as ctx:
            written = ctx.db.get_one(FollowUp, follow_up_id).answer
        assert written is not None
        assert sorted(answers) == sorted([written, written] + ["follow_up_answered"] * 2)


def send(database: Database, desk: Desk, elsewhere: Elsewhere, *, deliver: bool = True) -> UUID:
    with database.unit_of_work(desk.worker) as ctx:
        move_id = moving.propose_move(ctx, desk.plan_id, elsewhere.city.id)
        consent = Consent(digest(moving.read_moves(ctx, desk.plan_id).parcel), "ar")
    with database.unit_of_work(desk.person) as ctx:
        moving.agree_to_move(ctx, move_id, consent)
    if deliver:
        drain(database)
    return move_id


def drain(database: Database) -> None:
    app: Flask = make_test_app(database)
    with app.app_context():
        Dispatcher(database, SUBSCRIPTIONS).drain()


def arrived(database: Database, elsewhere: Elsewhere, move_id: UUID) -> UUID:
    with database.reading(system_in(elsewhere.city.id)) as ctx:
        return ctx.db.scalars(select(PlanArrival.id).where(PlanArrival.move_id == move_id)).one()


def test_a_plan_that_arrived_is_taken_on_by_one(
    real_database: Database, desk: Desk, elsewhere: Elsewhere
) -> None:
    arrival_id = arrived(real_database, elsewhere, send(real_database, desk, elsewhere))

    def take(actor: Actor) -> str:
        with real_database.unit_of_work(actor) as ctx:
            return str(arriving.take_on(ctx, arrival_id))

    answers = at_once(
        *[partial(take, elsewhere.worker)] * 2, *[partial(take, elsewhere.colleague)] * 2
    )
    with real_database.reading(system_in(elsewhere.city.id)) as ctx:
        plan = ctx.db.scalars(select(Plan)).one()
        assert ctx.db.scalar(select(func.count(Goal.id))) == 1
    assert sorted(answers) == sorted([str(plan.id)] * 2 + ["arrival_taken"] * 2)


def test_taken_on_and_called_back_at_once_only_one_of_the_two_holds(
    real_database: Database, desk: Desk, elsewhere: Elsewhere, clock: FrozenClock
) -> None:
    def take(arrival_id: UUID) -> str:
        with real_database.unit_of_work(elsewhere.worker) as ctx:
            arriving.take_on(ctx, arrival_id)
        return "taken"

    def call_back(move_id: UUID) -> str:
        with real_database.unit_of_work(desk.person) as ctx:
            moving.call_back_own(ctx, move_id)
        return "called back"

    for _ in range(ROUNDS):
        move_id = send(real_database, desk, elsewhere)
        arrival_id = arrived(real_database, elsewhere, move_id)
        answers = at_once(partial(take, arrival_id), partial(call_back, move_id))
        drain(real_database)
        with real_database.reading(system_in(desk.city.id, elsewhere.city.id)) as ctx:
            move = ctx.db.get_one(PlanMove, move_id)
            arrival = ctx.db.get_one(PlanArrival, arrival_id)
            here = ctx.db.get_one(Plan, desk.plan_id)
        if "taken" in answers:
            assert answers == ["taken", "arrival_taken"]
            assert (move.state, arrival.state) == (MoveState.TAKEN, ArrivalState.TAKEN)
            assert here.closed_at is not None
            with real_database.unit_of_work(desk.worker) as ctx:
                closing.reopen_plan(ctx, desk.plan_id, "Ancora")
        else:
            assert answers == ["arrival_gone", "called back"]
            assert (move.state, arrival.state) == (
                MoveState.CALLED_BACK,
                ArrivalState.CALLED_BACK,
            )
            assert here.closed_at is None
        clock.advance(timedelta(minutes=1))


def test_delivered_and_called_back_at_once_nothing_waits_over_there(
    real_database: Database, desk: Desk, elsewhere: Elsewhere, clock: FrozenClock
) -> None:
    def deliver() -> str:
        drain(real_database)
        return "delivered"

    def call_back(move_id: UUID) -> str:
        with real_database.unit_of_work(desk.person) as ctx:
            moving.call_back_own(ctx, move_id)
        return "called back"

    for _ in range(ROUNDS):
        move_id = send(real_database, desk, elsewhere, deliver=False)
        assert at_once(deliver, partial(call_back, move_id)) == ["delivered", "called back"]
        drain(real_database)
        with real_database.reading(system_in(elsewhere.city.id)) as ctx:
            waiting = ctx.db.scalars(
                select(PlanArrival).where(PlanArrival.state == ArrivalState.WAITING)
            ).all()
        assert waiting == []
        clock.advance(timedelta(minutes=1))


def test_yes_and_no_at_once_are_one_answer(
    real_database: Database, desk: Desk, elsewhere: Elsewhere
) -> None:
    with real_database.unit_of_work(desk.worker) as ctx:
        move_id = moving.propose_move(ctx, desk.plan_id, elsewhere.city.id)
        consent = Consent(digest(moving.read_moves(ctx, desk.plan_id).parcel), "ar")

    def agree() -> str:
        with real_database.unit_of_work(desk.person) as ctx:
            moving.agree_to_move(ctx, move_id, consent)
        return MoveState.AGREED

    def refuse() -> str:
        with real_database.unit_of_work(desk.person) as ctx:
            moving.refuse_move(ctx, move_id)
        return MoveState.REFUSED

    answers = at_once(agree, refuse, agree, refuse)
    with real_database.reading(system_in(desk.city.id)) as ctx:
        state = ctx.db.get_one(PlanMove, move_id).state
        sent = ctx.db.scalar(select(func.count(OutboxEvent.id)))
    assert sorted(answers) == sorted([state] * 2 + ["move_decided"] * 2)
    assert sent == (1 if state is MoveState.AGREED else 0)
