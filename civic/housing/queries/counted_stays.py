"""How stays ended, how long they lasted and how long people had waited for them.

A stay of which a single night was in a safe house is counted nowhere, wherever it ended.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from civic.housing.models import Unit
from civic.housing.placing_models import FollowUp, HousingRequest, Placement
from civic.housing.queries.counted import Asked, Counted, grouped, not_hidden, of_units
from civic.housing.rules.figures import FollowUps
from civic.housing.rules.living import FOLLOW_UP_MONTHS
from civic.housing.rules.placing import Outcome, StayState
from civic.kernel.context import Context
from civic.kernel.db.days import day_in_rome, day_number
from civic.kernel.db.dialects import found_otherwise
from civic.kernel.db.fulltext import is_on_postgresql


def count_stays(ctx: Context, asked: Asked, counted: Counted, safe_beds: Collection[UUID]) -> None:
    """Ends and waits; two statements."""
    for row in ctx.db.execute(_ended(ctx, asked, safe_beds)):
        figures = counted.of(row)
        figures.lengths[max(0, row.days)] += row.number
        figures.exits[row.outcome or Outcome.UNKNOWN] += row.number
    for row in ctx.db.execute(_waited(ctx, asked, safe_beds)):
        # A stay may be written down before its request, when somebody was taken in at night.
        counted.of(row).waits[max(0, row.days)] += row.number


def _ended(ctx: Context, asked: Asked, safe_beds: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """From the day of moving in, or the first night where none is written down, to moving out."""
    pg, period = is_on_postgresql(ctx.db), asked.period
    ended_on = func.coalesce(Placement.moved_out_on, Placement.until_night)
    began_on = func.coalesce(Placement.moved_in_on, Placement.first_night)
    days = day_number(ended_on, on_postgresql=pg) - day_number(began_on, on_postgresql=pg)
    return grouped(
        of_units(
            select(days.label("days"), Placement.outcome, *asked.slice)
            .join_from(Placement, Unit, Unit.id == Placement.unit_id)
            .where(Placement.state == StayState.ENDED, not_hidden(Placement.id, safe_beds))
            .where(ended_on >= period.first, ended_on < period.until),
            asked,
        ).subquery("ended")
    )


def _waited(ctx: Context, asked: Asked, safe_beds: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """From the day on which a request was opened to the first night of its stay. There is one that
    was not cancelled: whoever was placed waits no more (`stays.place`)."""
    pg, period = is_on_postgresql(ctx.db), asked.period
    opened_on = day_in_rome(HousingRequest.opened_at, on_postgresql=pg)
    days = day_number(Placement.first_night, on_postgresql=pg)
    days -= day_number(opened_on, on_postgresql=pg)
    return grouped(
        of_units(
            select(days.label("days"), *asked.slice)
            .join_from(Placement, Unit, Unit.id == Placement.unit_id)
            .join(HousingRequest, HousingRequest.id == Placement.request_id)
            .where(Placement.state != StayState.CANCELLED, not_hidden(Placement.id, safe_beds))
            .where(Placement.first_night >= period.first, Placement.first_night < period.until),
            asked,
        ).subquery("waited")
    )


def follow_ups(ctx: Context, asked: Asked, safe_beds: Collection[UUID]) -> dict[int, FollowUps]:
    """Of those that were due in the period, by months after the stay, whenever somebody asked. One
    row of sums: grouping would sort them all, which takes longer than counting them."""
    sums = [
        func.count().filter(FollowUp.months == months, *found)
        for months in FOLLOW_UP_MONTHS
        for found in ((), *((FollowUp.found == outcome,) for outcome in Outcome))
    ]
    due = and_(FollowUp.due_on >= asked.period.first, FollowUp.due_on < asked.period.until)
    # By the index of days they would come in another order than the stays: twice as slow.
    seen = (found_otherwise(due), not_hidden(FollowUp.placement_id, safe_beds))
    statement = select(*sums).select_from(FollowUp).where(*seen)
    if asked.municipality_id is not None:
        statement = statement.where(FollowUp.municipality_id == asked.municipality_id)
    if asked.is_narrowed:
        joined = statement.join(Placement, Placement.id == FollowUp.placement_id)
        statement = of_units(joined.join(Unit, Unit.id == Placement.unit_id), asked)
    counts = iter(ctx.db.execute(statement).one())
    return {
        months: FollowUps(next(counts), Counter({outcome: next(counts) for outcome in Outcome}))
        for months in FOLLOW_UP_MONTHS
    }
