"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.notifications.models import Message


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    if ctx.actor.person_id != person_id:
        raise NotFound
    rows = ctx.db.scalars(
        select(Message)
        .where(Message.person_id == person_id)
        .order_by(Message.created_at, Message.id)
    )
    return {
        "messages": [
            {
                "kind": row.kind.value,
                "address": row.address,
                "language": row.language,
                "subject": row.subject,
                "body": row.body,
                "written": row.created_at.isoformat(),
                "sent": row.sent_at.isoformat() if row.sent_at else None,
            }
            for row in rows
        ]
    }
