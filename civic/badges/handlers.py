from civic.attendance.events import HoursCredited
from civic.badges import operations
from civic.kernel.context import Context


def on_hours_credited(ctx: Context, event: HoursCredited) -> None:
    """Hours grew: perhaps a badge is near enough to ask for. Once each, however often told."""
    if event.municipality_id is not None:
        operations.propose_earned(ctx, event.person_id, event.municipality_id, event.association_id)
