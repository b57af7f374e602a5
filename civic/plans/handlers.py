from civic.badges.events import BadgeAwarded
from civic.kernel.context import Context
from civic.plans.operations import plans


def on_badge_awarded(ctx: Context, event: BadgeAwarded) -> None:
    """The badge stands as evidence in plans of the city that awarded it, once for each goal."""
    plans.attach_badge(ctx, event.person_id, event.award_id, event.skills)
