"""Papers are frozen with a number and a hash, signed once by each side, and never changed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, system_in
from civic.signatures import keeping, operations
from civic.signatures.errors import AlreadySigned, NotWaiting, SetAside, StillUnsigned
from civic.signatures.queries import Document, document_about, documents_about
from civic.signatures.rules import START, Kind, Means, Side
from civic.signatures.verifying import Fault, verify_papers
from tests.factories.plan_desk import Desk, make_desk
from tests.factories.signatures import draft_of, freeze

Acting = Callable[[Actor], AbstractContextManager[Context]]


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


@pytest.fixture
def paper(acting: Acting, desk: Desk) -> Document:
    with acting(desk.worker) as ctx:
        return freeze(ctx, draft_of(desk))


def again(ctx: Context, paper: Document) -> Document:
    return document_about(ctx, paper.kind, paper.about_id, paper.id)


def test_papers_of_a_city_are_numbered_without_a_gap(acting: Acting, desk: Desk) -> None:
    with acting(desk.worker) as ctx:
        numbers = [freeze(ctx, draft_of(desk)).number for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_frozen_twice_with_the_same_words_it_is_one_paper(acting: Acting, desk: Desk) -> None:
    draft = draft_of(desk)
    with acting(desk.worker) as ctx:
        first, second = operations.freeze(ctx, draft), operations.freeze(ctx, draft)
        next_one = freeze(ctx, draft_of(desk))
    assert first == second
    assert next_one.number == 2


def test_other_words_wait_until_the_earlier_version_is_signed_or_set_aside(
    acting: Acting, desk: Desk, paper: Document
) -> None:
    changed = draft_of(desk, paper.about_id, {"goals": []})
    with pytest.raises(StillUnsigned), acting(desk.worker) as ctx:
        operations.freeze(ctx, changed)
    with acting(desk.worker) as ctx:
        operations.set_aside(ctx, paper, "Mancava un obiettivo")
        newer = freeze(ctx, changed)
        found = documents_about(ctx, Kind.PLAN, [paper.about_id])[paper.about_id]
    assert [each.id for each in found] == [newer.id, paper.id]
    assert (newer.is_waiting, found[1].is_waiting) == (True, False)
    assert found[1].set_aside_reason == "Mancava un obiettivo"


@pytest.mark.parametrize("service_first", [True, False])
def test_a_paper_is_complete_when_both_sides_have_signed_in_either_order(
    acting: Acting, desk: Desk, paper: Document, service_first: bool
) -> None:
    steps = [
        (desk.worker, operations.sign_as_service),
        (desk.person, operations.sign_as_person),
    ]
    answers = []
    for actor, sign in steps if service_first else reversed(steps):
        with acting(actor) as ctx:
            answers.append(sign(ctx, paper))
    with acting(desk.person) as ctx:
        signed = again(ctx, paper)
    assert answers == [False, True]
    assert signed.is_complete
    assert signed.signatures[Side.PERSON].signer_id == desk.person.person_id
    assert signed.signatures[Side.SERVICE].signer_name == "Giulia"
    assert signed.signatures[Side.SERVICE].means is Means.SESSION


def test_each_side_signs_once(acting: Acting, desk: Desk, paper: Document) -> None:
    with acting(desk.worker) as ctx:
        operations.sign_as_service(ctx, paper)
    with pytest.raises(AlreadySigned), acting(desk.worker) as ctx:
        operations.sign_as_service(ctx, paper)
    with acting(desk.person) as ctx:
        operations.sign_as_person(ctx, paper)
    with pytest.raises(AlreadySigned), acting(desk.person) as ctx:
        operations.sign_as_person(ctx, paper)


def test_nobody_signs_for_somebody_else_on_a_device_of_their_own(
    acting: Acting, desk: Desk, paper: Document
) -> None:
    with pytest.raises(NotFound), acting(desk.worker) as ctx:
        operations.sign_as_person(ctx, paper)


def test_what_was_set_aside_is_signed_no_more(acting: Acting, desk: Desk, paper: Document) -> None:
    with acting(desk.worker) as ctx:
        operations.set_aside(ctx, paper, "Errore")
    for again_ in (
        lambda ctx: operations.sign_as_service(ctx, paper),
        lambda ctx: operations.set_aside(ctx, paper, "Ancora"),
    ):
        with pytest.raises(SetAside), acting(desk.worker) as ctx:
            again_(ctx)


def test_what_both_have_signed_is_not_set_aside(
    acting: Acting, desk: Desk, paper: Document
) -> None:
    complete(acting, desk, paper)
    with pytest.raises(NotWaiting), acting(desk.worker) as ctx:
        operations.set_aside(ctx, paper, "Troppo tardi")


def complete(acting: Acting, desk: Desk, paper: Document) -> None:
    with acting(desk.worker) as ctx:
        operations.sign_as_service(ctx, paper)
    with acting(desk.person) as ctx:
        operations.sign_as_person(ctx, paper)


def test_after_a_complete_paper_the_next_version_may_be_frozen(
    acting: Acting, desk: Desk, paper: Document
) -> None:
    complete(acting, desk, paper)
    with acting(desk.worker) as ctx:
        assert freeze(ctx, draft_of(desk, paper.about_id, {"goals": []})).number == 2


def test_a_paper_is_found_only_under_the_thing_it_is_about(
    acting: Acting, desk: Desk, paper: Document
) -> None:
    with acting(desk.worker) as ctx, pytest.raises(NotFound):
        document_about(ctx, Kind.PLAN, uuid4(), paper.id)
    with acting(desk.worker) as ctx, pytest.raises(NotFound):
        document_about(ctx, Kind.PROJECT, paper.about_id, paper.id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE frozen_paper SET content_hash = 'x'",
        "DELETE FROM frozen_paper",
        "UPDATE signature SET means = 'drawn'",
        "DELETE FROM signature",
        "UPDATE kept_copy SET sha256 = 'x'",
        "DELETE FROM kept_copy",
    ],
)
def test_the_database_refuses_to_change_what_was_signed(
    acting: Acting, database: Database, desk: Desk, paper: Document, tmp_path: Path, statement: str
) -> None:
    complete(acting, desk, paper)
    keeping.keep_due(database, FileStore(tmp_path), {Kind.PLAN: lambda _paper: b"%PDF"})
    with pytest.raises(DatabaseError), acting(desk.worker) as ctx:
        ctx.db.connection().execute(text(statement))


def test_the_copy_of_a_complete_paper_is_kept_once_and_stays_as_it_was(
    acting: Acting, database: Database, desk: Desk, paper: Document, tmp_path: Path
) -> None:
    store = FileStore(tmp_path)
    assert keeping.keep_due(database, store, {Kind.PLAN: lambda _paper: b"first"}) == 0
    complete(acting, desk, paper)
    assert keeping.keep_due(database, store, {Kind.PROJECT: lambda _paper: b"first"}) == 0
    assert keeping.keep_due(database, store, {Kind.PLAN: lambda _paper: b"first"}) == 1
    assert keeping.keep_due(database, store, {Kind.PLAN: lambda _paper: b"later"}) == 0
    with acting(desk.person) as ctx:
        signed = again(ctx, paper)
        assert keeping.pdf_of(ctx, store, signed, lambda _paper: b"later") == b"first"
    assert len(list(tmp_path.glob("*/*"))) == 1


def test_a_paper_still_waiting_is_typeset_as_it_is_now(
    acting: Acting, desk: Desk, paper: Document, tmp_path: Path
) -> None:
    with acting(desk.person) as ctx:
        assert keeping.pdf_of(ctx, FileStore(tmp_path), paper, lambda _paper: b"now") == b"now"


# Whether all is as it was signed


def behind_the_trigger(database: Database, *statements: str) -> None:
    """What somebody with the keys of the database could do."""
    with database.unit_of_work(system_in()) as ctx:
        connection = ctx.db.connection()
        if connection.dialect.name == "postgresql":
            for table in ("frozen_paper", "signature"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for table in ("frozen_paper", "signature"):
                for what in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER {table}_{what}_refused"))
        for statement in statements:
            connection.execute(text(statement))


def faults(acting: Acting, desk: Desk, folder: Path) -> list[tuple[int, Fault]]:
    with acting(system_in(desk.city.id)) as ctx:
        found = verify_papers(ctx, desk.city.id, FileStore(folder))
    return [(each.number, each.fault) for each in found.faults]


@pytest.fixture
def three(acting: Acting, desk: Desk) -> list[Document]:
    papers = []
    for _ in range(3):
        with acting(desk.worker) as ctx:
            papers.append(freeze(ctx, draft_of(desk)))
        complete(acting, desk, papers[-1])
    return papers


def test_papers_as_they_were_signed_are_whole(
    acting: Acting, desk: Desk, three: list[Document], tmp_path: Path
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        found = verify_papers(ctx, desk.city.id, FileStore(tmp_path))
    assert (found.papers, found.faults) == (3, ())


THIRD = "(SELECT id FROM frozen_paper WHERE number = 3)"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE frozen_paper SET person_id = frozen_by WHERE number = 2",
            [(2, Fault.CHANGED)],
        ),
        (
            f"UPDATE frozen_paper SET previous_hash = '{START}' WHERE number = 2",
            [(2, Fault.UNCHAINED), (2, Fault.CHANGED)],
        ),
        (
            f"UPDATE signature SET paper_hash = 'x' WHERE side = 'person' AND paper_id = {THIRD}",
            [(3, Fault.SIGNED_OTHERWISE)],
        ),
        (
            f"DELETE FROM signature WHERE paper_id = {THIRD}",
            [(3, Fault.SIGNATURE_GONE)],
        ),
    ],
)
def test_what_was_changed_behind_the_trigger_shows(
    acting: Acting,
    database: Database,
    desk: Desk,
    three: list[Document],
    tmp_path: Path,
    statement: str,
    expected: list[tuple[int, Fault]],
) -> None:
    behind_the_trigger(database, statement)
    assert faults(acting, desk, tmp_path) == expected


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_paper_taken_out_shows_be_it_the_last(
    acting: Acting,
    database: Database,
    desk: Desk,
    three: list[Document],
    tmp_path: Path,
    number: int,
) -> None:
    behind_the_trigger(
        database,
        f"DELETE FROM signature WHERE paper_id = (SELECT id FROM frozen_paper WHERE number = {number})",
        f"DELETE FROM frozen_paper WHERE number = {number}",
    )
    assert faults(acting, desk, tmp_path) == [(number, Fault.MISSING)]


def test_a_kept_copy_that_is_gone_or_another_shows(
    acting: Acting, database: Database, desk: Desk, paper: Document, tmp_path: Path
) -> None:
    complete(acting, desk, paper)
    keeping.keep_due(database, FileStore(tmp_path), {Kind.PLAN: lambda _paper: b"%PDF"})
    (file,) = tmp_path.glob("*/*")
    file.write_bytes(b"%PDF of somebody else")
    assert faults(acting, desk, tmp_path) == [(1, Fault.COPY_CHANGED)]
    file.unlink()
    assert faults(acting, desk, tmp_path) == [(1, Fault.COPY_GONE)]
