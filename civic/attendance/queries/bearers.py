"""Whose token it is: asked at every scan, for as many devices as send at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from civic.accounts.models import Person, RoleGrant
from civic.attendance.models import ScannerDevice
from civic.attendance.queries.devices import Device
from civic.attendance.tokens import Scope, Worthless
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.sessions import BASICS, SessionBasics
from civic.kernel.context import Context
from civic.kernel.db.dialects import among
from civic.kernel.db.fulltext import is_on_postgresql
from civic.kernel.policy import Actor, Grant, Role


@dataclass(frozen=True)
class Bearer:
    """A device and whom its scans are answered for."""

    device: Device
    actor: Actor


@dataclass
class Shown:
    """What tokens are worth, and sessions of the cities of those that are worth something."""

    by_token: dict[str, Bearer | Worthless] = field(default_factory=dict)
    sessions: dict[UUID, SessionBasics] = field(default_factory=dict)


_DEVICE = (
    ScannerDevice.id,
    ScannerDevice.name,
    ScannerDevice.gate,
    ScannerDevice.language,
    ScannerDevice.municipality_id,
    ScannerDevice.association_id,
    ScannerDevice.session_id,
    ScannerDevice.scopes,
    ScannerDevice.expires_at,
)
_ITS_WORTH = (
    ScannerDevice.token_hash,
    ScannerDevice.revoked_at,
    ScannerDevice.made_by,
    Person.name,
    RoleGrant.role,
)
_SESSION_AT = len(_ITS_WORTH) + len(_DEVICE)


def bearer_of(ctx: Context, token_hash: str) -> Bearer | Worthless:
    return bearers(ctx, {token_hash}).by_token[token_hash]


def bearers(
    ctx: Context, token_hashes: Collection[str], session_ids: Collection[UUID] = ()
) -> Shown:
    """Whose tokens these are. A device acts as whoever made it, but only in its association and
    city, and only while they still hold a role there. With them come those of the sessions that are
    in the city of one of them; whether a device may scan there is still to be asked."""
    asked = {"tokens": list(token_hashes), "sessions": list(session_ids)}
    statement = _by_token(bool(session_ids), is_on_postgresql(ctx.db))
    found = Shown(dict.fromkeys(token_hashes, Worthless.UNKNOWN))
    # Whose city it is of is the very question: so past the guard, and at half the cost.
    for row in ctx.db.connection().execute(statement, asked):
        token_hash, *worth = row[: len(_ITS_WORTH)]
        found.by_token[token_hash] = _bearer(ctx, worth, row[len(_ITS_WORTH) : _SESSION_AT])
        if session_ids and row[_SESSION_AT] is not None:
            found.sessions[row[_SESSION_AT]] = SessionBasics(*row[_SESSION_AT:])
    return found


def _bearer(ctx: Context, worth: list[Any], row: Any) -> Bearer | Worthless:
    revoked_at, made_by, maker, role = worth
    if revoked_at is not None or role is None:
        return Worthless.REVOKED
    about = dict(zip(Device.__dataclass_fields__, row, strict=True))
    if about["expires_at"] <= ctx.now():
        return Worthless.EXPIRED
    device = Device(**about | {"scopes": frozenset(map(Scope, about["scopes"]))})
    actor = Actor(
        person_id=made_by,
        name=maker,
        # An officer's device gets no more than this association's either.
        grants=(Grant(Role.ORGANISER, device.municipality_id, device.association_id),),
        municipalities=frozenset({device.municipality_id}),
        language=device.language,
    )
    return Bearer(device, actor)


@cache
def _by_token(has_sessions: bool, on_postgresql: bool) -> Select[*tuple[Any, ...]]:
    """Put together once, as all that is asked at every scan."""
    holds = and_(
        RoleGrant.person_id == ScannerDevice.made_by,
        RoleGrant.municipality_id == ScannerDevice.municipality_id,
        or_(
            RoleGrant.role == Role.OFFICER,
            and_(
                RoleGrant.role == Role.ORGANISER,
                RoleGrant.association_id == ScannerDevice.association_id,
            ),
        ),
    )
    statement = (
        select(*_ITS_WORTH, *_DEVICE)
        .join(Person, Person.id == ScannerDevice.made_by)
        .outerjoin(RoleGrant, holds)
        .where(among(ScannerDevice.token_hash, "tokens", on_postgresql=on_postgresql))
    )
    return _with_sessions(statement, on_postgresql) if has_sessions else statement


def _with_sessions(
    statement: Select[*tuple[Any, ...]], on_postgresql: bool
) -> Select[*tuple[Any, ...]]:
    is_asked = and_(
        among(ProjectSession.id, "sessions", on_postgresql=on_postgresql),
        ProjectSession.municipality_id == ScannerDevice.municipality_id,
    )
    return (
        statement.add_columns(*BASICS)
        .outerjoin(ProjectSession, is_asked)
        .outerjoin(Project, Project.id == ProjectSession.project_id)
    )
