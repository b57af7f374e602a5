from datetime import UTC, datetime, timedelta

import pytest

from civic.cases.policy import WORK_AT_DESK
from civic.cases.rules import NEXT_STATES, REASON_NAMES, Reason, TicketState, minutes_waited
from civic.kernel.ids import uuid7
from civic.kernel.policy import Actor, Grant, Place, Role

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        (timedelta(seconds=-5), 0),
        (timedelta(seconds=59), 0),
        (timedelta(seconds=60), 1),
        (timedelta(hours=2, seconds=30), 120),
    ],
)
def test_waiting_is_counted_in_whole_minutes_and_never_below_nothing(
    waited: timedelta, expected: int
) -> None:
    assert minutes_waited(NOW, NOW + waited) == expected


def test_whoever_is_done_is_done_and_nobody_is_called_twice_in_a_row() -> None:
    assert NEXT_STATES[TicketState.DONE] == frozenset()
    assert all(TicketState.CALLED not in NEXT_STATES[state] for state in (TicketState.CALLED,))
    assert set(NEXT_STATES) == set(TicketState)


def test_every_reason_has_a_name() -> None:
    assert set(REASON_NAMES) == set(Reason)


def test_officers_case_workers_and_the_desk_work_at_the_desk_of_their_city_alone() -> None:
    here, elsewhere = uuid7(NOW), uuid7(NOW)
    for role in Role:
        actor = Actor(uuid7(NOW), grants=(Grant(role, here),))
        is_staff = role in (Role.OFFICER, Role.CASE_WORKER, Role.DESK)
        assert WORK_AT_DESK.allows(actor, Place(municipality_id=here)) is is_staff
        assert not WORK_AT_DESK.allows(actor, Place(municipality_id=elsewhere))
