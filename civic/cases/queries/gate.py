"""The one way to a case. An id becomes a case only here, with what its reader may do there.

Somebody whose municipality it is not, or who has no role on it, gets the answer for a case that does not
exist; `NotYours` tells the trail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, or_, select

from civic.accounts.models import RoleGrant
from civic.cases.access import (
    NOTHING,
    Access,
    CaseRole,
    Data,
    access_of,
    is_backed,
    most_of,
    only_reading,
)
from civic.cases.errors import NotYours
from civic.cases.models import CaseAccess, CaseFile
from civic.cases.states import CaseState
from civic.kernel.context import Context
from civic.kernel.db.base import UtcInstant
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role


@dataclass(frozen=True)
class CaseFacts:
    """A case behind its gate, and what its reader may see and do."""

    id: UUID
    municipality_id: UUID
    person_id: UUID | None
    state: CaseState
    state_since: datetime
    first_counted_on: date | None
    language: str
    is_anonymous: bool
    opened_at: datetime
    erased_at: datetime | None
    roles: frozenset[CaseRole]
    access: Mapping[Data, Access]
    emergency_until: datetime | None = None

    @property
    def reference(self) -> str:
        return reference_of(self.id)

    @property
    def is_closed(self) -> bool:
        return self.state is CaseState.CLOSED

    @property
    def is_in_emergency(self) -> bool:
        return self.emergency_until is not None

    @property
    def leads(self) -> bool:
        return CaseRole.CASE_LEAD in self.roles and not self.is_in_emergency

    def may(self, data: Data, level: Access) -> bool:
        return self.access[data] >= level

    def require(self, data: Data, level: Access) -> None:
        if not self.may(data, level):
            raise NotYours

    def require_lead(self) -> None:
        if not self.leads:
            raise NotYours

    def readable(self, level: Access = Access.READ) -> list[Data]:
        return [data for data in Data if self.access[data] >= level]


def reference_of(case_id: UUID) -> str:
    """By what colleagues speak of a case without a name: the last letters of its random part."""
    return case_id.hex[-6:].upper()


def case_for(
    ctx: Context, case_id: UUID, data: Data | None = None, level: Access = Access.READ
) -> CaseFacts:
    """The case, for somebody with a role on it. Two statements. A file that was merged into another
    is read as that other one."""
    row = _row(ctx, case_id)
    facts = with_access(ctx, row)
    if data is not None:
        facts.require(data, level)
    return facts


# Built once: every page of a case asks these, and building takes as long as asking.
_FILE = select(CaseFile).where(CaseFile.id == bindparam("case_id", type_=Uuid()))
_HELD = (
    select(
        RoleGrant.role,
        RoleGrant.discipline,
        CaseAccess.role,
        CaseAccess.is_emergency,
        CaseAccess.until,
    )
    .outerjoin(
        CaseAccess,
        and_(
            CaseAccess.case_id == bindparam("case_id", type_=Uuid()),
            CaseAccess.since <= bindparam("now", type_=UtcInstant()),
            or_(CaseAccess.person_id == RoleGrant.person_id, CaseAccess.person_id.is_(None)),
            or_(
                CaseAccess.until.is_(None), CaseAccess.until > bindparam("now", type_=UtcInstant())
            ),
        ),
    )
    .where(RoleGrant.person_id == bindparam("person_id", type_=Uuid()))
    .where(RoleGrant.municipality_id == bindparam("city", type_=Uuid()))
)


def _row(ctx: Context, case_id: UUID) -> CaseFile:
    row = ctx.db.scalars(_FILE, {"case_id": case_id}).first()
    if row is not None and row.merged_into_id is not None:
        row = ctx.db.scalars(_FILE, {"case_id": row.merged_into_id}).first()
    if row is None:
        raise NotFound
    return row


def with_access(ctx: Context, row: CaseFile) -> CaseFacts:
    asked = {
        "case_id": row.id,
        "now": ctx.now(),
        "person_id": ctx.actor.own_id,
        "city": row.municipality_id,
    }
    held = ctx.db.execute(_HELD, asked).all()
    roles: set[CaseRole] = set()
    urgent: set[CaseRole] = set()
    until: datetime | None = None
    for each in held:
        held_role, discipline, is_emergency = each[0], each[1], each[3]
        role: CaseRole | None = each[2]
        ends: datetime | None = each[4]
        if held_role is Role.CITY_COORDINATOR:
            roles.add(CaseRole.CITY_COORDINATOR)
        if role is None or not is_backed(role, held_role, discipline):
            continue
        if is_emergency:
            urgent.add(role)
            until = max(filter(None, (until, ends)))
        else:
            roles.add(role)
    if row.erased_at is not None or not (roles or urgent):
        raise NotYours
    access = access_of(roles)
    if urgent:
        access = most_of(access, only_reading(access_of(urgent)))
    return facts_of(row, frozenset(roles | urgent), access, until if not roles else None)


def facts_of(
    row: CaseFile,
    roles: frozenset[CaseRole] = frozenset(),
    access: Mapping[Data, Access] = NOTHING,
    emergency_until: datetime | None = None,
) -> CaseFacts:
    return CaseFacts(
        id=row.id,
        municipality_id=row.municipality_id,
        person_id=row.person_id,
        state=row.state,
        state_since=row.state_since,
        first_counted_on=row.first_counted_on,
        language=row.language,
        is_anonymous=row.is_anonymous,
        opened_at=row.opened_at,
        erased_at=row.erased_at,
        roles=roles,
        access=access,
        emergency_until=emergency_until,
    )


def own_case(ctx: Context) -> list[CaseFacts]:
    """The files about the actor, one for each city that has one; nobody's roles come into it."""
    rows = ctx.db.scalars(
        select(CaseFile)
        .where(CaseFile.person_id == ctx.actor.own_id)
        .where(CaseFile.erased_at.is_(None), CaseFile.merged_into_id.is_(None))
        .order_by(CaseFile.opened_at)
    )
    return [facts_of(row) for row in rows]
