"""A person's shelf: the badges they hold, and those within sight.

Hours of one city count for that city's associations alone: no city looks into another's ledger.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.attendance.models import HoursLine
from civic.badges import queries
from civic.badges.grounds import Ledgers, ledgers
from civic.badges.models import Achievement, Award, Proposal
from civic.badges.policy import READ_SHELF
from civic.badges.queries import AchievementFacts, Badge
from civic.badges.rules import (
    Grounds,
    ProposalState,
    Tally,
    Turns,
    missing,
    nearness,
    turns_missing,
)
from civic.catalogue.rules import Area
from civic.kernel.context import Context
from civic.kernel.policy import Place


@dataclass(frozen=True)
class Coming:
    """A badge somebody does not hold yet."""

    achievement: AchievementFacts
    missing: Tally
    done: int
    """Hundredths of the way."""
    is_proposed: bool
    """The hours are there and an association has been asked."""
    turns: Turns | None = None


@dataclass(frozen=True)
class Shelf:
    held: tuple[Badge, ...]
    coming: tuple[Coming, ...]


def shelf_of(ctx: Context, person_id: UUID) -> Shelf:
    """A person's badges and, of each area, the next one within sight."""
    READ_SHELF.require(ctx.actor, Place(person_id=person_id))
    every = queries.achievements_by_id(ctx)
    held = tuple(queries.badges_of(ctx, person_id, every))
    proposed = set(
        ctx.db.scalars(
            select(Proposal.achievement_id)
            .where(Proposal.person_id == person_id)
            .where(Proposal.state == ProposalState.OPEN)
        )
    )
    found = ledgers(ctx, [person_id])
    held_ids = {badge.achievement.id for badge in held}
    cities = {city_id for _person, city_id in found}
    offered = [
        about
        for about in every.values()
        if not about.is_retired
        and (about.municipality_id is None or about.municipality_id in cities)
    ]
    coming = [
        _coming(about, found, about.id in proposed)
        for about in _next_of_each_area(offered, held_ids, proposed)
    ]
    coming.sort(key=lambda badge: (-badge.done, badge.achievement.level, badge.achievement.code))
    return Shelf(held, tuple(coming))


def areas_under_way(ctx: Context) -> frozenset[Area]:
    """Where the actor has worked and a badge is still to be had. One statement."""
    person_id = ctx.actor.person_id
    open_there = (
        select(Achievement.id)
        .where(Achievement.area == HoursLine.area)
        .where(
            ~select(Award.id)
            .where(Award.achievement_id == Achievement.id, Award.person_id == person_id)
            .where(Award.revoked_at.is_(None))
            .exists()
        )
        .exists()
    )
    statement = select(HoursLine.area).where(HoursLine.person_id == person_id, open_there)
    return frozenset(ctx.db.scalars(statement.distinct()))


def toward(ctx: Context, person_id: UUID, about: AchievementFacts) -> Coming | None:
    """How far the person is from one badge; None for one that they hold."""
    READ_SHELF.require(ctx.actor, Place(person_id=person_id))
    held = ctx.db.scalar(
        select(Award.id)
        .where(Award.person_id == person_id, Award.achievement_id == about.id)
        .where(Award.revoked_at.is_(None))
    )
    if held is not None:
        return None
    found = ledgers(ctx, [person_id])
    proposal = ctx.db.scalar(
        select(Proposal.id)
        .where(Proposal.person_id == person_id)
        .where(Proposal.achievement_id == about.id)
        .where(Proposal.state == ProposalState.OPEN)
        .limit(1)
    )
    return _coming(about, found, proposal is not None)


def _next_of_each_area(
    every: list[AchievementFacts], held: set[UUID], proposed: set[UUID]
) -> Iterable[AchievementFacts]:
    """Those proposed, and the lowest level not held: five distant badges would only discourage."""
    seen: set[Area | None] = set()
    for about in every:
        if about.id in held:
            continue
        if about.id in proposed:
            yield about
        elif about.area not in seen:
            seen.add(about.area)
            yield about


def _coming(about: AchievementFacts, found: Ledgers, is_proposed: bool) -> Coming:
    """Measured in the city where least is missing: hours of two cities do not add up."""
    best = max(
        (
            grounds
            for (_person, city_id), grounds in found.items()
            if about.municipality_id in (None, city_id)
        ),
        key=lambda grounds: nearness(about.rule, grounds),
        default=Grounds(),
    )
    return Coming(
        about,
        missing(about.rule, best),
        nearness(about.rule, best),
        is_proposed,
        turns_missing(about.rule, best),
    )
