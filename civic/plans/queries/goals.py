"""Goals with their milestones and what stands behind them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic.badges import queries as badges
from civic.kernel.context import Context
from civic.plans.models import Evidence, Goal, Milestone
from civic.plans.rules import Domain, EvidenceKind, GoalState


@dataclass(frozen=True)
class MilestoneRow:
    id: UUID
    words: str
    language: str
    due_on: date | None
    reached_on: date | None


@dataclass(frozen=True)
class ByHand:
    """What a case worker put behind a goal."""

    id: UUID
    kind: EvidenceKind
    title: str
    level: str
    dated_on: date | None
    note: str
    attached_at: datetime


@dataclass(frozen=True)
class TakenOff:
    """What no longer stands behind a goal, and why."""

    id: UUID
    what: badges.Badge | ByHand
    reason: str
    taken_off_at: datetime

    @property
    def badge(self) -> badges.Badge | None:
        return None if isinstance(self.what, ByHand) else self.what

    @property
    def by_hand(self) -> ByHand | None:
        return self.what if isinstance(self.what, ByHand) else None


@dataclass(frozen=True)
class GoalRow:
    id: UUID
    domain: Domain
    words: str
    language: str
    words_it: str
    """In Italian, also when `words` are; empty while nobody has written it."""
    skills: tuple[str, ...]
    state: GoalState
    set_at: datetime
    changed_at: datetime | None
    milestones: tuple[MilestoneRow, ...]
    """By their days, those without a day last."""
    evidence: tuple[badges.Badge, ...]
    """Badges that stand behind it."""
    evidence_ids: Mapping[UUID, UUID]
    """By award, under which id the badge stands there."""
    by_hand: tuple[ByHand, ...]
    taken_off: tuple[TakenOff, ...]


def goals_of(ctx: Context, plan_ids: list[UUID]) -> dict[UUID, list[GoalRow]]:
    """Of plans that came through a gate, in the order they were set."""
    rows = ctx.db.scalars(
        select(Goal).where(Goal.plan_id.in_(plan_ids)).order_by(Goal.set_at, Goal.id)
    ).all()
    goal_ids = [row.id for row in rows]
    milestones = _milestones(ctx, goal_ids)
    evidence = ctx.db.scalars(
        select(Evidence)
        .where(Evidence.goal_id.in_(goal_ids))
        .order_by(Evidence.attached_at, Evidence.id)
    ).all()
    held = badges.badges(ctx, (each.award_id for each in evidence if each.award_id))
    behind: dict[UUID, list[Evidence]] = defaultdict(list)
    for each in evidence:
        behind[each.goal_id].append(each)
    goals: dict[UUID, list[GoalRow]] = defaultdict(list)
    for row in rows:
        goals[row.plan_id].append(_goal(row, milestones[row.id], behind[row.id], held))
    return goals


def _milestones(ctx: Context, goal_ids: list[UUID]) -> dict[UUID, list[MilestoneRow]]:
    rows = ctx.db.scalars(
        select(Milestone)
        .where(Milestone.goal_id.in_(goal_ids))
        .order_by(Milestone.due_on.is_(None), Milestone.due_on, Milestone.set_at, Milestone.id)
    )
    found: dict[UUID, list[MilestoneRow]] = defaultdict(list)
    for row in rows:
        found[row.goal_id].append(
            MilestoneRow(row.id, row.words, row.language, row.due_on, row.reached_on)
        )
    return found


def _goal(
    row: Goal,
    milestones: Sequence[MilestoneRow],
    evidence: Sequence[Evidence],
    held: Mapping[UUID, badges.Badge],
) -> GoalRow:
    what = [(each, _what(each, held)) for each in evidence]
    standing = [(each, thing) for each, thing in what if thing and each.taken_off_at is None]
    return GoalRow(
        id=row.id,
        domain=row.domain,
        words=row.words,
        language=row.language,
        words_it=row.words if row.language == ITALIAN else row.words_it,
        skills=tuple(row.skills),
        state=row.state,
        set_at=row.set_at,
        changed_at=row.changed_at,
        milestones=tuple(milestones),
        evidence=tuple(thing for _, thing in standing if not isinstance(thing, ByHand)),
        evidence_ids={each.award_id: each.id for each, _ in standing if each.award_id},
        by_hand=tuple(thing for _, thing in standing if isinstance(thing, ByHand)),
        taken_off=tuple(
            TakenOff(each.id, thing, each.taken_off_reason, each.taken_off_at)
            for each, thing in what
            if thing and each.taken_off_at is not None
        ),
    )


ITALIAN = "it"


def _what(row: Evidence, held: Mapping[UUID, badges.Badge]) -> badges.Badge | ByHand | None:
    """None for a badge that the person no longer holds."""
    if row.kind is None:
        return held.get(row.award_id) if row.award_id else None
    return ByHand(row.id, row.kind, row.title, row.level, row.dated_on, row.note, row.attached_at)
