"""Devices: whose token it is, and which ones there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person
from civic.attendance.models import ScannerDevice
from civic.attendance.policy import CHECK_IN
from civic.attendance.tokens import Scope
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.rules import SessionState
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place
from civic.tenancy.models import Association, Municipality
from civic.tenancy.queries.standings import AssociationRow, associations_within_reach

SESSIONS_OFFERED = 50


@dataclass(frozen=True)
class Device:
    id: UUID
    name: str
    gate: str
    language: str
    municipality_id: UUID
    association_id: UUID
    session_id: UUID | None
    """The only session it may scan for; any of the association's in that city, when none."""
    scopes: frozenset[Scope]
    expires_at: datetime

    @property
    def is_own_page(self) -> bool:
        return Scope.PAGE in self.scopes


@dataclass(frozen=True)
class DeviceLine:
    """For the page on which devices are made and revoked."""

    id: UUID
    name: str
    gate: str
    scopes: tuple[Scope, ...]
    made_by: str
    association: str
    city: str
    session: SessionFacts | None
    expires_at: datetime


def devices_in_use(ctx: Context) -> list[DeviceLine]:
    """Of the associations for which the actor stands at the gate, the newest first."""
    rows = ctx.db.execute(
        select(ScannerDevice, Person.name, Association.name, Municipality.name)
        .join(Person, Person.id == ScannerDevice.made_by)
        .join(Association, Association.id == ScannerDevice.association_id)
        .join(Municipality, Municipality.id == ScannerDevice.municipality_id)
        .where(ScannerDevice.revoked_at.is_(None))
        .where(ScannerDevice.expires_at > ctx.now())
        .order_by(ScannerDevice.made_at.desc(), ScannerDevice.id)
    ).all()
    own = [row for row in rows if CHECK_IN.allows(ctx.actor, _place(row[0]))]
    ids = {row[0].session_id for row in own if row[0].session_id}
    sessions = session_facts(ctx, ids) if ids else {}
    return [
        DeviceLine(
            device.id,
            device.name,
            device.gate,
            tuple(Scope(scope) for scope in device.scopes),
            maker,
            association,
            city,
            sessions[device.session_id] if device.session_id else None,
            device.expires_at,
        )
        for device, maker, association, city in own
    ]


def associations_at_gate(ctx: Context) -> list[AssociationRow]:
    """For which the actor may let devices in."""
    return [
        row
        for row in associations_within_reach(ctx)
        if CHECK_IN.allows(ctx.actor, Place(row.municipality_id, row.id))
    ]


def sessions_ahead(ctx: Context, associations: Iterable[AssociationRow]) -> list[SessionFacts]:
    """The next ones of these associations, so that a device can be for one alone."""
    places = {(row.municipality_id, row.id) for row in associations}
    ids = ctx.db.scalars(
        select(ProjectSession.id)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(Project.association_id.in_({association_id for _city, association_id in places}))
        .where(ProjectSession.municipality_id.in_({city_id for city_id, _association in places}))
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.ends_at > ctx.now())
        .order_by(ProjectSession.starts_at, ProjectSession.id)
        .limit(SESSIONS_OFFERED)
    )
    found = [
        facts
        for facts in session_facts(ctx, ids).values()
        if (facts.municipality_id, facts.association_id) in places
    ]
    return sorted(found, key=lambda facts: (facts.starts_at, facts.title))


def association_slug(ctx: Context, association_id: UUID) -> str:
    """By which pretix's scanner apps call an organizer."""
    return ctx.db.scalars(select(Association.slug).where(Association.id == association_id)).one()


def _place(device: ScannerDevice) -> Place:
    return Place(device.municipality_id, device.association_id)


def device_row(ctx: Context, device_id: UUID) -> ScannerDevice:
    """The gate: a device where the actor may do as it does."""
    row = ctx.db.get(ScannerDevice, device_id)
    if row is None:
        raise NotFound
    CHECK_IN.require(ctx.actor, _place(row))
    return row
