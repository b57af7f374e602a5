"""A rent is late: the first word about it is a friendly one, and says neither of what nor how much, for
phones are read by others."""

from civic.housing.events import ArrearsSeen
from civic.housing.queries.arrears import is_still_late
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind


def on_arrears_seen(ctx: Context, event: ArrearsSeen) -> None:
    """Whoever has paid meanwhile hears nothing."""
    if is_still_late(ctx, event.notice_id):
        letters.send_to_person(
            ctx,
            event.person_id,
            MessageKind.ABOUT_RENT,
            f"{MessageKind.ABOUT_RENT}:{event.notice_id.hex}",
            lambda _language: {},
        )
