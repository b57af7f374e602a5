"""Hours of before the ledger become its first entries, and nothing of the gate is lost."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, Uuid, bindparam, select, text

from civic.attendance.models import CheckEvent, Correction, HoursEntry, HoursLine
from civic.attendance.queries.recounted import differences
from civic.attendance.rules import (
    Cause,
    CorrectionKind,
    CorrectionState,
    Direction,
    Method,
    Outcome,
    Reason,
)
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import alembic_config
from civic.kernel.policy import system_in
from tests.conftest import empty_database

CITY, ORTI, PROJECT, SESSION, ORGANISER = (UUID(int=number) for number in range(1, 6))
AMINA, BILAL, CHIARA = (UUID(int=number) for number in range(11, 14))
LINES = {AMINA: (UUID(int=21), 120), BILAL: (UUID(int=22), 45)}
SATURDAY = date(2026, 3, 21)
EVENTS: list[tuple[int, UUID | None, str, str, str | None, str | None]] = [
    (31, AMINA, "entry", "09:00", None, None),
    (32, AMINA, "exit", "11:00", None, None),
    # Sent late by a phone without network, before the entry that it had not seen.
    (33, BILAL, "exit", "10:00", "not_in", "already_out"),
    (34, BILAL, "entry", "09:30", None, None),
    (35, CHIARA, "entry", "09:05", "no_cover", "not_insured"),
    (36, CHIARA, "entry", "09:06", "session_cancelled", "cancelled"),
    (37, CHIARA, "entry", "08:00", "too_early", "too_early"),
    (38, None, "entry", "09:10", "invalid", "invalid"),
]
CORRECTED, BESIDE_NO_LINE = UUID(int=41), UUID(int=42)
WHY = {
    AMINA: (Cause.SCAN, None, None, ""),
    BILAL: (Cause.CORRECTION, CORRECTED, ORGANISER, "Era uscito tardi"),
}


@pytest.fixture
def engine_of_before(migrated_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(migrated_url, tmp_path))
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0012")
        _people_and_a_session(connection)
        _what_happened(connection)
    yield engine
    engine.dispose()


def put(connection: Connection, table: str, **values: Any) -> None:
    ids = [
        bindparam(name, type_=Uuid()) for name, value in values.items() if isinstance(value, UUID)
    ]
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({places})").bindparams(*ids), values
    )


def at(wall: str) -> str:
    return f"2026-03-21 {wall}:00.000000"


def _people_and_a_session(connection: Connection) -> None:
    put(connection, "municipality", id=CITY, slug="potenza", name="Potenza")
    put(connection, "association", id=ORTI, slug="orti", name="Orti in Comune")
    for person_id, name in (
        (ORGANISER, "Rosa"), (AMINA, "أمينة"), (BILAL, "Bilal"), (CHIARA, "Chiara"),
    ):  # fmt: skip
        put(
            connection,
            "person",
            id=person_id,
            name=name,
            birth_year=1995,
            languages="[]",
            page_language="it",
            created_at=at("08:00"),
        )
    put(
        connection,
        "project",
        id=PROJECT,
        slug="siepe",
        association_id=ORTI,
        municipality_id=CITY,
        area="green",
        state="published",
        language="it",
        revision=1,
        minimum_age=14,
        created_by=ORGANISER,
        created_at=at("08:00"),
        sent_back_reason="",
        is_public=True,
    )
    put(
        connection,
        "project_session",
        id=SESSION,
        project_id=PROJECT,
        municipality_id=CITY,
        starts_at=at("09:00"),
        ends_at=at("12:00"),
        meeting_point="Villa Giaquinto",
        places=5,
        places_taken=0,
        state="scheduled",
        sequence=0,
        is_public=True,
    )


def _what_happened(connection: Connection) -> None:
    for number, person_id, direction, wall, reason, _name in EVENTS:
        put(
            connection,
            "check_event",
            id=UUID(int=number),
            municipality_id=CITY,
            session_id=SESSION,
            person_id=person_id,
            direction=direction,
            scanned_at=at(wall),
            received_at=at("12:00"),
            outcome="refused" if reason else "accepted",
            reason=reason,
            operator_id=ORGANISER,
        )
    for person_id, (line_id, minutes) in LINES.items():
        put(
            connection,
            "hours_line",
            id=line_id,
            municipality_id=CITY,
            session_id=SESSION,
            project_id=PROJECT,
            association_id=ORTI,
            person_id=person_id,
            area="green",
            day="2026-03-21",
            minutes=minutes,
            updated_at=at("12:00"),
        )
    for correction_id, person_id in ((CORRECTED, BILAL), (BESIDE_NO_LINE, CHIARA)):
        put(
            connection,
            "correction",
            id=correction_id,
            municipality_id=CITY,
            session_id=SESSION,
            person_id=person_id,
            minutes=45,
            reason="Era uscito tardi",
            made_by=ORGANISER,
            made_at=at("13:00"),
        )


def move(engine: Engine, *revisions: str) -> None:
    for revision in revisions:
        with engine.begin() as connection:
            step = command.upgrade if revision == "head" else command.downgrade
            step(alembic_config(connection), revision)


def rows(engine: Engine, model: Any) -> dict[UUID, Any]:
    database = Database(engine, FrozenClock(datetime(2026, 4, 1, 9, tzinfo=UTC)))
    with database.reading(system_in(CITY)) as ctx:
        return {row.id: row for row in ctx.db.scalars(select(model))}


def test_each_line_of_hours_is_the_first_entry_of_its_ledger(engine_of_before: Engine) -> None:
    move(engine_of_before, "head")
    lines, entries = rows(engine_of_before, HoursLine), rows(engine_of_before, HoursEntry)
    assert {line.person_id: (line.id, line.minutes) for line in lines.values()} == LINES
    assert entries.keys() == lines.keys()
    for entry_id, entry in entries.items():
        line = lines[entry_id]
        assert (entry.session_id, entry.person_id, entry.day, entry.minutes) == (
            line.session_id, line.person_id, SATURDAY, line.minutes,
        )  # fmt: skip
        assert (entry.association_id, entry.month) == (ORTI, date(2026, 3, 1))
        assert (entry.cause, entry.cause_id, entry.made_by, entry.reason) == WHY[line.person_id]
        assert entry.made_at == line.updated_at


def test_scans_are_kept_with_their_reasons_by_the_new_names(engine_of_before: Engine) -> None:
    move(engine_of_before, "head")
    events = rows(engine_of_before, CheckEvent)
    assert len(events) == len(EVENTS)
    for number, person_id, direction, _wall, _reason, name in EVENTS:
        event = events[UUID(int=number)]
        assert (event.person_id, event.direction) == (person_id, Direction(direction))
        assert event.reason == (Reason(name) if name else None)
        assert event.outcome is (Outcome.REFUSED if name else Outcome.ACCEPTED)


def test_what_devices_showed_is_taken_for_what_was_stored(engine_of_before: Engine) -> None:
    move(engine_of_before, "head")
    for event in rows(engine_of_before, CheckEvent).values():
        assert event.told_at == event.scanned_at
        assert (event.method, event.flags, event.gate) == (Method.QR, [], "")
        assert (event.offset_ms, event.device_id, event.unknown_code) == (None, None, None)
        assert not event.is_forced
        assert not event.to_look_at


def test_corrections_of_before_are_confirmed_and_know_their_day(engine_of_before: Engine) -> None:
    move(engine_of_before, "head")
    corrections = rows(engine_of_before, Correction)
    # One that stands beside no line corrected nothing.
    assert corrections.keys() == {CORRECTED, BESIDE_NO_LINE}
    beside = corrections[BESIDE_NO_LINE]
    assert (beside.day, beside.state) == (SATURDAY, CorrectionState.REFUSED)
    correction = corrections[CORRECTED]
    assert (correction.day, correction.minutes) == (SATURDAY, 45)
    assert (correction.kind, correction.state) == (
        CorrectionKind.BY_HAND, CorrectionState.CONFIRMED,
    )  # fmt: skip
    assert (correction.made_by, correction.decided_by) == (ORGANISER, None)
    assert correction.decided_at == correction.made_at


def test_recomputed_from_the_scans_the_ledger_is_right(engine_of_before: Engine) -> None:
    move(engine_of_before, "head")
    database = Database(engine_of_before, FrozenClock(datetime(2026, 4, 1, 9, tzinfo=UTC)))
    with database.snapshot(system_in(CITY)) as ctx:
        assert list(differences(ctx, CITY)) == []


def test_down_and_up_again_writes_nothing_twice(engine_of_before: Engine) -> None:
    move(engine_of_before, "head")
    before = _all(engine_of_before)
    move(engine_of_before, "0012")
    with engine_of_before.connect() as connection:
        reasons = connection.execute(text("SELECT reason FROM check_event")).scalars()
        assert sorted(filter(None, reasons)) == sorted(
            reason for *_rest, reason, _name in EVENTS if reason
        )
    move(engine_of_before, "head")
    assert _all(engine_of_before) == before


def _all(engine: Engine) -> list[dict[str, Any]]:
    return [
        {column.name: getattr(row, column.name) for column in model.__table__.columns}
        for model in (CheckEvent, Correction, HoursLine, HoursEntry)
        for _id, row in sorted(rows(engine, model).items())
    ]


def test_a_night_of_two_lines_goes_back_into_one_and_keeps_its_minutes(
    engine_of_before: Engine,
) -> None:
    move(engine_of_before, "head")
    with engine_of_before.begin() as connection:
        put(
            connection,
            "hours_line",
            id=UUID(int=23),
            municipality_id=CITY,
            session_id=SESSION,
            project_id=PROJECT,
            association_id=ORTI,
            person_id=AMINA,
            area="green",
            day="2026-03-22",
            minutes=30,
            updated_at=at("12:00"),
        )
    move(engine_of_before, "0012", "head")
    lines = rows(engine_of_before, HoursLine).values()
    assert {line.person_id: line.minutes for line in lines} == {AMINA: 150, BILAL: 45}
    entries = rows(engine_of_before, HoursEntry).values()
    assert {entry.person_id: entry.minutes for entry in entries} == {AMINA: 150, BILAL: 45}


def test_a_corrected_night_keeps_the_minutes_of_its_correction(engine_of_before: Engine) -> None:
    """A correction of before was of the whole session, whose scans lie on two days."""
    with engine_of_before.begin() as connection:
        for name, wall in (("starts_at", "21 09:00"), ("ends_at", "22 04:00")):
            connection.execute(
                text(f"UPDATE project_session SET {name} = '2026-03-{wall}:00.000000'")
            )
        connection.execute(
            text(
                "UPDATE check_event SET scanned_at = '2026-03-22 03:00:00.000000' WHERE id = :id"
            ).bindparams(bindparam("id", type_=Uuid())),
            {"id": UUID(int=33)},
        )
    move(engine_of_before, "head")
    database = Database(engine_of_before, FrozenClock(datetime(2026, 4, 1, 9, tzinfo=UTC)))
    with database.snapshot(system_in(CITY)) as ctx:
        assert [each for each in differences(ctx, CITY) if each.person_id == BILAL] == []
    of_bilal = [
        (row.day.day, row.minutes)
        for row in rows(engine_of_before, HoursLine).values()
        if row.person_id == BILAL
    ]
    assert sorted(of_bilal) == [(21, 45), (22, 0)]
    before = _all(engine_of_before)
    move(engine_of_before, "0012", "head")
    assert _all(engine_of_before) == before


def test_what_there_was_not_before_goes_back_as_what_comes_nearest(
    engine_of_before: Engine,
) -> None:
    move(engine_of_before, "head")
    with engine_of_before.begin() as connection:
        connection.execute(text("UPDATE check_event SET reason = 'overlap', direction = 'break'"))
    move(engine_of_before, "0012")
    with engine_of_before.connect() as connection:
        found = connection.execute(text("SELECT DISTINCT reason, direction FROM check_event"))
        assert [tuple(row) for row in found] == [("already_in", "exit")]
