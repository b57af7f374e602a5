"""`civic vault …`, as an administrator runs it over a database somebody may have changed."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import migrate
from civic.kernel.policy import system_in
from civic.kernel.vault import Vault
from tests.conftest import ON_POSTGRESQL, SATURDAY_MORNING
from tests.factories.cases import in_charge, make_house
from tests.factories.tenancy import make_city

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the command brings a database of its own")


@dataclass(frozen=True)
class Here:
    folder: Path
    city_id: UUID
    case_id: UUID

    def civic(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        others = {name: text for name, text in os.environ.items() if not name.startswith("CIVIC_")}
        settings = {
            "CIVIC_DATABASE_URL": f"sqlite:///{self.folder / 'civic.sqlite3'}",
            "CIVIC_MODE": "demonstration",
            "CIVIC_FILES": str(self.folder / "files"),
            "CIVIC_CITY_KEYS": str(self.folder / "cities"),
            "CIVIC_SUBJECT_KEYS": str(self.folder / "subjects"),
        }
        return subprocess.run(
            [sys.executable, "-m", "civic", *arguments],
            cwd=ROOT,
            env={**others, **settings},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def change(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.folder / "civic.sqlite3")) as opened, opened:
            assert opened.execute(statement, values).rowcount == 1

    def rows(self) -> list[tuple[str, bytes]]:
        with closing(sqlite3.connect(self.folder / "civic.sqlite3")) as opened:
            return opened.execute("SELECT id, sealed FROM case_section ORDER BY id").fetchall()


@pytest.fixture
def here(tmp_path: Path) -> Here:
    engine = make_engine(f"sqlite:///{tmp_path / 'civic.sqlite3'}")
    migrate(engine)
    vault = Vault(tmp_path / "cities", tmp_path / "subjects", makes_city_keys=True)
    database = Database(engine, FrozenClock(SATURDAY_MORNING), vault)
    with database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
        case_id = in_charge(ctx, house)
        in_charge(ctx, house, {"given": "Modou", "family": "Fall"})
        make_city(ctx, "latina")
    engine.dispose()
    return Here(tmp_path, house.city.id, case_id)


def test_sealed_fields_that_all_open_are_told_to_be_whole(here: Here) -> None:
    answer = here.civic("vault", "verify")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "Latina: whole\nNapoli: whole\n"


def test_one_byte_changed_in_the_database_names_exactly_one_row(here: Here) -> None:
    row_id, sealed = here.rows()[0]
    changed = sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]
    here.change("UPDATE case_section SET sealed = ? WHERE id = ?", changed, row_id)
    answer = here.civic("vault", "verify")
    assert answer.returncode == 1
    told = [line for line in answer.stdout.splitlines() if line.startswith("  ")]
    assert told == [f"  case_section.sealed {UUID(row_id)} does not open"]
    assert "Sarr" not in answer.stdout


def test_a_value_moved_to_another_row_is_named(here: Here) -> None:
    (_, sealed), (other_id, _) = here.rows()[:2]
    here.change("UPDATE case_section SET sealed = ? WHERE id = ?", sealed, other_id)
    answer = here.civic("vault", "verify")
    assert answer.returncode == 1
    assert f"  case_section.sealed {UUID(other_id)} does not open\n" in answer.stdout


def test_a_missing_key_is_named(here: Here) -> None:
    next((here.folder / "subjects" / str(here.city_id)).glob(f"*/{here.case_id}.key")).unlink()
    answer = here.civic("vault", "verify")
    assert answer.returncode == 1
    assert f"  key {here.city_id}/{here.case_id} is missing or wrong\n" in answer.stdout


def test_a_first_key_is_made_once(here: Here) -> None:
    answer = here.civic("vault", "make-key", "latina")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "latina: key 1 is in" in answer.stdout
    again = here.civic("vault", "make-key", "latina")
    assert again.returncode == 1
    assert "latina has a key." in again.stderr
    assert here.civic("vault", "make-key", "nowhere").returncode == 1


def test_a_key_is_turned_over_and_all_opens(here: Here) -> None:
    answer = here.civic("vault", "rotate", "napoli")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "napoli: key 2 wraps now; gone: 1\n"
    assert here.civic("vault", "verify").returncode == 0
