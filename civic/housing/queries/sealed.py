"""What the housing room keeps sealed, and under whose key: for verifying, and for erasing somebody."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from civic.housing.market_models import FlatViewed, MarketFile
from civic.housing.models import HousingFile, Offer, Owner, Unit, Visit
from civic.housing.placing_models import (
    Extension,
    HousingRequest,
    Incident,
    Placement,
    PriorityChange,
    Proposal,
    Resident,
)
from civic.housing.support_models import BankEntry, SupportDecision
from civic.housing.works_models import Work
from civic.kernel.context import Context
from civic.kernel.files import FileStore
from civic.kernel.seals import Ring, SealFault, faults_in_files, faults_in_rows


def _who_asked(request_id: Any) -> Any:
    return (
        select(HousingRequest.resident_id).where(HousingRequest.id == request_id).scalar_subquery()
    )


def _who_signed(placement_id: Any) -> Any:
    return select(Placement.resident_id).where(Placement.id == placement_id).scalar_subquery()


def _whose_support(decision_id: Any) -> Any:
    return (
        select(SupportDecision.resident_id)
        .where(SupportDecision.id == decision_id)
        .scalar_subquery()
    )


ABOUT_PEOPLE: dict[Any, Any] = {
    Resident: Resident.id,
    HousingRequest: HousingRequest.resident_id,
    PriorityChange: _who_asked(PriorityChange.request_id),
    Proposal: _who_asked(Proposal.request_id),
    Placement: Placement.resident_id,
    Extension: _who_signed(Extension.placement_id),
    Incident: func.coalesce(_who_signed(Incident.placement_id), Incident.unit_id),
    SupportDecision: SupportDecision.resident_id,
    BankEntry: func.coalesce(_whose_support(BankEntry.decision_id), BankEntry.import_id),
    MarketFile: MarketFile.resident_id,
    FlatViewed: FlatViewed.resident_id,
}
ABOUT_DWELLINGS: dict[Any, Any] = {
    Owner: Owner.id,
    Offer: Offer.owner_id,
    Visit: select(Offer.owner_id).where(Offer.id == Visit.offer_id).scalar_subquery(),
    Unit: Unit.id,
    Work: Work.unit_id,
}


STILL_KEPT = case((HousingFile.removed_at.is_(None), HousingFile.stored_as))
"""Of a file that was taken away nothing is in the store."""


def seal_faults(ctx: Context, municipality_id: UUID, store: FileStore) -> Iterator[SealFault]:
    """Every row and file that does not open, every key that is not there. Asked of a snapshot."""
    ring = Ring(ctx, municipality_id)
    yield from faults_in_rows(ring, ABOUT_PEOPLE | ABOUT_DWELLINGS)
    yield from faults_in_files(ring, store, HousingFile, HousingFile.subject_id, STILL_KEPT)
