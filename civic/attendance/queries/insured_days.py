"""Days on which somebody was there, by month and policy: what an insurer asks for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select

from civic.attendance.models import CheckEvent, HoursLine
from civic.attendance.queries.taken_back import is_taken_back
from civic.attendance.rules import Outcome
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.rules import LONGEST_SESSION
from civic.enrolment.models import Enrolment
from civic.enrolment.queries import insured
from civic.enrolment.rules import DayToCome, LegalBasis, PolicyLine
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context


@dataclass(frozen=True)
class InsuredDays:
    month: date
    """Its first day."""
    policy: PolicyLine | None
    """None for days that no policy covers."""
    basis: LegalBasis
    days: int
    """One a person and day, however many sessions."""
    people: int


Present = tuple[UUID, DayToCome]
"""Who, and where they were on which ground."""


def insured_days_of(
    ctx: Context,
    association_id: UUID,
    municipality_id: UUID,
    year: int,
    bases: Sequence[LegalBasis],
) -> list[InsuredDays]:
    """Of one association, for those who take part on one of these grounds."""
    policies = insured.policies(ctx, [association_id], [municipality_id])
    there = _present(ctx, year, Project.association_id == association_id, municipality_id)
    return _counted([each for each in there if each[1].basis in bases], policies)


def insured_days_in(ctx: Context, municipality_id: UUID, year: int) -> list[InsuredDays]:
    """Of everybody in the city."""
    policies = insured.policies_in(ctx, municipality_id)
    here = Project.municipality_id == municipality_id
    return _counted(_present(ctx, year, here, municipality_id), policies)


def _present(
    ctx: Context, year: int, whose: ColumnElement[bool], municipality_id: UUID
) -> set[Present]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    begins, ends = rome_day_bounds(first)[0], rome_day_bounds(last)[1]
    with_hours = (
        _grounds(HoursLine.person_id, HoursLine.day)
        .join(Project, Project.id == HoursLine.project_id)
        .outerjoin(Enrolment, _enrolment_of(HoursLine.person_id))
        .where(whose, Project.municipality_id == municipality_id)
        .where(HoursLine.municipality_id == municipality_id)
        .where(HoursLine.day >= first, HoursLine.day <= last)
        .where(HoursLine.minutes > 0)
    )
    # Whoever came in and has no hours: still there, or gone without a word. Of a night they have the
    # day on which they came, which may be its second.
    without_hours = (
        _grounds(CheckEvent.person_id, CheckEvent.scanned_at)
        .add_columns(ProjectSession.id, ProjectSession.starts_at)
        .join(ProjectSession, ProjectSession.id == CheckEvent.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .outerjoin(Enrolment, _enrolment_of(CheckEvent.person_id))
        .outerjoin(
            HoursLine,
            and_(
                HoursLine.session_id == CheckEvent.session_id,
                HoursLine.person_id == CheckEvent.person_id,
            ),
        )
        .where(whose, Project.municipality_id == municipality_id)
        .where(ProjectSession.starts_at >= begins - LONGEST_SESSION)
        .where(ProjectSession.starts_at < ends)
        .where(CheckEvent.outcome == Outcome.ACCEPTED, HoursLine.id.is_(None))
        .where(~is_taken_back())
        .order_by(CheckEvent.scanned_at)
    )
    found = {(row[0], _ground(row, row[1])) for row in ctx.db.execute(with_hours)}
    came: dict[tuple[UUID, UUID], Present] = {}
    for row in ctx.db.execute(without_hours):
        day = rome_day(max(row[1], row.starts_at))
        came.setdefault((row.id, row[0]), (row[0], _ground(row, day)))
    return found | {each for each in came.values() if first <= each[1].day <= last}


def _grounds(person: Any, day: Any) -> Select[*tuple[Any, ...]]:
    return select(
        person,
        day,
        Project.association_id,
        Project.municipality_id,
        Enrolment.legal_basis,
        Project.is_occasional,
    )


def _enrolment_of(person: Any) -> ColumnElement[bool]:
    return and_(Enrolment.project_id == Project.id, Enrolment.person_id == person)


def _ground(row: Sequence[Any], day: date) -> DayToCome:
    usual = LegalBasis.OCCASIONAL if row[5] else LegalBasis.VOLUNTEER
    return DayToCome(row[2], row[3], day, row[4] or usual)


def _counted(there: Iterable[Present], policies: Sequence[PolicyLine]) -> list[InsuredDays]:
    """Where two policies share what the law asks for, each has the day."""
    days: dict[tuple[date, PolicyLine | None, LegalBasis], set[tuple[UUID, date]]]
    days = defaultdict(set)
    covering: dict[DayToCome, list[PolicyLine | None]] = {}
    for person_id, ground in there:
        if ground not in covering:
            covering[ground] = [each for each in policies if each.covers(ground)] or [None]
        for policy in covering[ground]:
            key = (ground.day.replace(day=1), policy, ground.basis)
            days[key].add((person_id, ground.day))
    found = [
        InsuredDays(month, policy, basis, len(each), len({person for person, _day in each}))
        for (month, policy, basis), each in days.items()
    ]
    return sorted(found, key=_in_order)


def _in_order(line: InsuredDays) -> tuple[date, bool, str, str]:
    number = line.policy.number if line.policy else ""
    return line.month, line.policy is None, number, line.basis.value
