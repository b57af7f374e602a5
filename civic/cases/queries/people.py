"""Who is on a case, who lives with whom, what they said yes to, and when they are awaited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select

from civic.accounts.models import Person
from civic.cases.access import Access, CaseRole, Data
from civic.cases.models import (
    Appointment,
    CaseAccess,
    CaseConsent,
    CaseFile,
    CaseMerge,
    CaseMove,
    CaseReferral,
    HouseholdMember,
)
from civic.cases.queries.files import Keys, latest, name_in
from civic.cases.queries.gate import CaseFacts
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import (
    AppointmentState,
    Purpose,
    Recipient,
    ReferralState,
    RefusalReason,
    Relation,
)
from civic.kernel.context import Context


@dataclass(frozen=True)
class TeamRow:
    id: UUID
    person_id: UUID | None
    role: CaseRole
    since: datetime
    until: datetime | None
    is_emergency: bool
    reason: str
    """Why, in an emergency; for the lead, who looks at it afterwards."""
    reviewed_at: datetime | None
    was_right: bool | None


def team_of(ctx: Context, case: CaseFacts, keys: Keys) -> list[TeamRow]:
    """Who is on it now, and every emergency there was."""
    rows = ctx.db.scalars(
        select(CaseAccess)
        .where(CaseAccess.case_id == case.id)
        .where(
            or_(
                CaseAccess.until.is_(None),
                CaseAccess.until > ctx.now(),
                CaseAccess.is_emergency.is_(True),
            )
        )
        .order_by(CaseAccess.is_emergency, CaseAccess.since, CaseAccess.id)
    )
    return [
        TeamRow(
            row.id,
            row.person_id,
            row.role,
            row.since,
            row.until,
            row.is_emergency,
            keys.open("case_access", row.case_id, row.id, row.sealed)
            if row.sealed and case.leads
            else "",
            row.reviewed_at,
            row.was_right,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ConsentRow:
    id: UUID
    purpose: Purpose
    recipient: Recipient
    recipient_city_id: UUID | None
    given_on: date
    language: str
    with_mediator: bool
    withdrawn_at: datetime | None


def consents_of(ctx: Context, case_ids: Sequence[UUID]) -> list[ConsentRow]:
    rows = ctx.db.scalars(
        select(CaseConsent)
        .where(CaseConsent.case_id.in_(case_ids))
        .order_by(CaseConsent.withdrawn_at.is_not(None), CaseConsent.given_on, CaseConsent.id)
    )
    return [
        ConsentRow(
            row.id,
            row.purpose,
            row.recipient,
            row.recipient_city_id,
            row.given_on,
            row.language,
            row.with_mediator,
            row.withdrawn_at,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class MemberRow:
    case_id: UUID
    relation: Relation
    name: str


def household_of(ctx: Context, case: CaseFacts, keys: Keys) -> list[MemberRow]:
    """Who lives with them now. Of somebody whose file the reader cannot open only the reference."""
    if not case.may(Data.IDENTITY, Access.READ):
        return []
    own = (
        select(HouseholdMember.household_id)
        .where(HouseholdMember.case_id == case.id, HouseholdMember.left_at.is_(None))
        .scalar_subquery()
    )
    rows = ctx.db.scalars(
        select(HouseholdMember)
        .join(CaseFile, CaseFile.id == HouseholdMember.case_id)
        .where(HouseholdMember.household_id == own, HouseholdMember.left_at.is_(None))
        .where(CaseFile.erased_at.is_(None))
        .order_by(HouseholdMember.since, HouseholdMember.id)
    ).all()
    mine = _also_mine(ctx, [row.case_id for row in rows])
    kept = latest(ctx, mine, [Data.IDENTITY])
    found = []
    for row in rows:
        identity = kept.get(row.case_id, {}).get(Data.IDENTITY)
        opened = (
            keys.open("case_section", row.case_id, identity.id, identity.sealed) if identity else {}
        )
        found.append(MemberRow(row.case_id, row.relation, name_in(opened, row.case_id)))
    return found


def _also_mine(ctx: Context, case_ids: Sequence[UUID]) -> list[UUID]:
    """Those on which the reader is by name and reads who it is: a tutor sees initials elsewhere."""
    readers = (
        CaseRole.DESK,
        CaseRole.CASE_LEAD,
        CaseRole.PSYCHOLOGIST,
        CaseRole.LEGAL_ADVISER,
        CaseRole.HOUSING_OFFICER,
    )
    return list(
        ctx.db.scalars(
            select(CaseAccess.case_id)
            .where(CaseAccess.case_id.in_(case_ids))
            .where(CaseAccess.person_id == ctx.actor.person_id)
            .where(CaseAccess.role.in_(readers), CaseAccess.is_emergency.is_(False))
            .where(or_(CaseAccess.until.is_(None), CaseAccess.until > ctx.now()))
        )
    )


@dataclass(frozen=True)
class AppointmentRow:
    id: UUID
    case_id: UUID
    at: datetime
    minutes: int
    with_id: UUID
    service_id: UUID | None
    state: AppointmentState
    about: str
    """Empty for who may not read social data."""


def appointments_of(
    ctx: Context, case: CaseFacts, case_ids: Sequence[UUID], keys: Keys
) -> list[AppointmentRow]:
    rows = ctx.db.scalars(
        select(Appointment).where(Appointment.case_id.in_(case_ids)).order_by(Appointment.at.desc())
    )
    is_told = case.may(Data.SOCIAL, Access.READ)
    return [appointment_row(row, keys, is_told=is_told) for row in rows]


def appointment_row(row: Appointment, keys: Keys, *, is_told: bool) -> AppointmentRow:
    about = keys.open("appointment", row.case_id, row.id, row.sealed) if is_told else ""
    return AppointmentRow(
        row.id, row.case_id, row.at, row.minutes, row.with_id, row.service_id, row.state, about
    )


@dataclass(frozen=True)
class ReferralRow:
    id: UUID
    to_municipality_id: UUID | None
    to_service_id: UUID | None
    recipient: Recipient
    carried: tuple[Data, ...]
    state: ReferralState
    refused_for: RefusalReason | None
    sent_at: datetime
    decided_at: datetime | None


def referrals_of(ctx: Context, case: CaseFacts) -> list[ReferralRow]:
    """For the lead and who reads social data."""
    if not case.may(Data.SOCIAL, Access.READ):
        return []
    rows = ctx.db.execute(
        select(CaseReferral, CaseConsent.recipient)
        .join(CaseConsent, CaseConsent.id == CaseReferral.consent_id)
        .where(CaseReferral.case_id == case.id)
        .order_by(CaseReferral.sent_at.desc(), CaseReferral.id)
    )
    return [
        ReferralRow(
            row.id,
            row.to_municipality_id,
            row.to_service_id,
            recipient,
            tuple(Data(each) for each in row.carried),
            row.state,
            row.refused_for,
            row.sent_at,
            row.decided_at,
        )
        for row, recipient in rows
    ]


@dataclass(frozen=True)
class MoveRow:
    to_state: CaseState
    ending: Ending | None
    moved_at: datetime
    moved_by: UUID | None
    why: str


def moves_of(ctx: Context, case: CaseFacts, keys: Keys) -> list[MoveRow]:
    rows = ctx.db.scalars(
        select(CaseMove).where(CaseMove.case_id == case.id).order_by(CaseMove.moved_at, CaseMove.id)
    )
    is_told = case.may(Data.SOCIAL, Access.READ)
    return [
        MoveRow(
            row.to_state,
            row.ending if is_told else None,
            row.moved_at,
            row.moved_by,
            keys.open("case_move", row.case_id, row.id, row.sealed)
            if row.sealed and is_told
            else "",
        )
        for row in rows
    ]


@dataclass(frozen=True)
class MergedRow:
    id: UUID
    other_id: UUID
    decided_at: datetime


def merged_into(ctx: Context, case: CaseFacts) -> list[MergedRow]:
    """Merges that can be undone, for who may write who the person is."""
    if not case.may(Data.IDENTITY, Access.WRITE):
        return []
    rows = ctx.db.scalars(
        select(CaseMerge)
        .where(CaseMerge.kept_id == case.id, CaseMerge.undone_at.is_(None))
        .where(CaseMerge.is_same.is_(True))
        .order_by(CaseMerge.decided_at)
    )
    return [MergedRow(row.id, row.other_id, row.decided_at) for row in rows]


def team_choices(ctx: Context, case: CaseFacts) -> list[tuple[str, str]]:
    """Who of the team may be given a task, by name; for who writes the plan."""
    if not case.may(Data.PLAN, Access.WRITE):
        return []
    rows = ctx.db.execute(
        select(Person.id, Person.name)
        .join(CaseAccess, CaseAccess.person_id == Person.id)
        .where(CaseAccess.case_id == case.id, CaseAccess.is_emergency.is_(False))
        .where(or_(CaseAccess.until.is_(None), CaseAccess.until > ctx.now()))
        .order_by(Person.name, Person.id)
        .distinct()
    )
    return [(str(row.id), row.name) for row in rows]
