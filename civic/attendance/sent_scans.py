"""What devices send, read into scans. Nothing that happened is thrown away for a clock that is off:
only what cannot be understood at all is `Unreadable`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from civic.attendance.errors import BatchTooLarge, BatchUnreadable, DayUnreadable
from civic.attendance.forms import LONGEST_CODE, MOST_SCANS, Unreadable
from civic.attendance.operations.batches import SentScan
from civic.attendance.operations.scans import Scan
from civic.attendance.rules import Direction, Method, Shown, is_short_code, read_code
from civic.attendance.tokens import NAME_LENGTH
from civic.web.fields import clean_line

FARTHEST_OFFSET = 2**31 - 1
"""Milliseconds that a column holds, 24 days. A clock that is farther off was never set: then only
what it says as it sends the scans tells by how much."""


@dataclass(frozen=True)
class SentBatch:
    sent_at: datetime | None
    """By the device's clock."""
    items: list[SentScan | Unreadable]

    @property
    def scans(self) -> list[SentScan]:
        return [item for item in self.items if isinstance(item, SentScan)]


def read_sent(body: Any) -> SentBatch:
    items = body.get("scans") if isinstance(body, Mapping) else None
    if not isinstance(items, list):
        raise BatchUnreadable
    if len(items) > MOST_SCANS:
        raise BatchTooLarge(most=MOST_SCANS)
    try:
        sent_at = None if body.get("sent_at") is None else read_moment(body["sent_at"])
    except ValueError:
        raise BatchUnreadable from None
    return SentBatch(sent_at, [_read(item) for item in items])


def _read(item: Any) -> SentScan | Unreadable:
    given: Mapping[str, Any] = item if isinstance(item, Mapping) else {}
    code, shown = given.get("code"), given.get("shown")
    try:
        if not isinstance(code, str) or len(code) > LONGEST_CODE:
            raise ValueError("no code")
        scan = Scan(
            read_id(given.get("id")),
            code,
            Direction(given.get("direction", "")),
            read_moment(given.get("scanned_at")),
            method=_method(code),
            offset=_offset(given.get("offset_ms")),
            gate=read_gate(given.get("gate")),
            shown=None if shown is None else Shown(shown),
        )
        return SentScan(read_id(given.get("session_id")), scan)
    except ValueError:
        # Given back as it came, cut short, so that the device knows which one.
        named = given.get("id")
        return Unreadable(named[:64] if isinstance(named, str) else "")


def read_id(value: Any) -> UUID:
    """Only as it is usually written: `uuid.UUID` takes braces and more. The one of zeros is nobody's:
    `hours.forgotten` gives it to an exit that did not happen."""
    if not isinstance(value, str) or len(value) != 36 or not (found := UUID(value)).int:
        raise ValueError("no id")
    return found


def read_moment(value: Any) -> datetime:
    """An instant with its offset. A clock that was never set counts from 1970."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    if instant is None or instant.tzinfo is None or not 1970 <= instant.year < 2100:
        raise ValueError("no instant")
    return instant.astimezone(UTC)


def read_day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise DayUnreadable from None
    if not 2000 < day.year < 2100:
        raise DayUnreadable
    return day


def _offset(value: Any) -> timedelta | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise ValueError("no offset")
    return timedelta(milliseconds=int(value)) if abs(value) <= FARTHEST_OFFSET else None


def read_gate(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("no gate")
    return str(clean_line(value))[:NAME_LENGTH].strip()


def _method(code: str) -> Method:
    return Method.CODE if is_short_code(read_code(code)) else Method.QR
