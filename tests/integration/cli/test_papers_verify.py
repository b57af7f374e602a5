"""`civic papers verify`, as an administrator runs it over a database somebody may have opened."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import migrate
from civic.kernel.policy import system_in
from civic.signatures import operations
from tests.conftest import SATURDAY_MORNING
from tests.factories.plan_desk import make_desk
from tests.factories.signatures import draft_of, freeze
from tests.integration.cli.test_register_verify import civic

ON_POSTGRESQL = os.environ.get("CIVIC_TEST_DATABASE") == "postgresql"
pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the command brings a database of its own")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two plans of Potenza, each signed by both."""
    file = tmp_path / "civic.sqlite3"
    engine = make_engine(f"sqlite:///{file}")
    migrate(engine)
    database = Database(engine, FrozenClock(SATURDAY_MORNING))
    with database.unit_of_work(system_in()) as ctx:
        desk = make_desk(ctx)
    for _ in range(2):
        with database.unit_of_work(desk.worker) as ctx:
            paper = freeze(ctx, draft_of(desk))
            operations.sign_as_service(ctx, paper)
        with database.unit_of_work(desk.person) as ctx:
            operations.sign_as_person(ctx, paper)
    engine.dispose()
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode = DELETE")
    return file


def test_papers_as_they_were_signed_are_told_to_be_whole(file: Path) -> None:
    answer = civic(file, "papers", "verify")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == "Potenza: 2 papers whole\n"


def test_one_letter_changed_behind_the_trigger_is_found_and_no_word_is_told(file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("DROP TRIGGER frozen_paper_update_refused")
        opened.execute(
            "UPDATE frozen_paper SET content = replace(content, 'Voglio', 'Vorrei') WHERE number = 2"
        )
    answer = civic(file, "papers", "verify")
    assert answer.returncode == 1
    assert answer.stdout == ("Potenza: 2 papers\n  plan 2: what it says does not fit its hash\n")
