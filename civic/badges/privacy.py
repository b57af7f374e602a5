"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.badges import queries
from civic.badges.models import Proposal
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
        names = {a.id: a.named_in(ctx.actor.language)[0] for a in queries.achievements(ctx)}
    return {
        "badges": [
            {
                "name": badge.achievement.named_in(ctx.actor.language)[0],
                "code": badge.achievement.code,
                "skills": list(badge.skills),
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
    }
