"""Asked or answered by several at once, a question is one, and so is its answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from uuid import UUID

from sqlalchemy import select

from civic.attendance.errors import AlreadyAnswered, AlreadyQuestioned
from civic.attendance.models import Contest, Correction
from civic.attendance.operations import contests
from civic.attendance.operations.contests import NewContest, Reply
from civic.attendance.policy import ANSWER_QUESTION, ANSWER_QUESTION_IN_CITY
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, Permission, Role, system_in
from tests.factories.accounts import make_staff
from tests.factories.attendance import (
    ONE,
    TEN,
    make_booked_person,
    make_hours_line,
    on_ground,
    signed_in,
)

DAY = rome_day(TEN)


def at_once(*steps: Callable[[], str]) -> list[str]:
    barrier = Barrier(len(steps))

    def run(step: Callable[[], str]) -> str:
        barrier.wait()
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_asked_twice_at_once_is_one_question_and_answered_twice_at_once_is_one_answer(
    real_database: Database, clock: FrozenClock
) -> None:
    clock.instant = ONE
    ground = on_ground(real_database, places=20)
    with real_database.unit_of_work(system_in()) as ctx:
        officer_id = make_staff(ctx, Role.OFFICER, ground.city)
    officer = signed_in(real_database, officer_id)
    organiser = signed_in(real_database, ground.organiser_id)

    def say(actor: Actor) -> str:
        try:
            with real_database.unit_of_work(actor) as ctx:
                contests.contest(ctx, NewContest(ground.session_id, DAY, "Sono rimasta.", "it"))
        except AlreadyQuestioned:
            return "too late"
        return "asked"

    def reply(actor: Actor, permission: Permission, contest_id: UUID, minutes: int) -> str:
        try:
            with real_database.unit_of_work(actor) as ctx:
                given = Reply("Hai ragione", minutes)
                contests.answer_contest(ctx, contest_id, given, permission)
        except AlreadyAnswered:
            return "too late"
        return "answered"

    for number in range(12):
        clock.instant = ONE
        with real_database.unit_of_work(system_in(ground.city.id)) as ctx:
            person_id = make_booked_person(ctx, ground, f"Person {number}")
            make_hours_line(ctx, ground, person_id)
        actor = signed_in(real_database, person_id)
        assert sorted(at_once(*[partial(say, actor)] * 3)) == ["asked", "too late", "too late"]
        with real_database.reading(actor) as ctx:
            [contest_id] = ctx.db.scalars(select(Contest.id).where(Contest.person_id == person_id))
        clock.instant = ONE + timedelta(days=6)
        answers = at_once(
            partial(reply, organiser, ANSWER_QUESTION, contest_id, 10),
            partial(reply, organiser, ANSWER_QUESTION, contest_id, 20),
            partial(reply, officer, ANSWER_QUESTION_IN_CITY, contest_id, 30),
        )
        assert sorted(answers) == ["answered", "too late", "too late"]
        with real_database.reading(actor) as ctx:
            proposed = ctx.db.scalars(
                select(Correction.minutes).where(Correction.person_id == person_id)
            ).all()
        assert len(proposed) == 1
