"""How a domain went from review to review, as steps that can be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from civic.plans.rules import Domain, View

MOST_STEPS = 8
"""Fit beside each other on a small phone."""

Scores = Mapping[Domain, int]


@dataclass(frozen=True)
class Scored:
    """One review: its day and what each of the two saw."""

    held_on: date
    scores: Mapping[View, Scores]


@dataclass(frozen=True)
class Step:
    held_on: date
    scores: Mapping[View, int | None]
    """None where somebody left the domain out that day."""


@dataclass(frozen=True)
class Stairs:
    domain: Domain
    steps: tuple[Step, ...]
    """The first and the last of them, and between them the latest that have room."""

    def ends(self, view: View) -> tuple[Step, ...]:
        """First and last step of that view; one where there is one, none where there is none."""
        given = [step for step in self.steps if step.scores[view] is not None]
        return tuple(given) if len(given) < 2 else (given[0], given[-1])

    def change(self, view: View) -> int | None:
        """Steps up, or down below zero; none before there are two to compare."""
        ends = [score for step in self.ends(view) if (score := step.scores[view]) is not None]
        return ends[1] - ends[0] if len(ends) == 2 else None


def stairs(reviews: Sequence[Scored]) -> list[Stairs]:
    """One for each domain that anybody has scored, in the order of domains, from reviews in the
    order of their days."""
    return [
        Stairs(domain, shown) for domain in Domain if (shown := _shown(_steps(domain, reviews)))
    ]


def _steps(domain: Domain, reviews: Sequence[Scored]) -> list[Step]:
    steps = [
        Step(each.held_on, {view: each.scores.get(view, {}).get(domain) for view in View})
        for each in reviews
    ]
    return [step for step in steps if any(score is not None for score in step.scores.values())]


def _shown(steps: list[Step]) -> tuple[Step, ...]:
    """Where some must be left out, the ends of both views stay: change is between them."""
    kept = {at for view in View for at in _ends(steps, view)}
    for at in reversed(range(len(steps))):
        if len(kept) < MOST_STEPS:
            kept.add(at)
    return tuple(steps[at] for at in sorted(kept))


def _ends(steps: list[Step], view: View) -> set[int]:
    given = [at for at, step in enumerate(steps) if step.scores[view] is not None]
    return {given[0], given[-1]} if given else set()
