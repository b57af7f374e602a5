from civic.catalogue.events import PlacesAdded, SessionCancelled
from civic.enrolment import operations
from civic.kernel.context import Context


def on_session_cancelled(ctx: Context, event: SessionCancelled) -> None:
    operations.withdraw_all(ctx, event.session_id)


def on_places_added(ctx: Context, event: PlacesAdded) -> None:
    operations.release_place(ctx, event.session_id)
