"""What a person has told the rooms of the house, gathered so that what suits them can be found."""

from civic.badges.shelf import areas_under_way
from civic.catalogue.fit import Wishes
from civic.enrolment.queries.circumstances import circumstances
from civic.kernel.context import Context
from civic.plans.queries import plans


def wishes_of(ctx: Context) -> Wishes:
    """Of whoever acts, for their own eyes; empty for visitors. Three statements."""
    if ctx.actor.person_id is None:
        return Wishes()
    own = circumstances(ctx)
    return Wishes(
        languages=own.languages,
        free=own.free,
        busy=own.busy,
        skills=plans.wanted_skills(ctx),
        areas=areas_under_way(ctx),
        held=own.held,
        birth_year=own.birth_year,
        cities=ctx.actor.municipalities,
    )
