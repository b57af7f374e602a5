"""Real threads and real commits: one request has one answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.accounts.models import Person
from civic.catalogue.models import Project
from civic.enrolment.errors import RequestSettled
from civic.enrolment.models import Enrolment, RegisterEntry
from civic.enrolment.operations import joining, requests
from civic.enrolment.policy import ANSWER_REQUEST
from civic.enrolment.rules import EnrolmentState
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, on_ground, signed_in

TRIES = 25
Move = Callable[[], bool]


@pytest.fixture
def ground(real_database: Database) -> Ground:
    ground = on_ground(real_database)
    with real_database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(Project, ground.project_id).needs_approval = True
    return ground


def asking(database: Database, ground: Ground, name: str) -> tuple[UUID, UUID]:
    """Somebody who waits for an answer: the person and the request."""
    with database.unit_of_work(system_in()) as ctx:
        person_id = make_person(ctx, name)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        joining.enrol(ctx, ground.project_id)
    with database.reading(system_in(ground.city.id)) as ctx:
        found = ctx.db.scalars(select(Enrolment.id).where(Enrolment.person_id == person_id)).one()
    return person_id, found


def moves(database: Database, ground: Ground, name: str, colleague: UUID) -> dict[str, Move]:
    """A yes, a not now of a colleague, and the person taking it back: True for who came first."""
    person_id, request_id = asking(database, ground, name)

    def doing(actor_id: UUID, change: Callable[[Context], None]) -> Move:
        actor = signed_in(database, actor_id)

        def move() -> bool:
            try:
                with database.unit_of_work(actor) as ctx:
                    change(ctx)
            except RequestSettled:
                return False
            return True

        return move

    return {
        "active": doing(
            ground.organiser_id, lambda ctx: requests.approve(ctx, request_id, ANSWER_REQUEST)
        ),
        "rejected": doing(
            colleague, lambda ctx: requests.put_off(ctx, request_id, ANSWER_REQUEST, "Dopo")
        ),
        "withdrawn": doing(person_id, lambda ctx: requests.take_back(ctx, ground.project_id)),
    }


def at_once(movers: dict[str, Move]) -> list[str]:
    barrier = Barrier(len(movers))

    def run(name: str) -> str | None:
        barrier.wait()
        return name if movers[name]() else None

    with ThreadPoolExecutor(len(movers)) as pool:
        return [name for name in pool.map(run, movers) if name]


def colleague_of(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.ORGANISER, ground.city, ground.association)


def test_a_request_answered_by_two_and_taken_back_at_once_has_one_end(
    real_database: Database, ground: Ground
) -> None:
    colleague = colleague_of(real_database, ground)
    for number in range(TRIES):
        name = f"Person {number}"
        winners = at_once(moves(real_database, ground, name, colleague))

        assert len(winners) == 1
        with real_database.reading(system_in(ground.city.id)) as ctx:
            rows = ctx.db.execute(
                select(Person.name, Enrolment.state).join(Person, Person.id == Enrolment.person_id)
            )
            states = {row.name: row.state for row in rows}
            in_register = len(ctx.db.scalars(select(RegisterEntry)).all())
        assert states[name] == winners[0]
        assert in_register == list(states.values()).count(EnrolmentState.ACTIVE)


def test_without_the_hold_on_the_person_a_request_would_end_twice(
    real_database: Database, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the race above is known to find what it looks for. On SQLite the one writer's
    lock, taken at BEGIN, protects even the mistake."""
    with real_database.reading(system_in()) as ctx:
        ends_twice = ctx.db.get_bind().dialect.name == "postgresql"
    both_looked = Barrier(2 if ends_twice else 1)
    settle = requests._settle

    def after_both_looked(ctx: Context, enrolment: Enrolment, state: EnrolmentState) -> None:
        both_looked.wait(timeout=10)
        settle(ctx, enrolment, state)

    monkeypatch.setattr(requests, "hold_people", lambda _ctx, _people: None)
    monkeypatch.setattr(requests, "_settle", after_both_looked)
    movers = moves(real_database, ground, "Amina", colleague_of(real_database, ground))
    del movers["withdrawn"]

    answered = at_once(movers)

    assert len(answered) == (2 if ends_twice else 1)
