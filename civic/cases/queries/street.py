"""The mobile unit's own view: its outings, and the people it knows by the names it uses."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from civic.cases.access import CaseRole, Data
from civic.cases.models import CaseAccess, CaseEntry, CaseFile, Outing
from civic.cases.policy import GO_OUT
from civic.cases.queries.files import Keys, latest, name_in
from civic.kernel.context import Context
from civic.kernel.policy import Place

LATELY = timedelta(days=30)
MOST_PEOPLE = 300
"""On a phone: whoever was met last comes first."""


def recent_outings(ctx: Context, municipality_id: UUID, *, own: bool = False) -> Sequence[Outing]:
    GO_OUT.require(ctx.actor, Place(municipality_id=municipality_id))
    statement = (
        select(Outing)
        .where(Outing.municipality_id == municipality_id)
        .where(Outing.started_at >= ctx.now() - LATELY)
        .order_by(Outing.started_at.desc(), Outing.id)
    )
    if own:
        statement = statement.where(
            Outing.written_by == ctx.actor.person_id, Outing.ended_at.is_(None)
        )
    return ctx.db.scalars(statement).all()


def met_people(ctx: Context, municipality_id: UUID) -> list[dict[str, Any]]:
    """Whom the unit follows: the name it uses, an age as it seems, the needs seen last."""
    GO_OUT.require(ctx.actor, Place(municipality_id=municipality_id))
    now = ctx.now()
    met = (
        select(CaseEntry.case_id, func.max(CaseEntry.happened_at).label("at"))
        .group_by(CaseEntry.case_id)
        .subquery()
    )
    rows = ctx.db.execute(
        select(CaseFile.id, CaseFile.language, met.c.at)
        .join(CaseAccess, CaseAccess.case_id == CaseFile.id)
        .outerjoin(met, met.c.case_id == CaseFile.id)
        .where(CaseFile.municipality_id == municipality_id)
        .where(CaseFile.merged_into_id.is_(None), CaseFile.erased_at.is_(None))
        .where(CaseAccess.role == CaseRole.MOBILE_UNIT)
        .where(or_(CaseAccess.person_id.is_(None), CaseAccess.person_id == ctx.actor.person_id))
        .where(or_(CaseAccess.until.is_(None), CaseAccess.until > now))
        .order_by(met.c.at.desc(), CaseFile.id)
        .limit(MOST_PEOPLE)
    ).all()
    keys = Keys(ctx, municipality_id)
    kept = latest(ctx, [row.id for row in rows], [Data.IDENTITY])
    last = _last_entries(ctx, [row.id for row in rows])
    return [_person(row, kept, last, keys) for row in rows]


def _last_entries(ctx: Context, case_ids: Sequence[UUID]) -> dict[UUID, Any]:
    place = (
        func.row_number()
        .over(
            partition_by=CaseEntry.case_id,
            order_by=(CaseEntry.happened_at.desc(), CaseEntry.id.desc()),
        )
        .label("place")
    )
    ranked = (
        select(CaseEntry.id, place)
        .where(CaseEntry.case_id.in_(case_ids), CaseEntry.data == Data.SOCIAL)
        .subquery()
    )
    rows = ctx.db.execute(
        select(CaseEntry.id, CaseEntry.case_id, CaseEntry.sealed)
        .join(ranked, ranked.c.id == CaseEntry.id)
        .where(ranked.c.place == 1)
    )
    return {row.case_id: row for row in rows}


def _person(row: Any, kept: Any, last: dict[UUID, Any], keys: Keys) -> dict[str, Any]:
    section = kept.get(row.id, {}).get(Data.IDENTITY)
    identity = keys.open("case_section", row.id, section.id, section.sealed) if section else {}
    entry = last.get(row.id)
    told = keys.open("case_entry", row.id, entry.id, entry.sealed) if entry else {}
    return {
        "id": str(row.id),
        "version": section.version if section else 0,
        "called": name_in(identity, row.id),
        "age_band": identity.get("age_band") or "unknown",
        "language": row.language,
        "needs": told.get("needs") or [],
        "follow_up": told.get("follow_up") or "",
        "last_met": row.at.isoformat() if row.at else None,
    }
