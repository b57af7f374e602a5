"""Hours as lines of the ledger, without the gate they came through."""

from datetime import date
from uuid import UUID

from civic.attendance.models import HoursEntry, HoursLine
from civic.attendance.rules import Cause
from civic.catalogue.rules import Area
from civic.kernel.context import Context
from tests.factories.attendance import Ground


def make_hours(
    ctx: Context,
    ground: Ground,
    person_id: UUID,
    minutes: int = 180,
    day: date = date(2026, 3, 7),
    session_id: UUID | None = None,
    area: Area = Area.GREEN,
) -> None:
    ctx.db.add(
        HoursLine(
            id=ctx.new_id(),
            municipality_id=ground.city.id,
            session_id=session_id or ground.session_id,
            project_id=ground.project_id,
            association_id=ground.association.id,
            person_id=person_id,
            area=area,
            day=day,
            minutes=minutes,
            updated_at=ctx.now(),
        )
    )
    ctx.db.add(
        HoursEntry(
            id=ctx.new_id(),
            municipality_id=ground.city.id,
            session_id=session_id or ground.session_id,
            association_id=ground.association.id,
            person_id=person_id,
            day=day,
            minutes=minutes,
            month=day.replace(day=1),
            cause=Cause.SCAN,
            made_at=ctx.now(),
        )
    )
    ctx.db.flush()
