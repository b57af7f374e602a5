"""The cases somebody works on, with the next step of each. Four statements however many there are;
of each file only the name and the next step are opened."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from civic.accounts.models import RoleGrant
from civic.cases.access import Access, CaseRole, Data, access_of, is_backed
from civic.cases.models import CaseAccess, CaseAlert, CaseFile, CaseTask
from civic.cases.policy import WORK_ON_CASES
from civic.cases.queries.files import Keys, latest, masked, name_in
from civic.cases.queries.gate import CaseFacts, facts_of
from civic.cases.queries.work import TaskRow, task_row
from civic.cases.states import CaseState
from civic.cases.vocabulary import AlertKind
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Place, Role

MOST = 200
"""On one page."""


@dataclass(frozen=True)
class CaseRow:
    id: UUID
    reference: str
    name: str
    state: CaseState
    state_since: datetime
    roles: tuple[CaseRole, ...]
    next_task: TaskRow | None
    permit_ends_on: date | None
    has_alert: bool
    is_in_emergency: bool


def own_cases(
    ctx: Context, municipality_id: UUID, *, closed_too: bool = False, page: int = 1
) -> list[CaseRow]:
    WORK_ON_CASES.require(ctx.actor, Place(municipality_id=municipality_id))
    cases = _cases(ctx, municipality_id, closed_too=closed_too, page=page)
    ids = [case.id for case in cases]
    keys = Keys(ctx, municipality_id)
    kept = latest(ctx, ids, [Data.IDENTITY])
    tasks = _next_tasks(ctx, [case.id for case in cases if case.may(Data.PLAN, Access.READ)], keys)
    alerts = _alerts(ctx, ids)
    rows = []
    for case in cases:
        standing = [each for each in alerts.get(case.id, ()) if case.may(each.data, Access.READ)]
        permits = [each.about_on for each in standing if each.kind is AlertKind.PERMIT]
        identity = kept.get(case.id, {}).get(Data.IDENTITY)
        opened = (
            keys.open("case_section", case.id, identity.id, identity.sealed) if identity else {}
        )
        known = opened if case.may(Data.IDENTITY, Access.READ) else masked(Data.IDENTITY, opened)
        rows.append(
            CaseRow(
                case.id,
                case.reference,
                name_in(known, case.id),
                case.state,
                case.state_since,
                tuple(sorted(case.roles)),
                tasks.get(case.id),
                min((day for day in permits if day), default=None),
                any(each.kind is not AlertKind.PERMIT for each in standing),
                case.is_in_emergency,
            )
        )
    return sorted(rows, key=_by_next_step)


def _by_next_step(row: CaseRow) -> tuple[date, str]:
    """What is due first comes first; what has no day comes last, by name."""
    days = [row.permit_ends_on, row.next_task.due_on if row.next_task else None]
    return min((day for day in days if day), default=date.max), row.name.casefold()


def _cases(ctx: Context, municipality_id: UUID, *, closed_too: bool, page: int) -> list[CaseFacts]:
    now = ctx.now()
    is_coordinator = any(
        grant.role is Role.CITY_COORDINATOR and grant.municipality_id == municipality_id
        for grant in ctx.actor.grants
    )
    statement = (
        select(
            CaseFile,
            RoleGrant.role,
            RoleGrant.discipline,
            CaseAccess.role,
            CaseAccess.is_emergency,
            CaseAccess.until,
        )
        .join(
            RoleGrant,
            and_(
                RoleGrant.person_id == ctx.actor.own_id,
                RoleGrant.municipality_id == CaseFile.municipality_id,
            ),
        )
        .join(
            CaseAccess,
            and_(
                CaseAccess.case_id == CaseFile.id,
                CaseAccess.since <= now,
                or_(CaseAccess.until.is_(None), CaseAccess.until > now),
                or_(CaseAccess.person_id == RoleGrant.person_id, CaseAccess.person_id.is_(None)),
            ),
            isouter=is_coordinator,
        )
        .where(CaseFile.municipality_id == municipality_id)
        .where(CaseFile.merged_into_id.is_(None), CaseFile.erased_at.is_(None))
        .order_by(CaseFile.state_since.desc(), CaseFile.id)
        .limit(MOST)
        .offset((page - 1) * MOST)
    )
    if not closed_too:
        statement = statement.where(CaseFile.state != CaseState.CLOSED)
    return _gathered(ctx.db.execute(statement).all())


def _gathered(rows: object) -> list[CaseFacts]:
    files: dict[UUID, CaseFile] = {}
    roles: dict[UUID, set[CaseRole]] = {}
    urgent: dict[UUID, datetime] = {}
    for file, held, discipline, role, is_emergency, until in rows:  # type: ignore[attr-defined]
        if held is Role.CITY_COORDINATOR:
            files[file.id] = file
            roles.setdefault(file.id, set()).add(CaseRole.CITY_COORDINATOR)
        if role is not None and is_backed(role, held, discipline):
            files[file.id] = file
            if is_emergency:
                urgent[file.id] = until
            roles.setdefault(file.id, set()).add(role)
    return [
        facts_of(
            file,
            frozenset(roles[case_id]),
            access_of(roles[case_id]),
            urgent.get(case_id),
        )
        for case_id, file in files.items()
    ]


def _next_tasks(ctx: Context, case_ids: list[UUID], keys: Keys) -> dict[UUID, TaskRow]:
    """The first open task of each: it alone is opened."""
    place = (
        func.row_number()
        .over(
            partition_by=CaseTask.case_id,
            order_by=(CaseTask.due_on.is_(None), CaseTask.due_on, CaseTask.id),
        )
        .label("place")
    )
    ranked = (
        select(CaseTask.id, place)
        .where(CaseTask.case_id.in_(case_ids), CaseTask.dropped.is_(False))
        .where(CaseTask.done_at.is_(None))
        .subquery()
    )
    rows = ctx.db.scalars(
        select(CaseTask).join(ranked, ranked.c.id == CaseTask.id).where(ranked.c.place == 1)
    )
    today = rome_day(ctx.now())
    return {row.case_id: task_row(row, keys, today) for row in rows}


@dataclass(frozen=True)
class Standing:
    data: Data
    kind: AlertKind
    about_on: date | None


def _alerts(ctx: Context, case_ids: list[UUID]) -> dict[UUID, list[Standing]]:
    rows = ctx.db.execute(
        select(CaseAlert.case_id, CaseAlert.data, CaseAlert.kind, CaseAlert.about_on)
        .where(CaseAlert.case_id.in_(case_ids), CaseAlert.ended_at.is_(None))
        .where(CaseAlert.expires_on >= rome_day(ctx.now()))
    )
    found: dict[UUID, list[Standing]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(Standing(row.data, row.kind, row.about_on))
    return found
