"""What was erased does not come back: not from older copies, not after a crash, not by a turn of keys."""

import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civic.cases.access import Data
from civic.cases.models import (
    CaseEntry,
    CaseFact,
    CaseSection,
)
from civic.cases.operations import erasing
from civic.cases.operations.erasing import ask_erasure, decide_erasure, finish_erasures
from civic.cases.operations.reading import read_case
from civic.cases.operations.rotation import turn_keys
from civic.cases.queries.sealed import SUBJECTS
from civic.cases.retention import ErasureReason
from civic.cases.vocabulary import EntryKind
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.files import FileStore
from civic.kernel.vault import KeyMissing, Spot, Vault
from tests.conftest import ON_POSTGRESQL
from tests.factories.cases import (
    in_charge,
)
from tests.factories.ended_cases import close, erase_by_two, left_of, lived


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "papers")


def test_a_copy_taken_before_shows_nothing_with_the_keys_of_after(
    real_database: Database, vault: Vault, store: FileStore, tmp_path: Path, clock: FrozenClock
) -> None:
    house, case_id = lived(real_database, store)
    copy = copy_of(real_database, tmp_path)
    erase_by_two(real_database, house, case_id)
    finish_erasures(real_database, vault, store)
    sealed = [each for each in copy if each[0] == case_id]
    assert {spot.table for _case_id, spot, _body in sealed} == {
        "case_section",
        "case_entry",
        "case_task",
        "case_document",
        "case_move",
    }
    for _case_id, spot, body in sealed:
        with pytest.raises(KeyMissing):
            vault.key_of(house.city.id, case_id).open_bytes(spot, body)
    if not ON_POSTGRESQL:
        older = Database(make_engine(f"sqlite:///{tmp_path / 'copy.sqlite3'}"), clock, vault)
        with older.unit_of_work(house.lead) as ctx, pytest.raises(KeyMissing):
            read_case(ctx, case_id)


def copy_of(database: Database, tmp_path: Path) -> list[tuple[UUID, Spot, bytes]]:
    """The sealed rows of now; on SQLite read from a copy of the whole file."""
    bind: Any = database._write_bind
    if not ON_POSTGRESQL:
        with (
            closing(sqlite3.connect(bind.url.database)) as source,
            closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as target,
        ):
            source.backup(target)
        bind = make_engine(f"sqlite:///{tmp_path / 'copy.sqlite3'}")
    rows = []
    with Session(bind) as db:
        for model, subject in SUBJECTS.items():
            for row_id, subject_id, sealed in db.execute(
                select(model.id, subject.label("subject_id"), model.sealed)
            ):
                if sealed is not None:
                    rows.append((subject_id, Spot(model.__tablename__, row_id), sealed))
    return rows


def test_a_process_that_ends_after_its_commit_leaves_a_case_that_the_worker_finishes(
    real_database: Database, vault: Vault, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, case_id = lived(real_database, store)
    monkeypatch.setattr(erasing, "after_commit", lambda *_given: None)
    erase_by_two(real_database, house, case_id)
    assert vault.has_key(house.city.id, case_id)
    assert left_of(real_database, [case_id]) == {}
    finish_erasures(real_database, vault, store)
    assert not vault.has_key(house.city.id, case_id)
    assert list(store.folder.glob("*/*")) == []


def test_an_erasure_that_is_rolled_back_destroys_no_key(
    real_database: Database, vault: Vault, store: FileStore
) -> None:
    house, case_id = lived(real_database, store)
    with real_database.unit_of_work(house.lead) as ctx:
        erasure_id = ask_erasure(ctx, case_id, ErasureReason.PERSON_ASKED)
    with suppress(ZeroDivisionError), real_database.unit_of_work(house.dpo) as ctx:
        decide_erasure(ctx, erasure_id, is_confirmed=True)
        raise ZeroDivisionError
    finish_erasures(real_database, vault, store)
    with real_database.unit_of_work(house.lead) as ctx:
        assert read_case(ctx, case_id).name == "Awa Sarr"


def test_a_key_that_came_back_with_an_older_copy_of_the_keys_goes_again(
    database: Database, vault: Vault, store: FileStore
) -> None:
    house, case_id = lived(database, store)
    file = vault._subject_file(house.city.id, case_id)
    kept = file.read_bytes()
    erase_by_two(database, house, case_id)
    file.write_bytes(kept)
    finish_erasures(database, vault, store)
    assert not file.exists()


def test_a_line_written_by_somebody_who_had_the_key_in_hand_is_swept(
    database: Database, vault: Vault, store: FileStore, clock: FrozenClock
) -> None:
    house, case_id = lived(database, store)
    with database.unit_of_work(house.lead) as ctx:
        key = vault.key_of(house.city.id, case_id)
    erase_by_two(database, house, case_id)
    with database.unit_of_work(house.lead) as ctx:
        row_id = ctx.new_id()
        ctx.db.add(
            CaseEntry(
                id=row_id,
                municipality_id=house.city.id,
                case_id=case_id,
                data=Data.SOCIAL,
                kind=EntryKind.NOTE,
                happened_at=ctx.now(),
                written_at=ctx.now(),
                received_at=ctx.now(),
                sealed=key.seal(Spot("case_entry", row_id), {"words": "late"}),
            )
        )
    clock.advance(timedelta(minutes=5))
    finish_erasures(database, vault, store)
    assert left_of(database, [case_id]) == {}


def test_turning_keys_meanwhile_does_not_bring_an_erased_key_back(
    real_database: Database, vault: Vault, store: FileStore
) -> None:
    house, case_id = lived(real_database, store)
    others = []
    for number in range(6):
        with real_database.unit_of_work(house.lead) as ctx:
            other = in_charge(ctx, house, {"given": f"Nome{number}", "family": "Casa"})
        close(real_database, house, other)
        others.append(other)
    stop, failures = Event(), list[Exception]()

    def turn() -> None:
        while not stop.is_set():
            try:
                turn_keys(real_database, vault, house.city.id)
            except Exception as failure:  # noqa: BLE001 - told at the end
                failures.append(failure)
                return

    turning = Thread(target=turn)
    turning.start()
    try:
        for each in (case_id, *others):
            erase_by_two(real_database, house, each)
    finally:
        stop.set()
        turning.join(60)
    turn_keys(real_database, vault, house.city.id)
    assert failures == []
    assert not any(vault.has_key(house.city.id, each) for each in (case_id, *others))
    with real_database.reading(house.lead) as ctx:
        for model in (CaseFact, CaseSection):
            left = select(model.case_id).where(model.case_id.in_([case_id, *others]))
            assert ctx.db.scalars(left).all() == []
