"""A yes, for one purpose and one recipient, and taking it back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.audit import operations as audit
from civic.cases.access import Access, Data
from civic.cases.models import CaseConsent, CaseFile
from civic.cases.operations import trail
from civic.cases.policy import READ_OWN_CASE
from civic.cases.queries.gate import case_for
from civic.cases.vocabulary import Purpose, Recipient
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place


@dataclass(frozen=True)
class NewConsent:
    purpose: Purpose
    recipient: Recipient
    given_on: date
    language: str
    with_mediator: bool = False
    recipient_city_id: UUID | None = None


def record_consent(ctx: Context, case_id: UUID, new: NewConsent) -> UUID:
    """By whoever writes who the person is: the desk, the street, the lead."""
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    consent_id = ctx.new_id()
    ctx.db.add(
        CaseConsent(
            id=consent_id,
            municipality_id=case.municipality_id,
            case_id=case.id,
            purpose=new.purpose,
            recipient=new.recipient,
            recipient_city_id=new.recipient_city_id
            if new.recipient is Recipient.OTHER_CITY
            else None,
            given_on=new.given_on,
            language=new.language,
            with_mediator=new.with_mediator,
            recorded_at=ctx.now(),
            recorded_by=ctx.actor.person_id,
        )
    )
    ctx.db.flush()
    trail.note(ctx, case, "consent_given", thing_id=consent_id, purpose=new.purpose.value)
    return consent_id


def withdraw(ctx: Context, case_id: UUID, consent_id: UUID) -> None:
    """As easily as it was given (GDPR, art. 7.3). What was done before stays lawful."""
    case = case_for(ctx, case_id, Data.IDENTITY, Access.WRITE)
    row = _standing(ctx, consent_id)
    if row is None or row.case_id != case.id:
        raise NotFound
    row.withdrawn_at, row.withdrawn_by = ctx.now(), ctx.actor.person_id
    trail.note(ctx, case, "consent_withdrawn", thing_id=consent_id)


def withdraw_own(ctx: Context, consent_id: UUID) -> None:
    """By the person, on their own page."""
    row = _standing(ctx, consent_id)
    case = (
        ctx.db.scalars(select(CaseFile).where(CaseFile.id == row.case_id)).first() if row else None
    )
    if row is None or case is None or case.person_id is None:
        raise NotFound
    READ_OWN_CASE.require(ctx.actor, Place(person_id=case.person_id))
    row.withdrawn_at, row.withdrawn_by = ctx.now(), ctx.actor.person_id
    audit.record(
        ctx,
        case.municipality_id,
        "case.consent_withdrawn",
        subject_id=case.person_id,
        thing_id=case.id,
        details={"row": str(consent_id)},
    )


def _standing(ctx: Context, consent_id: UUID) -> CaseConsent | None:
    return ctx.db.scalars(
        select(CaseConsent)
        .where(CaseConsent.id == consent_id, CaseConsent.withdrawn_at.is_(None))
        .with_for_update()
    ).first()
