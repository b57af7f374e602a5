"""A city's key is turned over while people read, search and write: nobody notices, and at the end the
old key is gone with nothing left under it."""

import random
from collections.abc import Callable, Collection
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from civic.cases.access import CaseRole, Data
from civic.cases.facts import pairs
from civic.cases.keeping_models import CaseArchive
from civic.cases.models import CaseEntry, CaseFact, CaseSection
from civic.cases.operations import known
from civic.cases.operations.entries import NewEntry, add_entry
from civic.cases.operations.files import NewCase, open_case, write_section
from civic.cases.operations.known import find_known
from civic.cases.operations.reading import read_case
from civic.cases.operations.rotation import turn_keys
from civic.cases.queries.files import version_of
from civic.cases.queries.gate import case_for
from civic.cases.queries.indexed import under_every_key
from civic.cases.queries.sealed import SUBJECTS, seal_faults
from civic.cases.vocabulary import EntryKind
from civic.housing.queries.sealed import ABOUT_DWELLINGS, ABOUT_PEOPLE
from civic.kernel.context import Context
from civic.kernel.db.base import Base
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in
from civic.kernel.vault import KeyWrong, Vault, blind
from tests.factories.cases import House, in_charge, make_house, plant, stand_on

PEOPLE = 24
ROUNDS = 3


def identity(number: int) -> dict[str, Any]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return {"given": f"Nome{letters[number]}", "family": f"Casa{letters[number]}", "born": "1990"}


class Crowd:
    """People who do the same again and again until they are told to stop."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.done: dict[str, int] = {}
        self._stop = Event()
        self._threads: list[Thread] = []

    def send(self, name: str, work: Callable[[random.Random], None]) -> None:
        self.done[name] = 0

        def loop() -> None:
            chance = random.Random(name)
            while not self._stop.is_set():
                try:
                    work(chance)
                except Exception as failure:  # noqa: BLE001 - told at the end, by whichever thread
                    self.failures.append(failure)
                    return
                self.done[name] += 1

        self._threads.append(Thread(target=loop, name=name))

    @contextmanager
    def at_work(self) -> Any:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(60)


def test_a_key_is_turned_over_while_everybody_works_and_nobody_fails(
    real_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "SEARCHES", 10**9)
    with real_database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
    ids: list[UUID] = []
    for number in range(PEOPLE):
        with real_database.unit_of_work(house.lead) as ctx:
            ids.append(open_case(ctx, NewCase(house.city.id, identity(number), "fr")))

    def search(chance: random.Random) -> None:
        number = chance.randrange(PEOPLE)
        facts = {name: identity(number)[name] for name in ("given", "family")}
        with real_database.unit_of_work(house.legal) as ctx:
            found = find_known(ctx, house.city.id, facts)
        assert [each.id for each in found] == [ids[number]]

    def read(chance: random.Random) -> None:
        number = chance.randrange(PEOPLE)
        with real_database.unit_of_work(house.lead) as ctx:
            assert identity(number)["family"] in read_case(ctx, ids[number]).name

    def write(chance: random.Random) -> None:
        number = chance.randrange(PEOPLE)
        with real_database.unit_of_work(house.lead) as ctx:
            base = version_of(ctx, case_for(ctx, ids[number]), Data.IDENTITY)
            told = {**identity(number), "phone": f"+39 333 {chance.randrange(10**6):06}"}
            write_section(ctx, ids[number], Data.IDENTITY, told, base)

    def meet(chance: random.Random) -> None:
        with real_database.unit_of_work(house.lead) as ctx:
            new = NewCase(house.city.id, {"called": f"Qualcuno {chance.randrange(10**6)}"}, "it")
            case_id = open_case(ctx, new)
            entry = NewEntry(Data.SOCIAL, EntryKind.NOTE, {"words": "met"})
            add_entry(ctx, case_id, entry)

    crowd = Crowd()
    for name, work in (
        ("search", search),
        ("search too", search),
        ("read", read),
        ("write", write),
        ("meet", meet),
    ):
        crowd.send(name, work)
    gone: list[str] = []
    with crowd.at_work():
        for _ in range(ROUNDS):
            gone += turn_keys(real_database, vault, house.city.id)
    assert crowd.failures == []
    assert all(crowd.done.values()), crowd.done
    assert gone == ["1", "2", "3"]
    assert list(vault.city_keys(house.city.id).keys) == ["4"]
    subjects = vault.subjects(house.city.id)
    assert {vault.wrapped_by(house.city.id, each) for each in subjects} == {"4"}
    with real_database.reading(house.lead) as ctx:
        versions = set(ctx.db.scalars(select(CaseFact.key_version)))
    assert versions == {"4"}
    for number in range(PEOPLE):
        with real_database.unit_of_work(house.legal) as ctx:
            facts = {name: identity(number)[name] for name in ("given", "family")}
            assert [each.id for each in find_known(ctx, house.city.id, facts)] == [ids[number]]


def test_with_a_wrong_key_nothing_is_retired_and_the_right_one_opens_all_again(
    real_database: Database, vault: Vault
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
    with real_database.unit_of_work(house.lead) as ctx:
        case_id = open_case(ctx, NewCase(house.city.id, identity(0), "fr"))
    told = vault._city_file(house.city.id)
    right = told.read_text()
    told.unlink()
    vault.add_city_key(house.city.id)
    vault.add_city_key(house.city.id)
    held = vault.city_keys(house.city.id).keys
    with pytest.raises(KeyWrong):
        turn_keys(real_database, vault, house.city.id)
    assert held.keys() < vault.city_keys(house.city.id).keys.keys()
    told.write_text(right)
    assert turn_keys(real_database, vault, house.city.id) == ["1"]
    with real_database.unit_of_work(house.lead) as ctx:
        assert read_case(ctx, case_id).name == "Nomea Casaa"


@pytest.fixture
def known_file(real_database: Database) -> tuple[House, UUID]:
    with real_database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
    with real_database.unit_of_work(house.lead) as ctx:
        return house, open_case(ctx, NewCase(house.city.id, identity(0), "fr"))


def test_who_read_the_old_keys_and_looks_after_they_are_gone_looks_again(
    known_file: tuple[House, UUID], real_database: Database, vault: Vault
) -> None:
    house, case_id = known_file
    (text,) = pairs({kind: {identity(0)[kind].casefold()} for kind in ("given", "family")})
    looks = 0
    with real_database.reading(house.lead) as ctx:

        def look(keys: Collection[bytes]) -> list[UUID]:
            nonlocal looks
            looks += 1
            if looks == 1:
                turn_keys(real_database, vault, house.city.id)
            hashes = [blind(key, text) for key in keys]
            with real_database.reading(house.lead) as now:
                found = select(CaseFact.case_id).where(CaseFact.hash.in_(hashes))
                return list(now.db.scalars(found))

        assert under_every_key(ctx, house.city.id, look) == [case_id]
    assert looks == 2


def test_the_old_key_waits_for_whoever_writes_under_it(
    known_file: tuple[House, UUID], real_database: Database, vault: Vault
) -> None:
    """Of a new file nobody else sees a row yet: only what its writer holds says that it comes."""
    house, _case_id = known_file
    written, go_on = Event(), Event()
    opened: list[UUID] = []

    def write() -> None:
        with real_database.unit_of_work(house.lead) as ctx:
            opened.append(open_case(ctx, NewCase(house.city.id, identity(1), "fr")))
            written.set()
            go_on.wait(20)

    writing = Thread(target=write)
    writing.start()
    assert written.wait(20)
    turning = Thread(target=turn_keys, args=(real_database, vault, house.city.id))
    turning.start()
    turning.join(0.5)
    assert turning.is_alive()
    assert set(vault.city_keys(house.city.id).keys) == {"1", "2"}
    go_on.set()
    for thread in (writing, turning):
        thread.join(20)
    assert set(vault.city_keys(house.city.id).keys) == {"2"}
    with real_database.unit_of_work(house.legal) as ctx:
        facts = {name: identity(1)[name] for name in ("given", "family")}
        assert [each.id for each in find_known(ctx, house.city.id, facts)] == opened


def test_who_read_the_wrapped_key_before_it_was_wrapped_anew_reads_it_again(
    known_file: tuple[House, UUID],
    real_database: Database,
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house, case_id = known_file
    read, turns = vault._wrapped, iter([True])

    def slowly(city_id: UUID, subject_id: UUID) -> bytes | None:
        wrapped = read(city_id, subject_id)
        if next(turns, False):
            turn_keys(real_database, vault, house.city.id)
        return wrapped

    monkeypatch.setattr(vault, "_wrapped", slowly)
    assert vault.key_of(house.city.id, case_id).subject_id == case_id
    assert list(vault.city_keys(house.city.id).keys) == ["2"]


# Whether every sealed field opens


@pytest.fixture
def full(database: Database, vault: Vault) -> tuple[House, UUID]:
    """A case with something sealed in most tables."""
    with database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
        case_id = in_charge(ctx, house)
        plant(
            ctx.acting(system_in(house.city.id)), case_id, house, Data.HEALTH, {"mind_words": "x"}
        )
        stand_on(ctx, case_id, house, CaseRole.DESK, house.desk)
    for words in ("one", "two"):
        with database.unit_of_work(house.lead) as ctx:
            add_entry(ctx, case_id, NewEntry(Data.SOCIAL, EntryKind.NOTE, {"words": words}))
    return house, case_id


def faults(database: Database, house: House, tmp_path: Any) -> list[str]:
    with database.snapshot(system_in(house.city.id)) as ctx:
        found = list(seal_faults(ctx, house.city.id, FileStore(tmp_path / "papers")))
    return [each.spot or each.key for each in found]


def entries(ctx: Context) -> list[CaseEntry]:
    return list(ctx.db.scalars(select(CaseEntry).order_by(CaseEntry.id)))


def test_every_sealed_column_of_every_table_is_walked() -> None:
    sealed = {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if "sealed" in mapper.columns and "municipality_id" in mapper.columns
    }
    walked = [*SUBJECTS, *ABOUT_PEOPLE, *ABOUT_DWELLINGS]
    assert {model.__tablename__ for model in walked} == sealed
    assert CaseArchive in SUBJECTS


def test_a_whole_file_has_no_fault(
    full: tuple[House, UUID], database: Database, tmp_path: Any
) -> None:
    assert faults(database, full[0], tmp_path) == []


def test_one_changed_byte_names_exactly_that_row(
    full: tuple[House, UUID], database: Database, tmp_path: Any
) -> None:
    with database.unit_of_work(full[0].lead) as ctx:
        row = entries(ctx)[0]
        changed = bytearray(row.sealed)
        changed[-1] ^= 1
        row.sealed = bytes(changed)
    assert faults(database, full[0], tmp_path) == [f"case_entry.sealed {row.id}"]


def test_a_value_moved_to_another_row_is_named(
    full: tuple[House, UUID], database: Database, tmp_path: Any
) -> None:
    with database.unit_of_work(full[0].lead) as ctx:
        one, other = entries(ctx)[:2]
        ctx.db.execute(update(CaseEntry).where(CaseEntry.id == other.id).values(sealed=one.sealed))
    assert faults(database, full[0], tmp_path) == [f"case_entry.sealed {other.id}"]


def test_a_missing_key_is_named_once_with_every_row_it_would_open(
    full: tuple[House, UUID], database: Database, vault: Vault, tmp_path: Any
) -> None:
    house, case_id = full
    with database.reading(house.lead) as ctx:
        rows = {f"case_entry.sealed {row.id}" for row in entries(ctx)}
        rows |= {
            f"case_section.sealed {each}"
            for each in ctx.db.scalars(select(CaseSection.id).where(CaseSection.case_id == case_id))
        }
    vault.destroy(house.city.id, case_id)
    found = faults(database, house, tmp_path)
    assert found.count(f"{house.city.id}/{case_id}") == 1
    assert set(found) == {f"{house.city.id}/{case_id}", *rows}


def test_a_file_gone_from_the_index_is_found_again_after_the_next_writing(
    full: tuple[House, UUID], database: Database
) -> None:
    house, case_id = full
    with database.unit_of_work(house.lead) as ctx:
        ctx.db.execute(delete(CaseFact))
        base = version_of(ctx, case_for(ctx, case_id), Data.IDENTITY)
        told = {"given": "Awa", "family": "Sarr", "born": "1998-05-30"}
        write_section(ctx, case_id, Data.IDENTITY, told, base)
        assert ctx.db.scalars(select(CaseFact.case_id)).first() == case_id
