"""Real threads and real commits: a register has one end, whoever writes at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.enrolment.models import RegisterLine
from civic.enrolment.operations import details, joining, leaving, register
from civic.enrolment.operations.details import Details
from civic.enrolment.queries import register as registers
from civic.enrolment.queries.verifying import verify_registers
from civic.enrolment.register_chain import End
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import Ground, on_ground, signed_in

CROWD = 4
ROUNDS = 4


@pytest.fixture
def ground(real_database: Database) -> Ground:
    return on_ground(real_database)


def crowd(database: Database, size: int = CROWD) -> list[Actor]:
    with database.unit_of_work(system_in()) as ctx:
        people = [make_person(ctx, f"Volontaria {number}") for number in range(size)]
    return [signed_in(database, person_id) for person_id in people]


def join(database: Database, project_id: UUID, barrier: Barrier, actor: Actor) -> None:
    barrier.wait()
    with database.unit_of_work(actor) as ctx:
        joining.enrol(ctx, project_id)


def come_and_go(database: Database, project_id: UUID, barrier: Barrier, actor: Actor) -> None:
    join(database, project_id, barrier, actor)
    actor = signed_in(database, actor.own_id)  # whom the city knows from now on
    for house in range(ROUNDS):
        with database.unit_of_work(actor) as ctx:
            leaving.leave(ctx, project_id)
        with database.unit_of_work(actor) as ctx:
            joining.enrol(ctx, project_id)
        with database.unit_of_work(actor) as ctx:
            details.change_own_details(ctx, Details(residence=f"Via Gemito {house}"))


def numbers(database: Database, ground: Ground) -> list[int]:
    with database.snapshot(system_in(ground.city.id)) as ctx:
        assert verify_registers(ctx, ground.city.id).faults == ()
        return list(ctx.db.scalars(select(RegisterLine.number).order_by(RegisterLine.number)))


def test_all_who_join_leave_and_correct_at_once_make_one_whole_chain(
    real_database: Database, ground: Ground
) -> None:
    barrier = Barrier(CROWD)
    with ThreadPoolExecutor(CROWD) as pool:
        step = partial(come_and_go, real_database, ground.project_id, barrier)
        list(pool.map(step, crowd(real_database)))
    # Each came once, and in each round left, came back and had another address.
    assert numbers(real_database, ground) == list(range(1, CROWD * (1 + 3 * ROUNDS) + 1))


def test_without_the_lock_two_would_write_the_same_number(
    real_database: Database, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the race above is known to find what it looks for. On SQLite the one writer's
    lock, taken at BEGIN, protects even the mistake."""
    meeting = Barrier(2, timeout=10)
    with real_database.reading(system_in()) as ctx:
        both_write = ctx.db.get_bind().dialect.name == "postgresql"
    end_of = registers.end_of

    def seen_by_both(ctx: Context, association_id: UUID, municipality_id: UUID) -> End:
        end = end_of(ctx, association_id, municipality_id)
        if both_write:
            meeting.wait()
        return end

    monkeypatch.setattr(register, "lock_register", lambda *_: None)
    monkeypatch.setattr(registers, "end_of", seen_by_both)
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        tries = [
            pool.submit(join, real_database, ground.project_id, barrier, actor)
            for actor in crowd(real_database, 2)
        ]
        refused = [each for each in tries if isinstance(each.exception(), IntegrityError)]

    assert len(refused) == (1 if both_write else 0)
    assert numbers(real_database, ground) == ([1] if both_write else [1, 2])
