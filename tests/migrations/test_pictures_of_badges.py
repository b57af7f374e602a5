"""Badges of before are drawn, as they were; a picture goes with the schema that knows it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select, text

from civic.badges.models import Achievement, Credential
from civic.kernel.db.engine import make_engine
from tests.conftest import empty_database
from tests.migrations.test_badges_of_before import (
    AMINA,
    AT,
    CITY,
    GARDENERS,
    GREEN_12,
    HELD,
    ROSA,
    put_award,
)
from tests.migrations.test_plans_of_before import move, put

BEFORE, AFTER = "0027", "0028"
LIST, SIGNED = UUID(int=51), UUID(int=52)
achievement, credential = Achievement.__table__, Credential.__table__


@pytest.fixture
def engine(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(migrated_url, tmp_path))
    move(engine, "upgrade", BEFORE)
    with engine.begin() as connection:
        put_signed(connection)
    move(engine, "upgrade", AFTER)
    yield engine
    engine.dispose()


def put_signed(connection: Connection) -> None:
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
    put_award(connection, HELD, GREEN_12, ratings="{}")
    put(connection, "status_list", id=LIST, association_id=GARDENERS, number=1, used=1, said="")
    put(
        connection, "credential", id=SIGNED, municipality_id=CITY, award_id=HELD,
        association_id=GARDENERS, status_list_id=LIST, place=0, key_id="#k1", document="{}",
        token="a.b.c", issued_at=AT,
    )  # fmt: skip


def test_what_was_there_before_has_no_picture_of_its_own(engine: Engine) -> None:
    with engine.connect() as connection:
        about = connection.execute(select(achievement).where(achievement.c.id == GREEN_12)).one()
        signed = connection.execute(select(credential)).one()
    assert (about.picture, about.picture_alt) == ("", "")
    assert (signed.id, signed.picture, signed.picture_alt) == (SIGNED, "", "")


def test_going_back_keeps_the_badge_and_what_was_signed(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE achievement SET picture = 'a', picture_alt = 'Un fiore'"))
        connection.execute(text("UPDATE credential SET picture = 'a', picture_alt = 'Un fiore'"))
    move(engine, "downgrade", BEFORE)
    with engine.connect() as connection:
        codes = connection.execute(select(achievement.c.code)).scalars().all()
        kept = connection.execute(select(credential.c.id)).scalars().all()
    assert "green-12" in codes
    assert kept == [SIGNED]
    move(engine, "upgrade", AFTER)
