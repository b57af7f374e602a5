"""Badges that were awarded, and those that somebody looks at again."""

from typing import Any

from civic.badges import queries as badges
from civic.badges import reviewed
from civic.badges.events import BadgeAwarded, BadgeReviewBegun, BadgeReviewDecided
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


def on_badge_review_begun(ctx: Context, event: BadgeReviewBegun) -> None:
    _tell(ctx, event, MessageKind.BADGE_LOOKED_AT)


def on_badge_review_decided(ctx: Context, event: BadgeReviewDecided) -> None:
    _tell(ctx, event, MessageKind.BADGE_KEPT if event.is_kept else MessageKind.BADGE_WITHDRAWN)


def _tell(ctx: Context, event: BadgeReviewBegun | BadgeReviewDecided, kind: MessageKind) -> None:
    """Once for each review; a badge by its name, of hours not a word: phones are read by others."""
    held = reviewed.achievement_of_award(ctx, event.award_id)

    def values(language: str) -> dict[str, Any]:
        name, tag = held.named_in(language)
        return {"name": letters.isolated(name, tag, language)}

    letters.send_to_person(ctx, event.person_id, kind, f"{kind}:{event.review_id.hex}", values)
