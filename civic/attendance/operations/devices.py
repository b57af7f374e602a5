"""Devices made, renewed and signed out, and what they carry away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import update

from civic.accounts.operations import count_up
from civic.attendance.errors import DeviceTooLong, WhichAssociation
from civic.attendance.models import Pass, ScannerDevice
from civic.attendance.operations.passes import hashed, token_of
from civic.attendance.policy import CHECK_IN
from civic.attendance.queries.day_roster import (
    DaySession,
    ExpectedPerson,
    day_roster,
    places_with_sessions,
)
from civic.attendance.queries.devices import Device, device_row
from civic.attendance.rules import SHORT_CODE_LENGTH
from civic.attendance.tokens import (
    BAD_TOKENS,
    BAD_TOKENS_WINDOW,
    LONGEST_DAYS,
    NAME_LENGTH,
    ON_RECORD_EVERY,
    OWN_LIFE,
    Scope,
    hash_of,
    new_token,
)
from civic.audit import operations as audit
from civic.catalogue.queries.sessions import session_for
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.ids import short_code
from civic.kernel.keys import Keys
from civic.kernel.policy import Place, Role


@dataclass(frozen=True)
class NewDevice:
    """Software of others, as an organiser lets it in."""

    place: Place
    name: str
    gate: str
    scopes: frozenset[Scope]
    last_day: date
    language: str
    session_id: UUID | None = None


@dataclass(frozen=True)
class PageDevice:
    """A phone on which a page of this site is opened."""

    device_id: UUID | None
    """As it was told the last time."""
    gate: str
    language: str
    session_id: UUID | None = None
    """One of those it is opened for, to tell which association is meant."""


@dataclass(frozen=True)
class Handed:
    """A device with its token, which is told this once."""

    device: Device
    token: str


def open_on_page(ctx: Context, wanted: PageDevice) -> Handed:
    """A device of the actor's own for a day at the gate: the same one again, or a new one. What
    token it had is worth nothing from now on."""
    place = _place_of(ctx, wanted)
    CHECK_IN.require(ctx.actor, place)
    token, now = new_token(), ctx.now()
    row = ctx.db.get(ScannerDevice, wanted.device_id) if wanted.device_id else None
    if row is None or not _is_the_actors(ctx, row, place):
        row = ScannerDevice(
            id=ctx.new_id(),
            municipality_id=place.municipality_id,
            association_id=place.association_id,
            scopes=[Scope.SCAN, Scope.ROSTER, Scope.PAGE],
            made_by=ctx.actor.own_id,
        )
        ctx.db.add(row)
    row.name, row.gate = (wanted.gate or ctx.actor.name)[:NAME_LENGTH], wanted.gate
    row.language, row.token_hash = wanted.language, hash_of(token)
    row.made_at, row.expires_at, row.revoked_at = now, now + OWN_LIFE, None
    ctx.db.flush()
    return Handed(_device(row), token)


def _is_the_actors(ctx: Context, row: ScannerDevice, place: Place) -> bool:
    return (
        row.made_by == ctx.actor.person_id
        and Scope.PAGE in row.scopes
        and (row.municipality_id, row.association_id)
        == (place.municipality_id, place.association_id)
    )


def _place_of(ctx: Context, wanted: PageDevice) -> Place:
    """Whose gate: that of the session named, else of the only association the actor stands for, or
    of the only one that has a session today."""
    if wanted.session_id is not None:
        facts = session_for(ctx, wanted.session_id, CHECK_IN)
        return Place(facts.municipality_id, facts.association_id)
    places = {
        Place(grant.municipality_id, grant.association_id)
        for grant in ctx.actor.grants
        if grant.role is Role.ORGANISER
    }
    if len(places) > 1:
        places &= places_with_sessions(ctx, rome_day(ctx.now()))
    if len(places) != 1:
        raise WhichAssociation
    return places.pop()


def let_in(ctx: Context, new: NewDevice) -> Handed:
    """Software of others, for one session or all of an association, until a day at most."""
    CHECK_IN.require(ctx.actor, new.place)
    ahead = new.last_day - rome_day(ctx.now())
    if not timedelta() <= ahead < timedelta(days=LONGEST_DAYS):
        raise DeviceTooLong(most=LONGEST_DAYS)
    if new.session_id is not None:
        facts = session_for(ctx, new.session_id, CHECK_IN)
        if Place(facts.municipality_id, facts.association_id) != new.place:
            raise WhichAssociation
    token = new_token()
    row = ScannerDevice(
        id=ctx.new_id(),
        municipality_id=new.place.municipality_id,
        association_id=new.place.association_id,
        name=new.name,
        gate=new.gate,
        language=new.language,
        token_hash=hash_of(token),
        scopes=sorted(new.scopes - {Scope.PAGE}),
        session_id=new.session_id,
        made_by=ctx.actor.own_id,
        made_at=ctx.now(),
        expires_at=rome_day_bounds(new.last_day)[1],
    )
    ctx.db.add(row)
    ctx.db.flush()
    _on_record(ctx, row, "device.made")
    return Handed(_device(row), token)


def revoke(ctx: Context, device_id: UUID) -> None:
    """Signed out for good. Twice is once."""
    row = device_row(ctx, device_id)
    if row.revoked_at is None:
        row.revoked_at = ctx.now()
        ctx.db.flush()
        _on_record(ctx, row, "device.revoked")


def leave(ctx: Context, device: Device) -> None:
    """A device signs itself out."""
    ctx.db.execute(
        update(ScannerDevice).where(ScannerDevice.id == device.id).values(revoked_at=ctx.now())
    )


def roll(ctx: Context, device: Device) -> str:
    """Another token for the device; the one it had is worth nothing from now on."""
    token = new_token()
    ctx.db.execute(
        update(ScannerDevice).where(ScannerDevice.id == device.id).values(token_hash=hash_of(token))
    )
    return token


def take_roster(ctx: Context, keys: Keys, device: Device, day: date | None) -> list[DaySession]:
    """The day's people as a device takes them along. Whoever has a place and never looked at their
    pass is given one now: without network their name can be tapped by its code alone. The trail
    says who took names along."""
    sessions = day_roster(ctx, device, day or rome_day(ctx.now()))
    everybody = [each for session in sessions for each in session.people]
    if _hand_out(ctx, keys, device, [each for each in everybody if each.pass_id is None]):
        sessions = day_roster(ctx, device, day or rome_day(ctx.now()))
    note_names_read(ctx, device, len(everybody))
    return sessions


def note_names_read(ctx: Context, device: Device, people: int) -> None:
    if people and count_up(ctx, f"roster:{device.id.hex}", 1, ON_RECORD_EVERY):
        audit.record(
            ctx,
            device.municipality_id,
            "roster.taken",
            thing_id=device.id,
            details={"people": people},
        )


def _hand_out(ctx: Context, keys: Keys, device: Device, people: Iterable[ExpectedPerson]) -> bool:
    """As `passes.pass_of` does for one. What a constraint refuses is left for the next time: they
    opened their pass in this moment, or chance gave out a short code twice."""
    found = False
    for person_id in {each.person_id for each in people}:
        pass_id = ctx.new_id()
        found |= insert_once(
            ctx.db,
            Pass,
            id=pass_id,
            municipality_id=device.municipality_id,
            person_id=person_id,
            token_hash=hashed(token_of(keys, pass_id)),
            short_code=short_code(SHORT_CODE_LENGTH),
            issued_at=ctx.now(),
        )
    return found


def count_bad_token(ctx: Context, keys: Keys, network: str) -> bool:
    """One more token that nobody gave out; False once this network should wait."""
    where = keys.hash("network", network)
    return count_up(ctx, f"token:net:{where}", BAD_TOKENS, BAD_TOKENS_WINDOW)


def _device(row: ScannerDevice) -> Device:
    return Device(
        row.id,
        row.name,
        row.gate,
        row.language,
        row.municipality_id,
        row.association_id,
        row.session_id,
        frozenset(Scope(scope) for scope in row.scopes),
        row.expires_at,
    )


def _on_record(ctx: Context, row: ScannerDevice, action: str) -> None:
    audit.record(
        ctx,
        row.municipality_id,
        action,
        thing_id=row.id,
        details={"scopes": list(row.scopes), "until": row.expires_at.isoformat()},
    )
