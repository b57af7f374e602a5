"""What was done and read in the housing room, in the trail of the city: ids alone, never a word.

A line takes the end of the city's trail until the transaction ends, so it is written last, when beds
and people are held already.
"""

from uuid import UUID

from civic.audit import operations as audit
from civic.housing.models import HousingGrant, Offer, Owner, Unit
from civic.housing.placing_models import HousingRequest, Placement, Resident
from civic.housing.support_models import BankImport, SupportDecision
from civic.kernel.context import Context

Thing = (
    Unit
    | HousingRequest
    | Placement
    | Resident
    | Owner
    | Offer
    | HousingGrant
    | SupportDecision
    | BankImport
)


def note(
    ctx: Context, thing: Thing, what: str, *, person_id: UUID | None = None, **ids: object
) -> None:
    details = {name: str(value) for name, value in ids.items() if value is not None}
    audit.record(
        ctx,
        thing.municipality_id,
        f"housing.{what}",
        subject_id=person_id,
        thing_id=thing.id,
        details=details,
    )
