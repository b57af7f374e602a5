"""Series of sessions, made as an organiser makes them."""

from datetime import date, time
from typing import Any
from uuid import UUID

from civic.catalogue.operations.series import NewSeries, add_series
from civic.catalogue.rhythm import Frequency, Rhythm, Wish, rhythm_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

SATURDAY = 5


def make_series(
    ctx: Context,
    project_id: UUID,
    times: int = 4,
    left_out: tuple[date, ...] = (),
    **over: Any,
) -> list[UUID]:
    """Saturdays from 21 March 2026, from 10 to 13, for five people; `every` and such in `over`."""
    wish = Wish(
        from_day=over.pop("from_day", date(2026, 3, 21)),
        frequency=over.pop("frequency", Frequency.WEEKLY),
        weekdays=over.pop("weekdays", (SATURDAY,)),
        every=over.pop("every", 1),
        week=over.pop("week", None),
        times=times,
    )
    rhythm: Rhythm = rhythm_of(wish, rome_day(ctx.now()))
    values: dict[str, Any] = {
        "start": time(10),
        "end": time(13),
        "meeting_point": "Villa Giaquinto",
        "places": 5,
    } | over
    kept = tuple(day for day in rhythm.days() if day not in left_out)
    return add_series(ctx, project_id, NewSeries(rhythm=rhythm, kept=kept, **values))
