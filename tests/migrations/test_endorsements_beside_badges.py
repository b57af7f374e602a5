"""Badges of before stay signed and are endorsed from then on; links of before show no more than they
did."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import IntegrityError

from civic.badges.models import BadgeLink, Credential, Endorsement
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

BEFORE, AFTER = "0026", "0027"
LIST, SIGNED, LINK, FIRST, SECOND = (UUID(int=number) for number in range(41, 46))
link, credential, endorsement = BadgeLink.__table__, Credential.__table__, Endorsement.__table__


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
        put_award(connection, HELD, GREEN_12, ratings="{}")
        put(
            connection, "status_list", id=LIST, association_id=GARDENERS, number=1, used=1, said="",
        )  # fmt: skip
        put(
            connection, "credential", id=SIGNED, municipality_id=CITY, award_id=HELD,
            association_id=GARDENERS, status_list_id=LIST, place=0, key_id="#k1", document="{}",
            token="a.b.c", issued_at=AT,
        )  # fmt: skip
        put(
            connection, "badge_link", id=LINK, municipality_id=CITY, award_id=HELD, token_hash="a",
            for_whom="", shown_name="", shows_skills=True, shows_hours=False, shows_place=False,
            made_at=AT, expires_at=AT,
        )  # fmt: skip
    move(engine, "upgrade", AFTER)
    yield engine
    engine.dispose()


def put_endorsement(connection: Connection, id_: UUID, place: int, **more: str) -> None:
    put(
        connection, "endorsement", id=id_, municipality_id=CITY, credential_id=SIGNED,
        association_id=GARDENERS, status_list_id=LIST, place=place, key_id="#k1", document="{}",
        issued_at=AT, **more,
    )  # fmt: skip


def test_a_link_of_before_shows_nothing_that_was_not_ticked(engine: Engine) -> None:
    with engine.connect() as connection:
        row = connection.execute(select(link)).one()
    assert (row.id, row.shows_skills, row.shows_endorsement) == (LINK, True, False)


def test_a_badge_is_endorsed_once_and_again_after_the_key_was_given_up(engine: Engine) -> None:
    with engine.begin() as connection:
        put_endorsement(connection, FIRST, 1)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        put_endorsement(connection, SECOND, 2)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE endorsement SET superseded_at = '{AT}'"))
        put_endorsement(connection, SECOND, 2)
    with engine.connect() as connection:
        assert len(connection.execute(select(endorsement.c.id)).all()) == 2


def test_going_back_keeps_the_badge_and_its_link(engine: Engine) -> None:
    with engine.begin() as connection:
        put_endorsement(connection, FIRST, 1)
        put(
            connection, "badge_card", credential_id=SIGNED, municipality_id=CITY, name="أمينة",
            key_id="#k1", token="a.b.c", signed_at=AT,
        )  # fmt: skip
    move(engine, "downgrade", BEFORE)
    with engine.connect() as connection:
        assert connection.execute(select(credential.c.id)).scalars().all() == [SIGNED]
        assert connection.execute(select(link.c.id)).scalars().all() == [LINK]
    move(engine, "upgrade", AFTER)
