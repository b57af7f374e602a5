"""What waits for a housing officer today, as counts that lead to the pages where it is done."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal_column, or_, select, union_all

from civic.housing.models import Offer, Unit
from civic.housing.placing_models import FollowUp, HousingRequest, Placement, Proposal
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import is_visible
from civic.housing.rules.placing import (
    ProposalState,
    RequestState,
    StayState,
    Urgency,
)
from civic.housing.rules.stock import OPEN_OFFERS, WorkState
from civic.housing.support_models import ArrearsNotice, SupportDecision
from civic.housing.works_models import RecurringCheck, Work
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Place

COMES = timedelta(days=7)
ENDS = timedelta(days=30)


@dataclass(frozen=True)
class Today:
    waiting: int = 0
    urgent: int = 0
    """Of those who wait: tonight or within the week."""
    unanswered: int = 0
    """Proposals without an answer."""
    coming: int = 0
    ending: int = 0
    overstaying: int = 0
    late_rents: int = 0
    """About which somebody is to be called or written to."""
    follow_ups: int = 0
    offers: int = 0
    to_approve: int = 0
    to_inspect: int = 0
    checks: int = 0


def today_of(ctx: Context, municipality_id: UUID) -> Today:
    """One statement. What hangs on a safe house is counted for its team alone."""
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    today = rome_day(ctx.now())
    parts = [
        _named(name, statement.where(model.municipality_id == municipality_id))
        for name, model, statement in (
            *_people(),
            *_of_units(ctx, today),
            *_late(ctx),
        )
    ]
    rows = ctx.db.execute(union_all(*parts)).all()
    return Today(**{row[0]: row[1] for row in rows})


Counted = tuple[str, Any, Select[Any]]


def _named(name: str, statement: Select[Any]) -> Any:
    return statement.with_only_columns(literal_column(f"'{name}'"), func.count())


def _people() -> tuple[Counted, ...]:
    waiting = select(HousingRequest.id).where(HousingRequest.state == RequestState.WAITING)
    urgent = (Urgency.TONIGHT, Urgency.THIS_WEEK)
    return (
        ("waiting", HousingRequest, waiting),
        ("urgent", HousingRequest, waiting.where(HousingRequest.urgency.in_(urgent))),
        ("offers", Offer, select(Offer.id).where(Offer.state.in_(OPEN_OFFERS))),
    )


def _of_units(ctx: Context, today: date) -> tuple[Counted, ...]:
    def stays(*conditions: Any) -> Select[Any]:
        on_unit = select(Placement.id).join(Unit, Unit.id == Placement.unit_id)
        return on_unit.where(is_visible(ctx), *conditions)

    def works(state: WorkState) -> Select[Any]:
        return _on_unit(ctx, Work).where(Work.state == state)

    lives = Placement.state == StayState.MOVED_IN
    due = (
        select(FollowUp.id)
        .join(Placement, Placement.id == FollowUp.placement_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(is_visible(ctx), FollowUp.asked_on.is_(None), FollowUp.due_on <= today)
    )
    return (
        (
            "unanswered",
            Proposal,
            _on_unit(ctx, Proposal).where(Proposal.state == ProposalState.OPEN),
        ),
        (
            "coming",
            Placement,
            stays(
                Placement.state == StayState.BOOKED,
                Placement.first_night <= today + COMES,
            ),
        ),
        (
            "ending",
            Placement,
            stays(lives, Placement.until_night.between(today, today + ENDS)),
        ),
        ("overstaying", Placement, stays(lives, Placement.until_night < today)),
        ("follow_ups", FollowUp, due),
        ("to_approve", Work, works(WorkState.QUOTED)),
        ("to_inspect", Work, works(WorkState.DONE)),
        (
            "checks",
            RecurringCheck,
            _on_unit(ctx, RecurringCheck).where(RecurringCheck.due_on <= today + ENDS),
        ),
    )


def _late(ctx: Context) -> tuple[Counted, ...]:
    """Calls and letters that nobody has done yet; of a flat outside the stock too."""
    waiting = (
        select(ArrearsNotice.id)
        .join(SupportDecision, SupportDecision.id == ArrearsNotice.decision_id)
        .outerjoin(Unit, Unit.id == SupportDecision.unit_id)
        .where(ArrearsNotice.done_on.is_(None), SupportDecision.cancelled_at.is_(None))
        .where(or_(SupportDecision.unit_id.is_(None), is_visible(ctx)))
    )
    return (("late_rents", ArrearsNotice, waiting),)


def _on_unit(ctx: Context, model: Any) -> Select[Any]:
    return select(model.unit_id).join(Unit, Unit.id == model.unit_id).where(is_visible(ctx))
