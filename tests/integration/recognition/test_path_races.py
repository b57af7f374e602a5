"""Paths opened, papers frozen and signed by several at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID

from sqlalchemy import func, select

from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import Actor, system_in
from civic.recognition.models import RecognitionPath
from civic.recognition.operations import papers, paths
from civic.recognition.rules import PathState
from civic.signatures.models import FrozenPaper
from civic.signatures.rules import Kind
from tests.factories.recognition import draft, make_way, prove, sign_project, tell, work

ROUNDS = 5


def at_once(*steps: Callable[[], str]) -> list[str]:
    barrier = Barrier(len(steps))

    def run(step: Callable[[], str]) -> str:
        barrier.wait()
        return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def do(database: Database, actor: Actor, step: Callable[[Context], object]) -> str:
    try:
        with database.unit_of_work(actor) as ctx:
            return str(step(ctx))
    except CivicError as refusal:
        return refusal.code


def test_asked_and_offered_at_once_it_is_one_path(real_database: Database) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        way = make_way(ctx)
    for _ in range(ROUNDS):
        answers = at_once(
            partial(do, real_database, way.person, lambda ctx: paths.ask_for_path(ctx, way.body)),
            partial(
                do,
                real_database,
                way.tutor,
                lambda ctx: paths.open_path(ctx, way.body, way.person.own_id),
            ),
            partial(do, real_database, way.person, lambda ctx: paths.ask_for_path(ctx, way.body)),
        )
        assert len(set(answers)) == 1
        with real_database.unit_of_work(way.tutor) as ctx:
            paths.interrupt(ctx, UUID(answers[0]), "Di nuovo")
    with real_database.unit_of_work(system_in(way.ground.city.id)) as ctx:
        assert ctx.db.scalar(select(func.count(RecognitionPath.id))) == ROUNDS


def test_the_document_is_written_once_and_completed_once_however_many_do_it_at_once(
    real_database: Database,
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        way = make_way(ctx)
    with real_database.unit_of_work(way.tutor) as ctx:
        tell(ctx, way)
        path_id = draft(ctx, way)
        project_id = sign_project(ctx, path_id)
    with real_database.unit_of_work(way.person) as ctx:
        papers.sign_own(ctx, project_id)
    with real_database.unit_of_work(system_in(way.ground.city.id)) as ctx:
        work(ctx, way)
    with real_database.unit_of_work(way.tutor) as ctx:
        prove(ctx, path_id)
    freeze = partial(
        do, real_database, way.tutor, lambda ctx: papers.freeze_transparency(ctx, path_id)
    )
    answers = set(at_once(freeze, freeze, freeze))
    assert len(answers) == 1
    document_id = UUID(answers.pop())
    at_once(
        partial(
            do,
            real_database,
            way.tutor,
            lambda ctx: papers.sign_for_association(ctx, path_id, document_id),
        ),
        partial(do, real_database, way.person, lambda ctx: papers.sign_own(ctx, document_id)),
        partial(do, real_database, way.person, lambda ctx: papers.sign_own(ctx, document_id)),
    )
    with real_database.unit_of_work(system_in(way.ground.city.id)) as ctx:
        written = select(func.count(FrozenPaper.id)).where(FrozenPaper.kind == Kind.TRANSPARENCY)
        assert ctx.db.scalar(written) == 1
        assert ctx.db.scalars(select(RecognitionPath.state)).one() is PathState.COMPLETED
