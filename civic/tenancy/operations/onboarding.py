"""An association brings itself in, says what it is and shows its papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, update

from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.ids import short_code
from civic.kernel.slugs import slug_from
from civic.tenancy.errors import AlreadyAsked, AssociationKnown, NoCityChosen, TooManyDocuments
from civic.tenancy.models import (
    Association,
    AssociationDocument,
    AssociationInCity,
    Municipality,
)
from civic.tenancy.policy import RUN_ASSOCIATION
from civic.tenancy.queries import own
from civic.tenancy.rules import MOST_DOCUMENTS, LegalForm, Verification

SLUG_MARK = 4


@dataclass(frozen=True)
class AssociationFacts:
    """What an association says of itself."""

    name: str
    legal_form: LegalForm
    register_number: str
    about: str
    email: str
    phone: str


@dataclass(frozen=True)
class NewDocument:
    title: str
    media_type: str
    size: int
    stored_as: str


def apply(ctx: Context, facts: AssociationFacts, cities: Sequence[UUID]) -> UUID:
    """Somebody brings their association in and asks these cities to verify it.

    They hold no role by that: each city that verifies it makes them its organiser there.
    """
    RUN_ASSOCIATION.require(ctx.actor)
    if not cities:
        raise NoCityChosen
    if facts.register_number and own.is_known(ctx, facts.register_number):
        raise AssociationKnown
    mark = short_code(SLUG_MARK)
    association = Association(id=ctx.new_id(), slug=slug_from(facts.name, mark), name=facts.name)
    _take_over(association, facts)
    ctx.db.add(association)
    ctx.db.flush()
    for city in dict.fromkeys(cities):
        _ask(ctx, association.id, city)
    return association.id


def _take_over(association: Association, facts: AssociationFacts) -> None:
    association.name = facts.name
    association.legal_form = facts.legal_form
    association.register_number = facts.register_number
    association.about = facts.about
    association.email, association.phone = facts.email, facts.phone


def ask_in(ctx: Context, association_id: UUID, municipality_id: UUID) -> None:
    """Whoever runs the association asks one more city; after a refusal they may ask again."""
    own.own_association(ctx, association_id)
    _ask(ctx, association_id, municipality_id)


def _ask(ctx: Context, association_id: UUID, municipality_id: UUID) -> None:
    if ctx.db.get(Municipality, municipality_id) is None:
        raise NotFound
    ctx.enter(municipality_id)
    asked = {
        "verification": Verification.ASKED,
        "asked_at": ctx.now(),
        "asked_by": ctx.actor.person_id,
        "refusal_reason": "",
    }
    is_new = insert_once(
        ctx.db,
        AssociationInCity,
        id=ctx.new_id(),
        association_id=association_id,
        municipality_id=municipality_id,
        **asked,
    )
    if is_new:
        return
    again = cast(
        "CursorResult[Any]",
        ctx.db.execute(
            update(AssociationInCity)
            .where(AssociationInCity.association_id == association_id)
            .where(AssociationInCity.municipality_id == municipality_id)
            .where(AssociationInCity.verification == Verification.REFUSED)
            .values(asked)
        ),
    )
    if not again.rowcount:
        raise AlreadyAsked


def change_facts(ctx: Context, association_id: UUID, facts: AssociationFacts) -> None:
    own.own_association(ctx, association_id)
    if facts.register_number and own.is_known(ctx, facts.register_number, but=association_id):
        raise AssociationKnown
    _take_over(ctx.db.get_one(Association, association_id), facts)


def change_logo(ctx: Context, association_id: UUID, stored_as: str) -> str:
    """Show this file as the logo; returns the name of the one before, empty if there was none."""
    own.own_association(ctx, association_id)
    association = ctx.db.get_one(Association, association_id)
    before, association.logo = association.logo, stored_as
    return before


def add_document(
    ctx: Context, association_id: UUID, municipality_id: UUID, document: NewDocument
) -> UUID:
    """A paper for one city's officers to read; only a city that was asked gets any."""
    association = own.own_association(ctx, association_id)
    if municipality_id not in {standing.municipality_id for standing in association.standings}:
        raise NotFound
    if own.count_documents(ctx, association_id, municipality_id) >= MOST_DOCUMENTS:
        raise TooManyDocuments(most=MOST_DOCUMENTS)
    ctx.enter(municipality_id)
    row = AssociationDocument(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        association_id=association_id,
        title=document.title,
        media_type=document.media_type,
        size=document.size,
        stored_as=document.stored_as,
        uploaded_by=ctx.actor.person_id,
        uploaded_at=ctx.now(),
    )
    ctx.db.add(row)
    ctx.db.flush()
    return row.id
