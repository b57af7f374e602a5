from civic.badges.events import BadgeAwarded
from civic.kernel.context import Context
from civic.plans import operations


def on_badge_awarded(ctx: Context, event: BadgeAwarded) -> None:
    """The badge stands as evidence in plans of the city that awarded it, once for each goal."""
    operations.attach_badge(ctx, event.person_id, event.award_id, event.skills)
