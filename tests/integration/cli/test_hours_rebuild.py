"""`civic hours rebuild`, as an administrator runs it over a database somebody may have opened."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest

ROOT = Path(__file__).resolve().parents[3]
ON_POSTGRESQL = os.environ.get("CIVIC_TEST_DATABASE") == "postgresql"
pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the command brings a database of its own")
OTHER_DAY = "1999-12-31"
OF_POTENZA = (
    "SELECT hours_line.id, session_id, person_id, day, minutes FROM hours_line"
    " JOIN municipality ON municipality.id = municipality_id"
    " WHERE slug = 'potenza' AND minutes > 0 ORDER BY hours_line.id LIMIT 1"
)


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
    file = tmp_path_factory.mktemp("hours") / "civic.sqlite3"
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


def behind(file: Path, statement: str) -> tuple[str, str, str, str, int]:
    """A line of Potenza, and a statement that changes something about it."""
    with closing(sqlite3.connect(file)) as database:
        line = database.execute(OF_POTENZA).fetchone()
        names = dict(zip(("id", "session", "person", "day", "minutes"), line, strict=True))
        changed = database.execute(statement, {**names, "fresh": uuid4().hex})
        assert changed.rowcount == 1
        database.commit()
    found: tuple[str, str, str, str, int] = line
    return found


def test_the_hours_of_the_demonstration_follow_from_its_scans(file: Path) -> None:
    answer = civic(file, "hours", "rebuild", "--check")
    assert answer.returncode == 0, answer.stdout
    told = answer.stdout.splitlines()
    assert len(told) == 6
    assert all(line.endswith(": right") for line in told)


@pytest.mark.parametrize(
    ("statement", "has", "right"),
    [
        pytest.param(
            "UPDATE hours_line SET minutes = 7 WHERE id = :id",
            "7 by entries of {minutes}",
            "{minutes}",
            id="changed line",
        ),
        pytest.param(
            "DELETE FROM hours_line WHERE id = :id",
            "no line by entries of {minutes}",
            "{minutes}",
            id="missing line",
        ),
        pytest.param(
            "INSERT INTO hours_line SELECT {columns} FROM hours_line WHERE id = :id",
            "33 by entries of 0",
            "0",
            id="line too many",
        ),
        pytest.param(
            "UPDATE hours_entry SET minutes = 8 WHERE session_id = :session"
            " AND person_id = :person AND day = :day",
            "{minutes} by entries of 8",
            "{minutes}",
            id="changed entry",
        ),
    ],
)
def test_what_was_changed_is_named_and_set_right_once(
    file: Path, statement: str, has: str, right: str
) -> None:
    _id, session_id, person_id, day, worked = behind(file, with_columns(file, statement))
    day = OTHER_DAY if "INSERT" in statement else day

    checked = civic(file, "hours", "rebuild", "--check")

    assert checked.returncode == 1, checked.stderr
    [told] = [line for line in checked.stdout.splitlines() if line.startswith("  ")]
    assert told == (
        f"  session {UUID(session_id)}, person {UUID(person_id)}, {day}:"
        f" has {has.format(minutes=worked)}, should have {right.format(minutes=worked)}"
    )
    assert "Potenza: lines that differ: 1" in checked.stdout

    assert "Potenza: lines set right: 1" in civic(file, "hours", "rebuild").stdout
    assert "Potenza: right" in civic(file, "hours", "rebuild").stdout
    assert civic(file, "hours", "rebuild", "--check").returncode == 0


def with_columns(file: Path, statement: str) -> str:
    """Of another day and minutes; columns stand in the order in which migrations made them."""
    other = {"id": ":fresh", "day": f"'{OTHER_DAY}'", "minutes": "33"}
    with closing(sqlite3.connect(file)) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(hours_line)")]
    return statement.format(columns=", ".join(other.get(name, name) for name in names))


def test_one_city_alone(file: Path) -> None:
    behind(file, "UPDATE hours_line SET minutes = 7 WHERE id = :id")
    other = civic(file, "hours", "rebuild", "--check", "--city", "caserta")
    assert (other.returncode, other.stdout) == (0, "Caserta: right\n")
    assert civic(file, "hours", "rebuild", "--city", "caserta").stdout == "Caserta: right\n"
    assert civic(file, "hours", "rebuild", "--check", "--city", "potenza").returncode == 1


def test_a_city_that_is_not_here_is_refused_in_words(file: Path) -> None:
    answer = civic(file, "hours", "rebuild", "--city", "nowhere")
    assert answer.returncode == 1
    assert "--city must be the slug of one that is here." in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_empty_database_has_nothing_to_find(tmp_path: Path) -> None:
    file = tmp_path / "civic.sqlite3"
    assert civic(file, "migrate").returncode == 0
    answer = civic(file, "hours", "rebuild", "--check")
    assert (answer.returncode, answer.stdout) == (0, "")
