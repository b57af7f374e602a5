"""One stay with all that hangs on it, for who keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, not_, select

from civic.accounts import queries as accounts
from civic.housing.models import Bed, HousingFile, Room, Unit
from civic.housing.nights_models import BedSpan
from civic.housing.placing_models import (
    Extension,
    FollowUp,
    HousingRequest,
    Inventory,
    Placement,
    Resident,
)
from civic.housing.queries.gate import Member, is_visible, member_of
from civic.housing.queries.support_gate import may_show
from civic.housing.rules.living import is_over
from civic.housing.rules.nights import SLEPT
from civic.housing.rules.placing import InventoryKind, Outcome, StayState
from civic.housing.rules.stock import FileKind, UnitKind
from civic.housing.rules.support import SupportKind
from civic.housing.sealing import words_of
from civic.housing.support_models import SupportDecision, SupportInstalment
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.plans.queries.review_days import ReviewDay, review_days
from civic.signatures import queries as papers
from civic.signatures.queries import Document
from civic.signatures.rules import Kind


@dataclass(frozen=True)
class Dwelling:
    """What is said of it to those who place somebody there, and to those who live there."""

    id: UUID
    name: str
    kind: UnitKind
    is_safe_house: bool
    address: str
    entry: str
    contact_day: str
    contact_night: str
    rules: str


@dataclass(frozen=True)
class Slept:
    """One person in one bed for nights in a row; the past ones show where they were before."""

    resident_id: UUID
    unit_id: UUID
    unit_name: str
    bed_id: UUID
    bed: str
    first: date
    until: date


@dataclass(frozen=True)
class Counted:
    kind: InventoryKind
    things: tuple[dict[str, Any], ...]
    meters: dict[str, str]
    made_on: date
    is_agreed: bool


@dataclass(frozen=True)
class Longer:
    from_night: date
    to_night: date
    reason: str
    has_review: bool


@dataclass(frozen=True)
class Asked:
    id: UUID
    months: int
    due_on: date
    asked_on: date | None
    found: Outcome | None


@dataclass(frozen=True)
class Scan:
    id: UUID
    added_at: datetime


@dataclass(frozen=True)
class StayFacts:
    id: UUID
    municipality_id: UUID
    request_id: UUID
    unit_id: UUID
    signer: Member
    state: StayState
    first: date
    until: date
    is_open_ended: bool
    is_emergency: bool
    is_over: bool
    pays_cents: int
    deposit_cents: int
    deposit_back_cents: int | None
    signed_on: date | None
    moved_in_on: date | None
    moved_out_on: date | None
    overstay_until: date | None
    outcome: Outcome | None
    is_clean: bool | None
    words: str
    overstay_reason: str


@dataclass(frozen=True)
class Support:
    id: UUID
    kind: SupportKind


@dataclass(frozen=True)
class StayPage:
    stay: StayFacts
    dwelling: Dwelling
    members: tuple[Member, ...]
    slept: tuple[Slept, ...]
    counted: dict[InventoryKind, Counted]
    extensions: tuple[Longer, ...]
    follow_ups: tuple[Asked, ...]
    documents: tuple[Document, ...]
    """The newest first."""
    scans: tuple[Scan, ...]
    supports: tuple[Support, ...]
    """Rent support for it with parts still to come: after the end somebody should look at it."""

    @property
    def waiting(self) -> Document | None:
        return next((each for each in self.documents if each.is_waiting), None)

    def now_in(self, resident_id: UUID) -> Slept | None:
        """Their last bed."""
        return next(
            (each for each in reversed(self.slept) if each.resident_id == resident_id), None
        )


def stay_page(ctx: Context, row: Placement) -> StayPage:
    """Of a stay that came through a gate."""
    slept = slept_of(ctx, row.id)
    return StayPage(
        stay=facts_of(ctx, row),
        dwelling=dwelling_of(ctx, row.unit_id),
        members=members_of(ctx, row.id),
        slept=tuple(slept),
        counted=_counted(ctx, row.id),
        extensions=_extensions(ctx, row),
        follow_ups=_follow_ups(ctx, row.id),
        documents=() if was_hidden(ctx, row.id) else documents_of(ctx, row.id),
        scans=() if was_hidden(ctx, row.id) else scans_of(ctx, row.id),
        supports=_supports(ctx, row.id),
    )


def _supports(ctx: Context, placement_id: UUID) -> tuple[Support, ...]:
    to_come = exists(
        select(SupportInstalment.id)
        .where(SupportInstalment.decision_id == SupportDecision.id)
        .where(SupportInstalment.due_on > rome_day(ctx.now()))
    )
    rows = ctx.db.execute(
        select(SupportDecision.id, SupportDecision.kind)
        .outerjoin(Unit, Unit.id == SupportDecision.unit_id)
        .where(SupportDecision.placement_id == placement_id, to_come, may_show(ctx))
        .where(SupportDecision.cancelled_at.is_(None))
        .order_by(SupportDecision.decided_at)
    )
    return tuple(Support(row.id, row.kind) for row in rows)


def facts_of(ctx: Context, row: Placement) -> StayFacts:
    signer = member_of(ctx, ctx.db.get_one(Resident, row.resident_id))
    city, who = row.municipality_id, row.resident_id
    told = words_of(ctx, city, who, Placement, row.id, row.sealed)
    return StayFacts(
        id=row.id,
        municipality_id=row.municipality_id,
        request_id=row.request_id,
        unit_id=row.unit_id,
        signer=signer,
        state=row.state,
        first=row.first_night,
        until=row.until_night,
        is_open_ended=row.is_open_ended,
        is_emergency=row.is_emergency,
        is_over=row.state is StayState.MOVED_IN and is_over(row.until_night, ctx.now()),
        pays_cents=row.pays_cents,
        deposit_cents=row.deposit_cents,
        deposit_back_cents=row.deposit_back_cents,
        signed_on=row.signed_on,
        moved_in_on=row.moved_in_on,
        moved_out_on=row.moved_out_on,
        overstay_until=row.overstay_until,
        outcome=row.outcome,
        is_clean=row.is_clean,
        words=told.get("words", ""),
        overstay_reason=told.get("overstay", ""),
    )


def dwelling_of(ctx: Context, unit_id: UUID) -> Dwelling:
    unit = ctx.db.get_one(Unit, unit_id)
    told = words_of(ctx, unit.municipality_id, unit.id, Unit, unit.id, unit.sealed)
    return Dwelling(
        id=unit.id,
        name=unit.name,
        kind=unit.kind,
        is_safe_house=unit.is_safe_house,
        address=told.get("address", ""),
        entry=told.get("entry", ""),
        contact_day=told.get("contact_day", ""),
        contact_night=told.get("contact_night", ""),
        rules=told.get("rules", ""),
    )


def members_of(ctx: Context, placement_id: UUID) -> tuple[Member, ...]:
    """Everybody who has, or had, a bed by this stay; who signs for them first."""
    signer_id = ctx.db.get_one(Placement, placement_id).resident_id
    rows = ctx.db.scalars(
        select(Resident)
        .where(
            Resident.id.in_(
                select(BedSpan.resident_id).where(
                    BedSpan.placement_id == placement_id, BedSpan.use.in_(SLEPT)
                )
            )
        )
        .order_by(Resident.written_at, Resident.id)
    )
    ordered = sorted(rows, key=lambda row: row.id != signer_id)
    return tuple(member_of(ctx, row) for row in ordered)


def slept_of(ctx: Context, placement_id: UUID) -> list[Slept]:
    rows = ctx.db.execute(
        select(
            BedSpan.resident_id,
            Unit.id,
            Unit.name,
            Bed.id,
            Room.name,
            Bed.name,
            BedSpan.first_night,
            BedSpan.until_night,
        )
        .join(Bed, Bed.id == BedSpan.bed_id)
        .join(Room, Room.id == Bed.room_id)
        .join(Unit, Unit.id == Bed.unit_id)
        .where(BedSpan.placement_id == placement_id, BedSpan.use.in_(SLEPT))
        .where(BedSpan.until_night > BedSpan.first_night, is_visible(ctx))
        .order_by(BedSpan.first_night, Room.name, Bed.name)
    )
    return [
        Slept(who, unit_id, unit_name, bed_id, f"{room} · {bed}", first, until)
        for who, unit_id, unit_name, bed_id, room, bed, first, until in rows
        if who is not None
    ]


def was_hidden(ctx: Context, placement_id: UUID) -> bool:
    """Whether they once slept where the actor may not look, in a safe house: its papers stay closed
    to them after a move, too. Residents read their own by another gate."""
    hidden = (
        select(BedSpan.id)
        .join(Bed, Bed.id == BedSpan.bed_id)
        .join(Unit, Unit.id == Bed.unit_id)
        .where(BedSpan.placement_id == placement_id, BedSpan.until_night > BedSpan.first_night)
        .where(not_(is_visible(ctx)))
    )
    return ctx.db.scalars(hidden.limit(1)).first() is not None


def documents_of(ctx: Context, placement_id: UUID) -> tuple[Document, ...]:
    found = papers.documents_about(ctx, Kind.AGREEMENT, [placement_id])
    return tuple(found.get(placement_id, ()))


def scans_of(ctx: Context, placement_id: UUID) -> tuple[Scan, ...]:
    rows = ctx.db.execute(
        select(HousingFile.id, HousingFile.added_at)
        .where(HousingFile.about_id == placement_id, HousingFile.kind == FileKind.SIGNED)
        .where(HousingFile.removed_at.is_(None))
        .order_by(HousingFile.added_at.desc(), HousingFile.id)
    )
    return tuple(Scan(*row) for row in rows)


def reviews_to_choose(ctx: Context, stay: StayFacts) -> list[ReviewDay]:
    """The days on which the plan of who signs was looked at; none for who has no account or plan."""
    if stay.signer.person_id is None:
        return []
    return review_days(ctx, stay.signer.person_id, stay.municipality_id)


def language_of(ctx: Context, row: Placement) -> str:
    """In which whoever signs reads: that of their pages, else the one the request names."""
    person_id = ctx.db.get_one(Resident, row.resident_id).person_id
    if person_id is not None:
        return accounts.page_language_of(ctx, person_id)
    return ctx.db.get_one(HousingRequest, row.request_id).language


@dataclass(frozen=True)
class FollowUpRow:
    id: UUID
    placement_id: UUID
    name: str
    unit_name: str
    months: int
    due_on: date
    moved_out_on: date | None
    is_due: bool


MOST_FOLLOW_UPS = 100


def open_follow_ups(ctx: Context, municipality_id: UUID) -> list[FollowUpRow]:
    """Those that nobody has asked yet, the oldest first."""
    rows = ctx.db.execute(
        select(FollowUp, Placement, Resident, Unit.name)
        .join(Placement, Placement.id == FollowUp.placement_id)
        .join(Resident, Resident.id == Placement.resident_id)
        .join(Unit, Unit.id == Placement.unit_id)
        .where(Placement.municipality_id == municipality_id, is_visible(ctx))
        .where(FollowUp.asked_on.is_(None))
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(MOST_FOLLOW_UPS)
    )
    today = rome_day(ctx.now())
    return [
        FollowUpRow(
            id=follow_up.id,
            placement_id=placement.id,
            name=member_of(ctx, resident).name,
            unit_name=unit_name,
            months=follow_up.months,
            due_on=follow_up.due_on,
            moved_out_on=placement.moved_out_on,
            is_due=follow_up.due_on <= today,
        )
        for follow_up, placement, resident, unit_name in rows
    ]


def _counted(ctx: Context, placement_id: UUID) -> dict[InventoryKind, Counted]:
    rows = ctx.db.scalars(select(Inventory).where(Inventory.placement_id == placement_id))
    return {
        row.kind: Counted(row.kind, tuple(row.things), row.meters, row.made_on, row.is_agreed)
        for row in rows
    }


def _extensions(ctx: Context, placement: Placement) -> tuple[Longer, ...]:
    rows: Sequence[Extension] = ctx.db.scalars(
        select(Extension)
        .where(Extension.placement_id == placement.id)
        .order_by(Extension.made_at, Extension.id)
    ).all()
    city, who = placement.municipality_id, placement.resident_id
    return tuple(
        Longer(
            row.from_night,
            row.to_night,
            words_of(ctx, city, who, Extension, row.id, row.sealed).get("reason", ""),
            row.review_id is not None,
        )
        for row in rows
    )


def _follow_ups(ctx: Context, placement_id: UUID) -> tuple[Asked, ...]:
    rows = ctx.db.scalars(
        select(FollowUp).where(FollowUp.placement_id == placement_id).order_by(FollowUp.months)
    )
    return tuple(Asked(row.id, row.months, row.due_on, row.asked_on, row.found) for row in rows)
