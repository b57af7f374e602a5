"""Noticing who did not come, so that somebody asks how they are. Nothing is ever refused for it."""

from uuid import UUID

from sqlalchemy import update

from civic.attendance.events import NoShowNoticed
from civic.attendance.models import NoShow
from civic.attendance.queries.no_shows import Missed, city_to_call_from, missed_lately
from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.db.scope import unscoped
from civic.kernel.outbox import emit


def notice_no_shows(ctx: Context) -> int:
    """In all cities, once each however often this runs; returns how many are new."""
    with unscoped(ctx.db, "who did not come, in all cities"):
        return sum(_notice(ctx, missed) for missed in missed_lately(ctx))


def _notice(ctx: Context, missed: Missed) -> bool:
    about = {
        "municipality_id": missed.municipality_id,
        "session_id": missed.session_id,
        "person_id": missed.person_id,
    }
    is_new = insert_once(ctx.db, NoShow, id=ctx.new_id(), noticed_at=ctx.now(), note="", **about)
    if is_new:
        emit(ctx, NoShowNoticed(**about))
    return is_new


def follow_up(ctx: Context, person_id: UUID, note: str) -> None:
    """Somebody has called, or tried to: all that the person missed in this city is settled."""
    city_id = city_to_call_from(ctx, person_id)
    ctx.db.execute(
        update(NoShow)
        .where(NoShow.person_id == person_id)
        .where(NoShow.municipality_id == city_id)
        .where(NoShow.followed_up_at.is_(None))
        .values(followed_up_at=ctx.now(), followed_up_by=ctx.actor.own_id, note=note)
        .execution_options(synchronize_session=False)
    )
    audit.record(ctx, city_id, "no_show.followed_up", subject_id=person_id)
