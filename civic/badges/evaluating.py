"""All people of a city looked at: after a badge was defined, or hours were rebuilt."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.attendance.models import HoursLine
from civic.badges import queries
from civic.badges.grounds import ledgers
from civic.badges.models import Award, Proposal
from civic.badges.queries import AchievementFacts
from civic.badges.rules import ProposalState, assessor, earned, tally
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import insert_each_once
from civic.kernel.policy import system_in

AT_ONCE = 500
"""People in one commit."""


def propose_all(database: Database, municipality_id: UUID) -> int:
    """Propose what is earned in a city and was not proposed yet; how many are new. Memory holds a
    few hundred people, however many there are."""
    actor = system_in(municipality_id)
    with database.reading(actor) as ctx:
        people = _people_with_hours(ctx, municipality_id)
    opened = 0
    for start in range(0, len(people), AT_ONCE):
        with database.unit_of_work(actor) as ctx:
            offered = queries.achievements(ctx, municipality_id)
            some = people[start : start + AT_ONCE]
            opened += _propose(ctx, some, municipality_id, offered)
    return opened


def propose_one(ctx: Context, municipality_id: UUID, achievement_id: UUID) -> int:
    """The same for a badge that is new."""
    offered = [queries.achievement(ctx, achievement_id)]
    people = _people_with_hours(ctx, municipality_id)
    return sum(
        _propose(ctx, people[start : start + AT_ONCE], municipality_id, offered)
        for start in range(0, len(people), AT_ONCE)
    )


def _people_with_hours(ctx: Context, municipality_id: UUID) -> list[UUID]:
    return list(
        ctx.db.scalars(
            select(HoursLine.person_id)
            .where(HoursLine.municipality_id == municipality_id)
            .distinct()
            .order_by(HoursLine.person_id)
        )
    )


def _propose(
    ctx: Context,
    people: Sequence[UUID],
    municipality_id: UUID,
    offered: Sequence[AchievementFacts],
) -> int:
    rows = list(_new(ctx, people, municipality_id, offered))
    return len(insert_each_once(ctx.db, Proposal, rows))


def _new(
    ctx: Context,
    people: Sequence[UUID],
    municipality_id: UUID,
    offered: Sequence[AchievementFacts],
) -> Iterator[dict[str, Any]]:
    settled = set(
        ctx.db.execute(
            select(Award.person_id, Award.achievement_id)
            .where(Award.person_id.in_(people), Award.revoked_at.is_(None))
            .union(
                select(Proposal.person_id, Proposal.achievement_id).where(
                    Proposal.person_id.in_(people), Proposal.municipality_id == municipality_id
                )
            )
        )
    )
    for (person_id, city_id), grounds in ledgers(ctx, people).items():
        if city_id != municipality_id or not grounds.lines:
            continue
        last = max(grounds.lines, key=lambda line: line.day or date.min).association_id
        for about in offered:
            if (person_id, about.id) in settled or not earned(about.rule, grounds):
                continue
            assert last is not None  # noqa: S101 - a line of the ledger names its association
            have = tally(about.rule, grounds)
            yield {
                "id": ctx.new_id(),
                "municipality_id": municipality_id,
                "person_id": person_id,
                "achievement_id": about.id,
                "association_id": assessor(about.rule, grounds.lines, last),
                "state": ProposalState.OPEN,
                "minutes": have.minutes,
                "sessions": have.sessions,
                "opened_at": ctx.now(),
            }
