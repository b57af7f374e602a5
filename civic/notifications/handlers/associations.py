"""A municipality's answer to whoever brought their association in."""

from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind
from civic.tenancy.events import AssociationDecided
from civic.tenancy.queries.standings import answer_to


def on_association_decided(ctx: Context, event: AssociationDecided) -> None:
    if event.municipality_id is None:
        return
    answer = answer_to(ctx, event.association_id, event.municipality_id)
    if answer is None or answer.verification != event.verification:
        return
    when = int(answer.decided_at.timestamp())
    letters.send_to_person(
        ctx,
        answer.asked_by,
        MessageKind.ASSOCIATION_DECIDED,
        f"association_decided:{event.association_id.hex}:{event.municipality_id.hex}:{when}",
        lambda language: {
            "name": letters.isolated(answer.association_name, "it", language),
            "city": answer.city_name,
            "is_verified": answer.is_verified,
            "reason": answer.reason,
        },
    )
