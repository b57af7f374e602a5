"""The way of a resident to a lease of their own, as it stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from civic.attendance.models import HoursLine
from civic.catalogue.models import Project, ProjectText
from civic.catalogue.rules import ProjectState
from civic.housing.market_models import FlatViewed, HousingCourse, HousingStep, MarketFile
from civic.housing.models import Lease, Owner, Unit
from civic.housing.placing_models import Resident
from civic.housing.queries.gate import Member, is_visible, member_of
from civic.housing.queries.stock_gate import is_owner_visible
from civic.housing.rules.market import FlatState, Paper, papers_are_ready
from civic.housing.rules.steps import Step
from civic.housing.rules.stock import Direction, OwnerKind, UnitKind
from civic.housing.rules.support import affordable_rent_cents
from civic.housing.sealing import words_of
from civic.kernel.clock import rome_day
from civic.kernel.context import Context


@dataclass(frozen=True)
class Means:
    income_cents: int
    debts_cents: int
    rooms_wanted: int
    papers: tuple[Paper, ...]
    updated_on: date

    @property
    def affordable_cents(self) -> int:
        return affordable_rent_cents(self.income_cents, self.debts_cents)

    @property
    def is_ready(self) -> bool:
        return papers_are_ready(self.papers)


@dataclass(frozen=True)
class OwnerRow:
    id: UUID
    kind: OwnerKind
    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class FlatRow:
    id: UUID
    quarter: str
    rent_cents: int
    on_day: date | None
    state: FlatState
    address: str
    questions: str
    answers: str
    words: str
    owner: OwnerRow | None


@dataclass(frozen=True)
class LeaseRow:
    id: UUID
    starts_on: date
    ends_on: date | None
    rent_cents: int
    deposit_cents: int
    registered_on: date | None


@dataclass(frozen=True)
class CourseRow:
    project_id: UUID
    slug: str
    title: str
    language: str
    sessions: int
    attended: int


@dataclass(frozen=True)
class StepRow:
    step: Step
    on_day: date


@dataclass(frozen=True)
class MarketPage:
    member: Member
    means: Means | None
    flats: tuple[FlatRow, ...]
    leases: tuple[LeaseRow, ...]
    course: CourseRow | None
    steps: tuple[StepRow, ...]


def market_page(ctx: Context, resident: Resident) -> MarketPage:
    """Of a resident who came through the gate."""
    return MarketPage(
        member_of(ctx, resident),
        means_of(ctx, resident),
        flats_of(ctx, resident),
        leases_of(ctx, resident.id),
        _course_of_person(ctx, resident),
        steps_of(ctx, resident.id),
    )


def means_of(ctx: Context, resident: Resident) -> Means | None:
    row = ctx.db.scalars(select(MarketFile).where(MarketFile.resident_id == resident.id)).first()
    if row is None:
        return None
    words = words_of(ctx, row.municipality_id, resident.id, MarketFile, row.id, row.sealed)
    return Means(
        words.get("income_cents", 0),
        words.get("debts_cents", 0),
        row.rooms_wanted,
        tuple(Paper(each) for each in words.get("papers", ())),
        rome_day(row.updated_at),
    )


def flats_of(ctx: Context, resident: Resident) -> tuple[FlatRow, ...]:
    """The newest first."""
    rows = ctx.db.execute(
        select(FlatViewed, Owner)
        .outerjoin(Owner, and_(Owner.id == FlatViewed.owner_id, is_owner_visible(ctx)))
        .where(FlatViewed.resident_id == resident.id)
        .order_by(FlatViewed.written_at.desc(), FlatViewed.id.desc())
    )
    found = []
    for row, owner in rows:
        words = words_of(ctx, row.municipality_id, resident.id, FlatViewed, row.id, row.sealed)
        found.append(
            FlatRow(
                row.id,
                row.quarter,
                row.rent_cents,
                row.on_day,
                row.state,
                words.get("address", ""),
                words.get("questions", ""),
                words.get("answers", ""),
                words.get("words", ""),
                _owner_or_none(ctx, owner),
            )
        )
    return tuple(found)


def _owner_or_none(ctx: Context, row: Owner | None) -> OwnerRow | None:
    return None if row is None else _owner(ctx, row)


def _owner(ctx: Context, row: Owner) -> OwnerRow:
    words = words_of(ctx, row.municipality_id, row.id, Owner, row.id, row.sealed)
    return OwnerRow(
        row.id, row.kind, words.get("name", ""), words.get("phone", ""), words.get("email", "")
    )


def owners_of(ctx: Context, municipality_id: UUID) -> list[OwnerRow]:
    """By name, to choose a landlord from."""
    rows = ctx.db.scalars(
        select(Owner).where(Owner.municipality_id == municipality_id, is_owner_visible(ctx))
    )
    return sorted((_owner(ctx, row) for row in rows), key=lambda row: row.name.casefold())


def leases_of(ctx: Context, resident_id: UUID) -> tuple[LeaseRow, ...]:
    rows = ctx.db.scalars(
        select(Lease)
        .outerjoin(Unit, Unit.id == Lease.unit_id)
        .where(Lease.resident_id == resident_id, Lease.direction == Direction.OUT)
        .where(or_(Lease.unit_id.is_(None), is_visible(ctx)))
        .order_by(Lease.starts_on, Lease.id)
    )
    return tuple(
        LeaseRow(
            row.id,
            row.starts_on,
            row.ends_on,
            row.rent_cents,
            row.deposit_cents,
            row.registered_on,
        )
        for row in rows
    )


def steps_of(ctx: Context, resident_id: UUID) -> tuple[StepRow, ...]:
    rows = ctx.db.scalars(
        select(HousingStep)
        .where(HousingStep.resident_id == resident_id)
        .order_by(HousingStep.on_day, HousingStep.taken_at, HousingStep.id)
    )
    return tuple(StepRow(row.step, row.on_day) for row in rows)


def course_of(ctx: Context, municipality_id: UUID) -> HousingCourse | None:
    return ctx.db.scalars(
        select(HousingCourse).where(HousingCourse.municipality_id == municipality_id)
    ).first()


def attended(ctx: Context, course: HousingCourse, person_ids: Collection[UUID]) -> dict[UUID, int]:
    """In how many sessions of the course each was there, by the ledger of hours."""
    rows = ctx.db.execute(
        select(HoursLine.person_id, func.count(HoursLine.session_id.distinct()))
        .where(HoursLine.project_id == course.project_id, HoursLine.minutes > 0)
        .where(HoursLine.person_id.in_(person_ids))
        .group_by(HoursLine.person_id)
    )
    return {person_id: int(number) for person_id, number in rows}


def _course_of_person(ctx: Context, resident: Resident) -> CourseRow | None:
    course = course_of(ctx, resident.municipality_id)
    if course is None:
        return None
    been = attended(ctx, course, [resident.person_id]) if resident.person_id else {}
    project, title = ctx.db.execute(
        select(Project, ProjectText.title)
        .join(ProjectText, ProjectText.project_id == Project.id)
        .where(Project.id == course.project_id, ProjectText.language == Project.language)
    ).one()
    return CourseRow(
        project.id,
        project.slug,
        title,
        project.language,
        course.sessions,
        been.get(resident.person_id, 0) if resident.person_id else 0,
    )


def projects_of(ctx: Context, municipality_id: UUID) -> list[tuple[UUID, str]]:
    """Published ones of the city with their titles, to choose the course from."""
    rows = ctx.db.execute(
        select(Project.id, ProjectText.title)
        .join(ProjectText, ProjectText.project_id == Project.id)
        .where(Project.municipality_id == municipality_id)
        .where(Project.state == ProjectState.PUBLISHED)
        .where(ProjectText.language == Project.language)
        .order_by(ProjectText.title, Project.id)
    )
    return [(project_id, title) for project_id, title in rows]


def market_units(ctx: Context, municipality_id: UUID) -> list[tuple[UUID, str]]:
    """Dwellings of the stock that their owners let to somebody themselves."""
    rows = ctx.db.execute(
        select(Unit.id, Unit.name)
        .where(Unit.municipality_id == municipality_id, is_visible(ctx))
        .where(Unit.kind == UnitKind.MARKET, Unit.closed_on.is_(None))
        .order_by(Unit.name, Unit.id)
    )
    return [(unit_id, name) for unit_id, name in rows]
