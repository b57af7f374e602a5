"""What a version of a plan says: everything the two agreed on, as plain JSON, frozen when they sign.

    language      of the person's pages
    municipality, case_worker, person {name, birth_year or null}, agreed_on
    goals         [{domain, words, language, words_it, state, skills, milestones [{words, language,
                  due_on, reached_on}], badges [{names, association, awarded_on}], papers [{kind, title,
                  level, dated_on}]}]
    occupations   [ESCO id]
    barriers      [{domain, words, language, overcome_on}]
    actions       [{owed_by, words, language, due_on, state}]
    review        the last completed one: {held_on, next_on, scores {worker, person {domain: score}}}

Days are ISO dates. Dropped goals and actions set aside stay out: nobody signs for them. Notes of
reviews stay out as well: they are of the one who wrote them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from civic.badges.queries import Badge
from civic.kernel.clock import rome_day
from civic.plans.queries.goals import ByHand, GoalRow, MilestoneRow
from civic.plans.queries.plans import PlanPage
from civic.plans.rules import ActionState, GoalState


def plan_content(
    page: PlanPage, occupations: Sequence[str], *, language: str, birth_year: int | None
) -> Mapping[str, Any]:
    """The same plan gives the same content, letter by letter, until something of it changes."""
    last = next((each for each in reversed(page.reviews) if not each.is_open), None)
    return {
        "language": language,
        "municipality": page.municipality_name,
        "case_worker": page.case_worker_name,
        "person": {"name": page.person_name, "birth_year": birth_year},
        "agreed_on": rome_day(page.plan.agreed_at).isoformat(),
        "goals": [
            _goal(goal, language) for goal in page.goals if goal.state is not GoalState.DROPPED
        ],
        "occupations": list(occupations),
        "barriers": [
            {
                "domain": each.domain.value,
                "words": each.words,
                "language": each.language,
                "overcome_on": _day(each.overcome_on),
            }
            for each in page.barriers
        ],
        "actions": [
            {
                "owed_by": each.owed_by.value,
                "words": each.words,
                "language": each.language,
                "due_on": _day(each.due_on),
                "state": each.state.value,
            }
            for each in page.actions
            if each.state is not ActionState.DROPPED
        ],
        "review": None
        if last is None
        else {
            "held_on": last.held_on.isoformat(),
            "next_on": last.next_on.isoformat(),
            "scores": {
                view.value: {domain.value: score for domain, score in scores.items()}
                for view, scores in last.scores.items()
            },
        },
    }


def _goal(goal: GoalRow, language: str) -> dict[str, Any]:
    return {
        "domain": goal.domain.value,
        "words": goal.words,
        "language": goal.language,
        "words_it": goal.words_it,
        "state": goal.state.value,
        "skills": list(goal.skills),
        "milestones": [_milestone(each) for each in goal.milestones],
        "badges": [_badge(each, language) for each in goal.evidence],
        "papers": [_paper(each) for each in goal.by_hand],
    }


def _milestone(row: MilestoneRow) -> dict[str, Any]:
    return {
        "words": row.words,
        "language": row.language,
        "due_on": _day(row.due_on),
        "reached_on": _day(row.reached_on),
    }


def _badge(badge: Badge, language: str) -> dict[str, Any]:
    return {
        "names": {tag: badge.achievement.named_in(tag)[0] for tag in sorted({"it", language})},
        "association": badge.association_name,
        "awarded_on": rome_day(badge.awarded_at).isoformat(),
    }


def _paper(row: ByHand) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "title": row.title,
        "level": row.level,
        "dated_on": _day(row.dated_on),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
