"""What the person's own page of a case shows, for them to take away. The whole file is asked for there:
somebody of the team first takes out the names of other people."""

from typing import Any
from uuid import UUID

from civic.cases.operations.mine import OwnFile, read_own
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    if ctx.actor.person_id != person_id:
        raise NotFound
    if ctx.actor.by_pin:
        # A card and six digits never open a case.
        return {"files": []}
    with unscoped(ctx.db, "a person takes away their data"):
        return {"files": [_file(file) for file in read_own(ctx)]}


def _file(file: OwnFile) -> dict[str, Any]:
    return {
        "reference": file.case.reference,
        "opened": file.case.opened_at.isoformat(),
        "appointments": [
            {"at": row.at.isoformat(), "minutes": row.minutes} for row in file.appointments
        ],
        "tasks": [
            {
                "words": task.words,
                "language": task.language,
                "due": task.due_on.isoformat() if task.due_on else None,
                "done": task.done_at.isoformat() if task.done_at else None,
            }
            for task in file.tasks
        ],
        "consents": [
            {
                "purpose": row.purpose.value,
                "recipient": row.recipient.value,
                "given": row.given_on.isoformat(),
                "language": row.language,
                "with_mediator": row.with_mediator,
                "withdrawn": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            }
            for row in file.consents
        ],
        "documents": [row.title for row in file.documents],
    }
