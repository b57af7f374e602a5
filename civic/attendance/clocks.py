"""What a device's clock is worth."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from civic.attendance.rules import IS_LATE_AFTER, Flag

TOLERATED = timedelta(minutes=10)


@dataclass(frozen=True)
class Reading:
    """When a scan happened, as far as it can be known, and what speaks against it."""

    at: datetime
    flags: tuple[Flag, ...]


def read_clock(
    told: datetime, offset: timedelta | None, skew: timedelta | None, now: datetime
) -> Reading:
    """The instant of a scan by the server's clock, and never after its arrival.

    `told` is what the device's clock showed, `offset` what it last knew to be missing (server minus
    device), `skew` the same found now, from the moment at which it says it sent the scan. The last
    known offset is of the time of the scan and so counts first: a clock that was put right since
    has another skew by now.
    """
    known = offset if offset is not None else skew
    missing = known or timedelta()
    at, flags = told + missing, []
    if any(one is not None and abs(one) > TOLERATED for one in (offset, skew)):
        flags.append(Flag.CLOCK_OFF)
    if at > now:
        # Within the tolerance the clocks of two machines differ, and nothing is wrong.
        if at - now > TOLERATED:
            flags.append(Flag.CLAMPED)
        at = now
    if now - at > IS_LATE_AFTER:
        flags.append(Flag.LATE)
    return Reading(at, tuple(flags))
