"""Dwellings: written down with rooms and beds, changed, closed. Which nights a bed is there follows
from it alone; the nights themselves are written in `nights`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from civic.housing.models import Bed, HousingGrant, Owner, Unit, UnitTeam
from civic.housing.operations.files import About, Paper, keep_file
from civic.housing.operations.nights import hold_beds, take_bed_away
from civic.housing.operations.offers import link_unit
from civic.housing.operations.rooms import NewRoom, lay_rooms
from civic.housing.operations.trail import note
from civic.housing.queries.gate import is_visible, unit_for
from civic.housing.queries.officers import officers
from civic.housing.queries.stock_gate import grant_for, held_unit, owner_for, require_city
from civic.housing.rules.dwellings import check_day
from civic.housing.rules.nights import MOST_NIGHTS_BACK
from civic.housing.rules.stock import FileKind, UnitKind, Who
from civic.housing.sealing import sealed_of
from civic.housing.stock_errors import NoColleague, UnitAlreadyClosed, UnitNameTaken
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore


@dataclass(frozen=True)
class UnitFacts:
    name: str
    kind: UnitKind
    quarter: str
    address: str
    entry: str = ""
    contact_day: str = ""
    contact_night: str = ""
    rules: str = ""
    takes: Sequence[Who] = ()
    is_step_free: bool = False
    owner_id: UUID | None = None
    grant_id: UUID | None = None
    turnaround_nights: int = 1
    night_cost_cents: int = 0
    is_safe_house: bool = False
    team: Collection[UUID] = ()
    """Of a safe house, besides whoever writes it down."""


@dataclass(frozen=True)
class NewUnit:
    facts: UnitFacts
    rooms: Sequence[NewRoom]
    from_night: date
    offer_id: UUID | None = None
    """The accepted offer that it was."""
    id: UUID | None = None


def write_unit(ctx: Context, municipality_id: UUID, new: NewUnit) -> UUID:
    """All of it or nothing, and once where it is sent twice. UnitNameTaken, NoBeds, TooManyBeds,
    NoColleague, DayTooFar; OfferNotAccepted and OfferHasUnit of the offer."""
    require_city(ctx, municipality_id)
    check_day(new.from_night, rome_day(ctx.now()))
    unit_id = new.id or ctx.new_id()
    known = ctx.db.scalar(select(Unit.id).where(Unit.id == unit_id, is_visible(ctx)))
    if known is not None:
        return known
    unit = Unit(id=unit_id, municipality_id=municipality_id)
    _write_facts(ctx, unit, new.facts)
    _keep(ctx, unit)
    _write_team(ctx, unit, new.facts)
    if new.offer_id is not None:
        link_unit(ctx, new.offer_id, unit)
    lay_rooms(ctx, unit, new.rooms, new.from_night)
    note(ctx, unit, "unit_written", offer=new.offer_id)
    return unit_id


def change_unit(ctx: Context, unit_id: UUID, facts: UnitFacts) -> None:
    """UnitNameTaken, NoColleague."""
    unit = held_unit(ctx, unit_id)
    was_safe_house = unit.is_safe_house
    _write_facts(ctx, unit, facts)
    _keep(ctx, unit)
    _write_team(ctx, unit, facts)
    note(
        ctx,
        unit,
        "unit_changed" if was_safe_house == unit.is_safe_house else _safe_house_what(unit),
    )


def _safe_house_what(unit: Unit) -> str:
    return "safe_house_made" if unit.is_safe_house else "safe_house_ended"


def _write_facts(ctx: Context, unit: Unit, facts: UnitFacts) -> None:
    _check_name(ctx, unit, facts.name)
    if facts.owner_id is not None and facts.owner_id != unit.owner_id:
        _check_city(unit, owner_for(ctx, facts.owner_id))
    if facts.grant_id is not None:
        _check_city(unit, grant_for(ctx, facts.grant_id))
    unit.name, unit.kind, unit.quarter = facts.name, facts.kind, facts.quarter
    unit.takes = [each.value for each in facts.takes]
    unit.is_step_free, unit.is_safe_house = facts.is_step_free, facts.is_safe_house
    unit.owner_id, unit.grant_id = facts.owner_id, facts.grant_id
    unit.turnaround_nights, unit.night_cost_cents = facts.turnaround_nights, facts.night_cost_cents
    words = {
        "address": facts.address,
        "entry": facts.entry,
        "contact_day": facts.contact_day,
        "contact_night": facts.contact_night,
        "rules": facts.rules,
    }
    unit.sealed = sealed_of(ctx, unit.municipality_id, unit.id, Unit, unit.id, words)


def _check_city(unit: Unit, other: Owner | HousingGrant) -> None:
    """Somebody may work in two cities; their owners and grants stay apart."""
    if other.municipality_id != unit.municipality_id:
        raise NotFound


def _check_name(ctx: Context, unit: Unit, name: str) -> None:
    """Against what whoever writes may see: a refusal must not tell of a safe house."""
    with ctx.db.no_autoflush:
        other = ctx.db.scalar(
            select(Unit.id)
            .where(Unit.municipality_id == unit.municipality_id, Unit.name == name)
            .where(Unit.id != unit.id, is_visible(ctx))
            .limit(1)
        )
    if other is not None:
        raise UnitNameTaken(name=name)


def _keep(ctx: Context, unit: Unit) -> None:
    """Of two who write the same name at once, the unique index lets one through."""
    name = unit.name
    try:
        with ctx.db.begin_nested():
            ctx.db.add(unit)
            ctx.db.flush()
    except IntegrityError:
        raise UnitNameTaken(name=name) from None


def _write_team(ctx: Context, unit: Unit, facts: UnitFacts) -> None:
    """Whoever makes it a safe house, or changes it, is always on the team: else nobody might be left
    who knows of it."""
    team = set(facts.team) if facts.is_safe_house else set()
    if not team <= officers(ctx, unit.municipality_id).keys():
        raise NoColleague
    if facts.is_safe_house and ctx.actor.person_id is not None:
        team.add(ctx.actor.person_id)
    ctx.db.execute(
        delete(UnitTeam)
        .where(UnitTeam.unit_id == unit.id)
        .execution_options(synchronize_session=False)
    )
    ctx.db.add_all(
        UnitTeam(unit_id=unit.id, person_id=each, municipality_id=unit.municipality_id)
        for each in sorted(team)
    )
    ctx.db.flush()


def close_unit(ctx: Context, unit_id: UUID, day: date) -> None:
    """From that night on none of its beds is there, or, while one is booked, nothing changes:
    BedStillBooked. DayTooFar; UnitAlreadyClosed once a day named before has come."""
    unit = held_unit(ctx, unit_id)
    check_leaving(ctx, day)
    beds = hold_beds(ctx, _bed_ids(ctx, unit))
    _give_back(ctx, unit, beds.values())
    for bed in beds.values():
        if bed.until_night is None or bed.until_night > day:
            take_bed_away(ctx, bed, day)
    unit.closed_on = day
    ctx.db.flush()
    note(ctx, unit, "unit_closed")


def check_leaving(ctx: Context, day: date) -> None:
    """A bed may have gone a while ago, and is written down only now."""
    today = rome_day(ctx.now())
    check_day(day, today, back=date.resolution * MOST_NIGHTS_BACK)


def reopen_unit(ctx: Context, unit_id: UUID) -> None:
    """It stays after all: while the day has not come. The beds that were to go on that day stay, too;
    closures and works that ended with them are not laid again. UnitAlreadyClosed."""
    unit = held_unit(ctx, unit_id)
    if unit.closed_on is None:
        return
    _give_back(ctx, unit, hold_beds(ctx, _bed_ids(ctx, unit)).values())
    unit.closed_on = None
    ctx.db.flush()
    note(ctx, unit, "unit_kept_open")


def _give_back(ctx: Context, unit: Unit, beds: Iterable[Bed]) -> None:
    """The beds that were to go with it, while its day has not come."""
    if unit.closed_on is None:
        return
    if unit.closed_on <= rome_day(ctx.now()):
        raise UnitAlreadyClosed
    for bed in beds:
        if bed.until_night == unit.closed_on:
            bed.until_night = None


def _bed_ids(ctx: Context, unit: Unit) -> list[UUID]:
    return list(ctx.db.scalars(select(Bed.id).where(Bed.unit_id == unit.id)))


def keep_unit_file(
    ctx: Context, store: FileStore, unit_id: UUID, kind: FileKind, paper: Paper
) -> UUID:
    """Its floor plan, photo or contract."""
    unit = unit_for(ctx, unit_id)
    about = About(unit.municipality_id, unit.id, unit.id)
    file_id = keep_file(ctx, store, about, kind, paper)
    note(ctx, unit, "file_kept", file=file_id)
    return file_id


def note_read(ctx: Context, unit_id: UUID, person_ids: Collection[UUID]) -> None:
    """Where a dwelling is was read, and whose leases: those who have an account can ask for it."""
    unit = unit_for(ctx, unit_id)
    for person_id in sorted(person_ids) or (None,):
        note(ctx, unit, "unit_read", person_id=person_id)
