from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, insert, select, update

from civic.audit.models import AuditEntry, AuditHead
from civic.audit.rules import REASON_LENGTH, START, Line, chained_hash
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.db.scope import ask_city

# Every page of a case writes a line, so these are built once and go past the unit of work's books.
# `ask_city` holds them to the session's reach.
_head, _entry = AuditHead.__table__, AuditEntry.__table__
_CITY = bindparam("city", type_=Uuid())
_TAKE = (
    select(_head.c.number, _head.c.hash).where(_head.c.municipality_id == _CITY).with_for_update()
)
_APPEND = insert(AuditEntry).values(
    municipality_id=_CITY,
    **{
        name: bindparam(f"line_{name}", type_=_entry.c[name].type)
        for name in (*Line.__dataclass_fields__, "hash")
        if name != "municipality_id"
    },
)
_MOVE_ON = (
    update(AuditHead)
    .where(_head.c.municipality_id == _CITY)
    .values(
        number=bindparam("new_number", type_=_head.c.number.type),
        hash=bindparam("new_hash", type_=_head.c.hash.type),
    )
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
    number, last_hash = _locked_head(ctx, municipality_id)
    line = Line(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        number=number + 1,
        at=ctx.now(),
        actor_id=actor_id or ctx.actor.person_id,
        action=action,
        subject_id=subject_id,
        thing_id=thing_id,
        reason=reason[:REASON_LENGTH],
        details=dict(details or {}),
        previous_hash=last_hash,
    )
    line_hash = chained_hash(line)
    values = {
        f"line_{name}": getattr(line, name)
        for name in Line.__dataclass_fields__
        if name != "municipality_id"
    }
    ask_city(ctx.db, municipality_id, _APPEND, {**values, "line_hash": line_hash})
    moved = {"new_number": line.number, "new_hash": line_hash}
    ask_city(ctx.db, municipality_id, _MOVE_ON, moved)


def _locked_head(ctx: Context, municipality_id: UUID) -> tuple[int, str]:
    """The end of the trail, held until this transaction ends: the next line waits for it."""
    head: Row[Any] | None = ask_city(ctx.db, municipality_id, _TAKE, {}).first()
    if head is None:
        insert_once(
            ctx.db,
            AuditHead,
            id=ctx.new_id(),
            municipality_id=municipality_id,
            number=0,
            hash=START,
        )
        head = ask_city(ctx.db, municipality_id, _TAKE, {}).one()
    return head.number, head.hash
