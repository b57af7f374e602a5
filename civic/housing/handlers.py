from flask_babel import gettext

from civic.accounts import queries as accounts
from civic.attendance.events import HoursCredited
from civic.housing.events import StepTaken
from civic.housing.operations import course
from civic.housing.rules.steps import STEP_NAMES, Step
from civic.kernel.context import Context
from civic.kernel.i18n import best_language
from civic.plans.operations.from_housing import StepTold, take_in_step
from civic.web.locale import speaking

ITALIAN = "it"
"""What case workers write actions in."""


def on_step_taken(ctx: Context, event: StepTaken) -> None:
    """The step stands in the person's plan, once; nothing where they have none."""
    if event.municipality_id is None:
        return
    title = STEP_NAMES[Step(event.step)]
    words = {}
    for tag in (accounts.page_language_of(ctx, event.person_id), ITALIAN):
        with speaking(best_language([tag])):
            words[tag] = gettext(title)
    told = StepTold(event.step_id, title, words, event.on_day)
    take_in_step(ctx, event.municipality_id, event.person_id, told)


def on_hours_credited(ctx: Context, event: HoursCredited) -> None:
    """Perhaps that was the last session of the course."""
    if event.municipality_id is not None and event.minutes > 0:
        course.see_course(ctx, event.municipality_id, event.person_id)
