"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.attendance.models import CheckEvent, Correction, HoursLine, NoShow, Pass
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    """Only the person may ask, and gets what every city holds of them."""
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        passes = ctx.db.execute(
            select(Pass.issued_at, Pass.revoked_at)
            .where(Pass.person_id == person_id)
            .order_by(Pass.issued_at, Pass.id)
        ).all()
        scans = ctx.db.execute(
            select(
                CheckEvent.session_id,
                CheckEvent.direction,
                CheckEvent.scanned_at,
                CheckEvent.outcome,
                CheckEvent.reason,
            )
            .where(CheckEvent.person_id == person_id)
            .order_by(CheckEvent.scanned_at, CheckEvent.id)
        ).all()
        corrections = ctx.db.execute(
            select(Correction.session_id, Correction.minutes, Correction.reason, Correction.made_at)
            .where(Correction.person_id == person_id)
            .order_by(Correction.made_at, Correction.id)
        ).all()
        lines = ctx.db.execute(
            select(HoursLine.session_id, HoursLine.day, HoursLine.minutes)
            .where(HoursLine.person_id == person_id)
            .order_by(HoursLine.day, HoursLine.id)
        ).all()
        missed = ctx.db.execute(
            select(NoShow.session_id, NoShow.noticed_at, NoShow.followed_up_at, NoShow.note)
            .where(NoShow.person_id == person_id)
            .order_by(NoShow.noticed_at, NoShow.id)
        ).all()
        ids = {row.session_id for rows in (scans, corrections, lines, missed) for row in rows}
        titles = {key: facts.title for key, facts in session_facts(ctx, ids).items()}
    return {
        "passes": [
            {
                "issued": row.issued_at.isoformat(),
                "revoked": row.revoked_at and row.revoked_at.isoformat(),
            }
            for row in passes
        ],
        "scans": [
            {
                "project": titles[row.session_id],
                "direction": row.direction.value,
                "at": row.scanned_at.isoformat(),
                "outcome": row.outcome.value,
                "reason": row.reason and row.reason.value,
            }
            for row in scans
        ],
        "corrections": [
            {
                "project": titles[row.session_id],
                "minutes": row.minutes,
                "reason": row.reason,
                "made": row.made_at.isoformat(),
            }
            for row in corrections
        ],
        "not_seen_at": [
            {
                "project": titles[row.session_id],
                "noticed": row.noticed_at.isoformat(),
                "followed_up": row.followed_up_at and row.followed_up_at.isoformat(),
                "note": row.note,
            }
            for row in missed
        ],
        "hours": [
            {"project": titles[row.session_id], "day": row.day.isoformat(), "minutes": row.minutes}
            for row in lines
        ],
    }
