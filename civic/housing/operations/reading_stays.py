"""A page with somebody's name is read on record."""

from uuid import UUID

from civic.housing.operations.trail import note
from civic.housing.queries.gate import placement_for
from civic.housing.queries.stay_page import Asked, StayPage, stay_page
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def read_stay(ctx: Context, placement_id: UUID) -> StayPage:
    """For who keeps it; the line in the trail says that it was read, and by whom."""
    placement = placement_for(ctx, placement_id)
    page = stay_page(ctx, placement)
    note(ctx, placement, "read", person_id=page.stay.signer.person_id)
    return page


def follow_up_of(page: StayPage, follow_up_id: UUID) -> Asked:
    """One of this stay; NotFound else."""
    found = next((each for each in page.follow_ups if each.id == follow_up_id), None)
    if found is None:
        raise NotFound
    return found
