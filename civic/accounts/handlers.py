from civic.accounts import operations
from civic.kernel.context import Context
from civic.kernel.policy import Grant, Role
from civic.tenancy.events import AssociationDecided
from civic.tenancy.queries.standings import who_asked
from civic.tenancy.rules import Verification


def on_association_decided(ctx: Context, event: AssociationDecided) -> None:
    """Whoever brought the association in becomes its organiser in the city that verified it."""
    if event.municipality_id is None or event.verification != Verification.VERIFIED:
        return
    person_id = who_asked(ctx, event.association_id, event.municipality_id)
    if person_id is not None:
        grant = Grant(Role.ORGANISER, event.municipality_id, event.association_id)
        operations.grant_role(ctx, person_id, grant)
