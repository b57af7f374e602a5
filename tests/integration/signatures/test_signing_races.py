"""Papers signed, frozen and set aside by several at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import uuid4

from sqlalchemy import func, select

from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import Actor, system_in
from civic.signatures import operations
from civic.signatures.models import FrozenPaper, PaperSetAside, Signature, WaitingPaper
from civic.signatures.queries import Document, document_about
from civic.signatures.rules import Kind
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.signatures import draft_of, freeze

ROUNDS = 10
DONE, REFUSED = "done", "refused"


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
            answer = step(ctx)
    except CivicError as refusal:
        return refusal.code
    return DONE if answer is None else str(answer)


def begun(database: Database) -> tuple[Desk, Callable[[], Document]]:
    with database.unit_of_work(system_in()) as ctx:
        desk = make_desk(ctx)

    def paper() -> Document:
        with database.unit_of_work(desk.worker) as ctx:
            return freeze(ctx, draft_of(desk))

    return desk, paper


def test_signed_by_both_at_once_exactly_one_of_the_two_completes_it(
    real_database: Database,
) -> None:
    desk, new_paper = begun(real_database)
    for _ in range(ROUNDS):
        paper = new_paper()
        service = partial(
            do, real_database, desk.worker, partial(_call, operations.sign_as_service, paper)
        )
        person = partial(
            do, real_database, desk.person, partial(_call, operations.sign_as_person, paper)
        )
        assert sorted(at_once(service, person)) == ["False", "True"]
        with real_database.unit_of_work(desk.worker) as ctx:
            assert document_about(ctx, Kind.PLAN, paper.about_id, paper.id).is_complete
            assert ctx.db.scalar(select(func.count(WaitingPaper.paper_id))) == 0


def _set_aside(paper: Document, ctx: Context) -> None:
    operations.set_aside(ctx, paper, "Errore")


def _call(step: Callable[[Context, Document], object], paper: Document, ctx: Context) -> object:
    return step(ctx, paper)


def test_signed_twice_at_once_by_one_side_it_is_signed_once(real_database: Database) -> None:
    desk, new_paper = begun(real_database)
    for _ in range(ROUNDS):
        paper = new_paper()
        sign = partial(
            do, real_database, desk.person, partial(_call, operations.sign_as_person, paper)
        )
        assert sorted(at_once(sign, sign, sign)) == ["False", "already_signed", "already_signed"]
        with real_database.unit_of_work(desk.worker) as ctx:
            signed = select(func.count(Signature.id)).where(Signature.paper_id == paper.id)
            assert ctx.db.scalar(signed) == 1


def test_signed_and_set_aside_at_once_a_paper_is_never_both_complete_and_set_aside(
    real_database: Database,
) -> None:
    desk, new_paper = begun(real_database)
    for _ in range(ROUNDS):
        paper = new_paper()
        with real_database.unit_of_work(desk.worker) as ctx:
            operations.sign_as_service(ctx, paper)
        sign = partial(
            do, real_database, desk.person, partial(_call, operations.sign_as_person, paper)
        )
        aside = partial(
            do,
            real_database,
            desk.worker,
            partial(_set_aside, paper),
        )
        answers = at_once(sign, aside)
        assert answers in (["True", "not_waiting"], ["set_aside", DONE])
        with real_database.unit_of_work(desk.worker) as ctx:
            found = document_about(ctx, Kind.PLAN, paper.about_id, paper.id)
            gone = select(PaperSetAside.paper_id).where(PaperSetAside.paper_id == paper.id)
            assert found.is_complete is (ctx.db.scalar(gone) is None)


def test_frozen_by_several_at_once_one_version_waits_and_no_number_is_lost(
    real_database: Database,
) -> None:
    desk, _ = begun(real_database)
    for number in range(1, ROUNDS + 1):
        about_id = uuid4()
        steps = [
            partial(
                do,
                real_database,
                desk.worker,
                partial(_freeze, draft_of(desk, about_id, {"words": words})),
            )
            for words in ("the same", "the same", "another")
        ]
        answers = at_once(*steps)
        papers = set(answers) - {"still_unsigned"}
        assert len(papers) == 1
        with real_database.unit_of_work(desk.worker) as ctx:
            rows = ctx.db.execute(
                select(FrozenPaper.number).where(FrozenPaper.about_id == about_id)
            ).all()
        assert [row.number for row in rows] == [number]


def _freeze(draft: operations.Draft, ctx: Context) -> object:
    return operations.freeze(ctx, draft)


def test_frozen_at_once_about_different_things_each_gets_its_own_number(
    real_database: Database,
) -> None:
    desk, _ = begun(real_database)
    steps = [
        partial(do, real_database, desk.worker, partial(_freeze, draft_of(desk))) for _ in range(8)
    ]
    assert len(set(at_once(*steps))) == 8
    with real_database.unit_of_work(desk.worker) as ctx:
        numbers = set(ctx.db.scalars(select(FrozenPaper.number)))
    assert numbers == set(range(1, 9))
