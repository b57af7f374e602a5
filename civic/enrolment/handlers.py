from civic.catalogue.events import PlacesAdded, SessionCancelled
from civic.enrolment.operations import places
from civic.kernel.context import Context


def on_session_cancelled(ctx: Context, event: SessionCancelled) -> None:
    places.withdraw_all(ctx, event.session_id)


def on_places_added(ctx: Context, event: PlacesAdded) -> None:
    places.release_place(ctx, event.session_id)
