"""What speaks against a scan, and what becomes of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from civic.attendance.rules import (
    HOLDER_WORDS,
    ONLY_OUT_OF_ORDER,
    REASON_WORDS,
    Direction,
    Flag,
    Gate,
    Mark,
    Outcome,
    Presence,
    Reason,
    Shown,
    Verdict,
    judge_scan,
    presence,
    verdict,
)

TEN = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
ENTRY, EXIT, BREAK = Direction.ENTRY, Direction.EXIT, Direction.BREAK
OPEN = Gate(TEN, TEN + timedelta(hours=3), False, False, True, False, True)
UNBOOKED = replace(OPEN, is_booked=False)
GRAVE = sorted(set(Reason) - ONLY_OUT_OF_ORDER - {Reason.INVALID, Reason.ERROR})


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def seen(*marks: tuple[Direction, float]) -> list[Mark]:
    return [
        Mark(UUID(int=number), direction, at(minutes))
        for number, (direction, minutes) in enumerate(marks)
    ]


def entry(gate: Gate, *marks: tuple[Direction, float]) -> Reason | None:
    return judge_scan(ENTRY, at(10), gate, seen(*marks))


# What speaks against an entry


def test_who_asked_to_join_and_was_not_answered_is_not_approved() -> None:
    assert entry(replace(UNBOOKED, awaits_approval=True)) is Reason.NOT_APPROVED


def test_who_has_a_place_in_another_session_of_the_day_is_at_the_wrong_one() -> None:
    assert entry(replace(UNBOOKED, is_expected_elsewhere=True)) is Reason.WRONG_SESSION


def test_who_has_neither_is_not_booked() -> None:
    assert entry(UNBOOKED) is Reason.NOT_BOOKED


def test_who_has_a_place_here_comes_in_whatever_else_they_asked_for() -> None:
    assert entry(replace(OPEN, awaits_approval=True, is_expected_elsewhere=True)) is None


def test_who_is_still_in_elsewhere_overlaps() -> None:
    assert entry(replace(OPEN, is_in_elsewhere=True)) is Reason.OVERLAP


def test_who_is_still_in_elsewhere_can_leave_here() -> None:
    elsewhere = replace(OPEN, is_in_elsewhere=True)
    for direction in (EXIT, BREAK):
        assert judge_scan(direction, at(60), elsewhere, seen((ENTRY, 0))) is None


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"is_revoked": True}, {"is_cancelled": True}),
        ({"is_cancelled": True}, {"is_booked": False, "awaits_approval": True}),
        ({"is_booked": False, "awaits_approval": True}, {"is_expected_elsewhere": True}),
        ({"is_booked": False, "is_expected_elsewhere": True}, {"is_guardian_missing": True}),
        ({"is_booked": False}, {"is_covered": False}),
        ({"is_guardian_missing": True}, {"is_covered": False}),
        ({"is_covered": False}, {"is_in_elsewhere": True}),
    ],
)
def test_of_several_reasons_the_nearest_that_can_be_mended_is_told(
    first: dict[str, Any], then: dict[str, Any]
) -> None:
    alone = entry(replace(OPEN, **first))
    assert alone is not None
    assert entry(replace(OPEN, **then | first)) is alone


def test_the_window_is_looked_at_on_both_sides_before_guardian_and_policy() -> None:
    gate = replace(OPEN, is_guardian_missing=True, is_covered=False)
    assert judge_scan(ENTRY, at(-31), gate, ()) is Reason.TOO_EARLY
    assert judge_scan(ENTRY, at(181), gate, ()) is Reason.TOO_LATE


# Breaks


def test_who_is_in_can_go_on_a_break_and_come_back() -> None:
    assert judge_scan(BREAK, at(60), OPEN, seen((ENTRY, 0))) is None
    assert judge_scan(ENTRY, at(90), OPEN, seen((ENTRY, 0), (BREAK, 60))) is None


def test_who_is_on_a_break_can_leave_but_not_go_on_another() -> None:
    on_a_break = seen((ENTRY, 0), (BREAK, 60))
    assert judge_scan(EXIT, at(70), OPEN, on_a_break) is None
    assert judge_scan(BREAK, at(70), OPEN, on_a_break) is Reason.ALREADY_OUT


@pytest.mark.parametrize("marks", [(), ((ENTRY, 0), (EXIT, 30))])
def test_who_is_not_in_cannot_go_on_a_break(marks: tuple[tuple[Direction, float], ...]) -> None:
    assert judge_scan(BREAK, at(60), OPEN, seen(*marks)) is Reason.ALREADY_OUT


def test_a_break_has_the_window_of_leaving() -> None:
    came = seen((ENTRY, 0))
    assert judge_scan(BREAK, at(-40), OPEN, came) is Reason.ALREADY_OUT
    assert judge_scan(BREAK, at(180 + 12 * 60 + 1), OPEN, came) is Reason.TOO_LATE


def test_presence_knows_a_break_from_having_left() -> None:
    assert presence(seen((ENTRY, 0), (BREAK, 60))) is Presence.BREAK
    assert presence(seen((ENTRY, 0), (BREAK, 60), (ENTRY, 70))) is Presence.IN
    assert presence(seen((ENTRY, 0), (BREAK, 60), (EXIT, 70))) is Presence.LEFT
    assert presence(seen((BREAK, 60))) is Presence.NOT_YET


# What becomes of it: live


def test_live_nothing_against_it_is_accepted() -> None:
    assert verdict(None, None, ()) == Verdict(Outcome.ACCEPTED, None)


@pytest.mark.parametrize("reason", sorted(Reason))
def test_live_whatever_speaks_against_it_refuses_and_nobody_need_look(reason: Reason) -> None:
    assert verdict(reason, None, ()) == Verdict(Outcome.REFUSED, reason)


# Let in without network


def test_let_in_without_network_and_nothing_against_it_is_accepted() -> None:
    assert verdict(None, Shown.ACCEPTED, ()) == Verdict(Outcome.ACCEPTED, None)


@pytest.mark.parametrize("reason", GRAVE)
def test_let_in_without_network_it_stands_forced_and_is_to_be_looked_at(reason: Reason) -> None:
    found = verdict(reason, Shown.ACCEPTED, (Flag.LATE,))
    assert found == Verdict(Outcome.ACCEPTED, reason, (Flag.LATE, Flag.FORCED), to_look_at=True)
    assert found.is_forced


@pytest.mark.parametrize("reason", sorted(ONLY_OUT_OF_ORDER))
def test_let_in_by_two_devices_is_a_duplicate_and_nobody_need_look(reason: Reason) -> None:
    found = verdict(reason, Shown.ACCEPTED, ())
    assert found == Verdict(Outcome.ACCEPTED, reason, (Flag.DUPLICATE,))
    assert not found.is_forced


def test_an_unknown_code_lets_nobody_in_whatever_was_shown() -> None:
    found = verdict(Reason.INVALID, Shown.ACCEPTED, ())
    assert found == Verdict(Outcome.REFUSED, Reason.INVALID, to_look_at=True)


# Refused, or not found on the roster, without network


def test_refused_without_network_and_refused_now_agree() -> None:
    found = verdict(Reason.NOT_BOOKED, Shown.REFUSED, ())
    assert found == Verdict(Outcome.REFUSED, Reason.NOT_BOOKED)


def test_refused_without_network_but_nothing_against_it_is_to_be_looked_at() -> None:
    assert verdict(None, Shown.REFUSED, ()) == Verdict(Outcome.ACCEPTED, None, to_look_at=True)


def test_not_on_the_roster_and_matched_now_is_accepted() -> None:
    assert verdict(None, Shown.UNMATCHED, ()) == Verdict(Outcome.ACCEPTED, None)


@pytest.mark.parametrize("reason", [*GRAVE, Reason.INVALID])
def test_not_on_the_roster_and_refused_now_is_to_be_looked_at(reason: Reason) -> None:
    assert verdict(reason, Shown.UNMATCHED, ()) == Verdict(Outcome.REFUSED, reason, to_look_at=True)


# Clocks


@pytest.mark.parametrize("shown", [None, *Shown])
@pytest.mark.parametrize("flag", [Flag.CLOCK_OFF, Flag.CLAMPED])
def test_a_wrong_clock_is_always_to_be_looked_at(shown: Shown | None, flag: Flag) -> None:
    found = verdict(None, shown, (flag,))
    assert found.to_look_at
    assert flag in found.flags


def test_being_late_alone_is_nothing_to_look_at() -> None:
    assert not verdict(None, Shown.ACCEPTED, (Flag.LATE,)).to_look_at


# Words


def test_every_reason_has_a_sentence_for_the_gate_and_one_for_the_person() -> None:
    assert set(REASON_WORDS) == set(HOLDER_WORDS) == set(Reason)
