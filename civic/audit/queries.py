from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from civic.audit.models import AuditEntry, AuditHead
from civic.audit.rules import START, Line, chained_hash
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound

BATCH = 1000


@dataclass(frozen=True)
class Reading:
    """Somebody opened or changed a person's file. Rooms above know the names behind the ids."""

    at: datetime
    actor_id: UUID | None
    action: str
    reason: str
    municipality_id: UUID


def readings_of(ctx: Context, person_id: UUID, limit: int = 500) -> list[Reading]:
    """Who else opened a person's file, newest first. Only the person may ask."""
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person asks who opened their own file"):
        rows = ctx.db.execute(
            select(
                AuditEntry.at,
                AuditEntry.actor_id,
                AuditEntry.action,
                AuditEntry.reason,
                AuditEntry.municipality_id,
            )
            .where(AuditEntry.subject_id == person_id)
            .where(AuditEntry.actor_id.is_distinct_from(person_id))
            .order_by(AuditEntry.at.desc(), AuditEntry.number.desc())
            .limit(limit)
        ).all()
    return [Reading(*row) for row in rows]


@dataclass(frozen=True)
class TrailLine:
    number: int
    at: datetime
    actor_id: UUID | None
    action: str
    thing_id: UUID | None
    details: Mapping[str, Any]


def lines_of(
    ctx: Context,
    municipality_id: UUID,
    actions: Collection[str],
    *,
    thing_ids: Collection[UUID] | None = None,
    since: datetime | None = None,
    most: int = BATCH,
    page: int = 1,
) -> list[TrailLine]:
    """The city's lines of these actions, newest first; of some things alone where any are named. No
    gate of its own: whoever asks has shown that they may read the trail."""
    statement = (
        select(
            AuditEntry.number,
            AuditEntry.at,
            AuditEntry.actor_id,
            AuditEntry.action,
            AuditEntry.thing_id,
            AuditEntry.details,
        )
        .where(AuditEntry.municipality_id == municipality_id)
        .where(AuditEntry.action.in_(sorted(actions)))
        .order_by(AuditEntry.number.desc())
        .limit(most)
        .offset((page - 1) * most)
    )
    if thing_ids is not None:
        statement = statement.where(AuditEntry.thing_id.in_(thing_ids))
    if since is not None:
        statement = statement.where(AuditEntry.at >= since)
    return [TrailLine(*row) for row in ctx.db.execute(statement)]


def things_by_actor(
    ctx: Context, municipality_id: UUID, actions: Collection[str], since: datetime
) -> dict[UUID, int]:
    """How many different things each one opened."""
    rows = ctx.db.execute(
        select(AuditEntry.actor_id, func.count(AuditEntry.thing_id.distinct()))
        .where(AuditEntry.municipality_id == municipality_id)
        .where(AuditEntry.action.in_(sorted(actions)), AuditEntry.at >= since)
        .where(AuditEntry.actor_id.is_not(None))
        .group_by(AuditEntry.actor_id)
    )
    return {row[0]: int(row[1]) for row in rows if row[0] is not None}


def verify_chain(ctx: Context, municipality_id: UUID) -> int | None:
    """The number of the first line that was changed, moved or removed; none when all is whole.
    Asked of a snapshot: lines are compared with the head that was there with them."""
    expected, previous = 1, START
    columns = [getattr(AuditEntry, name) for name in Line.__dataclass_fields__]
    statement = (
        select(*columns, AuditEntry.hash)
        .where(AuditEntry.municipality_id == municipality_id)
        .order_by(AuditEntry.number)
        .execution_options(yield_per=BATCH)
    )
    with ctx.db.execute(statement) as rows:
        for row in rows:
            line = Line(*row[:-1])
            if (line.number, line.previous_hash) != (expected, previous):
                return expected
            if chained_hash(line) != row.hash:
                return expected
            expected, previous = expected + 1, row.hash
    head = ctx.db.execute(
        select(AuditHead.number, AuditHead.hash).where(AuditHead.municipality_id == municipality_id)
    ).first()
    end = (head.number, head.hash) if head else (0, START)
    # Lines cut off at the end leave a whole chain behind; the head still knows how long it was.
    return None if end == (expected - 1, previous) else expected
