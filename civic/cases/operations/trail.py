"""Every opening, search, export and refusal of a case, written into its city's trail."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.audit import operations as audit
from civic.cases.models import CaseFile
from civic.cases.queries.gate import CaseFacts
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped


def note(
    ctx: Context, case: CaseFacts, action: str, *, thing_id: UUID | None = None, **details: Any
) -> None:
    """Ids and codes only; never a word of what the file says."""
    roles = sorted(role.value for role in case.roles)
    audit.record(
        ctx,
        case.municipality_id,
        f"case.{action}",
        subject_id=case.person_id,
        thing_id=case.id,
        details={"as": roles, **({"row": str(thing_id)} if thing_id else {}), **details},
    )


def note_search(ctx: Context, municipality_id: UUID, kinds: list[str], found: int) -> None:
    audit.record(
        ctx, municipality_id, "case.searched", details={"by": sorted(kinds), "found": found}
    )


def note_refusal(ctx: Context, case_id: UUID | None, what: str) -> None:
    """Somebody asked for what is not theirs, or is not there: into the trail of the city whose case it
    is, else of the city they work in. Not a case of anybody's, and no city: nothing to write into."""
    with unscoped(ctx.db, "a refusal is written into the trail of the city whose case it is"):
        row = None
        if case_id is not None:
            row = ctx.db.execute(
                select(CaseFile.municipality_id, CaseFile.id).where(CaseFile.id == case_id)
            ).first()
        own = sorted(ctx.actor.municipalities, key=str)
        city_id = row.municipality_id if row else next(iter(own), None)
        if city_id is None:
            return
        audit.record(
            ctx,
            city_id,
            "case.refused",
            thing_id=row.id if row else None,
            details={"at": what},
        )
