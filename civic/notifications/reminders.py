"""The day before a session and two hours before, whoever has a place is reminded: of each once,
however often this runs and in however many processes."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in
from civic.notifications import letters, queries
from civic.notifications.queries import DueReminder

BATCH = 200
"""In one transaction: others want to write as well."""


def queue_reminders(database: Database) -> int:
    """Write the reminders that are due in all cities; returns how many are new."""
    with database.reading(system_in()) as ctx:
        due = iter(queries.due_reminders(ctx))
    written = 0
    while batch := list(islice(due, BATCH)):
        with database.unit_of_work(system_in()) as ctx:
            written += write_reminders(ctx, batch)
    return written


def write_reminders(ctx: Context, due: Sequence[DueReminder]) -> int:
    """Those of them that nobody else has written since they were looked for."""
    values = _values(ctx)
    with unscoped(ctx.db, "reminders of all cities"):
        return sum(_write(ctx, reminder, values) for reminder in due)


Values = Callable[[UUID, str], dict[str, Any]]


def _write(ctx: Context, due: DueReminder, values: Values) -> bool:
    return letters.send_to_person(
        ctx,
        due.person_id,
        due.kind,
        due.once_key,
        lambda language: values(due.place.session_id, language),
        due.place,
    )


def _values(ctx: Context) -> Values:
    """Each session is read once for each language, not once for each person."""
    kept: dict[tuple[UUID, str], dict[str, Any]] = {}

    def values(session_id: UUID, language: str) -> dict[str, Any]:
        key = session_id, language
        if key not in kept:
            kept[key] = letters.session_values(ctx, session_id, language)
        return kept[key]

    return values
