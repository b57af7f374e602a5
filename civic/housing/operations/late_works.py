"""Works that are not inspected by the day they were planned for keep their beds another night: a bed in
which work is going on is nobody's bed tonight."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from civic.housing.models import Bed
from civic.housing.nights_models import BedSpan
from civic.housing.operations import nights as night_book
from civic.housing.operations.nights import NewSpan, hold_beds
from civic.housing.operations.trail import note
from civic.housing.queries.work_gate import work_for
from civic.housing.rules.nights import Nights, Use
from civic.housing.rules.stock import WorkState
from civic.housing.rules.works import still_to_take
from civic.housing.works_models import Work
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in

GOING_ON = (WorkState.UNDER_WAY, WorkState.DONE)


def keep_late_works(database: Database) -> int:
    """A turn of the worker; how many works were lengthened. Run again on the same day it changes
    nothing. A night in which somebody was promised the bed stays theirs."""
    return sum(_keep(database, *each) for each in _due(database))


def _due(database: Database) -> list[tuple[UUID, UUID]]:
    """Works, with their city, whose planned nights end before tomorrow morning."""
    with database.reading(system_in()) as ctx, unscoped(ctx.db, "late works of all cities"):
        rows = ctx.db.execute(
            select(Work.id, Work.municipality_id)
            .where(Work.state.in_(GOING_ON), Work.until_night > Work.first_night)
            .where(Work.until_night <= rome_day(ctx.now()))
            .order_by(Work.id)
        )
        return [(row.id, row.municipality_id) for row in rows]


def _keep(database: Database, work_id: UUID, municipality_id: UUID) -> bool:
    with database.unit_of_work(system_in(municipality_id)) as ctx:
        return _hold_on(ctx, work_id)


def _hold_on(ctx: Context, work_id: UUID) -> bool:
    work, unit = work_for(ctx, work_id, holding=True)
    beds = hold_beds(ctx, {UUID(bed_id) for bed_id in work.beds})
    planned, until = work.until_night, rome_day(ctx.now()) + timedelta(days=1)
    if work.state not in GOING_ON or planned is None or planned >= until or not beds:
        return False
    taken = [
        NewSpan(bed.id, each, Use.WORKS, work_id=work.id)
        for bed in beds.values()
        for each in _free_nights(ctx, bed, Nights(planned, until))
    ]
    night_book.occupy(ctx, taken)
    work.until_night = until
    ctx.db.flush()
    note(ctx, unit, "work_held_on", work=work.id)
    return True


def _free_nights(ctx: Context, bed: Bed, nights: Nights) -> list[Nights]:
    taken = ctx.db.execute(
        select(BedSpan.first_night, BedSpan.until_night)
        .where(BedSpan.bed_id == bed.id, BedSpan.until_night > nights.first)
        .where(BedSpan.first_night < nights.until, BedSpan.until_night > BedSpan.first_night)
    )
    offered = Nights(nights.first, min(nights.until, bed.until_night or nights.until))
    return still_to_take(offered, [Nights(*row) for row in taken])
