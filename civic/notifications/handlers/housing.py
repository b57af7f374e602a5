"""A place was proposed to somebody. Phones are read by others: of what the news is, nothing is said."""

from civic.housing.events import HomeProposed
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind


def on_home_proposed(ctx: Context, event: HomeProposed) -> None:
    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.HOME_PROPOSED,
        f"{MessageKind.HOME_PROPOSED}:{event.proposal_id.hex}",
        lambda _language: {},
    )
