"""What stands behind a plan by itself, beside badges: hours of civic engagement, and documents of
transparency. Of those only that they are there and from when, never what they say."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from civic.attendance.models import HoursLine
from civic.kernel.context import Context
from civic.plans.queries.gate import PlanFacts
from civic.recognition.models import RecognitionPath
from civic.recognition.rules import PathState
from civic.tenancy.queries import standings as tenancy


@dataclass(frozen=True)
class Recognised:
    """A path of recognition that ended with a signed document."""

    association_name: str
    completed_at: datetime


@dataclass(frozen=True)
class ByItself:
    minutes: int
    """In the plan's city, with whatever association."""
    sessions: int
    recognised: tuple[Recognised, ...]


def by_itself(ctx: Context, plans: Sequence[PlanFacts]) -> dict[UUID, ByItself]:
    """Of plans that came through a gate; two statements, and one for names."""
    people = {plan.person_id for plan in plans}
    hours = {
        (row.person_id, row.municipality_id): (int(row.minutes), int(row.sessions))
        for row in ctx.db.execute(
            select(
                HoursLine.person_id,
                HoursLine.municipality_id,
                func.sum(HoursLine.minutes).label("minutes"),
                func.count(HoursLine.session_id.distinct()).label("sessions"),
            )
            .where(HoursLine.person_id.in_(people), HoursLine.minutes > 0)
            .group_by(HoursLine.person_id, HoursLine.municipality_id)
        )
    }
    paths = ctx.db.execute(
        select(
            RecognitionPath.person_id,
            RecognitionPath.municipality_id,
            RecognitionPath.association_id,
            RecognitionPath.ended_at,
        )
        .where(RecognitionPath.person_id.in_(people))
        .where(RecognitionPath.state == PathState.COMPLETED)
        .order_by(RecognitionPath.ended_at)
    ).all()
    names = tenancy.association_names(ctx, {row.association_id for row in paths}) if paths else {}
    recognised: dict[tuple[UUID, UUID], list[Recognised]] = defaultdict(list)
    for row in paths:
        recognised[row.person_id, row.municipality_id].append(
            Recognised(names.get(row.association_id, ""), row.ended_at)
        )
    found = {}
    for plan in plans:
        whose = plan.person_id, plan.municipality_id
        minutes, sessions = hours.get(whose, (0, 0))
        found[plan.id] = ByItself(minutes, sessions, tuple(recognised[whose]))
    return found
