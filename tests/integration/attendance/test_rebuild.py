"""The ledger recomputed from what happened: whatever was changed behind it is found and set right."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select, update

from civic.attendance.models import (
    CheckDecision,
    CheckEvent,
    ClosedMonth,
    Correction,
    HoursEntry,
    HoursLine,
)
from civic.attendance.operations import rebuilding
from civic.attendance.operations.passes import PassShown
from civic.attendance.queries import gate, recounted
from civic.attendance.queries.recounted import Difference, differences
from civic.attendance.rules import Cause, CorrectionState, Decision, Direction
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person
from tests.factories.catalogue import make_session
from tests.integration.attendance.door import Door, credited, minutes, one

SATURDAY = date(2026, 3, 21)
FIRST_OF_MARCH = date(2026, 3, 1)


class Behind:
    """Whoever changes rows without the program, and the administrator after them."""

    def __init__(self, database: Database, ground: Ground) -> None:
        self.database, self.ground = database, ground

    def do(self, statement: Any) -> None:
        with self.database.unit_of_work(system_in(self.ground.city.id)) as ctx:
            ctx.db.execute(statement)

    def add(self, model: Any, **values: Any) -> None:
        with self.database.unit_of_work(system_in(self.ground.city.id)) as ctx:
            ctx.db.add(model(municipality_id=self.ground.city.id, **values))

    def check(self) -> list[Difference]:
        with self.database.snapshot(system_in(self.ground.city.id)) as ctx:
            return list(differences(ctx, self.ground.city.id))

    def rebuild(self) -> int:
        return rebuilding.rebuild(self.database, self.ground.city.id)

    def rebuilt(self) -> list[tuple[date, int, date]]:
        with self.database.reading(system_in(self.ground.city.id)) as ctx:
            rows = ctx.db.execute(
                select(HoursEntry.day, HoursEntry.minutes, HoursEntry.month)
                .where(HoursEntry.cause == Cause.REBUILD)
                .order_by(HoursEntry.day)
            )
            return [(row.day, row.minutes, row.month) for row in rows]

    def sums(self) -> int:
        with self.database.reading(system_in(self.ground.city.id)) as ctx:
            return ctx.db.scalar(select(func.sum(HoursEntry.minutes))) or 0

    def count(self) -> int:
        with self.database.reading(system_in(self.ground.city.id)) as ctx:
            return ctx.db.scalar(select(func.count()).select_from(HoursEntry)) or 0

    def found(self, line: int | None, entries: int, right: int, day: date = SATURDAY) -> Any:
        [found] = self.check()
        assert (found.day, found.line, found.entries, found.right) == (day, line, entries, right)
        return found


@pytest.fixture
def behind(door: Door, database: Database, ground: Ground, shown: PassShown) -> Behind:
    """Amina was there for two hours."""
    door.send(one(shown.token), one(shown.token, "exit", TEN + timedelta(hours=2)))
    return Behind(database, ground)


def test_a_ledger_of_the_gate_is_right(behind: Behind) -> None:
    assert behind.check() == []
    assert behind.rebuild() == 0
    assert behind.rebuilt() == []


def test_a_changed_line_is_found_and_set_right(
    behind: Behind, database: Database, ground: Ground, amina: UUID
) -> None:
    behind.do(update(HoursLine).values(minutes=600))
    found = behind.found(600, 120, 120)
    assert (found.session_id, found.person_id) == (ground.session_id, amina)
    assert behind.rebuild() == 1
    assert (minutes(database, ground), behind.sums(), behind.check()) == ([120], 120, [])
    assert behind.rebuilt() == [(SATURDAY, 0, FIRST_OF_MARCH)]


def test_a_missing_line_is_found_and_written_again(
    behind: Behind, database: Database, ground: Ground
) -> None:
    behind.do(delete(HoursLine))
    behind.found(None, 120, 120)
    assert behind.rebuild() == 1
    assert (minutes(database, ground), behind.sums(), behind.check()) == ([120], 120, [])


def test_a_line_too_many_is_found_and_counts_no_more(
    behind: Behind, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        stranger = make_booked_person(ctx, ground, "Bilal")
    line_of(behind, stranger, 90)
    behind.found(90, 0, 0)
    assert behind.rebuild() == 1
    assert sorted(minutes(database, ground)) == [0, 120]
    assert behind.check() == []


def line_of(behind: Behind, person_id: UUID, worked: int, day: date = SATURDAY) -> None:
    with behind.database.unit_of_work(system_in(behind.ground.city.id)) as ctx:
        values = {
            column.name: getattr(ctx.db.scalars(select(HoursLine)).first(), column.name)
            for column in HoursLine.__table__.columns
        }
        fresh = {"id": uuid4(), "person_id": person_id, "day": day, "minutes": worked}
        ctx.db.add(HoursLine(**values | fresh))


def test_a_line_of_another_day_than_the_session_s_is_found(behind: Behind, amina: UUID) -> None:
    sunday = SATURDAY + timedelta(days=1)
    line_of(behind, amina, 30, sunday)
    behind.found(30, 0, 0, sunday)
    assert behind.rebuild() == 1
    assert behind.check() == []


def test_a_changed_entry_is_found_and_another_makes_it_right(
    behind: Behind, database: Database, ground: Ground
) -> None:
    behind.do(update(HoursEntry).values(minutes=45))
    behind.found(120, 45, 120)
    assert behind.rebuild() == 1
    assert (minutes(database, ground), behind.sums(), behind.check()) == ([120], 120, [])
    assert behind.rebuilt() == [(SATURDAY, 75, FIRST_OF_MARCH)]


def test_entries_that_are_gone_are_found(behind: Behind) -> None:
    behind.do(delete(HoursEntry))
    behind.found(120, 0, 120)
    assert behind.rebuild() == 1
    assert behind.sums() == 120


def test_a_line_and_its_entries_changed_alike_are_found(
    behind: Behind, database: Database, ground: Ground
) -> None:
    for model in (HoursLine, HoursEntry):
        behind.do(update(model).values(minutes=180))
    behind.found(180, 180, 120)
    behind.rebuild()
    assert (minutes(database, ground), behind.rebuilt()) == (
        [120],
        [(SATURDAY, -60, FIRST_OF_MARCH)],
    )


def test_set_right_twice_changes_nothing_more(behind: Behind) -> None:
    behind.do(update(HoursLine).values(minutes=600))
    behind.do(update(HoursEntry).values(minutes=1))
    assert behind.rebuild() == 1
    before = behind.count()
    assert behind.rebuild() == 0
    assert behind.count() == before


def test_what_was_undone_or_set_aside_has_no_hours(behind: Behind, database: Database) -> None:
    with database.reading(system_in(behind.ground.city.id)) as ctx:
        exit_id = ctx.db.scalar(select(CheckEvent.id).where(CheckEvent.direction == Direction.EXIT))
    behind.add(
        CheckDecision,
        event_id=exit_id,
        decision=Decision.SET_ASIDE,
        made_by=behind.ground.organiser_id,
        made_at=ONE,
    )
    behind.found(120, 120, 0)
    behind.rebuild()
    assert behind.check() == []


@pytest.mark.parametrize(
    ("state", "right"),
    [
        (CorrectionState.CONFIRMED, 90),
        (CorrectionState.PROPOSED, 120),
        (CorrectionState.REFUSED, 120),
    ],
)
def test_a_correction_stands_once_it_is_confirmed_and_the_last_one_counts(
    behind: Behind, amina: UUID, state: CorrectionState, right: int
) -> None:
    for number, worked in enumerate((15, 90)):
        behind.add(
            Correction,
            id=uuid4(),
            session_id=behind.ground.session_id,
            person_id=amina,
            day=SATURDAY,
            minutes=worked,
            reason="Phone",
            made_by=behind.ground.organiser_id,
            made_at=ONE,
            state=state,
            decided_at=ONE + timedelta(minutes=number),
        )
    assert [found.right for found in behind.check()] == ([] if right == 120 else [right])
    behind.rebuild()
    assert behind.sums() == right


def test_what_is_set_right_of_a_closed_month_stands_in_the_open_one(
    behind: Behind, clock: FrozenClock
) -> None:
    behind.add(
        ClosedMonth,
        id=uuid4(),
        month=FIRST_OF_MARCH,
        closed_by=behind.ground.organiser_id,
        closed_at=ONE,
    )
    behind.do(update(HoursEntry).values(minutes=100))
    clock.advance(timedelta(days=40))
    behind.rebuild()
    assert behind.rebuilt() == [(SATURDAY, 20, date(2026, 4, 1))]


def test_who_hears_of_changed_hours_hears_of_these(behind: Behind, database: Database) -> None:
    before = credited(database)
    behind.do(delete(HoursLine))
    behind.rebuild()
    assert credited(database) == before + 1


def test_another_city_is_left_as_it_is(behind: Behind, database: Database) -> None:
    behind.do(update(HoursLine).values(minutes=600))
    assert rebuilding.rebuild(database, uuid4()) == 0
    behind.found(600, 120, 120)


def test_however_many_sessions_there_are_each_is_looked_at_once(
    behind: Behind, database: Database, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounted, "BATCH", 2)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for day in range(1, 6):
            later = timedelta(days=day)
            make_session(ctx, ground.project_id, TEN + later, ONE + later)
    behind.do(update(HoursLine).values(minutes=600))
    behind.found(600, 120, 120)
    assert behind.rebuild() == 1
    assert behind.check() == []


def test_hours_that_somebody_changed_meanwhile_are_looked_at_again_before_they_are_written(
    behind: Behind, database: Database, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found wrong, then put right by somebody else before the person was held."""
    behind.do(update(HoursLine).values(minutes=600))
    hold = gate.hold

    def after_somebody_else(ctx: Context, person_ids: list[UUID]) -> Any:
        ctx.db.execute(update(HoursLine).values(minutes=120))
        return hold(ctx, person_ids)

    monkeypatch.setattr(gate, "hold", after_somebody_else)
    assert behind.rebuild() == 0
    assert behind.rebuilt() == []
