"""Hours are a function of what happened, not of the order in which it became known."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from civic.attendance.rules import (
    COUNTED,
    Direction,
    Gate,
    Mark,
    Presence,
    Reason,
    judge_scan,
    presence,
    worked_minutes,
)

TEN = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
ONE = TEN + timedelta(hours=3)
OPEN = Gate(TEN, ONE, False, False, True, False, True)

MARKS = st.lists(
    st.builds(
        Mark,
        st.integers(0, 2**64).map(lambda number: UUID(int=number)),
        st.sampled_from(Direction),
        st.integers(-25 * 60, 14 * 3600).map(lambda seconds: TEN + timedelta(seconds=seconds)),
        st.one_of(st.none(), st.sampled_from(Reason)),
    ),
    max_size=12,
    unique_by=lambda mark: mark.id,
)


@given(MARKS, st.randoms(use_true_random=False))
def test_late_shuffled_and_repeated_scans_give_the_same_hours(
    marks: list[Mark], random: Random
) -> None:
    again = [*marks, *random.sample(marks, len(marks) // 2)]
    random.shuffle(again)
    assert worked_minutes(again, None, TEN, ONE) == worked_minutes(marks, None, TEN, ONE)
    assert presence(again) is presence(marks)


@given(MARKS)
def test_hours_never_pass_the_session_and_never_fall_below_nothing(marks: list[Mark]) -> None:
    minutes = worked_minutes(marks, None, TEN, ONE)
    assert minutes is None or 0 <= minutes <= 180


@given(MARKS, st.integers(0, 960))
def test_correction_wins_whatever_was_scanned(marks: list[Mark], correction: int) -> None:
    assert worked_minutes(marks, correction, TEN, ONE) == correction


def arrive(scans: list[Mark]) -> list[Mark]:
    """What is stored after the scans were judged one by one in this order."""
    stored: dict[UUID, Mark] = {}
    for scan in scans:
        if scan.id not in stored:
            reason = judge_scan(scan.direction, scan.scanned_at, OPEN, list(stored.values()))
            stored[scan.id] = Mark(scan.id, scan.direction, scan.scanned_at, reason)
    return list(stored.values())


@given(MARKS, st.randoms(use_true_random=False))
def test_judging_in_any_order_of_arrival_credits_the_same_hours(
    marks: list[Mark], random: Random
) -> None:
    shuffled = [*marks, *marks[:3]]
    random.shuffle(shuffled)
    in_order = arrive(sorted(marks, key=lambda mark: mark.scanned_at))
    assert worked_minutes(arrive(shuffled), None, TEN, ONE) == worked_minutes(
        in_order, None, TEN, ONE
    )


@given(MARKS)
def test_in_order_of_time_nobody_is_let_in_twice_or_out_twice(marks: list[Mark]) -> None:
    """At one instant an entry comes before an exit, as `in_order` has it."""
    state = Presence.NOT_YET
    by_time = sorted(
        marks, key=lambda mark: (mark.scanned_at, mark.direction is Direction.EXIT, mark.id)
    )
    for mark in arrive(by_time):
        if mark.reason is None:
            was_in = state is Presence.IN
            assert was_in is (mark.direction is Direction.EXIT)
            state = Presence.IN if mark.direction is Direction.ENTRY else Presence.LEFT
        assert mark.reason is None or mark.reason in {*COUNTED, Reason.TOO_LATE}
