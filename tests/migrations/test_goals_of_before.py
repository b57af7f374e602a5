"""Goals and the badges behind them stay; what is new hangs on them, and goes with its columns."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, inspect, text

from civic.kernel.db.engine import make_engine
from tests.conftest import empty_database
from tests.migrations.test_plans_of_before import (
    AMINA,
    AT,
    CITY,
    GIULIA,
    GOAL,
    PLAN,
    move,
    put,
)

BEFORE, AFTER = "0022", "0023"
BODY, AWARD, EVIDENCE, PAPER = (UUID(int=number) for number in range(21, 25))


@pytest.fixture
def engine(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    """A plan with a goal, and a badge that stands behind it."""
    engine = make_engine(empty_database(migrated_url, tmp_path))
    move(engine, "upgrade", BEFORE)
    with engine.begin() as connection:
        put(connection, "municipality", id=CITY, slug="potenza", name="Potenza")
        put(connection, "association", id=BODY, slug="verde", name="Verde")
        for person_id, name in ((AMINA, "أمينة"), (GIULIA, "Giulia")):
            put(
                connection, "person", id=person_id, name=name, languages="[]", page_language="it",
                created_at=AT,
            )  # fmt: skip
        put(
            connection, "plan", id=PLAN, municipality_id=CITY, person_id=AMINA,
            case_worker_id=GIULIA, agreed_at=AT, opened_at=AT,
        )  # fmt: skip
        put(
            connection, "goal", id=GOAL, municipality_id=CITY, plan_id=PLAN, domain="work",
            words="عمل", language="ar", skills="[]", state="open", set_at=AT,
        )  # fmt: skip
        achievement = connection.scalar(text("SELECT id FROM achievement LIMIT 1"))
        put(
            connection, "award", id=AWARD, municipality_id=CITY, person_id=AMINA,
            achievement_id=UUID(str(achievement)), association_id=BODY, assessor_id=GIULIA,
            skills="[]", ratings="{}", minutes=720, sessions=4, awarded_at=AT,
        )  # fmt: skip
        put(
            connection, "evidence", id=EVIDENCE, municipality_id=CITY, goal_id=GOAL,
            award_id=AWARD, attached_at=AT,
        )  # fmt: skip
    yield engine
    engine.dispose()


def ids(engine: Engine, table: str) -> list[UUID]:
    with engine.connect() as connection:
        return [UUID(str(each)) for each in connection.scalars(text(f"SELECT id FROM {table}"))]


def test_goals_and_their_badges_of_before_stay_and_take_what_is_new(engine: Engine) -> None:
    move(engine, "upgrade", AFTER)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT words_it FROM goal")) == ""
        row = connection.execute(text("SELECT award_id, kind, taken_off_at FROM evidence")).one()
        assert (UUID(str(row.award_id)), row.kind, row.taken_off_at) == (AWARD, None, None)
        put(
            connection, "evidence", id=PAPER, municipality_id=CITY, goal_id=GOAL, kind="other",
            title="Carta", attached_at=AT, attached_by=GIULIA,
        )  # fmt: skip
    assert set(ids(engine, "evidence")) == {EVIDENCE, PAPER}


def test_a_step_down_keeps_the_badges_and_only_them(engine: Engine) -> None:
    move(engine, "upgrade", AFTER)
    with engine.begin() as connection:
        put(
            connection, "evidence", id=PAPER, municipality_id=CITY, goal_id=GOAL, kind="other",
            title="Carta", attached_at=AT, attached_by=GIULIA,
        )  # fmt: skip
    move(engine, "downgrade", BEFORE)
    assert ids(engine, "evidence") == [EVIDENCE]
    assert ids(engine, "goal") == [GOAL]
    assert not inspect(engine).has_table("milestone")
    move(engine, "upgrade", "head")
    assert ids(engine, "evidence") == [EVIDENCE]
