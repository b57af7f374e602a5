"""The agreement of a stay: made with what they pay, signed by both on a screen or on paper, and set
aside when the stay is no longer as it says.

Whoever makes or signs one holds the stay first, so that it does not change between two signatures.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.housing.agreement_contents import agreement_content
from civic.housing.errors import StayOver
from civic.housing.events import AgreementFrozen
from civic.housing.operations.files import About, Paper, keep_file
from civic.housing.operations.trail import note
from civic.housing.placing_models import Placement, Resident
from civic.housing.queries.gate import placement_for
from civic.housing.queries.own_home import own_stay
from civic.housing.queries.stay_page import documents_of, was_hidden
from civic.housing.rules.placing import LIVING
from civic.housing.rules.stock import FileKind
from civic.housing.stay_errors import AgreementStands, DayToCome, SignedOnScreen
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.i18n import N_
from civic.kernel.outbox import emit
from civic.signatures import operations as signatures
from civic.signatures import queries as papers
from civic.signatures.operations import Draft
from civic.signatures.queries import Document
from civic.signatures.rules import Kind, content_hash

TERMS_CHANGED = N_("What they pay was changed.")


@dataclass(frozen=True)
class Terms:
    pays_cents: int
    """A month."""
    deposit_cents: int


def write_agreement(ctx: Context, placement_id: UUID, terms: Terms) -> UUID | None:
    """Keep the terms and freeze a paper to sign; None where who signs has no account, and it is
    printed. StayOver, and AgreementStands where both have signed this already. One that waits and
    says something else is set aside."""
    placement = _living(ctx, placement_id)
    is_same = (placement.pays_cents, placement.deposit_cents) == (
        terms.pays_cents,
        terms.deposit_cents,
    )
    if placement.signed_on is not None and is_same:
        raise AgreementStands
    placement.pays_cents, placement.deposit_cents = terms.pays_cents, terms.deposit_cents
    placement.signed_on = None
    ctx.db.flush()
    person_id = _account(ctx, placement)
    document_id = None if person_id is None else _freeze(ctx, placement, person_id)
    note(ctx, placement, "agreement_written", person_id=person_id, document=document_id)
    return document_id


def _freeze(ctx: Context, placement: Placement, person_id: UUID) -> UUID:
    content = agreement_content(ctx, placement)
    waiting = _waiting(ctx, placement)
    if waiting is not None and waiting.content_hash == content_hash(content):
        return waiting.id
    if waiting is not None:
        signatures.set_aside(ctx, waiting, TERMS_CHANGED)
    document_id = signatures.freeze(
        ctx,
        Draft(
            kind=Kind.AGREEMENT,
            about_id=placement.id,
            municipality_id=placement.municipality_id,
            association_id=None,
            person_id=person_id,
            content=content,
        ),
    )
    emit(
        ctx,
        AgreementFrozen(
            municipality_id=placement.municipality_id,
            document_id=document_id,
            person_id=person_id,
        ),
    )
    return document_id


def no_longer_stands(
    ctx: Context, placement: Placement, reason: str, *, is_over: bool = False
) -> None:
    """The stay changed, or `is_over`: what waits to be signed is set aside, and of a stay that goes
    on a new agreement is to be made. The stay is held; what both have signed stays as it was."""
    waiting = _waiting(ctx, placement)
    if waiting is not None:
        signatures.set_aside(ctx, waiting, reason)
    if not is_over:
        placement.signed_on = None
    ctx.db.flush()


def agreement_for(ctx: Context, placement_id: UUID, paper_id: UUID) -> tuple[Placement, Document]:
    """The gate of who keeps the stay, which is held: signing may complete the paper."""
    placement = placement_for(ctx, placement_id, holding=True)
    if was_hidden(ctx, placement.id):
        raise NotFound
    return placement, papers.document_about(ctx, Kind.AGREEMENT, placement.id, paper_id)


def read_agreement(ctx: Context, placement_id: UUID, paper_id: UUID) -> tuple[Placement, Document]:
    placement, document = agreement_for(ctx, placement_id, paper_id)
    note(ctx, placement, "agreement_read", person_id=document.person_id, document=document.id)
    return placement, document


def own_agreement(ctx: Context, paper_id: UUID, *, holding: bool = False) -> Document:
    """The gate of everybody who lives or lived there; only who signs for all can sign it."""
    kind, placement_id = papers.about(ctx, paper_id)
    if kind is not Kind.AGREEMENT:
        raise NotFound
    placement = own_stay(ctx, placement_id, holding=holding)
    return papers.document_about(ctx, kind, placement.id, paper_id)


def sign_for_service(ctx: Context, placement_id: UUID, paper_id: UUID) -> None:
    placement, document = agreement_for(ctx, placement_id, paper_id)
    is_complete = signatures.sign_as_service(ctx, document)
    _signed(ctx, placement, document, "agreement_signed", is_complete=is_complete)


def sign_own(ctx: Context, paper_id: UUID) -> None:
    document = own_agreement(ctx, paper_id, holding=True)
    is_complete = signatures.sign_as_person(ctx, document)
    placement = own_stay(ctx, document.about_id)
    _signed(ctx, placement, document, "agreement_signed_by_person", is_complete=is_complete)


def signed_in_person(
    ctx: Context, placement_id: UUID, document: Document, *, is_complete: bool
) -> None:
    """What follows once they have signed in front of the officer, in the same transaction."""
    placement = placement_for(ctx, placement_id, holding=True)
    _signed(ctx, placement, document, "agreement_signed_by_person", is_complete=is_complete)


def _signed(
    ctx: Context, placement: Placement, document: Document, what: str, *, is_complete: bool
) -> None:
    if is_complete:
        placement.signed_on = rome_day(ctx.now())
        ctx.db.flush()
    note(ctx, placement, what, person_id=document.person_id, document=document.id)


def set_agreement_aside(ctx: Context, placement_id: UUID, paper_id: UUID, reason: str) -> None:
    placement, document = agreement_for(ctx, placement_id, paper_id)
    signatures.set_aside(ctx, document, reason)
    note(ctx, placement, "agreement_set_aside", person_id=document.person_id, document=document.id)


def keep_signed(
    ctx: Context, store: FileStore, placement_id: UUID, paper: Paper, signed_on: date
) -> UUID:
    """The paper both have signed by hand, as a photo or scan. StayOver; SignedOnScreen where they have
    an account; DayToCome."""
    placement = _living(ctx, placement_id)
    if _account(ctx, placement) is not None:
        raise SignedOnScreen
    if signed_on > rome_day(ctx.now()):
        raise DayToCome
    about = About(placement.municipality_id, placement.id, placement.resident_id)
    file_id = keep_file(ctx, store, about, FileKind.SIGNED, paper)
    placement.signed_on = signed_on
    ctx.db.flush()
    note(ctx, placement, "agreement_kept", file=file_id)
    return file_id


def _living(ctx: Context, placement_id: UUID) -> Placement:
    placement = placement_for(ctx, placement_id, holding=True)
    if placement.state not in LIVING:
        raise StayOver
    return placement


def _waiting(ctx: Context, placement: Placement) -> Document | None:
    return next((each for each in documents_of(ctx, placement.id) if each.is_waiting), None)


def _account(ctx: Context, placement: Placement) -> UUID | None:
    return ctx.db.get_one(Resident, placement.resident_id).person_id
