"""Registers of volunteers: who stands in them, and their lines."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from civic.accounts.models import Person
from civic.enrolment.models import RegisterEntry, RegisterLine, VolunteerDetails
from civic.enrolment.register_chain import NOTHING_YET, End, Who
from civic.enrolment.rules import LineKind
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place
from civic.tenancy.queries import standings
from civic.tenancy.queries.standings import AssociationRow

PAGE = 100


@dataclass(frozen=True)
class Volunteer:
    """Somebody in a register, as the law has it written down."""

    entry_id: UUID
    person_id: UUID
    name: str
    first_day: date
    last_day: date | None
    has_fiscal_code: bool
    has_birth: bool
    has_residence: bool

    @property
    def is_complete(self) -> bool:
        """The law wants the fiscal code or else the birth, and where they live."""
        return (self.has_fiscal_code or self.has_birth) and self.has_residence


@dataclass(frozen=True)
class WrittenLine:
    """A line as it is printed."""

    number: int
    kind: LineKind
    content: dict[str, Any]
    corrects: int | None
    recorded_at: datetime
    hash: str


@dataclass(frozen=True)
class RegisterSummary:
    standing: AssociationRow
    people: int
    """In it today."""
    lines: int


def end_of(ctx: Context, association_id: UUID, municipality_id: UUID) -> End:
    row = ctx.db.execute(
        select(RegisterLine.number, RegisterLine.hash)
        .where(RegisterLine.association_id == association_id)
        .where(RegisterLine.municipality_id == municipality_id)
        .order_by(RegisterLine.number.desc())
        .limit(1)
    ).first()
    return End(*row) if row else NOTHING_YET


def volunteer(ctx: Context, person_id: UUID) -> Who | None:
    """What the register says of them, if they are somebody."""
    row = ctx.db.execute(
        select(
            Person.name,
            Person.birth_year,
            VolunteerDetails.birth_date,
            func.coalesce(VolunteerDetails.birth_place, ""),
            func.coalesce(VolunteerDetails.fiscal_code, ""),
            func.coalesce(VolunteerDetails.residence, ""),
        )
        .outerjoin(VolunteerDetails, VolunteerDetails.person_id == Person.id)
        .where(Person.id == person_id)
    ).first()
    return Who(*row) if row else None


def registers(ctx: Context, permission: Permission) -> list[RegisterSummary]:
    """Those of the actor's associations, or of their city."""
    mine = [
        row
        for row in standings.associations_within_reach(ctx)
        if permission.allows(ctx.actor, Place(row.municipality_id, row.id))
    ]
    associations = [row.id for row in mine]
    people = _counted(ctx, RegisterEntry, associations, RegisterEntry.last_day.is_(None))
    lines = _counted(ctx, RegisterLine, associations)
    return [
        RegisterSummary(
            row,
            people.get((row.id, row.municipality_id), 0),
            lines.get((row.id, row.municipality_id), 0),
        )
        for row in mine
    ]


def _counted(
    ctx: Context,
    model: type[RegisterEntry | RegisterLine],
    association_ids: list[UUID],
    *criteria: ColumnElement[bool],
) -> dict[tuple[UUID, UUID], int]:
    """Rows by association and city."""
    rows = ctx.db.execute(
        select(model.association_id, model.municipality_id, func.count())
        .where(model.association_id.in_(association_ids), *criteria)
        .group_by(model.association_id, model.municipality_id)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def volunteers(
    ctx: Context, register: AssociationRow, after: UUID | None = None
) -> tuple[list[Volunteer], UUID | None]:
    """A page of who stands or stood in the register, by name, and where the next one begins."""
    statement = (
        select(
            RegisterEntry.id,
            Person.id,
            Person.name,
            RegisterEntry.first_day,
            RegisterEntry.last_day,
            func.coalesce(VolunteerDetails.fiscal_code, "") != "",
            or_(Person.birth_year.is_not(None), VolunteerDetails.birth_date.is_not(None)),
            func.coalesce(VolunteerDetails.residence, "") != "",
        )
        .join(Person, Person.id == RegisterEntry.person_id)
        .outerjoin(VolunteerDetails, VolunteerDetails.person_id == Person.id)
        .where(*_of(RegisterEntry, register))
        .order_by(Person.name, RegisterEntry.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        last = ctx.db.execute(
            select(Person.name, RegisterEntry.id)
            .join(RegisterEntry, RegisterEntry.person_id == Person.id)
            .where(RegisterEntry.id == after, *_of(RegisterEntry, register))
        ).first()
        if last is None:
            raise NotFound
        statement = statement.where(
            or_(Person.name > last[0], and_(Person.name == last[0], RegisterEntry.id > last[1]))
        )
    found = [Volunteer(*row[:5], *map(bool, row[5:])) for row in ctx.db.execute(statement)]
    return found[:PAGE], found[PAGE - 1].entry_id if len(found) > PAGE else None


def _of(
    model: type[RegisterEntry | RegisterLine], register: AssociationRow
) -> tuple[ColumnElement[bool], ...]:
    return (
        model.association_id == register.id,
        model.municipality_id == register.municipality_id,
    )


def written_lines(ctx: Context, register: AssociationRow) -> list[WrittenLine]:
    """The whole register, from its first line."""
    rows = ctx.db.execute(
        select(
            RegisterLine.number,
            RegisterLine.kind,
            RegisterLine.content,
            RegisterLine.corrects,
            RegisterLine.recorded_at,
            RegisterLine.hash,
        )
        .where(*_of(RegisterLine, register))
        .order_by(RegisterLine.number)
    )
    return [WrittenLine(*row) for row in rows]


def who_stands_in(ctx: Context, register: AssociationRow, person_id: UUID) -> Who:
    """The gate to what a register says of somebody: absent unless they stand or stood in it."""
    entry = ctx.db.scalar(
        select(RegisterEntry.id)
        .where(RegisterEntry.person_id == person_id, *_of(RegisterEntry, register))
        .limit(1)
    )
    who = volunteer(ctx, person_id) if entry else None
    if who is None:
        raise NotFound
    return who
