"""Lists and pages on which somebody's money stands beside their name: that they were read is on
record, so reading them is a change."""

from uuid import UUID

from civic.audit import operations as audit
from civic.housing.operations.trail import note
from civic.housing.placing_models import Resident
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.bank import Look, look_at
from civic.housing.queries.gate import resident_for
from civic.housing.queries.market import MarketPage, market_page
from civic.housing.queries.support import (
    DecisionPage,
    PersonRow,
    SupportPage,
    decision_page,
    people_of,
    support_page,
)
from civic.housing.queries.support_gate import decision_for, import_for
from civic.kernel.context import Context
from civic.kernel.policy import Place


def read_support(
    ctx: Context, municipality_id: UUID, page: int | None, *, ended_too: bool = False
) -> SupportPage:
    """None for all of it, to take away."""
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    found = support_page(ctx, municipality_id, page, ended_too=ended_too)
    what = "support_exported" if page is None else "support_listed"
    audit.record(ctx, municipality_id, f"housing.{what}", details={"rows": len(found.rows)})
    return found


def read_people(ctx: Context, municipality_id: UUID) -> list[PersonRow]:
    WORK_ON_HOUSING.require(ctx.actor, Place(municipality_id=municipality_id))
    found = people_of(ctx, municipality_id)
    audit.record(ctx, municipality_id, "housing.people_listed", details={"rows": len(found)})
    return found


def read_decision(ctx: Context, decision_id: UUID) -> DecisionPage:
    decision = decision_for(ctx, decision_id)
    found = decision_page(ctx, decision)
    note(ctx, decision, "support_read", person_id=found.person_id)
    return found


def read_market(ctx: Context, resident_id: UUID) -> tuple[Resident, MarketPage]:
    resident = resident_for(ctx, resident_id)
    found = market_page(ctx, resident)
    note(ctx, resident, "market_read", person_id=resident.person_id)
    return resident, found


def read_import(ctx: Context, import_id: UUID) -> Look:
    found = look_at(ctx, import_id)
    note(ctx, import_for(ctx, import_id), "bank_file_read")
    return found
