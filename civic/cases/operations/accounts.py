"""The account that belongs to a file: by it the person reads their own page and gets reminders."""

from uuid import UUID

from sqlalchemy import select

from civic.accounts import queries as people
from civic.accounts.contacts import ContactPoint
from civic.accounts.operations import note_in_city
from civic.cases.access import Access, Data
from civic.cases.errors import AccountElsewhere, NoSuchAccount
from civic.cases.models import CaseFile
from civic.cases.operations import trail
from civic.cases.operations.states import hold
from civic.cases.queries.gate import case_for
from civic.kernel.context import Context


def link_account(ctx: Context, case_id: UUID, contact: ContactPoint) -> None:
    """By the phone or address that the person signs in with, and says in front of whoever writes it.
    One account has one file in a city: a second one shows that two files are about one person."""
    row = hold(ctx, case_id)
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    holder = people.holder_of(ctx, contact.kind, contact.value)
    if holder is None or people.has_grants(ctx, holder):
        raise NoSuchAccount
    other = ctx.db.scalars(
        select(CaseFile.id)
        .where(CaseFile.person_id == holder, CaseFile.id != case.id)
        .where(CaseFile.municipality_id == case.municipality_id)
        .where(CaseFile.merged_into_id.is_(None))
    ).first()
    if other is not None:
        raise AccountElsewhere
    row.person_id = holder
    note_in_city(ctx, holder, case.municipality_id)
    ctx.db.flush()
    trail.note(ctx, case_for(ctx, case_id), "linked")


def unlink_account(ctx: Context, case_id: UUID) -> None:
    """It was somebody else's after all."""
    row = hold(ctx, case_id)
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    trail.note(ctx, case, "unlinked")
    row.person_id = None
    ctx.db.flush()
