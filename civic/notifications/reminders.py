"""The day before a session, whoever has a place is reminded: once, however often this runs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.notifications import letters, queries
from civic.notifications.rules import MessageKind


def queue_reminders(ctx: Context) -> int:
    """Write the reminders that are due in all cities; returns how many are new."""
    with unscoped(ctx.db, "reminders of all cities"):
        due = {
            _once_key(session_id, starts_at, person_id): (session_id, person_id)
            for session_id, starts_at, person_id in queries.places_tomorrow(ctx)
        }
        for key in queries.told(ctx, list(due)):
            del due[key]
        values = _values(ctx)
        return sum(
            letters.send_to_person(
                ctx,
                person_id,
                MessageKind.REMINDER,
                key,
                lambda language, session_id=session_id: values(session_id, language),  # type: ignore[misc]  # bound for the loop
            )
            for key, (session_id, person_id) in due.items()
        )


def _once_key(session_id: UUID, starts_at: datetime, person_id: UUID) -> str:
    """With the hour in it: a session put off to another day is worth another reminder."""
    return f"reminder:{session_id.hex}:{person_id.hex}:{int(starts_at.timestamp())}"


def _values(ctx: Context) -> Callable[[UUID, str], dict[str, Any]]:
    """Each session is read once for each language, not once for each person."""
    kept: dict[tuple[UUID, str], dict[str, Any]] = {}

    def values(session_id: UUID, language: str) -> dict[str, Any]:
        key = session_id, language
        if key not in kept:
            kept[key] = letters.session_values(ctx, session_id, language)
        return kept[key]

    return values
