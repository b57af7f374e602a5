from uuid import UUID

from civic.catalogue.events import (
    PlacesAdded,
    SeriesCancelled,
    SeriesMoved,
    SessionCancelled,
    SessionMoved,
)
from civic.catalogue.operations.sessions import Stand
from civic.enrolment.events import CoverAdded, CoverEnded
from civic.enrolment.operations import lost_cover, places, reconfirming
from civic.enrolment.queries import insured
from civic.enrolment.queries.insured import CoveredDays
from civic.enrolment.rules import WITH_PLACE, BookingState
from civic.kernel.context import Context


def on_session_cancelled(ctx: Context, event: SessionCancelled) -> None:
    places.withdraw_all(ctx, event.session_id)


def on_series_cancelled(ctx: Context, event: SeriesCancelled) -> None:
    places.withdraw_from_all(ctx, event.session_ids)


def on_session_moved(ctx: Context, event: SessionMoved) -> None:
    old = (event.old_starts_at, event.old_ends_at, event.old_meeting_point)
    _ask_again(ctx, [Stand(event.session_id, *old)])


def on_series_moved(ctx: Context, event: SeriesMoved) -> None:
    before = zip(
        event.session_ids,
        event.old_starts_at,
        event.old_ends_at,
        event.old_meeting_points,
        strict=True,
    )
    _ask_again(ctx, [Stand(*stand) for stand in before])


def _ask_again(ctx: Context, before: list[Stand]) -> None:
    """On another day somebody who waits may be insured, and a free place theirs."""
    reconfirming.ask_again(ctx, before)
    for session_id in sorted(stand.session_id for stand in before):
        places.release_place(ctx, session_id)


def on_places_added(ctx: Context, event: PlacesAdded) -> None:
    places.release_place(ctx, event.session_id)


def on_cover_added(ctx: Context, event: CoverAdded) -> None:
    """Who waited because nobody could be insured on these days gets what is free."""
    for session_id in _sessions_of(ctx, event, (BookingState.WAITING,)):
        places.release_place(ctx, session_id)


def on_cover_ended(ctx: Context, event: CoverEnded) -> None:
    for session_id in _sessions_of(ctx, event, WITH_PLACE):
        lost_cover.put_back_uninsured(ctx, session_id)


def _sessions_of(
    ctx: Context, event: CoverAdded | CoverEnded, states: tuple[BookingState, ...]
) -> list[UUID]:
    days = CoveredDays(event.association_id, event.municipality_id, event.starts_on, event.ends_on)
    return insured.sessions_to_come(ctx, days, states)
