"""Badges that somebody must look at again, because a correction took away what they rest on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from civic.accounts import queries as accounts
from civic.badges import queries
from civic.badges.grounds import ledgers
from civic.badges.models import Achievement, Award, AwardReview
from civic.badges.policy import ASSESS
from civic.badges.queries import AchievementFacts
from civic.badges.rules import Grounds, ReviewState, Tally, missing, tally
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place, Role


@dataclass(frozen=True)
class ReviewRow:
    id: UUID
    award_id: UUID
    municipality_id: UUID
    person_id: UUID
    person_name: str
    achievement: AchievementFacts
    worked: Tally
    """As the ledger stands now."""
    lacking: Tally
    awarded_at: datetime
    opened_at: datetime


def open_reviews(ctx: Context) -> list[ReviewRow]:
    """Of badges that the organiser's associations confirmed, the oldest first."""
    own = [
        and_(
            Award.municipality_id == grant.municipality_id,
            Award.association_id == grant.association_id,
        )
        for grant in ctx.actor.grants
        if grant.role is Role.ORGANISER
    ]
    return _rows(ctx, or_(false(), *own))


def review_for(ctx: Context, review_id: UUID) -> ReviewRow:
    """The gate: an open review of a badge that the actor's association confirmed."""
    found = _rows(ctx, AwardReview.id == review_id)
    if not found:
        raise NotFound
    association_id = ctx.db.scalars(
        select(Award.association_id).where(Award.id == found[0].award_id)
    ).one()
    ASSESS.require(ctx.actor, Place(found[0].municipality_id, association_id))
    return found[0]


def _rows(ctx: Context, which: ColumnElement[bool]) -> list[ReviewRow]:
    rows = ctx.db.execute(
        select(AwardReview, Award)
        .join(Award, Award.id == AwardReview.award_id)
        .where(which, AwardReview.state == ReviewState.OPEN)
        .order_by(AwardReview.opened_at, AwardReview.id)
    ).all()
    if not rows:
        return []
    people = {award.person_id for _review, award in rows}
    names, found = accounts.names(ctx, people), ledgers(ctx, people)
    about = queries.achievements_by_id(ctx)
    shown = []
    for review, award in rows:
        achievement = about[award.achievement_id]
        grounds = found.get((award.person_id, award.municipality_id), Grounds())
        shown.append(
            ReviewRow(
                review.id,
                award.id,
                award.municipality_id,
                award.person_id,
                names.get(award.person_id, ""),
                achievement,
                tally(achievement.rule, grounds),
                missing(achievement.rule, grounds),
                award.awarded_at,
                review.opened_at,
            )
        )
    return shown


def achievement_of_award(ctx: Context, award_id: UUID) -> AchievementFacts:
    """What a badge is of, also of one that was withdrawn."""
    row = ctx.db.scalars(
        select(Achievement)
        .join(Award, Award.achievement_id == Achievement.id)
        .where(Award.id == award_id)
    ).first()
    if row is None:
        raise NotFound
    return queries.facts_of(row)
