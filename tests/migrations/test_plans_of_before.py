"""Plans of before take reviews, scores and actions; these go with the tables that hold them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, Uuid, bindparam, inspect, select, text
from sqlalchemy.exc import IntegrityError

from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import alembic_config, rebuilding
from civic.kernel.policy import system_in
from civic.plans.models import Action, Goal, Plan, Review, ReviewScore
from civic.plans.rules import ActionState, Domain, OwedBy, View
from tests.conftest import empty_database

BEFORE, AFTER = "0018", "0019"
CITY, AMINA, GIULIA, PLAN, GOAL = (UUID(int=number) for number in range(1, 6))
REVIEW, SCORE, ACTION, SECOND = (UUID(int=number) for number in range(11, 15))
AT = "2026-03-14 09:00:00.000000"


@pytest.fixture
def engine_of_before(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(migrated_url, tmp_path))
    move(engine, "upgrade", BEFORE)
    with engine.begin() as connection:
        put(connection, "municipality", id=CITY, slug="potenza", name="Potenza")
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
            words="Un lavoro", language="it", skills="[]", state="open", set_at=AT,
        )  # fmt: skip
    yield engine
    engine.dispose()


def move(engine: Engine, direction: str, revision: str) -> None:
    step = command.upgrade if direction == "upgrade" else command.downgrade
    with rebuilding(engine) as connection:
        step(alembic_config(connection), revision)


def put(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    statement = text(
        f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})"
    ).bindparams(
        *(
            bindparam(name, type_=Uuid())
            for name, value in values.items()
            if isinstance(value, UUID)
        )
    )
    connection.execute(statement, values)


def put_review(connection: Connection, review_id: UUID, day: str, closed_at: str | None) -> None:
    put(
        connection, "review", id=review_id, municipality_id=CITY, plan_id=PLAN, held_on=day,
        made_by=GIULIA, note="", next_on="2026-06-14", created_at=AT, closed_at=closed_at,
    )  # fmt: skip


def put_score(connection: Connection, score_id: UUID, score: int) -> None:
    put(
        connection, "review_score", id=score_id, municipality_id=CITY, review_id=REVIEW,
        domain="work", view="person", score=score,
    )  # fmt: skip


def fill(engine: Engine) -> None:
    with engine.begin() as connection:
        put_review(connection, REVIEW, "2026-03-14", None)
        put_score(connection, SCORE, 4)
        put(
            connection, "action", id=ACTION, municipality_id=CITY, plan_id=PLAN, goal_id=GOAL,
            owed_by="service", words="Chiamare", language="it", due_on="2026-03-20", state="open",
            set_at=AT,
        )  # fmt: skip


def test_plans_and_goals_of_before_stay_and_take_what_is_new(engine_of_before: Engine) -> None:
    move(engine_of_before, "upgrade", "head")
    fill(engine_of_before)
    database = Database(engine_of_before, FrozenClock(datetime(2026, 4, 1, 9, tzinfo=UTC)))
    with database.reading(system_in(CITY)) as ctx:
        assert ctx.db.scalars(select(Plan.id)).all() == [PLAN]
        assert ctx.db.scalars(select(Goal.words)).all() == ["Un lavoro"]
        review = ctx.db.scalars(select(Review)).one()
        assert (review.held_on, review.next_on) == (date(2026, 3, 14), date(2026, 6, 14))
        assert review.closed_at is None
        score = ctx.db.scalars(select(ReviewScore)).one()
        assert (score.domain, score.view, score.score) == (Domain.WORK, View.PERSON, 4)
        action = ctx.db.scalars(select(Action)).one()
        assert (action.owed_by, action.state) == (OwedBy.SERVICE, ActionState.OPEN)
        assert (action.goal_id, action.due_on) == (GOAL, date(2026, 3, 20))


def test_the_database_itself_keeps_reviews_and_scores_single_and_on_the_scale(
    engine_of_before: Engine,
) -> None:
    move(engine_of_before, "upgrade", "head")
    fill(engine_of_before)
    refused: list[tuple[Any, ...]] = [
        (put_review, SECOND, "2026-03-14", AT),  # a second one of the day
        (put_review, SECOND, "2026-03-15", None),  # a second one open
        (put_score, SECOND, 3),  # a second one of the domain in the same view
    ]
    for step, *values in refused:
        with pytest.raises(IntegrityError), engine_of_before.begin() as connection:
            step(connection, *values)
    with engine_of_before.begin() as connection:
        put_review(connection, SECOND, "2026-03-15", AT)
        connection.execute(text("DELETE FROM review_score"))
    for wrong in (0, 6):
        with pytest.raises(IntegrityError), engine_of_before.begin() as connection:
            put_score(connection, SCORE, wrong)


def test_one_step_down_leaves_plans_and_goals_and_up_again_the_tables_are_empty(
    engine_of_before: Engine,
) -> None:
    move(engine_of_before, "upgrade", AFTER)
    fill(engine_of_before)
    move(engine_of_before, "downgrade", BEFORE)
    tables = set(inspect(engine_of_before).get_table_names())
    assert not tables & {"review", "review_score", "action"}
    with engine_of_before.connect() as connection:
        assert connection.execute(text("SELECT words FROM goal")).scalars().all() == ["Un lavoro"]
    move(engine_of_before, "upgrade", "head")
    with engine_of_before.connect() as connection:
        for table in ("review", "review_score", "action"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_with_the_person_go_their_plan_its_reviews_and_its_actions(
    engine_of_before: Engine,
) -> None:
    move(engine_of_before, "upgrade", "head")
    fill(engine_of_before)
    with engine_of_before.begin() as connection:
        statement = text("DELETE FROM person WHERE id = :id").bindparams(
            bindparam("id", type_=Uuid())
        )
        connection.execute(statement, {"id": AMINA})
        for table in ("plan", "goal", "review", "review_score", "action"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
