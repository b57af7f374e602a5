from civic.attendance.events import HoursCredited
from civic.badges import operations
from civic.badges.evaluating import propose_one
from civic.badges.events import AchievementDefined
from civic.kernel.context import Context


def on_hours_credited(ctx: Context, event: HoursCredited) -> None:
    """Hours grew: perhaps a badge is there to ask for. Or they shrank below what one rests on. Once
    each, however often told."""
    if event.municipality_id is not None:
        operations.look_again(ctx, event.person_id, event.municipality_id)
        operations.propose_earned(ctx, event.person_id, event.municipality_id, event.association_id)


def on_achievement_defined(ctx: Context, event: AchievementDefined) -> None:
    """Hours of before count for it too."""
    if event.municipality_id is not None:
        propose_one(ctx, event.municipality_id, event.achievement_id)
