from civic.badges.events import BadgeAwarded
from civic.kernel.context import Context
from civic.plans.events import PlanSent, PlanTakenOn
from civic.plans.operations import arriving, plans


def on_badge_awarded(ctx: Context, event: BadgeAwarded) -> None:
    """The badge stands as evidence in plans of the city that awarded it, once for each goal."""
    plans.attach_badge(ctx, event.person_id, event.award_id, event.skills)


def on_plan_sent(ctx: Context, event: PlanSent) -> None:
    """It waits in the city it goes to, once, for a case worker who takes it on."""
    if event.municipality_id is not None:
        arriving.receive_plan(ctx, event.municipality_id, event.move_id)


def on_plan_taken_on(ctx: Context, event: PlanTakenOn) -> None:
    """In the city it came from the plan ends; a second time it has ended already."""
    arriving.finish_move(ctx, event.move_id, event.taken_on)
