"""A city's months: what stands in the account of each, and what is still open in it."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, select

from civic.accounts.models import Person
from civic.attendance.hours import FORGOTTEN_AFTER, months_first
from civic.attendance.models import CheckEvent, ClosedMonth, Contest, Correction, HoursEntry
from civic.attendance.policy import CLOSE_MONTH
from civic.attendance.queries.forgotten import never_seen_to_leave
from civic.attendance.rules import CorrectionState
from civic.catalogue.models import ProjectSession
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Place


@dataclass(frozen=True)
class MonthLine:
    month: date
    """Its first day."""
    minutes: int
    """In its account, whatever day they were worked on."""
    late_minutes: int
    """Of these, of days in months that were closed already; fewer than none where some were taken
    back."""
    corrections: int
    """That wait for a second person, of days in it."""
    contests: int
    """That nobody has answered, of days in it."""
    unseen: tuple["Unseen", ...]
    """Sessions that began in it and that somebody was never seen to leave."""
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True)
class Unseen:
    """A session of which nobody has said how long these people were there."""

    session_id: UUID
    starts_at: datetime
    people: int


def months_of(ctx: Context, municipality_id: UUID) -> list[MonthLine]:
    """Those with anything in them and those that are closed, the newest first. Five statements."""
    CLOSE_MONTH.require(ctx.actor, Place(municipality_id))
    own = HoursEntry.day >= HoursEntry.month
    sums = ctx.db.execute(
        select(HoursEntry.month, own, func.sum(HoursEntry.minutes))
        .where(HoursEntry.municipality_id == municipality_id)
        .group_by(HoursEntry.month, own)
    ).all()
    closed = {
        row.month: row
        for row in ctx.db.execute(
            select(ClosedMonth.month, ClosedMonth.closed_at, Person.name)
            .join(Person, Person.id == ClosedMonth.closed_by)
            .where(ClosedMonth.municipality_id == municipality_id)
        )
    }
    corrections = Counter(
        months_first(day)
        for day in ctx.db.scalars(
            select(Correction.day)
            .where(Correction.municipality_id == municipality_id)
            .where(Correction.state == CorrectionState.PROPOSED)
        )
    )
    contests = Counter(
        months_first(day)
        for day in ctx.db.scalars(
            select(Contest.day)
            .where(Contest.municipality_id == municipality_id)
            .where(Contest.answered_at.is_(None))
        )
    )
    unseen: dict[date, list[Unseen]] = defaultdict(list)
    for one in _never_seen_to_leave(ctx, municipality_id):
        unseen[months_first(rome_day(one.starts_at))].append(one)
    minutes = Counter[date]()
    late = Counter[date]()
    for month, is_own, worked in sums:
        minutes[month] += worked
        late[month] += 0 if is_own else worked
    months = {row.month for row in sums} | closed.keys()
    months |= corrections.keys() | contests.keys() | unseen.keys()
    return [
        MonthLine(
            month,
            minutes[month],
            late[month],
            corrections[month],
            contests[month],
            tuple(unseen.get(month, ())),
            closed[month].closed_at if month in closed else None,
            closed[month].name if month in closed else "",
        )
        for month in sorted(months, reverse=True)
    ]


def _never_seen_to_leave(ctx: Context, municipality_id: UUID) -> list[Unseen]:
    """Long after the end, and neither proposed, corrected nor refused by anybody."""
    session, entry = ProjectSession, CheckEvent
    withdrawn = and_(Correction.state == CorrectionState.REFUSED, Correction.decided_by.is_(None))
    said = exists().where(
        Correction.session_id == entry.session_id,
        Correction.person_id == entry.person_id,
        ~withdrawn,
    )
    rows = ctx.db.execute(
        select(session.id, session.starts_at, func.count(entry.person_id.distinct()))
        .join(entry, entry.session_id == session.id)
        .where(session.municipality_id == municipality_id)
        .where(session.ends_at <= ctx.now() - FORGOTTEN_AFTER)
        .where(never_seen_to_leave(), ~said)
        .group_by(session.id, session.starts_at)
        .order_by(session.starts_at, session.id)
    )
    return [Unseen(*row) for row in rows]
