"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.badges import queries
from civic.badges.models import Award, BadgeLink, Proposal
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        held = queries.badges_of(ctx, person_id)
        proposals = ctx.db.scalars(
            select(Proposal)
            .where(Proposal.person_id == person_id)
            .order_by(Proposal.opened_at, Proposal.id)
        ).all()
        # Of badges of one city and of retired ones too: they may have been proposed.
        names = {
            id_: about.named_in(ctx.actor.language)[0]
            for id_, about in queries.achievements_by_id(ctx).items()
        }
        links = ctx.db.scalars(
            select(BadgeLink)
            .join(Award, Award.id == BadgeLink.award_id)
            .where(Award.person_id == person_id)
            .order_by(BadgeLink.made_at, BadgeLink.id)
        ).all()
    return {
        "badges": [
            {
                "name": badge.achievement.named_in(ctx.actor.language)[0],
                "code": badge.achievement.code,
                "skills": list(badge.skills),
                "how_they_were_seen": badge.ratings,
                "minutes": badge.minutes,
                "sessions": badge.sessions,
                "confirmed_by": badge.association_name,
                "awarded": badge.awarded_at.isoformat(),
            }
            for badge in held
        ],
        "proposals": [
            {
                "name": names[proposal.achievement_id],
                "state": proposal.state.value,
                "minutes": proposal.minutes,
                "sessions": proposal.sessions,
                "opened": proposal.opened_at.isoformat(),
            }
            for proposal in proposals
        ],
        "links": [
            {
                "for": link.for_whom,
                "name_shown": link.shown_name,
                "made": link.made_at.isoformat(),
                "until": link.expires_at.isoformat(),
                "withdrawn": link.withdrawn_at.isoformat() if link.withdrawn_at else None,
            }
            for link in links
        ],
    }
