"""How far somebody is towards an occupation, and where the next step is to be had."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.badges import queries as badges
from civic.catalogue.queries.teaching import Teaching, projects_teaching
from civic.kernel.context import Context
from civic.plans.models import PlanOccupation
from civic.plans.occupations import OCCUPATIONS, Occupation
from civic.plans.queries.gate import PlanFacts


@dataclass(frozen=True)
class SkillStep:
    skill: str
    is_shown: bool
    """By a badge that the person holds."""
    projects: tuple[Teaching, ...] = ()
    """Where it is to be learnt, while it is missing."""


@dataclass(frozen=True)
class Steps:
    occupation: Occupation
    chosen_at: datetime
    skills: tuple[SkillStep, ...]
    """What is shown first, then what is missing."""

    @property
    def shown(self) -> int:
        return sum(step.is_shown for step in self.skills)


def occupations_of(ctx: Context, plan_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Of plans that came through a gate, in the order in which they were chosen."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for plan_id, occupation in ctx.db.execute(
        select(PlanOccupation.plan_id, PlanOccupation.occupation)
        .where(PlanOccupation.plan_id.in_(plan_ids))
        .order_by(PlanOccupation.chosen_at, PlanOccupation.id)
    ):
        found[plan_id].append(occupation)
    return found


def steps_of(
    ctx: Context, person_id: UUID, plans: Sequence[PlanFacts], language: str
) -> dict[UUID, list[Steps]]:
    """Of plans of one person that came through a gate. One statement where nothing is chosen, else
    what the badges take and one more."""
    rows = ctx.db.scalars(
        select(PlanOccupation)
        .where(PlanOccupation.plan_id.in_([plan.id for plan in plans]))
        .order_by(PlanOccupation.chosen_at, PlanOccupation.id)
    ).all()
    chosen = [(row, OCCUPATIONS[row.occupation]) for row in rows if row.occupation in OCCUPATIONS]
    if not chosen:
        return {}
    shown = shown_skills(ctx, person_id)
    missing = {skill for _, occupation in chosen for skill in occupation.skills} - shown
    teaching = projects_teaching(ctx, missing, {row.municipality_id for row, _ in chosen}, language)
    found: dict[UUID, list[Steps]] = defaultdict(list)
    for row, occupation in chosen:
        steps = [
            SkillStep(
                skill,
                skill in shown,
                () if skill in shown else tuple(teaching.get((row.municipality_id, skill), ())),
            )
            for skill in occupation.skills
        ]
        steps.sort(key=lambda step: not step.is_shown)
        found[row.plan_id].append(Steps(occupation, row.chosen_at, tuple(steps)))
    return found


def shown_skills(ctx: Context, person_id: UUID) -> set[str]:
    """By badges that hold today, as far as the context reaches."""
    now = ctx.now()
    return {
        skill
        for badge in badges.badges_of(ctx, person_id)
        if badge.valid_until is None or badge.valid_until > now
        for skill in badge.skills
    }
