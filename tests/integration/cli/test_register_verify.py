"""`civic register verify`, as an administrator runs it over a database somebody may have opened."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ON_POSTGRESQL = os.environ.get("CIVIC_TEST_DATABASE") == "postgresql"
pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the command brings a database of its own")


def civic(file: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    others = {name: text for name, text in os.environ.items() if not name.startswith("CIVIC_")}
    settings = {"CIVIC_DATABASE_URL": f"sqlite:///{file}", "CIVIC_MODE": "demonstration"}
    return subprocess.run(
        [sys.executable, "-m", "civic", *arguments],
        cwd=ROOT,
        env={**others, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, and a name of it in a line of Potenza."""
    file = tmp_path_factory.mktemp("registers") / "civic.sqlite3"
    answer = civic(file, "demo", "load")
    assert answer.returncode == 0, answer.stderr
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    return file


@pytest.fixture
def file(loaded: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "civic.sqlite3"
    copy.write_bytes(loaded.read_bytes())
    return copy


def test_the_registers_of_the_demonstration_are_whole(file: Path) -> None:
    answer = civic(file, "register", "verify")
    assert answer.returncode == 0
    told = answer.stdout.splitlines()
    assert len(told) == 6
    assert all(line.endswith(" whole") for line in told)
    assert "Potenza: 3 registers" in answer.stdout


def a_line(file: Path) -> tuple[int, str, int]:
    """A line of Potenza that stands at one place of the file: number, name and place."""
    written = file.read_bytes()
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute(
            "SELECT number, content, json_extract(content, '$.name') FROM register_line"
            " JOIN municipality ON municipality.id = municipality_id"
            " WHERE slug = 'potenza' ORDER BY number"
        ).fetchall()
    number, content, name = next(row for row in rows if written.count(row[1].encode()) == 1)
    return int(number), str(name), written.index(content.encode())


def test_one_byte_turned_in_the_file_itself_is_found_and_no_name_is_told(file: Path) -> None:
    number, name, place = a_line(file)
    written = file.read_bytes()
    place += len('{"name": "')
    file.write_bytes(written[:place] + bytes([written[place] ^ 1]) + written[place + 1 :])

    answer = civic(file, "register", "verify")

    assert answer.returncode == 1
    assert f", line {number}: what it says does not fit its hash" in answer.stdout
    assert answer.stdout.count(", line ") == 1
    assert name not in answer.stdout
    assert "Traceback" not in answer.stderr
    assert "Caserta: 2 registers, 12 lines whole" in answer.stdout


def test_an_end_cut_off_is_found(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("DROP TRIGGER register_line_stays")
        database.execute(
            "DELETE FROM register_line WHERE number = (SELECT max(number) FROM register_line)"
        )
        database.commit()
    answer = civic(file, "register", "verify")
    assert answer.returncode == 1
    assert "it is missing" in answer.stdout


def test_an_empty_database_has_nothing_to_find(tmp_path: Path) -> None:
    file = tmp_path / "civic.sqlite3"
    assert civic(file, "migrate").returncode == 0
    answer = civic(file, "register", "verify")
    assert (answer.returncode, answer.stdout) == (0, "")
