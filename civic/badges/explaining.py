"""An award replayed from the ledger: the lines that it rested on when it was given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from civic.attendance.models import HoursEntry, NoShow
from civic.badges import queries
from civic.badges.models import Achievement, Award
from civic.badges.queries import AchievementFacts
from civic.badges.rules import Grounds, Missed, Tally, Worked, counted, earned, tally
from civic.catalogue.models import Project, ProjectSession
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


@dataclass(frozen=True)
class LedgerLine:
    """Minutes of one session and day, as they stood at a moment."""

    session_id: UUID
    day: date
    minutes: int
    worked: Worked


@dataclass(frozen=True)
class Explained:
    award_id: UUID
    person_id: UUID
    achievement: AchievementFacts
    awarded_at: datetime
    revoked_at: datetime | None
    lines: tuple[LedgerLine, ...]
    """Those that count, by day."""
    then: Tally
    """What the ledger says they had when the badge was given."""
    told: Tally
    """What the award says."""
    is_grounded: bool
    """Whether the rule was fulfilled by what the ledger says they had."""

    @property
    def is_right(self) -> bool:
        is_same = (self.then.minutes, self.then.sessions) == (self.told.minutes, self.told.sessions)
        return self.is_grounded and is_same


def explain(ctx: Context, award_id: UUID) -> Explained:
    for found in explained(ctx, award_id):
        return found
    raise NotFound


def explained(ctx: Context, award_id: UUID | None = None) -> Iterator[Explained]:
    """All awards within reach, or one; each replayed as of its own moment."""
    about = queries.achievements_by_id(ctx)
    awards = select(Award).order_by(Award.awarded_at, Award.id)
    for award in ctx.db.scalars(awards if award_id is None else awards.where(Award.id == award_id)):
        achievement = about[award.achievement_id]
        lines = _lines_at(ctx, award)
        grounds = Grounds(
            [line.worked for line in lines], _missed_by(ctx, award), _held_before(ctx, award)
        )
        counting = set(map(id, counted(achievement.rule, grounds.lines)))
        yield Explained(
            award.id,
            award.person_id,
            achievement,
            award.awarded_at,
            award.revoked_at,
            tuple(line for line in lines if id(line.worked) in counting),
            tally(achievement.rule, grounds),
            Tally(award.minutes, award.sessions),
            earned(achievement.rule, grounds),
        )


def _lines_at(ctx: Context, award: Award) -> list[LedgerLine]:
    """The balances of then: entries are never edited, so those made until then add up to them."""
    entry = HoursEntry
    rows = ctx.db.execute(
        select(
            entry.session_id,
            entry.day,
            entry.association_id,
            ProjectSession.project_id,
            Project.area,
            func.sum(entry.minutes).label("minutes"),
        )
        .join(ProjectSession, ProjectSession.id == entry.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(entry.person_id == award.person_id)
        .where(entry.municipality_id == award.municipality_id)
        .where(entry.made_at <= award.awarded_at)
        .group_by(
            entry.session_id,
            entry.day,
            entry.association_id,
            ProjectSession.project_id,
            Project.area,
        )
        .order_by(entry.day, entry.session_id)
    )
    return [
        LedgerLine(
            row.session_id,
            row.day,
            row.minutes,
            Worked(
                row.area, row.minutes, row.association_id, row.session_id, row.project_id, row.day
            ),
        )
        for row in rows
    ]


def _missed_by(ctx: Context, award: Award) -> list[Missed]:
    rows = ctx.db.execute(
        select(ProjectSession.starts_at, Project.area, Project.association_id, Project.id)
        .select_from(NoShow)
        .join(ProjectSession, ProjectSession.id == NoShow.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(NoShow.person_id == award.person_id)
        .where(NoShow.municipality_id == award.municipality_id)
        .where(NoShow.noticed_at <= award.awarded_at)
    )
    return [Missed(row.area, row.association_id, row.id, rome_day(row.starts_at)) for row in rows]


def _held_before(ctx: Context, award: Award) -> frozenset[str]:
    rows = ctx.db.scalars(
        select(Achievement.code)
        .join(Award, Award.achievement_id == Achievement.id)
        .where(Award.person_id == award.person_id, Award.id != award.id)
        .where(Award.awarded_at <= award.awarded_at)
        .where(or_(Award.revoked_at.is_(None), Award.revoked_at > award.awarded_at))
    )
    return frozenset(rows)
