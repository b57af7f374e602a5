"""Badges of before stay held; what came since goes with the schema that knows it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import IntegrityError

from civic.badges.models import Achievement, Award
from civic.kernel.db.engine import make_engine
from tests.conftest import empty_database
from tests.migrations.test_plans_of_before import move, put

BEFORE, AFTER = "0017", "0021"
CITY, AMINA, ROSA, GARDENERS, HELD, AGAIN, NEW = (UUID(int=number) for number in range(21, 28))
GREEN_12 = UUID("01968c3e-0000-7000-8000-000000000011")
RELIABLE = UUID("01968c3e-0000-7000-8000-000000000041")
AT = "2026-03-14 09:00:00.000000"
award, achievement = Award.__table__, Achievement.__table__


@pytest.fixture
def engine(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(migrated_url, tmp_path))
    move(engine, "upgrade", BEFORE)
    with engine.begin() as connection:
        put(connection, "municipality", id=CITY, slug="potenza", name="Potenza")
        put(
            connection, "association", id=GARDENERS, slug="orti", name="Orti in Comune",
            register_number="", about="", email="", phone="",
        )  # fmt: skip
        for person_id, name in ((AMINA, "أمينة"), (ROSA, "Rosa")):
            put(
                connection, "person", id=person_id, name=name, languages="[]", page_language="it",
                created_at=AT,
            )  # fmt: skip
        put_award(connection, HELD, GREEN_12)
    move(engine, "upgrade", AFTER)
    yield engine
    engine.dispose()


def put_award(connection: Connection, award_id: UUID, what: UUID, **more: str) -> None:
    put(
        connection, "award", id=award_id, municipality_id=CITY, person_id=AMINA,
        achievement_id=what, association_id=GARDENERS, assessor_id=ROSA, skills="[]",
        minutes=720, sessions=4, awarded_at=AT, **more,
    )  # fmt: skip


def test_a_badge_of_before_is_held_and_says_nothing_of_how_skills_were_seen(
    engine: Engine,
) -> None:
    with engine.connect() as connection:
        row = connection.execute(select(award)).one()
    assert (row.id, row.ratings, row.revoked_at, row.valid_until) == (HELD, {}, None, None)


def test_a_badge_is_held_once_and_again_after_it_was_withdrawn(engine: Engine) -> None:
    with pytest.raises(IntegrityError), engine.begin() as connection:
        put_award(connection, AGAIN, GREEN_12, ratings="{}")
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE award SET revoked_at = '{AT}'"))
        put_award(connection, AGAIN, GREEN_12, ratings="{}")


def test_the_badges_that_came_since_are_there_and_ask_for_more(engine: Engine) -> None:
    with engine.connect() as connection:
        row = connection.execute(
            select(
                achievement.c.code,
                achievement.c.rule,
                achievement.c.descriptions,
                achievement.c.criteria,
            ).where(achievement.c.id == RELIABLE)
        ).one()
    assert (row.code, row.rule["kept"], row.descriptions, row.criteria) == ("reliable", 90, {}, {})


def test_going_back_keeps_what_the_schema_of_before_knows(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE award SET revoked_at = '{AT}'"))
        put_award(connection, AGAIN, GREEN_12, ratings="{}")
        put_award(connection, NEW, RELIABLE, ratings="{}")
    move(engine, "downgrade", BEFORE)
    with engine.connect() as connection:
        kept = connection.execute(select(award.c.id)).scalars().all()
        codes = connection.execute(select(achievement.c.code)).scalars().all()
    assert kept == [AGAIN]
    assert "reliable" not in codes
    move(engine, "upgrade", AFTER)
