"""Dwellings, households that ask for a home, and stays, as housing officers would lay them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.housing.models import Bed, HousingGrant, Room, Unit, UnitTeam
from civic.housing.operations.stays import NewStay, place
from civic.housing.placing_models import HousingRequest, RequestMember, Resident
from civic.housing.rules.placing import RequestState, Source, Urgency
from civic.housing.rules.stock import Gender, UnitKind, Who
from civic.housing.sealing import sealed_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_staff
from tests.factories.tenancy import make_city

LONG_AGO = date(2024, 1, 1)


@dataclass(frozen=True)
class Lodge:
    """A city, the officer who places people there, and a dwelling with its beds."""

    city: City
    officer: Actor
    unit_id: UUID
    beds: tuple[UUID, ...]


def make_lodge(ctx: Context, beds: int = 2, slug: str = "trieste") -> Lodge:
    city = make_city(ctx, slug)
    officer = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, city, name="Hugo Housing"))
    unit_id, made = make_unit(ctx, city, rooms=(beds,))
    return Lodge(city, officer, unit_id, made)


def make_unit(
    ctx: Context,
    city: City,
    name: str = "Casa Ginestra",
    rooms: Sequence[int] = (2,),
    *,
    kind: UnitKind = UnitKind.COHOUSING,
    takes: Sequence[Who] = (),
    is_step_free: bool = False,
    step_free_rooms: Sequence[int] = (),
    only_for: Gender | None = None,
    team: Sequence[UUID] = (),
    grant_id: UUID | None = None,
    turnaround_nights: int = 1,
    night_cost_cents: int = 0,
    from_night: date = LONG_AGO,
    quarter: str = "San Giacomo",
) -> tuple[UUID, tuple[UUID, ...]]:
    """A dwelling with as many beds in each room as `rooms` says; a safe house where a team is named.
    Returns its id and those of its beds, room by room."""
    unit_id = ctx.new_id()
    words = {
        "address": "via dei Giacinti 7, interno 3",
        "entry": "",
        "contact_day": "040 0000001",
        "contact_night": "040 0000002",
        "rules": "",
    }
    ctx.db.add(
        Unit(
            id=unit_id,
            municipality_id=city.id,
            name=name,
            kind=kind,
            quarter=quarter,
            takes=[each.value for each in takes],
            is_step_free=is_step_free,
            is_safe_house=bool(team),
            grant_id=grant_id,
            turnaround_nights=turnaround_nights,
            night_cost_cents=night_cost_cents,
            sealed=sealed_of(ctx, city.id, unit_id, Unit, unit_id, words),
        )
    )
    ctx.db.flush()
    for person_id in team:
        ctx.db.add(UnitTeam(unit_id=unit_id, person_id=person_id, municipality_id=city.id))
    made: list[UUID] = []
    for number, size in enumerate(rooms, start=1):
        room_id = ctx.new_id()
        ctx.db.add(
            Room(
                id=room_id,
                municipality_id=city.id,
                unit_id=unit_id,
                name=f"Stanza {number}",
                is_step_free=number in step_free_rooms,
                only_for=only_for,
            )
        )
        ctx.db.flush()
        for place_number in range(1, size + 1):
            bed_id = ctx.new_id()
            ctx.db.add(
                Bed(
                    id=bed_id,
                    municipality_id=city.id,
                    unit_id=unit_id,
                    room_id=room_id,
                    name=f"letto {place_number}",
                    from_night=from_night,
                )
            )
            made.append(bed_id)
    ctx.db.flush()
    return unit_id, tuple(made)


def make_grant(
    ctx: Context, city: City, code: str = "PON-1", amount_cents: int = 10_000_000
) -> UUID:
    grant_id = ctx.new_id()
    ctx.db.add(
        HousingGrant(
            id=grant_id,
            municipality_id=city.id,
            code=code,
            name=f"Grant {code}",
            amount_cents=amount_cents,
            starts_on=LONG_AGO,
            ends_on=date(2029, 12, 31),
        )
    )
    ctx.db.flush()
    return grant_id


def make_resident(
    ctx: Context,
    city: City,
    name: str = "Awa Sarr",
    *,
    gender: Gender = Gender.UNTOLD,
    birth_year: int | None = 1995,
    person_id: UUID | None = None,
    needs_no_steps: bool = False,
) -> UUID:
    resident_id = ctx.new_id()
    words = {"name": name, "phone": ""}
    ctx.db.add(
        Resident(
            id=resident_id,
            municipality_id=city.id,
            person_id=person_id,
            gender=gender,
            birth_year=birth_year,
            needs_no_steps=needs_no_steps,
            written_at=ctx.now(),
            sealed=sealed_of(ctx, city.id, resident_id, Resident, resident_id, words),
        )
    )
    ctx.db.flush()
    return resident_id


def make_request(
    ctx: Context,
    city: City,
    residents: Sequence[UUID] = (),
    *,
    language: str = "fr",
    source: Source = Source.DESK,
    case_id: UUID | None = None,
) -> UUID:
    """Of these people, the first of whom asks for all; of somebody new where none are given."""
    people = list(residents) or [make_resident(ctx, city)]
    request_id = ctx.new_id()
    ctx.db.add(
        HousingRequest(
            id=request_id,
            municipality_id=city.id,
            resident_id=people[0],
            case_id=case_id,
            source=source,
            state=RequestState.WAITING,
            language=language,
            size=len(people),
            urgency=Urgency.THIS_WEEK,
            needs=[],
            criteria=[],
            points=0,
            wanted_from=rome_day(ctx.now()),
            opened_at=ctx.now(),
            sealed=sealed_of(ctx, city.id, people[0], HousingRequest, request_id, {"words": ""}),
        )
    )
    ctx.db.flush()
    for resident_id in people:
        ctx.db.add(
            RequestMember(request_id=request_id, resident_id=resident_id, municipality_id=city.id)
        )
    ctx.db.flush()
    return request_id


def members_of(ctx: Context, request_id: UUID) -> list[UUID]:
    return list(
        ctx.db.scalars(
            select(RequestMember.resident_id)
            .where(RequestMember.request_id == request_id)
            .order_by(RequestMember.resident_id)
        )
    )


def make_stay(
    ctx: Context,
    lodge: Lodge,
    request_id: UUID,
    *,
    first: date | None = None,
    nights: int = 30,
    beds: Sequence[UUID] | None = None,
) -> UUID:
    """Booked by the officer; from today on and in the first beds, unless told otherwise."""
    first = first or rome_day(ctx.now())
    people = members_of(ctx, request_id)
    chosen = dict(zip(people, beds or lodge.beds, strict=False))
    new = NewStay(request_id, lodge.unit_id, chosen, first, first + timedelta(days=nights))
    return place(ctx.acting(lodge.officer), new)
