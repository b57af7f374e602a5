"""A dwelling with a row behind everything that an address of the housing pages can name."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.housing.models import HousingFile, Lease, Offer, Room, Visit
from civic.housing.nights_models import BedSpan
from civic.housing.operations import bank
from civic.housing.operations.agreements import Terms, write_agreement
from civic.housing.operations.checks import NewCheck, add_check
from civic.housing.operations.closures import close_beds
from civic.housing.operations.incidents import NewIncident, write_incident
from civic.housing.operations.market import FlatWords, keep_flat
from civic.housing.operations.payments import NewPayment, pay
from civic.housing.operations.proposals import NewProposal, propose
from civic.housing.operations.support import NewSupport, decide
from civic.housing.placing_models import FollowUp, Placement, Resident
from civic.housing.rules.ledger import Payer
from civic.housing.rules.ledger import Step as LateStep
from civic.housing.rules.market import FlatState
from civic.housing.rules.nights import Nights, Use, VoidReason
from civic.housing.rules.placing import IncidentKind
from civic.housing.rules.stock import CheckKind, Direction, FileKind, OfferState
from civic.housing.rules.support import Curve, SupportKind
from civic.housing.support_models import ArrearsNotice, SupportInstalment
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from tests.factories.accounts import actor_of
from tests.factories.housing import Lodge, make_grant, make_lodge, make_request, members_of
from tests.factories.housing_stays import account_stay, came
from tests.factories.housing_stock import make_line, make_offer
from tests.factories.housing_support import Line, csv_of
from tests.factories.housing_works import make_work


def housing_with_everything(ctx: Context) -> dict[str, UUID | str]:
    """Of Potenza."""
    found = stock_with_everything(ctx)
    return found | support_with_everything(ctx, found)


def stock_with_everything(ctx: Context) -> dict[str, UUID | str]:
    lodge = make_lodge(ctx, slug="potenza")
    city = lodge.city
    offer_id = make_offer(ctx, lodge, state=OfferState.VISITED)
    grant_id = make_grant(ctx, city)
    lease_id, file_id = ctx.new_id(), ctx.new_id()
    of_city: dict[str, Any] = {"municipality_id": city.id}
    ctx.db.add_all([
        Lease(id=lease_id, unit_id=lodge.unit_id, direction=Direction.IN, rent_cents=1,
              starts_on=rome_day(ctx.now()), deposit_cents=0, written_at=ctx.now(), **of_city),
        HousingFile(id=file_id, about_id=lodge.unit_id, subject_id=lodge.unit_id, added_at=ctx.now(),
                    kind=FileKind.PHOTO, media_type="image/jpeg", stored_as="0" * 32, **of_city),
    ])  # fmt: skip
    ctx.db.flush()
    return {
        "offer_id": offer_id,
        "visit_id": ctx.db.scalars(select(Visit.id).where(Visit.offer_id == offer_id)).one(),
        "owner_id": ctx.db.get_one(Offer, offer_id).owner_id,
        "unit_id": lodge.unit_id,
        "room_id": ctx.db.scalars(select(Room.id).where(Room.unit_id == lodge.unit_id)).one(),
        "bed_id": lodge.beds[0],
        "lease_id": lease_id,
        "file_id": file_id,
        "grant_id": grant_id,
        "line_id": make_line(ctx, city, grant_id),
        **works_with_everything(ctx, lodge),
        **stays_with_everything(ctx, lodge),
        **requests_with_everything(ctx, lodge),
    }


def requests_with_everything(ctx: Context, lodge: Lodge) -> dict[str, UUID | str]:
    """Somebody who waits, and the first bed proposed to them for a day long from now."""
    officer, first = ctx.acting(lodge.officer), rome_day(ctx.now()) + timedelta(days=200)
    request_id = make_request(ctx, lodge.city)
    (resident_id,) = members_of(ctx, request_id)
    nights = Nights(first, first + timedelta(days=9))
    beds = {resident_id: lodge.beds[0]}
    new = NewProposal(request_id, lodge.unit_id, beds, nights, is_open_ended=False)
    return {
        "request_id": request_id,
        "resident_id": resident_id,
        "home_proposal_id": propose(officer, new),
    }


def works_with_everything(ctx: Context, lodge: Lodge) -> dict[str, UUID | str]:
    """Of the first bed, which is free from today on for a month."""
    officer, today = ctx.acting(lodge.officer), rome_day(ctx.now())
    work_id = make_work(ctx, lodge, beds=1, first=today + timedelta(days=20))
    check_id = add_check(officer, lodge.unit_id, NewCheck(CheckKind.BOILER, 12, today))
    until = today + timedelta(days=3)
    close_beds(officer, lodge.unit_id, lodge.beds[:1], today, until, VoidReason.PESTS)
    closure = select(BedSpan.id).where(BedSpan.use == Use.VOID, BedSpan.bed_id == lodge.beds[0])
    return {
        "work_id": work_id,
        "check_id": check_id,
        "span_id": ctx.db.scalars(closure).one(),
    }


def stays_with_everything(ctx: Context, lodge: Lodge) -> dict[str, UUID | str]:
    """In the second bed: a stay that is under way, with its agreement, what happened, and what is to
    be asked one day."""
    stay_id = account_stay(ctx, lodge, lodge.beds[1:2])
    officer, of_city = ctx.acting(lodge.officer), {"municipality_id": lodge.city.id}
    came(officer, stay_id)
    follow_up_id, file_id = ctx.new_id(), ctx.new_id()
    ctx.db.add_all([
        FollowUp(id=follow_up_id, placement_id=stay_id, months=6, due_on=rome_day(ctx.now()),
                 **of_city),
        HousingFile(id=file_id, about_id=stay_id, subject_id=lodge.unit_id, added_at=ctx.now(),
                    kind=FileKind.SIGNED, media_type="image/jpeg", stored_as="0" * 32, **of_city),
    ])  # fmt: skip
    ctx.db.flush()
    happened = NewIncident(
        lodge.unit_id, stay_id, IncidentKind.QUARREL, ctx.now(), "Hanno litigato", ""
    )
    agreement_id = write_agreement(officer, stay_id, Terms(0, 0))
    assert agreement_id is not None
    return {
        "placement_id": stay_id,
        "agreement_id": agreement_id,
        "stay_follow_up_id": follow_up_id,
        "signed_file_id": file_id,
        "incident_id": write_incident(officer, happened),
    }


def support_with_everything(ctx: Context, of_city: dict[str, UUID | str]) -> dict[str, UUID | str]:
    """Of whoever waits: a rent that is late, a payment, the bank's file, and a flat they look at."""
    resident_id, grant_id = UUID(str(of_city["resident_id"])), UUID(str(of_city["grant_id"]))
    today = rome_day(ctx.now())
    rent = NewSupport(
        resident_id, grant_id, SupportKind.RENT, 40_000, 2, today - timedelta(days=9),
        Curve(500, 1000),
    )  # fmt: skip
    decision_id = decide(ctx, rent)
    line = Line(today, "1.00", "affitto", "Qualcuno", "CRO000999")
    file, source = bank.read(csv_of([line]))
    city_id = ctx.db.get_one(Resident, resident_id).municipality_id
    part = select(SupportInstalment.id).where(SupportInstalment.decision_id == decision_id)
    notice = ArrearsNotice(
        id=ctx.new_id(), municipality_id=city_id, decision_id=decision_id, step=LateStep.CALL,
        instalment_id=ctx.db.scalars(part.order_by(SupportInstalment.number)).first(),
        seen_on=today,
    )  # fmt: skip
    ctx.db.add(notice)
    ctx.db.flush()
    officer = ctx.db.get_one(Placement, UUID(str(of_city["placement_id"]))).placed_by
    assert officer is not None
    return {
        "decision_id": decision_id,
        "payment_id": pay(ctx, decision_id, NewPayment(Payer.TENANT, 100, today)),
        "notice_id": notice.id,
        "import_id": bank.bring(ctx.acting(actor_of(ctx, officer)), city_id, file, source),
        "flat_id": keep_flat(ctx, resident_id, FlatWords("Centro", 1, FlatState.TO_VIEW)),
    }
