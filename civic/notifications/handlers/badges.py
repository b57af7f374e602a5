"""Badges that were awarded."""

from typing import Any

from civic.badges import queries as badges
from civic.badges.events import BadgeAwarded
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind


def on_badge_awarded(ctx: Context, event: BadgeAwarded) -> None:
    achievement = badges.achievement(ctx, event.achievement_id)

    def values(language: str) -> dict[str, Any]:
        name, tag = achievement.named_in(language)
        return {
            "name": letters.isolated(name, tag, language),
            "skills": event.skills,
        }

    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.BADGE_AWARDED,
        f"badge_awarded:{event.award_id.hex}",
        values,
    )
