"""Without network the phone says what the server would say."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page

from civic.attendance.rules import (
    DOORS_OPEN,
    ONLY_OUT_OF_ORDER,
    Direction,
    Gate,
    Mark,
    Presence,
    judge_scan,
)
from tests.browser.gate import open_scanner
from tests.browser.steps import staff_sign_in

STARTS, ENDS = datetime(2026, 5, 9, 8, tzinfo=UTC), datetime(2026, 5, 9, 11, tzinfo=UTC)
BEFORE = STARTS - timedelta(hours=2)
MOMENTS = [
    STARTS - timedelta(minutes=31),
    STARTS - timedelta(minutes=29),
    STARTS + timedelta(hours=1),
    ENDS + timedelta(minutes=1),
    ENDS + timedelta(hours=12, minutes=1),
]
STANDINGS = ("ok", "waiting", "not_approved", "not_insured", "guardian_missing")
SEEN = {
    Presence.NOT_YET: (),
    Presence.IN: (Direction.ENTRY,),
    Presence.BREAK: (Direction.ENTRY, Direction.BREAK),
    Presence.LEFT: (Direction.ENTRY, Direction.EXIT),
}
JUDGE = """
async (cases) => {
  const parts = JSON.parse(document.getElementById('scanner').dataset.parts);
  const { judge } = await import(parts.find((part) => part.endsWith('/judging.js')));
  return cases.map((one) => judge(one));
}
"""


def test_the_phone_judges_as_the_server_does(phone: Callable[..., Page]) -> None:
    page = phone()
    staff_sign_in(page, "organiser")
    open_scanner(page)
    cases = list(product(Direction, Presence, STANDINGS, MOMENTS, (False, True)))
    found = page.evaluate(JUDGE, [_as_the_phone_knows_it(*case) for case in cases])
    for case, said in zip(cases, found, strict=True):
        reason = _as_the_server_judges(*case)
        assert said["reason"] == reason, case
        if reason is None:
            assert (said["shown"], said["kind"]) == ("accepted", "success")
        else:
            # Out of order is let through: another phone may have seen the other half.
            expected = (
                ("accepted", "warning") if reason in ONLY_OUT_OF_ORDER else ("refused", "danger")
            )
            assert (said["shown"], said["kind"]) == expected, case


def _as_the_phone_knows_it(
    direction: Direction, presence: Presence, standing: str, at: datetime, is_cancelled: bool
) -> dict[str, Any]:
    return {
        "session": {
            "opens_at": (STARTS - DOORS_OPEN).isoformat(),
            "ends_at": ENDS.isoformat(),
            "is_cancelled": is_cancelled,
        },
        "person": {"standing": standing},
        "isElsewhere": False,
        "presence": presence,
        "direction": direction,
        "now": at.timestamp() * 1000,
    }


def _as_the_server_judges(
    direction: Direction, presence: Presence, standing: str, at: datetime, is_cancelled: bool
) -> str | None:
    marks = [
        Mark(uuid4(), seen, BEFORE + timedelta(minutes=number))
        for number, seen in enumerate(SEEN[presence])
    ]
    gate = Gate(
        STARTS,
        ENDS,
        is_cancelled=is_cancelled,
        is_revoked=False,
        is_booked=standing not in ("waiting", "not_approved"),
        is_guardian_missing=standing == "guardian_missing",
        is_covered=standing != "not_insured",
        awaits_approval=standing == "not_approved",
    )
    return judge_scan(direction, at, gate, marks)
