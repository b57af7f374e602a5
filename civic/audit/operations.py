from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from civic.audit.models import AuditEntry, AuditHead
from civic.audit.rules import REASON_LENGTH, START, Line, chained_hash
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once

_HEAD = (
    select(AuditHead)
    .where(AuditHead.municipality_id == bindparam("city", type_=Uuid()))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def record(
    ctx: Context,
    municipality_id: UUID,
    action: str,
    *,
    subject_id: UUID | None = None,
    thing_id: UUID | None = None,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    actor_id: UUID | None = None,
) -> None:
    """Append a line to the city's trail. `actor_id` only where the system writes for somebody."""
    head = _locked_head(ctx, municipality_id)
    line = Line(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        number=head.number + 1,
        at=ctx.now(),
        actor_id=actor_id or ctx.actor.person_id,
        action=action,
        subject_id=subject_id,
        thing_id=thing_id,
        reason=reason[:REASON_LENGTH],
        details=dict(details or {}),
        previous_hash=head.hash,
    )
    head.number, head.hash = line.number, chained_hash(line)
    values = {name: getattr(line, name) for name in Line.__dataclass_fields__}
    ctx.db.add(AuditEntry(**values, hash=head.hash))
    ctx.db.flush()


def _locked_head(ctx: Context, municipality_id: UUID) -> AuditHead:
    """The end of the trail, held until this transaction ends: the next line waits for it."""
    asked = {"city": municipality_id}
    head = ctx.db.scalar(_HEAD, asked)
    if head is None:
        insert_once(
            ctx.db,
            AuditHead,
            id=ctx.new_id(),
            municipality_id=municipality_id,
            number=0,
            hash=START,
        )
        head = ctx.db.scalars(_HEAD, asked).one()
    return head
