"""Stays on their way: with an account, moved in, agreed, past their end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations import moving
from civic.housing.operations.moving import Counting, Leaving
from civic.housing.placing_models import Placement
from civic.housing.rules.nights import SLEPT, Use
from civic.housing.rules.placing import Outcome
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import actor_of, make_person
from tests.factories.housing import Lodge, make_lodge, make_request, make_resident, make_stay


@dataclass(frozen=True)
class Home:
    """A lodge in which a mother with an account and her child, who has none, have a place."""

    lodge: Lodge
    mother: Actor
    mother_id: UUID
    child_id: UUID
    request_id: UUID
    stay_id: UUID

    @property
    def officer(self) -> Actor:
        return self.lodge.officer


def make_home(ctx: Context, *, first: date | None = None, nights: int = 30) -> Home:
    """Booked from today on, unless told otherwise; the mother in the first bed."""
    lodge = make_lodge(ctx, beds=4)
    person_id = make_person(
        ctx, "أمينة", lodge.city, languages=("ar",), page_language="ar", phone="+393331234567"
    )
    mother_id = make_resident(ctx, lodge.city, "أمينة بنت يوسف", person_id=person_id)
    child_id = make_resident(ctx, lodge.city, "Sami", birth_year=2019)
    request_id = make_request(ctx, lodge.city, [mother_id, child_id], language="ar")
    beds = lodge.beds[:2] if mother_id < child_id else lodge.beds[1::-1]
    stay_id = make_stay(ctx, lodge, request_id, first=first, nights=nights, beds=beds)
    mother = actor_of(ctx, person_id)
    return Home(lodge, mother, mother_id, child_id, request_id, stay_id)


def make_guest(
    ctx: Context,
    lodge: Lodge,
    name: str = "Awa Sarr",
    *,
    beds: Sequence[UUID] | None = None,
    first: date | None = None,
    nights: int = 30,
    language: str = "fr",
) -> UUID:
    """Somebody without an account gets a place; returns their stay."""
    resident_id = make_resident(ctx.acting(system_in(lodge.city.id)), lodge.city, name)
    request_id = make_request(ctx, lodge.city, [resident_id], language=language)
    return make_stay(ctx, lodge, request_id, beds=beds, first=first, nights=nights)


def account_stay(ctx: Context, lodge: Lodge, beds: Sequence[UUID]) -> UUID:
    """Of somebody who has an account and reads French, from today on."""
    person_id = make_person(ctx, "Awa", lodge.city, page_language="fr")
    resident_id = make_resident(ctx, lodge.city, "Awa Sarr", person_id=person_id)
    request_id = make_request(ctx, lodge.city, [resident_id])
    return make_stay(ctx, lodge, request_id, beds=beds)


def came(ctx: Context, stay_id: UUID, day: date | None = None) -> None:
    """They move in: today, or on that day."""
    moving.move_in(ctx, stay_id, Counting(day or rome_day(ctx.now())))


def left(
    ctx: Context, stay_id: UUID, day: date | None = None, outcome: Outcome = Outcome.OWN_LEASE
) -> None:
    counting = Counting(day or rome_day(ctx.now()))
    paid = ctx.db.get_one(Placement, stay_id).deposit_cents
    moving.move_out(ctx, stay_id, Leaving(counting, outcome, True, paid, ""))


def nights_of(ctx: Context, stay_id: UUID) -> Mapping[UUID, list[tuple[date, UUID, Use]]]:
    """Of each person the nights that are theirs: when, in which bed, and as what."""
    rows = ctx.db.execute(
        select(BedNight.resident_id, BedNight.night, BedNight.bed_id, BedSpan.use)
        .join(BedSpan, BedSpan.id == BedNight.span_id)
        .where(BedSpan.placement_id == stay_id, BedSpan.use.in_(SLEPT))
        .order_by(BedNight.night)
    )
    found: dict[UUID, list[tuple[date, UUID, Use]]] = {}
    for resident_id, night, bed_id, use in rows:
        assert resident_id is not None
        found.setdefault(resident_id, []).append((night, bed_id, use))
    return found


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=place) for place in range(count)]
