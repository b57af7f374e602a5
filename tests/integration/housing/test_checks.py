"""Checks that come back: when they are due, and when they come again."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from civic.housing.models import Unit
from civic.housing.operations.checks import (
    NewCheck,
    add_check,
    change_check,
    check_done,
    drop_check,
)
from civic.housing.queries.checks import checks_of, due_checks
from civic.housing.rules.stock import CheckKind
from civic.housing.rules.works import Due, how_due, months_after
from civic.housing.works_errors import (
    CheckThere,
    DayToCome,
    DayTooEarly,
    DayTooLongAgo,
    DueTooFar,
    MonthsWrong,
)
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import actor_of, make_staff
from tests.factories.housing import Lodge, make_lodge, make_unit
from tests.integration.housing.works_ground import TODAY, days


@pytest.fixture
def ctx(database: Database) -> Iterator[Context]:
    with database.unit_of_work(system_in()) as ctx:
        yield ctx


@pytest.fixture
def lodge(ctx: Context) -> Lodge:
    return make_lodge(ctx)


@pytest.fixture
def officer(ctx: Context, lodge: Lodge) -> Context:
    return ctx.acting(lodge.officer)


def boiler(ctx: Context, lodge: Lodge, due_on: date = TODAY, months: int = 12) -> UUID:
    return add_check(ctx, lodge.unit_id, NewCheck(CheckKind.BOILER, months, due_on))


def test_a_check_that_was_done_comes_back_after_its_months(officer: Context, lodge: Lodge) -> None:
    check_id = boiler(officer, lodge, days(-20))
    check_done(officer, check_id, days(-2))
    (row,) = checks_of(officer, lodge.unit_id)
    assert (row.last_done_on, row.due_on, row.due) == (days(-2), date(2027, 3, 12), Due.LATER)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 24, date(2028, 12, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 14), -3, date(2025, 12, 14)),
    ],
)
def test_months_end_on_the_last_day_they_have(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_a_check_is_late_from_the_day_after_it_was_due() -> None:
    assert how_due(TODAY, TODAY) is Due.SOON
    assert how_due(days(-1), TODAY) is Due.LATE
    assert how_due(days(30), TODAY) is Due.SOON
    assert how_due(days(31), TODAY) is Due.LATER


def test_what_is_due_is_listed_late_ones_first_and_closed_dwellings_left_out(
    officer: Context, lodge: Lodge, clock: FrozenClock
) -> None:
    closed, _beds = make_unit(officer, lodge.city, "Casa Chiusa")
    add_check(officer, closed, NewCheck(CheckKind.GAS, 12, days(-3)))
    add_check(officer, lodge.unit_id, NewCheck(CheckKind.FIRE, 6, days(9)))
    add_check(officer, lodge.unit_id, NewCheck(CheckKind.LIFT, 6, days(40)))
    boiler(officer, lodge, days(-5))
    officer.db.get_one(Unit, closed).closed_on = TODAY
    officer.db.flush()
    kinds = [(row.kind, row.due) for row in due_checks(officer, lodge.city.id)]
    assert kinds == [(CheckKind.BOILER, Due.LATE), (CheckKind.FIRE, Due.SOON)]
    clock.advance(timedelta(days=20))
    assert len(due_checks(officer, lodge.city.id)) == 3


def test_a_dwelling_has_each_check_once(officer: Context, lodge: Lodge) -> None:
    boiler(officer, lodge)
    with pytest.raises(CheckThere):
        boiler(officer, lodge, days(9))
    assert len(checks_of(officer, lodge.unit_id)) == 1


@pytest.mark.parametrize(
    ("months", "due_on", "refusal"),
    [
        (0, TODAY, MonthsWrong),
        (-1, TODAY, MonthsWrong),
        (121, TODAY, MonthsWrong),
        (12, date(9999, 12, 31), DueTooFar),
        (12, date(1, 1, 1), DueTooFar),
    ],
)
def test_a_rhythm_that_nobody_can_mean_is_refused(
    officer: Context, lodge: Lodge, months: int, due_on: date, refusal: type[CivicError]
) -> None:
    with pytest.raises(refusal):
        boiler(officer, lodge, due_on, months)
    check_id = boiler(officer, lodge)
    with pytest.raises(refusal):
        change_check(officer, check_id, months, due_on)
    (row,) = checks_of(officer, lodge.unit_id)
    assert (row.every_months, row.due_on) == (12, TODAY)


def test_a_day_to_come_or_before_the_last_one_is_refused(officer: Context, lodge: Lodge) -> None:
    check_id = boiler(officer, lodge)
    with pytest.raises(DayToCome):
        check_done(officer, check_id, days(1))
    with pytest.raises(DayTooLongAgo):
        check_done(officer, check_id, days(-400))
    check_done(officer, check_id, days(-5))
    with pytest.raises(DayTooEarly):
        check_done(officer, check_id, days(-6))
    check_done(officer, check_id, days(-5))


def test_a_check_is_changed_and_taken_off_the_list(officer: Context, lodge: Lodge) -> None:
    check_id = boiler(officer, lodge)
    change_check(officer, check_id, 24, days(50))
    (row,) = checks_of(officer, lodge.unit_id)
    assert (row.every_months, row.due_on) == (24, days(50))
    drop_check(officer, check_id)
    assert checks_of(officer, lodge.unit_id) == []
    with pytest.raises(NotFound):
        check_done(officer, check_id, TODAY)


def test_checks_of_a_safe_house_are_its_teams_alone(ctx: Context, lodge: Lodge) -> None:
    insider = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Sara Safe"))
    unit_id, _beds = make_unit(ctx, lodge.city, "Casa Celata", team=[insider.own_id])
    new = NewCheck(CheckKind.GAS, 12, days(-3))
    check_id = add_check(ctx.acting(insider), unit_id, new)
    outside = ctx.acting(lodge.officer)
    assert due_checks(outside, lodge.city.id) == []
    for act in (
        lambda: check_done(outside, check_id, TODAY),
        lambda: change_check(outside, check_id, 12, TODAY),
        lambda: drop_check(outside, check_id),
        lambda: add_check(outside, unit_id, new),
        lambda: checks_of(outside, unit_id),
    ):
        with pytest.raises(NotFound):
            act()
    assert len(due_checks(ctx.acting(insider), lodge.city.id)) == 1
