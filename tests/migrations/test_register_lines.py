"""Registers of before get their lines, and these are what the program would have written."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Engine, Uuid, bindparam, select, text

from civic.enrolment.models import InsurancePolicy, RegisterEntry, RegisterLine
from civic.enrolment.queries.verifying import verify_registers
from civic.enrolment.rules import LineKind
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import alembic_config
from civic.kernel.policy import system_in
from tests.conftest import empty_database

CITY, ORTI, AMINA, BILAL = (UUID(int=number) for number in range(1, 5))
ENTRIES = [
    (UUID(int=11), AMINA, "2025-03-01", "2025-06-30"),
    (UUID(int=12), AMINA, "2025-09-01", None),
    (UUID(int=13), BILAL, "2025-06-30", None),
]


@pytest.fixture
def empty_engine(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(migrated_url, tmp_path))
    yield engine
    engine.dispose()


def insert(table: str, **values: object) -> tuple[object, dict[str, object]]:
    statement = text(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)})"
    ).bindparams(
        *(
            bindparam(name, type_=Uuid())
            for name, value in values.items()
            if isinstance(value, UUID)
        )
    )
    return statement, values


def test_each_coming_and_going_of_before_is_a_line_of_a_whole_register(
    empty_engine: Engine,
) -> None:
    with empty_engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0002")
        rows = [
            insert("municipality", id=CITY, slug="potenza", name="Potenza"),
            insert("association", id=ORTI, slug="orti", name="Orti in Comune"),
            *(
                insert(
                    "person",
                    id=person_id,
                    name=name,
                    birth_year=1995,
                    languages="[]",
                    page_language="it",
                    created_at="2025-01-01 09:00:00.000000",
                )
                for person_id, name in ((AMINA, "أمينة"), (BILAL, "Bilal"))
            ),
            insert(
                "insurance_policy",
                id=UUID(int=20),
                municipality_id=CITY,
                association_id=ORTI,
                insurer="Mutua",
                number="RC 1",
                starts_on="2025-01-01",
                ends_on="2026-12-31",
            ),
            *(
                insert(
                    "register_entry",
                    id=entry_id,
                    municipality_id=CITY,
                    association_id=ORTI,
                    person_id=person_id,
                    first_day=first_day,
                    last_day=last_day,
                )
                for entry_id, person_id, first_day, last_day in ENTRIES
            ),
        ]
        for statement, values in rows:
            connection.execute(statement, values)  # type: ignore[call-overload]
        command.upgrade(alembic_config(connection), "head")

    database = Database(empty_engine, FrozenClock(datetime(2026, 3, 14, 9, tzinfo=UTC)))
    with database.snapshot(system_in(CITY)) as ctx:
        found = verify_registers(ctx, CITY)
        lines = ctx.db.scalars(select(RegisterLine).order_by(RegisterLine.number)).all()
        entries = ctx.db.scalars(select(RegisterEntry).order_by(RegisterEntry.id)).all()
        policy = ctx.db.scalars(select(InsurancePolicy)).one()
    assert (found.lines, found.faults) == (4, ())
    assert [(line.kind, line.person_id) for line in lines] == [
        (LineKind.ENTERED, AMINA),
        (LineKind.ENTERED, BILAL),
        (LineKind.LEFT, AMINA),
        (LineKind.ENTERED, AMINA),
    ]
    assert lines[0].content["name"] == "أمينة"
    assert lines[2].content["last_day"] == "2025-06-30"
    assert [entry.last_line for entry in entries] == [3, 4, 2]
    assert (policy.covers_illness, policy.end_reason) == (True, "")


def test_one_step_down_and_up_again_writes_no_line_twice(empty_engine: Engine) -> None:
    test_each_coming_and_going_of_before_is_a_line_of_a_whole_register(empty_engine)
    with empty_engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0009")
        command.upgrade(alembic_config(connection), "head")
    database = Database(empty_engine, FrozenClock(datetime(2026, 3, 14, 9, tzinfo=UTC)))
    with database.snapshot(system_in(CITY)) as ctx:
        found = verify_registers(ctx, CITY)
    assert (found.lines, found.faults) == (4, ())
