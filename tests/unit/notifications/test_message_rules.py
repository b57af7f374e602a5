from datetime import UTC, datetime, timedelta

import pytest

from civic.accounts.rules import CODE_LIFE
from civic.notifications.rules import (
    MAX_TRIES,
    REMINDER_LEADS,
    USEFUL_FOR,
    MessageKind,
    is_near,
    is_stale,
    pause_after,
    reminder_at,
    reminder_due,
)

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)


def test_a_code_is_not_sent_once_it_no_longer_works() -> None:
    assert USEFUL_FOR[MessageKind.SIGN_IN_CODE] == CODE_LIFE
    assert not is_stale(MessageKind.SIGN_IN_CODE, NOW, NOW + CODE_LIFE - timedelta(seconds=1))
    assert is_stale(MessageKind.SIGN_IN_CODE, NOW, NOW + CODE_LIFE)


HOUR = timedelta(hours=1)
DAY_BEFORE, SOON = MessageKind.REMINDER_DAY, MessageKind.REMINDER_SOON


@pytest.mark.parametrize(
    ("left", "kind"),
    [
        (25 * HOUR, None),
        (24 * HOUR, DAY_BEFORE),
        (3 * HOUR, DAY_BEFORE),
        (2 * HOUR, SOON),
        (timedelta(seconds=1), SOON),
        (timedelta(0), None),
        (-HOUR, None),
    ],
)
def test_each_reminder_makes_sense_until_the_next_or_the_session(
    left: timedelta, kind: MessageKind | None
) -> None:
    assert reminder_at(NOW + left, NOW) is kind


@pytest.mark.parametrize(
    ("booked_before", "kinds"),
    [
        (30 * HOUR, [DAY_BEFORE, SOON]),
        (24 * HOUR, [DAY_BEFORE, SOON]),
        (20 * HOUR, [SOON]),
        (2 * HOUR, [SOON]),
        (HOUR / 2, []),
    ],
)
def test_who_books_late_gets_the_reminders_still_to_come(
    booked_before: timedelta, kinds: list[MessageKind]
) -> None:
    """The job looks every five minutes from when they booked until the session begins."""
    starts_at, told_at = NOW + booked_before, NOW
    found = []
    moment = NOW
    while moment <= starts_at:
        kind = reminder_due(starts_at, told_at, moment)
        if kind and kind not in found:
            found.append(kind)
        moment += timedelta(minutes=5)
    assert found == kinds


@pytest.mark.parametrize(
    ("away_until", "kind"),
    [(23 * HOUR, DAY_BEFORE), (5 * HOUR, DAY_BEFORE), (HOUR, SOON), (timedelta(0), None)],
)
def test_after_an_outage_the_reminder_that_still_helps_is_sent(
    away_until: timedelta, kind: MessageKind | None
) -> None:
    starts_at = NOW + away_until
    assert reminder_due(starts_at, NOW - timedelta(days=9), NOW) is kind


def test_reminders_follow_each_other() -> None:
    assert list(REMINDER_LEADS.values()) == sorted(REMINDER_LEADS.values())


def test_a_change_is_worth_telling_late() -> None:
    assert not is_stale(MessageKind.SESSION_CANCELLED, NOW, NOW + timedelta(days=3))


def test_pauses_grow_and_the_last_try_comes_the_same_day() -> None:
    pauses = [pause_after(tries) for tries in range(1, MAX_TRIES)]
    assert pauses == sorted(pauses)
    assert sum(pauses, timedelta()) < timedelta(hours=24)


@pytest.mark.parametrize(
    ("at", "now", "near"),
    [
        (datetime(2026, 3, 16, 8, tzinfo=UTC), datetime(2026, 3, 14, 22, 30, tzinfo=UTC), False),
        (datetime(2026, 3, 16, 8, tzinfo=UTC), datetime(2026, 3, 14, 23, 30, tzinfo=UTC), True),
        (datetime(2026, 3, 16, 8, tzinfo=UTC), datetime(2026, 3, 16, 7, tzinfo=UTC), True),
    ],
)
def test_an_appointment_is_near_from_the_midnight_in_italy_that_begins_the_day_before(
    at: datetime, now: datetime, near: bool
) -> None:
    assert is_near(at, now) is near
