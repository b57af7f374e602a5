"""What is going to be erased and why: by reference, never by name."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic.cases.keeping_models import CaseErasure, RetentionNotice
from civic.cases.models import CaseFile
from civic.cases.policy import READ_RETENTION, READ_TRAIL
from civic.cases.queries.gate import reference_of
from civic.cases.retention import LISTED_FOR, ErasureReason, Kept
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Place

DECIDED = 100
"""The last ones that the page still shows."""


@dataclass(frozen=True)
class ErasureRow:
    id: UUID
    reference: str
    reason: ErasureReason
    asked_at: datetime
    is_mine: bool
    """Whoever asked does not confirm."""
    closed_at: datetime
    decided_at: datetime | None
    is_confirmed: bool | None


def erasures(ctx: Context, municipality_id: UUID) -> list[ErasureRow]:
    """Those that wait first, then the last that were decided."""
    READ_TRAIL.require(ctx.actor, Place(municipality_id=municipality_id))
    rows = ctx.db.execute(
        select(CaseErasure, CaseFile.state_since)
        .join(CaseFile, CaseFile.id == CaseErasure.case_id)
        .where(CaseErasure.municipality_id == municipality_id)
        .order_by(
            CaseErasure.decided_at.is_not(None),
            CaseErasure.decided_at.desc(),
            CaseErasure.asked_at,
            CaseErasure.id,
        )
        .limit(DECIDED)
    )
    return [
        ErasureRow(
            row.id,
            reference_of(row.case_id),
            row.reason,
            row.asked_at,
            row.asked_by == ctx.actor.person_id,
            closed_at,
            row.decided_at,
            row.is_confirmed,
        )
        for row, closed_at in rows
    ]


@dataclass(frozen=True)
class GoingRow:
    reference: str
    kept: Kept
    goes_on: date
    listed_on: date


def going(ctx: Context, municipality_id: UUID) -> list[GoingRow]:
    """What goes within the time that is looked ahead, the soonest first."""
    READ_RETENTION.require(ctx.actor, Place(municipality_id=municipality_id))
    rows = ctx.db.execute(
        select(
            RetentionNotice.case_id,
            RetentionNotice.kept,
            RetentionNotice.due_on,
            RetentionNotice.listed_at,
        )
        .where(RetentionNotice.municipality_id == municipality_id)
        .where(RetentionNotice.removed_at.is_(None))
    )
    found = [
        GoingRow(
            reference_of(row.case_id),
            row.kept,
            max(row.due_on, rome_day(row.listed_at + LISTED_FOR)),
            rome_day(row.listed_at),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.goes_on, row.reference, row.kept))
