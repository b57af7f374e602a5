from datetime import UTC, datetime, timedelta

from civic.accounts.rules import CODE_LIFE
from civic.notifications.rules import (
    MAX_TRIES,
    REMINDER_LEAD,
    USEFUL_FOR,
    MessageKind,
    is_stale,
    pause_after,
)

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)


def test_a_code_is_not_sent_once_it_no_longer_works() -> None:
    assert USEFUL_FOR[MessageKind.SIGN_IN_CODE] == CODE_LIFE
    assert not is_stale(MessageKind.SIGN_IN_CODE, NOW, NOW + CODE_LIFE - timedelta(seconds=1))
    assert is_stale(MessageKind.SIGN_IN_CODE, NOW, NOW + CODE_LIFE)


def test_a_reminder_is_not_sent_after_its_session_began() -> None:
    assert is_stale(MessageKind.REMINDER, NOW, NOW + REMINDER_LEAD)


def test_a_change_is_worth_telling_late() -> None:
    assert not is_stale(MessageKind.SESSION_CANCELLED, NOW, NOW + timedelta(days=3))


def test_pauses_grow_and_the_last_try_comes_the_same_day() -> None:
    pauses = [pause_after(tries) for tries in range(1, MAX_TRIES)]
    assert pauses == sorted(pauses)
    assert sum(pauses, timedelta()) < timedelta(hours=24)
