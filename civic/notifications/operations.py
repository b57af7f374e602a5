from dataclasses import dataclass
from uuid import UUID

from civic.accounts.rules import ContactKind
from civic.kernel import outbox
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.notifications.models import Message
from civic.notifications.policy import LOOK_AFTER
from civic.notifications.rules import MessageKind, Place


@dataclass(frozen=True)
class NewMessage:
    once_key: str
    kind: MessageKind
    person_id: UUID | None
    channel: ContactKind
    address: str
    language: str
    subject: str
    body: str
    place: Place | None = None


def queue(ctx: Context, new: NewMessage) -> bool:
    """Put a message among those to send, unless the same thing was told already."""
    return insert_once(
        ctx.db,
        Message,
        id=ctx.new_id(),
        once_key=new.once_key,
        kind=new.kind,
        person_id=new.person_id,
        channel=new.channel,
        address=new.address,
        language=new.language,
        subject=new.subject,
        body=new.body,
        created_at=ctx.now(),
        tries=0,
        next_try_at=ctx.now(),
        session_id=new.place and new.place.session_id,
        session_starts_at=new.place and new.place.starts_at,
    )


def retry_event(ctx: Context, event_id: UUID) -> None:
    """Let the handlers of an event that gave up try once more."""
    LOOK_AFTER.require(ctx.actor)
    if event_id not in {event.id for event in outbox.exhausted(ctx)}:
        raise NotFound
    outbox.retry(ctx, event_id)
