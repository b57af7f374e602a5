"""Breaking the glass: a reason, two hours, one case; colleagues told at once, looked at afterwards."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import RoleGrant
from civic.cases.access import CaseRole, emergency_role
from civic.cases.errors import AlreadyOnCase, NotYours, ReasonMissing
from civic.cases.events import GlassBroken
from civic.cases.models import CaseAccess, CaseFile
from civic.cases.operations import trail
from civic.cases.policy import ENTER_IN_EMERGENCY
from civic.cases.queries.gate import case_for, facts_of
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import Place
from civic.kernel.vault import Spot

LASTS = timedelta(hours=2)
SHORTEST_REASON = 10


def break_glass(ctx: Context, case_id: UUID, reason: str) -> None:
    """Read a case of one's own city for two hours, as far as one's own trade reads. Asked by its
    reference, which says of whom it is to nobody."""
    row = _file(ctx, case_id)
    if row is None or row.erased_at is not None:
        raise NotFound
    ENTER_IN_EMERGENCY.require(ctx.actor, Place(municipality_id=row.municipality_id))
    try:
        case_for(ctx, case_id)
    except NotYours:
        pass
    else:
        raise AlreadyOnCase
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    access_id, key = ctx.new_id(), ctx.vault.key_of(row.municipality_id, row.id)
    for role in _roles(ctx, row.municipality_id):
        access_id = ctx.new_id()
        ctx.db.add(
            CaseAccess(
                id=access_id,
                municipality_id=row.municipality_id,
                case_id=row.id,
                person_id=ctx.actor.own_id,
                role=role,
                since=ctx.now(),
                until=ctx.now() + LASTS,
                given_by=ctx.actor.own_id,
                is_emergency=True,
                sealed=key.seal(Spot("case_access", access_id), reason.strip()),
            )
        )
    ctx.db.flush()
    trail.note(ctx, facts_of(row), "glass_broken", thing_id=access_id)
    emit(
        ctx,
        GlassBroken(
            municipality_id=row.municipality_id,
            access_id=access_id,
            case_id=row.id,
            by_id=ctx.actor.own_id,
        ),
    )


def _file(ctx: Context, case_id: UUID) -> CaseFile | None:
    """One that was merged into another is entered, as it is read, as that one."""
    row = ctx.db.scalars(select(CaseFile).where(CaseFile.id == case_id)).first()
    if row is None or row.merged_into_id is None:
        return row
    return ctx.db.scalars(select(CaseFile).where(CaseFile.id == row.merged_into_id)).first()


def file_behind(ctx: Context, case_id: UUID) -> CaseFile:
    """A file of the actor's own city, of which nothing is opened."""
    row = ctx.db.scalars(select(CaseFile).where(CaseFile.id == case_id)).first()
    if row is None or row.erased_at is not None:
        raise NotFound
    ENTER_IN_EMERGENCY.require(ctx.actor, Place(municipality_id=row.municipality_id))
    return row


def _roles(ctx: Context, municipality_id: UUID) -> list[CaseRole]:
    held = ctx.db.execute(
        select(RoleGrant.role, RoleGrant.discipline)
        .where(RoleGrant.person_id == ctx.actor.own_id)
        .where(RoleGrant.municipality_id == municipality_id)
    ).all()
    roles = {emergency_role(each.role, each.discipline) for each in held} - {None}
    return sorted(role for role in roles if role)


def review(ctx: Context, case_id: UUID, access_id: UUID, *, was_right: bool) -> None:
    """The lead, who is not the one who came in, says whether it was right."""
    case = case_for(ctx, case_id)
    case.require_lead()
    row = ctx.db.scalars(
        select(CaseAccess)
        .where(CaseAccess.id == access_id, CaseAccess.case_id == case.id)
        .where(CaseAccess.is_emergency.is_(True), CaseAccess.reviewed_at.is_(None))
    ).first()
    if row is None or row.person_id == ctx.actor.person_id:
        raise NotFound
    row.reviewed_at, row.reviewed_by, row.was_right = ctx.now(), ctx.actor.person_id, was_right
    trail.note(ctx, case, "glass_reviewed", thing_id=access_id, was_right=was_right)
