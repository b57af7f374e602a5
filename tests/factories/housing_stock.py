"""Owners, offers and grants with lines, as housing officers would write them down; and what their
forms send."""

import io
from datetime import date
from uuid import UUID

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from civic.housing.models import BudgetLine
from civic.housing.operations.offers import (
    NewOffer,
    OfferFacts,
    OwnerFacts,
    accept_offer,
    plan_visit,
    write_offer,
    write_visit,
)
from civic.housing.rules.stock import OfferState, OwnerKind, UnitKind, WorkKind, WorkState
from civic.housing.sealing import sealed_of
from civic.housing.works_models import Work
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.tenancy.queries.standings import City
from tests.factories.housing import Lodge

PDF = b"%PDF-1.4 contratto di locazione"


def make_offer(
    ctx: Context,
    lodge: Lodge,
    owner: str = "Olga Owner",
    *,
    address: str = "via delle Rose 12",
    state: OfferState = OfferState.NEW,
) -> UUID:
    """Of a new owner; seen today where the state says that somebody was there."""
    ctx = ctx.acting(lodge.officer)
    today = rome_day(ctx.now())
    facts = OfferFacts("Barriera", 2, 45_000, today, address, "Ascensore nuovo")
    new = NewOffer(facts, owner=OwnerFacts(OwnerKind.PRIVATE, owner, "040 123456"))
    offer_id = write_offer(ctx, lodge.city.id, new)
    if state in (OfferState.VISITED, OfferState.ACCEPTED):
        visit_id = plan_visit(ctx, offer_id, today, lodge.officer.own_id)
        write_visit(ctx, offer_id, visit_id, "Luminoso", is_fit=True)
    if state is OfferState.ACCEPTED:
        accept_offer(ctx, offer_id)
    return offer_id


def make_line(
    ctx: Context, city: City, grant_id: UUID, code: str = "L1", amount_cents: int = 500_000
) -> UUID:
    line_id = ctx.new_id()
    ctx.db.add(
        BudgetLine(
            id=line_id,
            municipality_id=city.id,
            grant_id=grant_id,
            code=code,
            name="Piccoli lavori",
            amount_cents=amount_cents,
        )
    )
    ctx.db.flush()
    return line_id


def make_booked_work(
    ctx: Context, lodge: Lodge, line_id: UUID, cents: int, state: WorkState = WorkState.APPROVED
) -> None:
    """Of a state that its approval, or what came after or before it, left."""
    work_id = ctx.new_id()
    ctx.db.add(
        Work(
            id=work_id,
            municipality_id=lodge.city.id,
            unit_id=lodge.unit_id,
            kind=WorkKind.PAINTING,
            state=state,
            beds=[],
            requested_at=ctx.now(),
            budget_line_id=line_id,
            approved_cents=cents,
            approved_at=ctx.now(),
            sealed=sealed_of(ctx, lodge.city.id, lodge.unit_id, Work, work_id, {"words": ""}),
        )
    )
    ctx.db.flush()


def unit_sent(**other: object) -> dict[str, object]:
    """What the form of a new dwelling sends."""
    return {
        "name": "Casa Salvia",
        "kind": UnitKind.TEMPORARY.value,
        "quarter": "Cavana",
        "address": "via del Mare 3",
        "turnaround_nights": "2",
        "night_cost": "12,50",
        "beds": "2, 1",
        "from_night": date(2026, 4, 1).isoformat(),
        **other,
    }


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def send_file(
    client: FlaskClient, url: str, body: bytes, name: str = "pianta.pdf", **other: str
) -> TestResponse:
    told = {**other, "file": (io.BytesIO(body), name)}
    return client.post(url, data=told, content_type="multipart/form-data")
