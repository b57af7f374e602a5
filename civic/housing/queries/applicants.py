"""Who asks, as far as they are known already: from their case, and from what they asked for before.

A case is a reference. Whether the actor may open it, its own gate says; and of what it holds, only what
they may read there comes along.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.cases.access import Data
from civic.cases.models import CaseFile
from civic.cases.queries.files import Keys, ids_of, latest, part_of
from civic.cases.queries.gate import CaseFacts, case_for
from civic.cases.queries.people import household_of
from civic.housing.placing_models import HousingRequest, RequestMember, Resident
from civic.housing.queries.gate import Member, member_of
from civic.housing.rules.placing import RequestState
from civic.housing.rules.stock import Gender
from civic.kernel.context import Context

BIRTH = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
GENDERS = {"woman": Gender.WOMAN, "man": Gender.MAN, "other": Gender.OTHER}
"""As a case says it."""


@dataclass(frozen=True)
class Known:
    """Somebody of the household, to be looked at and not typed again."""

    name: str
    gender: Gender = Gender.UNTOLD
    born: str = ""
    needs_no_steps: bool = False
    resident_id: UUID | None = None


@dataclass(frozen=True)
class Applicant:
    """Who asks, by their case. The household comes after them."""

    case: CaseFacts
    people: Sequence[Known]
    waiting_id: UUID | None
    """The request with which they are on the list already."""


def read_birth(typed: str) -> tuple[int | None, date | None]:
    """A year, and the day where it is known; of a month alone, the year. ValueError where it is none."""
    if not typed:
        return None, None
    found = BIRTH.fullmatch(typed)
    if found is None:
        raise ValueError
    day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    return day.year, day if found[3] else None


def applicant_of(ctx: Context, case_id: UUID) -> Applicant:
    case = case_for(ctx, case_id)
    resident = resident_of_case(ctx, case)
    people = [_one_of(ctx, case, resident), *_others(ctx, case, resident)]
    return Applicant(case, people, _waiting_of(ctx, resident))


def resident_of_case(ctx: Context, case: CaseFacts) -> Resident | None:
    """By their account, else by what was asked for from this case before."""
    if case.person_id is not None:
        by_account = ctx.db.scalars(
            select(Resident)
            .where(Resident.municipality_id == case.municipality_id)
            .where(Resident.person_id == case.person_id)
        ).first()
        if by_account is not None:
            return by_account
    return ctx.db.scalars(
        select(Resident)
        .join(HousingRequest, HousingRequest.resident_id == Resident.id)
        .where(HousingRequest.case_id.in_(ids_of(ctx, case)))
        .order_by(HousingRequest.opened_at.desc(), HousingRequest.id)
    ).first()


def hold_case(ctx: Context, case_id: UUID) -> None:
    """Until this transaction ends nobody else asks from this case: else one person became two."""
    ctx.db.execute(select(CaseFile.id).where(CaseFile.id == case_id).with_for_update())


def _one_of(ctx: Context, case: CaseFacts, resident: Resident | None) -> Known:
    told = _identity(ctx, case)
    before = known_of(member_of(ctx, resident)) if resident else Known("")
    name = " ".join(str(told.get(kind) or "") for kind in ("given", "family")).strip()
    return Known(
        before.name or name or str(told.get("called") or ""),
        before.gender
        if before.gender is not Gender.UNTOLD
        else GENDERS.get(str(told.get("gender") or ""), Gender.UNTOLD),
        before.born or _born(str(told.get("born") or "")),
        before.needs_no_steps,
        before.resident_id,
    )


def _identity(ctx: Context, case: CaseFacts) -> Mapping[str, Any]:
    """Empty but for initials where the actor may not read it."""
    kept = latest(ctx, [case.id], [Data.IDENTITY]).get(case.id, {}).get(Data.IDENTITY)
    return part_of(case, Data.IDENTITY, kept, Keys(ctx, case.municipality_id)).values


def _born(told: str) -> str:
    try:
        read_birth(told)
    except ValueError:
        return ""
    return told


def _others(ctx: Context, case: CaseFacts, resident: Resident | None) -> list[Known]:
    """Who was with them the last time; else who lives with them by their case."""
    before = members_before(ctx, resident.id) if resident else []
    if before:
        return [known_of(each) for each in before]
    keys = Keys(ctx, case.municipality_id)
    return [Known(row.name) for row in household_of(ctx, case, keys) if row.case_id != case.id]


def members_before(ctx: Context, resident_id: UUID) -> list[Member]:
    """Who was with somebody in the last request that they made."""
    last = (
        select(HousingRequest.id)
        .where(HousingRequest.resident_id == resident_id)
        .order_by(HousingRequest.opened_at.desc(), HousingRequest.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = ctx.db.scalars(
        select(Resident)
        .join(RequestMember, RequestMember.resident_id == Resident.id)
        .where(RequestMember.request_id == last, Resident.id != resident_id)
        .order_by(Resident.written_at, Resident.id)
    )
    return [member_of(ctx, row) for row in rows]


def known_of(member: Member) -> Known:
    told = member.somebody
    born = told.birth_date.isoformat() if told.birth_date else str(told.birth_year or "")
    return Known(member.name, told.gender, born, told.needs_no_steps, member.id)


def _waiting_of(ctx: Context, resident: Resident | None) -> UUID | None:
    return waiting_of(ctx, resident.id) if resident else None


def waiting_of(ctx: Context, resident_id: UUID) -> UUID | None:
    """The request with which somebody is on the list."""
    return ctx.db.scalar(
        select(HousingRequest.id)
        .where(HousingRequest.resident_id == resident_id)
        .where(HousingRequest.state == RequestState.WAITING)
        .limit(1)
    )
