"""What reading the registers finds when somebody has been at the database itself."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import text, update

from civic.enrolment.models import RegisterEntry
from civic.enrolment.operations import joining, leaving
from civic.enrolment.queries.verifying import Verified, verify_registers
from civic.enrolment.register_chain import Fault, FaultKind
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import Ground, on_ground, signed_in
from tests.factories.tenancy import make_association


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


def verified(database: Database, ground: Ground) -> Verified:
    with database.reading(system_in(ground.city.id)) as ctx:
        return verify_registers(ctx, ground.city.id)


@pytest.fixture
def five_lines(database: Database, ground: Ground, clock: FrozenClock) -> None:
    """Three people, one of whom leaves and comes back."""
    for name in ("Amina", "أمينة", "Bilal"):
        with database.unit_of_work(system_in()) as ctx:
            person_id = make_person(ctx, name, birth_year=1995)
        with database.unit_of_work(signed_in(database, person_id)) as ctx:
            joining.enrol(ctx, ground.project_id)
        clock.advance(timedelta(minutes=5))
    for move in (leaving.leave, joining.enrol):
        with database.unit_of_work(signed_in(database, person_id)) as ctx:
            move(ctx, ground.project_id)


def tamper(database: Database, statement: str, **values: object) -> None:
    """Past the database's own refusal, as somebody with its keys could."""
    with database.unit_of_work(system_in()) as ctx:
        if ctx.db.get_bind().dialect.name == "postgresql":
            ctx.db.execute(text("ALTER TABLE register_line DISABLE TRIGGER USER"))
        else:
            for trigger in ("register_line_stays_as_written", "register_line_stays"):
                ctx.db.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        ctx.db.execute(text(statement), values)


CONTENT = {
    "sqlite": "UPDATE register_line SET content = replace(content, 'Amina', 'Amira')",
    "postgresql": (
        "UPDATE register_line SET content = replace(content::text, 'Amina', 'Amira')::jsonb"
    ),
}


def faults(database: Database, ground: Ground) -> list[tuple[int, FaultKind]]:
    return [(fault.number, fault.kind) for fault in verified(database, ground).faults]


def test_an_untouched_register_is_whole(
    database: Database, ground: Ground, five_lines: None
) -> None:
    assert verified(database, ground) == Verified(1, 5, ())


def test_another_name_is_found(database: Database, ground: Ground, five_lines: None) -> None:
    with database.reading(system_in()) as ctx:
        dialect = ctx.db.get_bind().dialect.name
    tamper(database, CONTENT[dialect])
    assert faults(database, ground) == [(1, FaultKind.CHANGED)]


@pytest.mark.parametrize(
    "change",
    [
        "recorded_by = NULL",
        "corrects = 1",
        "recorded_at = '2026-03-13 09:00:00.000000'",
        "kind = 'left'",
        "kind = 'nonsense'",
    ],
)
def test_whatever_else_of_a_line_is_changed_is_found(
    database: Database, ground: Ground, five_lines: None, change: str
) -> None:
    if "nonsense" in change:
        with database.reading(system_in()) as ctx:
            if ctx.db.get_bind().dialect.name == "postgresql":
                change = "kind = 'corrected'"
    tamper(database, f"UPDATE register_line SET {change} WHERE number = 2")
    assert (2, FaultKind.CHANGED) in faults(database, ground)


def test_a_changed_hash_is_found(database: Database, ground: Ground, five_lines: None) -> None:
    tamper(database, "UPDATE register_line SET hash = :hash WHERE number = 3", hash="f" * 64)
    assert faults(database, ground) == [(3, FaultKind.CHANGED), (4, FaultKind.UNCHAINED)]


def test_a_line_out_of_the_middle_is_found(
    database: Database, ground: Ground, five_lines: None
) -> None:
    tamper(database, "DELETE FROM register_line WHERE number = 2")
    assert (2, FaultKind.MISSING) in faults(database, ground)


def test_a_tail_cut_off_is_found(database: Database, ground: Ground, five_lines: None) -> None:
    tamper(database, "DELETE FROM register_line WHERE number >= 4")
    assert faults(database, ground) == [(5, FaultKind.MISSING)]


def test_a_whole_register_taken_away_is_found(
    database: Database, ground: Ground, five_lines: None
) -> None:
    tamper(database, "DELETE FROM register_line")
    assert [kind for _number, kind in faults(database, ground)] == [FaultKind.MISSING] * 3


def test_a_line_moved_to_another_association_is_found(
    database: Database, ground: Ground, five_lines: None
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_association(ctx, ground.city, "Radici di Tufo")
    key = str(other.id)
    with database.reading(system_in()) as ctx:
        if ctx.db.get_bind().dialect.name == "sqlite":
            key = other.id.hex
    tamper(database, "UPDATE register_line SET association_id = :to WHERE number = 5", to=key)
    found = verified(database, ground).faults
    assert Fault(ground.association.id, 5, FaultKind.MISSING) in found
    assert {fault.association_id for fault in found} == {ground.association.id, other.id}


def test_an_entry_changed_behind_the_lines_is_found(
    database: Database, ground: Ground, five_lines: None
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(
            update(RegisterEntry)
            .where(RegisterEntry.last_line == 1)
            .values(last_day=date(2026, 3, 13))
        )
    assert faults(database, ground) == [(1, FaultKind.DIFFERS)]


def test_every_byte_of_a_line_counts(database: Database, ground: Ground, five_lines: None) -> None:
    """One bit of each letter in each written column turned, one after the other."""
    with database.reading(system_in(ground.city.id)) as ctx:
        if ctx.db.get_bind().dialect.name == "postgresql":
            return  # keeps no text that is not of its column's type; the tests above change those
        row = ctx.db.execute(text("SELECT * FROM register_line WHERE number = 2")).one()
    missed = []
    for column, value in row._mapping.items():
        if not isinstance(value, str):
            continue
        raw = value.encode()
        for place in range(len(raw)):
            turned = raw[:place] + bytes([raw[place] ^ 0x20]) + raw[place + 1 :]
            with suppress(Turned), database.unit_of_work(system_in(ground.city.id)) as ctx:
                ctx.db.execute(text("DROP TRIGGER IF EXISTS register_line_stays_as_written"))
                ctx.db.execute(text("PRAGMA defer_foreign_keys = ON"))
                ctx.db.execute(
                    text(
                        f"UPDATE register_line SET {column} = CAST(:turned AS TEXT)"
                        " WHERE number = 2"
                    ),
                    {"turned": turned},
                )
                if not verify_registers(ctx, ground.city.id).faults:
                    missed.append((column, place))
                raise Turned
    assert missed == []


class Turned(Exception):
    """Takes the change back."""
