"""Who lives with whom, and splitting a household when staying linked is not safe."""

from uuid import UUID

from sqlalchemy import select

from civic.cases.access import Access, Data
from civic.cases.errors import SameFile
from civic.cases.models import Household, HouseholdMember
from civic.cases.operations import trail
from civic.cases.queries.gate import CaseFacts, case_for
from civic.cases.vocabulary import Relation
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def add_member(ctx: Context, case_id: UUID, other_id: UUID, relation: Relation) -> None:
    """`other` is that to the case's person. Both files are the actor's to write."""
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    other = case_for(ctx, other_id, Data.IDENTITY, Access.WRITE)
    if case.id == other.id:
        raise SameFile
    household_id = _household(ctx, case)
    if _membership(ctx, other.id) is not None:
        raise SameFile
    _add(ctx, other, household_id, relation)
    trail.note(ctx, case, "household_changed", thing_id=other.id)
    trail.note(ctx, other, "household_changed", thing_id=case.id)


def split(ctx: Context, case_id: UUID, *, is_for_safety: bool) -> None:
    """Out of the household. For safety neither file shows the other any more, the line in what was
    included; the trail keeps that it was done, and not from whom."""
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    row = _membership(ctx, case.id)
    if row is None:
        raise NotFound
    row.left_at, row.is_hidden = ctx.now(), is_for_safety
    ctx.db.flush()
    trail.note(ctx, case, "household_split", for_safety=is_for_safety)


def _household(ctx: Context, case: CaseFacts) -> UUID:
    row = _membership(ctx, case.id)
    if row is not None:
        return row.household_id
    household = Household(id=ctx.new_id(), municipality_id=case.municipality_id, made_at=ctx.now())
    ctx.db.add(household)
    ctx.db.flush()
    _add(ctx, case, household.id, Relation.SELF)
    return household.id


def _membership(ctx: Context, case_id: UUID) -> HouseholdMember | None:
    return ctx.db.scalars(
        select(HouseholdMember)
        .where(HouseholdMember.case_id == case_id, HouseholdMember.left_at.is_(None))
        .with_for_update()
    ).first()


def _add(ctx: Context, case: CaseFacts, household_id: UUID, relation: Relation) -> None:
    ctx.db.add(
        HouseholdMember(
            id=ctx.new_id(),
            municipality_id=case.municipality_id,
            household_id=household_id,
            case_id=case.id,
            relation=relation,
            since=ctx.now(),
        )
    )
    ctx.db.flush()
