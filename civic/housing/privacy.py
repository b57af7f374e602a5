"""What the housing room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.housing.nights_models import BedSpan
from civic.housing.placing_models import (
    Extension,
    HousingRequest,
    Placement,
    RequestMember,
    Resident,
)
from civic.housing.queries.stay_page import documents_of, dwelling_of
from civic.housing.rules.nights import SLEPT
from civic.housing.rules.placing import LIVING
from civic.housing.sealing import words_of
from civic.housing.support_privacy import market_of, support_of
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.signatures.queries import Document


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    """Incidents are left out: they are about a dwelling and about others as well. Whoever wants to
    know asks the municipality, which answers with what is theirs (GDPR, art. 15, paragraph 4).
    Nothing by a card and its PIN, which never open where somebody lives."""
    if ctx.actor.person_id != person_id:
        raise NotFound
    if ctx.actor.by_pin:
        return {}
    with unscoped(ctx.db, "a person takes away their data"):
        residents = ctx.db.scalars(select(Resident).where(Resident.person_id == person_id)).all()
        ids = [row.id for row in residents]
        return {
            "written_down_as": [_resident(ctx, row) for row in residents],
            "requests": [_request(ctx, row, ids) for row in _requests(ctx, ids)],
            "stays": [_stay(ctx, row, ids) for row in _stays(ctx, ids)],
            "rent_support": [each for row in residents for each in support_of(ctx, row)],
            "towards_an_own_lease": [market_of(ctx, row) for row in residents],
        }


def _resident(ctx: Context, row: Resident) -> dict[str, Any]:
    told = words_of(ctx, row.municipality_id, row.id, Resident, row.id, row.sealed)
    return {
        "name": told.get("name", ""),
        "phone": told.get("phone", ""),
        "gender": row.gender.value,
        "birth_year": row.birth_year,
        "birth_date": row.birth_date.isoformat() if row.birth_date else None,
        "needs_no_steps": row.needs_no_steps,
        "departed_on": row.departed_on.isoformat() if row.departed_on else None,
        "written": row.written_at.isoformat(),
    }


def _requests(ctx: Context, resident_ids: list[UUID]) -> list[HousingRequest]:
    return list(
        ctx.db.scalars(
            select(HousingRequest)
            .join(RequestMember, RequestMember.request_id == HousingRequest.id)
            .where(RequestMember.resident_id.in_(resident_ids))
            .order_by(HousingRequest.opened_at, HousingRequest.id)
        )
    )


def _request(ctx: Context, row: HousingRequest, ids: list[UUID]) -> dict[str, Any]:
    city, who = row.municipality_id, row.resident_id
    told = words_of(ctx, city, who, HousingRequest, row.id, row.sealed) if who in ids else {}
    return {
        "state": row.state.value,
        "source": row.source.value,
        "people": row.size,
        "urgency": row.urgency.value,
        "needs": row.needs,
        "criteria": row.criteria,
        "points": row.points,
        "wanted_from": row.wanted_from.isoformat(),
        "wanted_until": row.wanted_until.isoformat() if row.wanted_until else None,
        "opened": row.opened_at.isoformat(),
        "words": told.get("words", ""),
    }


def _stays(ctx: Context, resident_ids: list[UUID]) -> list[Placement]:
    of_theirs = select(BedSpan.placement_id).where(
        BedSpan.resident_id.in_(resident_ids), BedSpan.use.in_(SLEPT)
    )
    return list(
        ctx.db.scalars(
            select(Placement)
            .where(Placement.id.in_(of_theirs))
            .order_by(Placement.first_night, Placement.id)
        )
    )


def _stay(ctx: Context, row: Placement, ids: list[UUID]) -> dict[str, Any]:
    """Where it is only while they live there, as on their page. Free words are for who signs."""
    city, who = row.municipality_id, row.resident_id
    told = words_of(ctx, city, who, Placement, row.id, row.sealed) if who in ids else {}
    is_living = row.state in LIVING
    return {
        "state": row.state.value,
        "address": dwelling_of(ctx, row.unit_id).address if is_living else None,
        "first_night": row.first_night.isoformat(),
        "planned_until": row.until_night.isoformat(),
        "moved_in": row.moved_in_on.isoformat() if row.moved_in_on else None,
        "moved_out": row.moved_out_on.isoformat() if row.moved_out_on else None,
        "pays_cents_a_month": row.pays_cents,
        "deposit_cents": row.deposit_cents,
        "deposit_back_cents": row.deposit_back_cents,
        "signed": row.signed_on.isoformat() if row.signed_on else None,
        "outcome": row.outcome.value if row.outcome else None,
        "words": told.get("words", ""),
        "extensions": [_extension(ctx, row, each, ids) for each in _extensions(ctx, row.id)],
        "agreements": [_paper(each) for each in documents_of(ctx, row.id)],
    }


def _extensions(ctx: Context, placement_id: UUID) -> list[Extension]:
    return list(
        ctx.db.scalars(
            select(Extension)
            .where(Extension.placement_id == placement_id)
            .order_by(Extension.made_at, Extension.id)
        )
    )


def _extension(ctx: Context, stay: Placement, row: Extension, ids: list[UUID]) -> dict[str, Any]:
    city, who = stay.municipality_id, stay.resident_id
    told = words_of(ctx, city, who, Extension, row.id, row.sealed) if who in ids else {}
    return {
        "from": row.from_night.isoformat(),
        "to": row.to_night.isoformat(),
        "reason": told.get("reason", ""),
    }


def _paper(document: Document) -> dict[str, Any]:
    return {
        "number": document.number,
        "sha256": document.hash,
        "content": document.content,
        "signatures": [
            {
                "side": signed.side.value,
                "name": signed.signer_name,
                "how": signed.means.value,
                "at": signed.signed_at.isoformat(),
                "drawing": signed.drawing,
            }
            for signed in document.signatures.values()
        ],
    }
