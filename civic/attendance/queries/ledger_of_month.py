"""A month of the ledger to take away: every change that stands in its account."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from civic.accounts.models import Person
from civic.attendance.models import ClosedMonth, Correction, HoursEntry
from civic.attendance.policy import LEDGER_IN_CITY
from civic.attendance.rules import Cause
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.texts import title_columns, with_words
from civic.kernel.context import Context
from civic.kernel.policy import Place, Role
from civic.tenancy.models import Association, AssociationInCity, Municipality
from civic.tenancy.queries.standings import AssociationRow

_Maker, _Writer = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class LedgerRow:
    """One change, with who, when and why."""

    person_id: UUID
    name: str
    day: date
    title: str
    association_name: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    cause: Cause
    reason: str
    maker: str | None
    """Nobody, when the system did it."""
    writer: str | None
    """Of a correction, which the maker has confirmed."""
    made_at: datetime


@dataclass(frozen=True)
class MonthOfAssociation:
    standing_id: UUID
    """Names the association within the one municipality."""
    association_name: str
    city: str
    month: date
    minutes: int
    is_closed: bool


def ledger_of_city(
    ctx: Context, municipality_id: UUID, month: date, language: str
) -> list[LedgerRow]:
    LEDGER_IN_CITY.require(ctx.actor, Place(municipality_id))
    return _rows(ctx, HoursEntry.municipality_id == municipality_id, month, language)


def ledger_of_association(
    ctx: Context, standing: AssociationRow, month: date, language: str
) -> list[LedgerRow]:
    """Callers hold the gate `standing_for`."""
    theirs = and_(
        HoursEntry.municipality_id == standing.municipality_id,
        HoursEntry.association_id == standing.id,
    )
    return _rows(ctx, theirs, month, language)


def months_of_associations(ctx: Context) -> list[MonthOfAssociation]:
    """Of those the actor organises, by name, the newest month first; one statement."""
    entry, standing = HoursEntry, AssociationInCity
    rows = ctx.db.execute(
        select(
            standing.id,
            Association.name,
            Municipality.name,
            entry.month,
            func.sum(entry.minutes),
            ClosedMonth.id.is_not(None),
        )
        .join(Association, Association.id == entry.association_id)
        .join(Municipality, Municipality.id == entry.municipality_id)
        .join(
            standing,
            and_(
                standing.association_id == entry.association_id,
                standing.municipality_id == entry.municipality_id,
            ),
        )
        .outerjoin(
            ClosedMonth,
            and_(
                ClosedMonth.municipality_id == entry.municipality_id,
                ClosedMonth.month == entry.month,
            ),
        )
        .where(_organised_by_actor(ctx))
        .group_by(standing.id, Association.name, Municipality.name, entry.month, ClosedMonth.id)
        .order_by(Association.name, Municipality.name, standing.id, entry.month.desc())
    )
    return [
        MonthOfAssociation(standing_id, name, city, month, int(minutes), bool(is_closed))
        for standing_id, name, city, month, minutes, is_closed in rows
    ]


def _organised_by_actor(ctx: Context) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(
                HoursEntry.association_id == grant.association_id,
                HoursEntry.municipality_id == grant.municipality_id,
            )
            for grant in ctx.actor.grants
            if grant.role is Role.ORGANISER
        ),
    )


def _rows(ctx: Context, whose: ColumnElement[bool], month: date, language: str) -> list[LedgerRow]:
    """By name, then as it happened; one statement."""
    entry: Any = HoursEntry
    title, _its_language = title_columns()
    rows = ctx.db.execute(
        with_words(
            select(
                entry.person_id,
                Person.name,
                entry.day,
                title,
                Association.name,
                ProjectSession.starts_at,
                ProjectSession.ends_at,
                entry.minutes,
                entry.cause,
                entry.reason,
                _Maker.name,
                _Writer.name,
                entry.made_at,
            )
            .join(Person, Person.id == entry.person_id)
            .join(Association, Association.id == entry.association_id)
            .join(ProjectSession, ProjectSession.id == entry.session_id)
            .join(Project, Project.id == ProjectSession.project_id)
        )
        .outerjoin(_Maker, _Maker.id == entry.made_by)
        .outerjoin(Correction, Correction.id == entry.cause_id)
        .outerjoin(_Writer, _Writer.id == Correction.made_by)
        .where(whose, entry.month == month)
        .order_by(Person.name, entry.person_id, entry.day, entry.made_at, entry.id),
        {"language": language},
    )
    return [LedgerRow(*row) for row in rows]
