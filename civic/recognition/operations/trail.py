"""What the trail says of paths: who read one, who changed what of it."""

from uuid import UUID

from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.recognition.queries.gate import PathFacts


def record_reading(ctx: Context, path: PathFacts) -> None:
    audit.record(
        ctx,
        path.municipality_id,
        "recognition.read",
        subject_id=path.person_id,
        thing_id=path.id,
    )


def record_change(ctx: Context, path: PathFacts, what: str, **things: UUID) -> None:
    """Never the words themselves: only of which thing."""
    audit.record(
        ctx,
        path.municipality_id,
        "recognition.changed",
        subject_id=path.person_id,
        thing_id=path.id,
        details={"what": what} | {name: str(thing) for name, thing in things.items()},
    )
