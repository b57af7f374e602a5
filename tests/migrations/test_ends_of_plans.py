"""Plans of before are open ones; from then on a person may have had others in the same city."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, Uuid, bindparam, inspect, select, text
from sqlalchemy.exc import IntegrityError

from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import system_in
from civic.plans.endings import ArrivalState, MoveState, Outcome
from civic.plans.models import Closing, FollowUp, Plan, PlanArrival, PlanMove, PlanOccupation
from tests.conftest import empty_database
from tests.migrations.test_plans_of_before import move, put

BEFORE, AFTER = "0023", "0024"
CITY, CASERTA, AMINA, GIULIA, PLAN, GOAL, SECOND = (UUID(int=number) for number in range(1, 8))
CLOSING, FOLLOW_UP, MOVE, ARRIVAL, CHOSEN, REVIEW, SCORE = (
    UUID(int=number) for number in range(11, 18)
)
AT, LATER = "2026-03-14 09:00:00.000000", "2026-03-20 09:00:00.000000"
NEW = {"plan_occupation", "closing", "follow_up", "plan_move", "plan_arrival"}


@pytest.fixture
def engine_of_before(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(migrated_url, tmp_path))
    move(engine, "upgrade", BEFORE)
    with engine.begin() as connection:
        for city_id, slug in ((CITY, "potenza"), (CASERTA, "caserta")):
            put(connection, "municipality", id=city_id, slug=slug, name=slug.capitalize())
        for person_id, name in ((AMINA, "أمينة"), (GIULIA, "Giulia")):
            put(
                connection, "person", id=person_id, name=name, languages="[]", page_language="it",
                created_at=AT,
            )  # fmt: skip
        put_plan(connection, PLAN, AT)
        put(
            connection, "goal", id=GOAL, municipality_id=CITY, plan_id=PLAN, domain="work",
            words="Un lavoro", language="it", words_it="", skills="[]", state="open", set_at=AT,
        )  # fmt: skip
        put(
            connection, "review", id=REVIEW, municipality_id=CITY, plan_id=PLAN, held_on="2026-03-14",
            made_by=GIULIA, note="", next_on="2026-06-14", created_at=AT,
        )  # fmt: skip
        put(
            connection, "review_score", id=SCORE, municipality_id=CITY, review_id=REVIEW,
            domain="work", view="person", score=3,
        )  # fmt: skip
    yield engine
    engine.dispose()


def put_plan(connection: Connection, plan_id: UUID, opened_at: str, **more: str) -> None:
    put(
        connection, "plan", id=plan_id, municipality_id=CITY, person_id=AMINA,
        case_worker_id=GIULIA, agreed_at=opened_at, opened_at=opened_at, **more,
    )  # fmt: skip


def end(connection: Connection) -> None:
    connection.execute(
        text("UPDATE plan SET closed_at = :at WHERE id = :id").bindparams(
            bindparam("id", type_=Uuid())
        ),
        {"at": LATER, "id": PLAN},
    )


def fill(engine: Engine) -> None:
    """An end of the plan of before with a follow-up, a move, an arrival, and a second plan."""
    with engine.begin() as connection:
        put(
            connection, "plan_occupation", id=CHOSEN, municipality_id=CITY, plan_id=PLAN,
            occupation="a48b9a5a-5ded-482d-8cda-7fd097a32c16", chosen_at=AT,
        )  # fmt: skip
        put_closing(connection, CLOSING)
        put(
            connection, "follow_up", id=FOLLOW_UP, municipality_id=CITY, closing_id=CLOSING,
            months=6, due_on="2026-09-14", note="",
        )  # fmt: skip
        put_move(connection, MOVE, "agreed")
        put(
            connection, "plan_arrival", id=ARRIVAL, municipality_id=CASERTA, move_id=MOVE,
            person_id=AMINA, from_municipality_id=CITY, parcel="{}", agreed_at=AT, arrived_at=AT,
            state="waiting",
        )  # fmt: skip
        end(connection)
        put_plan(connection, SECOND, LATER)


def put_closing(connection: Connection, closing_id: UUID) -> None:
    put(
        connection, "closing", id=closing_id, municipality_id=CITY, plan_id=PLAN, outcome="job",
        closed_on="2026-03-14", note="", closed_by=GIULIA, closed_at=AT, reason="",
    )  # fmt: skip


def put_move(connection: Connection, move_id: UUID, state: str) -> None:
    put(
        connection, "plan_move", id=move_id, municipality_id=CITY, plan_id=PLAN,
        to_municipality_id=CASERTA, proposed_by=GIULIA, proposed_at=AT, state=state, parcel="{}",
    )  # fmt: skip


def test_plans_of_before_are_open_and_take_what_is_new(engine_of_before: Engine) -> None:
    move(engine_of_before, "upgrade", "head")
    database = Database(engine_of_before, FrozenClock(datetime(2026, 4, 1, 9, tzinfo=UTC)))
    with database.reading(system_in(CITY)) as ctx:
        assert ctx.db.scalars(select(Plan)).one().closed_at is None
    fill(engine_of_before)
    with database.reading(system_in(CITY, CASERTA)) as ctx:
        open_ones = ctx.db.scalars(select(Plan.id).where(Plan.closed_at.is_(None))).all()
        assert open_ones == [SECOND]
        assert ctx.db.scalars(select(Closing)).one().outcome is Outcome.JOB
        assert ctx.db.scalars(select(FollowUp)).one().due_on == date(2026, 9, 14)
        assert ctx.db.scalars(select(PlanMove)).one().state is MoveState.AGREED
        assert ctx.db.scalars(select(PlanArrival)).one().state is ArrivalState.WAITING
        assert ctx.db.scalars(select(PlanOccupation)).one().plan_id == PLAN


def test_the_database_itself_keeps_open_plans_ends_and_moves_single(
    engine_of_before: Engine,
) -> None:
    move(engine_of_before, "upgrade", "head")
    with pytest.raises(IntegrityError), engine_of_before.begin() as connection:
        put_plan(connection, SECOND, LATER)
    fill(engine_of_before)
    other = UUID(int=99)
    with pytest.raises(IntegrityError), engine_of_before.begin() as connection:
        put_plan(connection, other, LATER)
    with pytest.raises(IntegrityError), engine_of_before.begin() as connection:
        put_closing(connection, other)
    with pytest.raises(IntegrityError), engine_of_before.begin() as connection:
        put_move(connection, other, "proposed")
    with engine_of_before.begin() as connection:
        put_plan(connection, other, LATER, closed_at=LATER)
        put_move(connection, other, "refused")
        connection.execute(text("UPDATE closing SET reopened_at = closed_at"))
        put_closing(connection, other)


def test_one_step_down_leaves_the_newest_plan_of_each_person_and_all_of_it(
    engine_of_before: Engine,
) -> None:
    move(engine_of_before, "upgrade", AFTER)
    fill(engine_of_before)
    move(engine_of_before, "downgrade", BEFORE)
    assert not NEW & set(inspect(engine_of_before).get_table_names())
    with engine_of_before.connect() as connection:
        left = connection.execute(text("SELECT id FROM plan").columns(id=Uuid())).scalars().all()
        assert left == [SECOND]
        for table in ("goal", "review", "review_score"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    with pytest.raises(IntegrityError), engine_of_before.begin() as connection:
        put_plan(connection, PLAN, AT)
    move(engine_of_before, "upgrade", "head")


def test_a_plan_without_a_newer_one_stays_with_all_that_hangs_on_it(
    engine_of_before: Engine,
) -> None:
    move(engine_of_before, "upgrade", AFTER)
    with engine_of_before.begin() as connection:
        put_closing(connection, CLOSING)
        end(connection)
    move(engine_of_before, "downgrade", BEFORE)
    with engine_of_before.connect() as connection:
        for table in ("plan", "goal", "review", "review_score"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1


def test_with_the_person_go_the_ends_and_the_moves_of_their_plans(engine_of_before: Engine) -> None:
    move(engine_of_before, "upgrade", "head")
    fill(engine_of_before)
    with engine_of_before.begin() as connection:
        statement = text("DELETE FROM person WHERE id = :id").bindparams(
            bindparam("id", type_=Uuid())
        )
        connection.execute(statement, {"id": AMINA})
        for table in ("plan", *NEW):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
