"""Hours are a function of what happened, not of the order in which it became known."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from civic.attendance.hours import FORGOTTEN_AFTER, forgotten, settled, worked
from civic.attendance.rules import (
    ONLY_OUT_OF_ORDER,
    Direction,
    Gate,
    Mark,
    Presence,
    Reason,
    Shown,
    in_order,
    judge_scan,
    presence,
    verdict,
)
from civic.catalogue.rules import wall_span

TEN = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
ONE = TEN + timedelta(hours=3)
SATURDAY = date(2026, 3, 21)
OPEN = Gate(TEN, ONE, False, False, True, False, True)

MARKS = st.lists(
    st.builds(
        Mark,
        # 0 is the exit that `forgotten` adds.
        st.integers(1, 2**64).map(lambda number: UUID(int=number)),
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
    assert worked(again, TEN, ONE) == worked(marks, TEN, ONE)
    assert presence(again) is presence(marks)


@given(MARKS)
def test_hours_never_pass_the_session_and_never_fall_below_nothing(marks: list[Mark]) -> None:
    minutes = worked(marks, TEN, ONE).total
    assert minutes is None or 0 <= minutes <= 180


@given(MARKS, st.integers(0, 960))
def test_correction_wins_whatever_was_scanned(marks: list[Mark], correction: int) -> None:
    assert settled(worked(marks, TEN, ONE), {SATURDAY: correction}) == {SATURDAY: correction}


AFTER = {
    Direction.ENTRY: Presence.IN,
    Direction.BREAK: Presence.BREAK,
    Direction.EXIT: Presence.LEFT,
}
MAY_FOLLOW = {
    Direction.ENTRY: {Presence.NOT_YET, Presence.BREAK, Presence.LEFT},
    Direction.BREAK: {Presence.IN},
    Direction.EXIT: {Presence.IN, Presence.BREAK},
}


def arrive(scans: list[Mark], shown: Shown | None = None, gate: Gate = OPEN) -> list[Mark]:
    """What is stored after the scans were judged one by one in this order."""
    stored: dict[UUID, Mark] = {}
    for scan in scans:
        if scan.id not in stored:
            reason = judge_scan(scan.direction, scan.scanned_at, gate, list(stored.values()))
            is_forced = verdict(reason, shown, ()).is_forced
            stored[scan.id] = Mark(scan.id, scan.direction, scan.scanned_at, reason, is_forced)
    return list(stored.values())


@given(MARKS, st.randoms(use_true_random=False))
def test_judging_in_any_order_of_arrival_credits_the_same_hours(
    marks: list[Mark], random: Random
) -> None:
    shuffled = [*marks, *marks[:3]]
    random.shuffle(shuffled)
    in_order = arrive(sorted(marks, key=lambda mark: mark.scanned_at))
    assert worked(arrive(shuffled), TEN, ONE) == worked(in_order, TEN, ONE)


@given(MARKS)
def test_in_order_of_time_nobody_is_let_in_twice_or_out_twice(marks: list[Mark]) -> None:
    """At one instant an entry comes before an exit, as `in_order` has it."""
    state = Presence.NOT_YET
    by_time = sorted(
        marks, key=lambda mark: (mark.scanned_at, mark.direction is not Direction.ENTRY, mark.id)
    )
    for mark in arrive(by_time):
        if mark.reason is None:
            assert state in MAY_FOLLOW[mark.direction]
            state = AFTER[mark.direction]
        assert mark.reason is None or mark.reason in {*ONLY_OUT_OF_ORDER, Reason.TOO_LATE}


# Three devices


def interleaved(devices: list[list[Mark]], random: Random) -> list[Mark]:
    """Each device sends in its own order, some of it again, and the others in between."""
    queues = [[*scans, *random.choices(scans, k=len(scans) // 2)] for scans in devices if scans]
    arrived = []
    while queues:
        queue = random.choice(queues)
        arrived.append(queue.pop(0))
        queues = [each for each in queues if each]
    return arrived


@given(
    MARKS,
    st.lists(st.integers(0, 2), min_size=12, max_size=12),
    st.sampled_from([None, *Shown]),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_one_day_s_scans_of_three_devices_give_the_same_hours_however_they_arrive(
    marks: list[Mark], of_device: list[int], shown: Shown | None, is_booked: bool, random: Random
) -> None:
    gate = OPEN if is_booked else Gate(TEN, ONE, False, False, False, False, True)
    devices: list[list[Mark]] = [[], [], []]
    for mark, device in zip(marks, of_device, strict=False):
        devices[device].append(mark)
    by_time = arrive(sorted(marks, key=lambda mark: mark.scanned_at), shown, gate)
    first, second = (arrive(interleaved(devices, random), shown, gate) for _time in range(2))
    assert worked(first, TEN, ONE) == worked(second, TEN, ONE) == worked(by_time, TEN, ONE)
    assert presence(first) is presence(second) is presence(by_time)


@given(MARKS)
def test_seen_by_every_device_nobody_has_more_than_seen_by_one(marks: list[Mark]) -> None:
    """The same person held up their pass to three of them within the same second."""
    thrice = [
        Mark(UUID(int=mark.id.int + copy * 2**80), mark.direction, mark.scanned_at, mark.reason)
        for mark in marks
        for copy in range(3)
    ]
    assert worked(thrice, TEN, ONE) == worked(marks, TEN, ONE)


# By day


def whole_minutes(marks: list[Mark], starts_at: datetime, ends_at: datetime) -> int:
    """Not split: the seconds of all stays, as far as they lie within the session."""
    passed, came_at = timedelta(), None
    for mark in in_order(marks):
        if mark.direction is Direction.ENTRY:
            came_at = came_at or mark.scanned_at
        elif came_at:
            passed += max(min(mark.scanned_at, ends_at) - max(came_at, starts_at), timedelta())
            came_at = None
    return passed // timedelta(minutes=1)


NIGHTS = {
    # Evening, then how many minutes there were before and after midnight.
    date(2026, 3, 20): (120, 360),
    date(2026, 3, 28): (120, 300),
    date(2026, 10, 24): (120, 420),
}
SECONDS = st.integers(-3600, 11 * 3600)


@given(
    st.sampled_from(sorted(NIGHTS)),
    st.lists(st.tuples(st.sampled_from(Direction), SECONDS), max_size=10),
)
def test_hours_by_day_add_up_to_those_that_were_not_split(
    evening: date, seen: list[tuple[Direction, int]]
) -> None:
    starts_at, ends_at = wall_span(evening, time(22), time(6))
    marks = [
        Mark(UUID(int=number), direction, starts_at + timedelta(seconds=seconds))
        for number, (direction, seconds) in enumerate(seen)
    ]
    found = worked(marks, starts_at, ends_at)
    assert (found.total or 0) == whole_minutes(marks, starts_at, ends_at)
    assert all(minutes >= 0 for minutes in found.minutes.values())


@given(st.sampled_from(sorted(NIGHTS)), st.integers(0, 8 * 60), st.integers(0, 8 * 60))
def test_a_night_has_the_minutes_that_passed_whatever_the_clocks_on_the_wall_did(
    evening: date, came: int, stayed: int
) -> None:
    starts_at, ends_at = wall_span(evening, time(22), time(6))
    before, after = NIGHTS[evening]
    assert (ends_at - starts_at) == timedelta(minutes=before + after)
    came_at = starts_at + timedelta(minutes=came)
    left_at = came_at + timedelta(minutes=stayed)
    marks = [
        Mark(UUID(int=1), Direction.ENTRY, came_at),
        Mark(UUID(int=2), Direction.EXIT, left_at),
    ]
    last = min(came + stayed, before + after)
    first_day = max(min(last, before) - came, 0)
    second_day = max(last - max(came, before), 0)
    found = worked(marks, starts_at, ends_at).minutes
    assert found[evening] == first_day
    assert found.get(evening + timedelta(days=1), 0) == second_day


# Forgotten exits


@given(MARKS, st.timedeltas(timedelta(hours=-4), timedelta(days=20)))
def test_no_more_is_proposed_than_the_session_was_long_nor_less_than_they_had(
    marks: list[Mark], later: timedelta
) -> None:
    found = worked(marks, TEN, ONE)
    proposed = forgotten(marks, TEN, ONE, ONE + later)
    is_due = found.open_since is not None and later >= FORGOTTEN_AFTER
    assert (proposed is not None) is is_due
    if proposed is not None:
        assert (found.total or 0) <= sum(proposed.values()) <= 180
