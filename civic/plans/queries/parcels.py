"""What of a plan goes along when its person moves: all but the notes of reviews, in plain values.

A parcel is shown to the person, kept as what they agreed to, and unpacked in the other city.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.badges import queries as badges
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.plans.models import Action, Barrier, Evidence, Goal, Milestone
from civic.plans.queries.gate import PlanFacts
from civic.plans.queries.occupations import occupations_of
from civic.plans.queries.reviews import ReviewRow, reviews_of

Parcel = dict[str, Any]


def parcel_of(ctx: Context, plan: PlanFacts) -> Parcel:
    """Of a plan that came through a gate."""
    goals = ctx.db.scalars(
        select(Goal).where(Goal.plan_id == plan.id).order_by(Goal.set_at, Goal.id)
    ).all()
    goal_ids = [goal.id for goal in goals]
    milestones, evidence = _milestones(ctx, goal_ids), _evidence(ctx, goal_ids)
    return {
        "goals": [_goal(goal, milestones[goal.id], evidence[goal.id]) for goal in goals],
        "barriers": _barriers(ctx, plan.id),
        "actions": _actions(ctx, plan.id, goal_ids),
        "reviews": [
            _review(row) for row in reviews_of(ctx, [plan.id]).get(plan.id, []) if row.closed_at
        ],
        "occupations": occupations_of(ctx, [plan.id]).get(plan.id, []),
    }


def digest(parcel: Parcel) -> str:
    """So that somebody agrees to what they saw, and to nothing that came in afterwards."""
    text = json.dumps(parcel, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _goal(goal: Goal, milestones: list[Parcel], evidence: list[Parcel]) -> Parcel:
    return {
        "domain": goal.domain.value,
        "words": goal.words,
        "language": goal.language,
        "words_it": goal.words_it,
        "skills": list(goal.skills),
        "state": goal.state.value,
        "set_at": _moment(goal.set_at),
        "changed_at": _moment(goal.changed_at),
        "milestones": milestones,
        "evidence": evidence,
    }


def _milestones(ctx: Context, goal_ids: list[UUID]) -> Mapping[UUID, list[Parcel]]:
    found: dict[UUID, list[Parcel]] = defaultdict(list)
    for row in ctx.db.scalars(
        select(Milestone)
        .where(Milestone.goal_id.in_(goal_ids))
        .order_by(Milestone.set_at, Milestone.id)
    ):
        found[row.goal_id].append(
            {
                "words": row.words,
                "language": row.language,
                "due_on": _day(row.due_on),
                "set_at": _moment(row.set_at),
                "reached_on": _day(row.reached_on),
            }
        )
    return found


def _evidence(ctx: Context, goal_ids: list[UUID]) -> Mapping[UUID, list[Parcel]]:
    """The list of it: a badge by its name, since the award itself is of the city that gave it."""
    rows = ctx.db.scalars(
        select(Evidence)
        .where(Evidence.goal_id.in_(goal_ids), Evidence.taken_off_at.is_(None))
        .order_by(Evidence.attached_at, Evidence.id)
    ).all()
    held = badges.badges(ctx, (row.award_id for row in rows if row.award_id))
    found: dict[UUID, list[Parcel]] = defaultdict(list)
    for row in rows:
        if row.kind is not None:
            found[row.goal_id].append(
                {
                    "kind": row.kind.value,
                    "title": row.title,
                    "level": row.level,
                    "dated_on": _day(row.dated_on),
                    "note": row.note,
                }
            )
        elif row.award_id in held:
            badge = held[row.award_id]
            found[row.goal_id].append(
                {
                    "kind": "badge",
                    "names": dict(badge.achievement.names),
                    "association": badge.association_name,
                    "dated_on": _day(rome_day(badge.awarded_at)),
                }
            )
    return found


def _barriers(ctx: Context, plan_id: UUID) -> list[Parcel]:
    return [
        {
            "domain": row.domain.value,
            "words": row.words,
            "language": row.language,
            "set_at": _moment(row.set_at),
            "overcome_on": _day(row.overcome_on),
        }
        for row in ctx.db.scalars(
            select(Barrier).where(Barrier.plan_id == plan_id).order_by(Barrier.set_at, Barrier.id)
        )
    ]


def _actions(ctx: Context, plan_id: UUID, goal_ids: list[UUID]) -> list[Parcel]:
    return [
        {
            "goal": goal_ids.index(row.goal_id) if row.goal_id in goal_ids else None,
            "owed_by": row.owed_by.value,
            "words": row.words,
            "language": row.language,
            "due_on": _day(row.due_on),
            "state": row.state.value,
            "set_at": _moment(row.set_at),
            "changed_at": _moment(row.changed_at),
        }
        for row in ctx.db.scalars(
            select(Action).where(Action.plan_id == plan_id).order_by(Action.set_at, Action.id)
        )
    ]


def _review(row: ReviewRow) -> Parcel:
    return {
        "held_on": _day(row.held_on),
        "next_on": _day(row.next_on),
        "made_by": str(row.made_by),
        "closed_at": _moment(row.closed_at),
        "scores": {
            view.value: {domain.value: score for domain, score in scores.items()}
            for view, scores in row.scores.items()
        },
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
