"""Opening a case to look at it, which is a change: the trail gets a line."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from civic.audit import operations as audit
from civic.cases.access import Data
from civic.cases.operations import trail
from civic.cases.queries.files import (
    ConflictRow,
    Keys,
    Part,
    conflicts_of,
    ids_of,
    name_in,
    parts_of,
)
from civic.cases.queries.gate import CaseFacts, case_for
from civic.cases.queries.likely import Likely, likely_same
from civic.cases.queries.lists import CaseRow, own_cases
from civic.cases.queries.people import (
    AppointmentRow,
    ConsentRow,
    MemberRow,
    MergedRow,
    MoveRow,
    ReferralRow,
    TeamRow,
    appointments_of,
    consents_of,
    household_of,
    merged_into,
    moves_of,
    referrals_of,
    team_of,
)
from civic.cases.queries.references import ProjectReference, projects_of
from civic.cases.queries.work import (
    AlertRow,
    DocumentRow,
    TaskRow,
    Timeline,
    alerts_of,
    count_tasks,
    documents_of,
    tasks_of,
    timeline,
)
from civic.kernel.context import Context


@dataclass(frozen=True)
class CaseView:
    """A case as its reader may see it, for the page, the paper and the machine alike."""

    case: CaseFacts
    name: str
    parts: dict[Data, Part]
    timeline: Timeline
    tasks: list[TaskRow]
    open_tasks: int
    alerts: list[AlertRow]
    conflicts: list[ConflictRow]


def read_case(ctx: Context, case_id: UUID, *, page: int = 1, as_what: str = "read") -> CaseView:
    case = case_for(ctx, case_id)
    keys = Keys(ctx, case.municipality_id)
    parts = parts_of(ctx, case, keys)
    view = CaseView(
        case=case,
        name=name_in(parts[Data.IDENTITY], case.id),
        parts=parts,
        timeline=timeline(ctx, case, keys, page),
        tasks=tasks_of(ctx, case, keys),
        open_tasks=count_tasks(ctx, case) if not _reads_tasks(case) else 0,
        alerts=alerts_of(ctx, case, keys),
        conflicts=conflicts_of(ctx, case, keys),
    )
    trail.note(ctx, case, as_what, shown=[data.value for data in case.readable()])
    return view


def _reads_tasks(case: CaseFacts) -> bool:
    return Data.PLAN in case.readable()


@dataclass(frozen=True)
class Around:
    """What stands around a case: people, papers, agreements."""

    case: CaseFacts
    name: str
    identity: Part
    team: list[TeamRow]
    household: list[MemberRow]
    consents: list[ConsentRow]
    appointments: list[AppointmentRow]
    referrals: list[ReferralRow]
    documents: list[DocumentRow]
    moves: list[MoveRow]
    merged: list[MergedRow]
    projects: list[ProjectReference]


def read_around(ctx: Context, case_id: UUID) -> Around:
    case = case_for(ctx, case_id)
    keys = Keys(ctx, case.municipality_id)
    ids = ids_of(ctx, case)
    identity = parts_of(ctx, case, keys)[Data.IDENTITY]
    around = Around(
        case=case,
        name=name_in(identity, case.id),
        identity=identity,
        team=team_of(ctx, case, keys),
        household=household_of(ctx, case, keys),
        consents=consents_of(ctx, ids),
        appointments=appointments_of(ctx, case, ids, keys),
        referrals=referrals_of(ctx, case),
        documents=documents_of(ctx, case, ids, keys),
        moves=moves_of(ctx, case, keys),
        merged=merged_into(ctx, case),
        projects=projects_of(ctx, case),
    )
    trail.note(ctx, case, "read", shown=["around"])
    return around


def read_part(ctx: Context, case_id: UUID, data: Data) -> tuple[CaseFacts, str, Part]:
    """One part, to be written anew."""
    case = case_for(ctx, case_id)
    parts = parts_of(ctx, case)
    trail.note(ctx, case, "read", shown=[data.value])
    return case, name_in(parts[Data.IDENTITY], case.id), parts[data]


def read_list(
    ctx: Context,
    municipality_id: UUID,
    *,
    closed_too: bool = False,
    page: int = 1,
    as_what: str = "list_read",
) -> list[CaseRow]:
    rows = own_cases(ctx, municipality_id, closed_too=closed_too, page=page)
    audit.record(ctx, municipality_id, f"case.{as_what}", details={"shown": len(rows)})
    return rows


def read_likely(ctx: Context, case_id: UUID) -> tuple[CaseFacts, dict[str, Any], list[Likely]]:
    case = case_for(ctx, case_id)
    found = likely_same(ctx, case)
    identity = dict(parts_of(ctx, case)[Data.IDENTITY].values)
    trail.note(ctx, case, "likely_read", shown=[str(each.case_id) for each in found])
    return case, identity, found
