"""Policies, and the days to be covered by them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.rules import ProjectState, SessionState
from civic.enrolment.models import Booking, Enrolment, InsurancePolicy, PolicyBasis
from civic.enrolment.policy import END_POLICY
from civic.enrolment.rules import (
    MUNICIPAL,
    BookingState,
    DayToCome,
    EnrolmentState,
    LegalBasis,
    PolicyLine,
    Risk,
)
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place


def policies(
    ctx: Context, association_ids: Sequence[UUID], municipality_ids: Sequence[UUID]
) -> list[PolicyLine]:
    """Of the associations in these cities, and the cities' own; those that end last come first."""
    return _policies(
        ctx,
        _columns()
        .where(InsurancePolicy.municipality_id.in_(municipality_ids))
        .where(
            or_(
                InsurancePolicy.association_id.in_(association_ids),
                InsurancePolicy.association_id.is_(None),
            )
        ),
    )


def policies_in(ctx: Context, municipality_id: UUID) -> list[PolicyLine]:
    """Of everybody who insures people in the city."""
    return _policies(ctx, _columns().where(InsurancePolicy.municipality_id == municipality_id))


def policy_for(ctx: Context, policy_id: UUID) -> PolicyLine:
    """The gate: a policy that the actor may end."""
    found = _policies(ctx, _columns().where(InsurancePolicy.id == policy_id))
    if not found:
        raise NotFound
    END_POLICY.require(ctx.actor, Place(found[0].municipality_id, found[0].association_id))
    return found[0]


def _columns() -> Select[*tuple[Any, ...]]:
    policy = InsurancePolicy
    return select(
        policy.id,
        policy.association_id,
        policy.municipality_id,
        policy.insurer,
        policy.number,
        policy.starts_on,
        policy.ends_on,
        policy.was_to_end_on,
        policy.end_reason,
        policy.covers_accident,
        policy.covers_illness,
        policy.covers_liability,
    ).order_by(policy.ends_on.desc(), policy.id)


def _policies(ctx: Context, statement: Select[*tuple[Any, ...]]) -> list[PolicyLine]:
    rows = ctx.db.execute(statement).all()
    bases: dict[UUID, list[LegalBasis]] = defaultdict(list)
    for policy_id, basis in ctx.db.execute(
        select(PolicyBasis.policy_id, PolicyBasis.legal_basis).where(
            PolicyBasis.policy_id.in_([row[0] for row in rows])
        )
    ):
        bases[policy_id].append(basis)
    return [_line(row, bases[row[0]]) for row in rows]


def _line(row: Sequence[Any], listed: Sequence[LegalBasis]) -> PolicyLine:
    known, marked = row[:9], row[9:]
    risks = tuple(risk for risk, is_covered in zip(Risk, marked, strict=True) if is_covered)
    bases = tuple(basis for basis in LegalBasis if basis in listed)
    return PolicyLine(*[*known, risks, bases])


def days_to_come(ctx: Context, association_ids: Sequence[UUID]) -> list[DayToCome]:
    """On the ground usual there: of others whom the municipality sends nothing is told here."""
    return _days(ctx, _dates().where(Project.association_id.in_(association_ids)))


def days_to_come_in(ctx: Context, municipality_id: UUID) -> list[DayToCome]:
    """For the city's officers: with the grounds of all who have joined."""
    here = Project.municipality_id == municipality_id
    sent = (
        _dates()
        .add_columns(Enrolment.legal_basis)
        .join(Enrolment, Enrolment.project_id == Project.id)
        .where(here)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .where(Enrolment.legal_basis.in_(MUNICIPAL))
        .where(ProjectSession.ends_at > ctx.now())
        .distinct()
    )
    found = {
        DayToCome(row[0], row[1], rome_day(row[2]), row[4]) for row in ctx.db.execute(sent)
    }.union(_days(ctx, _dates().where(here)))
    return sorted(found, key=_by_day)


def _dates() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Project.association_id,
            Project.municipality_id,
            ProjectSession.starts_at,
            Project.is_occasional,
        )
        .join(Project, Project.id == ProjectSession.project_id)
        .where(Project.state == ProjectState.PUBLISHED)
        .where(ProjectSession.state == SessionState.SCHEDULED)
    )


def _days(ctx: Context, dates: Select[*tuple[Any, ...]]) -> list[DayToCome]:
    rows = ctx.db.execute(dates.where(ProjectSession.ends_at > ctx.now()))
    found = {
        DayToCome(
            row[0],
            row[1],
            rome_day(row[2]),
            LegalBasis.OCCASIONAL if row[3] else LegalBasis.VOLUNTEER,
        )
        for row in rows
    }
    return sorted(found, key=_by_day)


def _by_day(day: DayToCome) -> tuple[date, str, UUID]:
    return day.day, day.basis.value, day.association_id


@dataclass(frozen=True)
class CoveredDays:
    """What a policy is about: whose people, and from when to when."""

    association_id: UUID | None
    """None for those of all associations."""
    municipality_id: UUID | None
    first: date
    last: date


def sessions_to_come(ctx: Context, days: CoveredDays, states: Sequence[BookingState]) -> list[UUID]:
    """Sessions in these days with somebody whose booking is in such a state."""
    begins, ends = rome_day_bounds(days.first)[0], rome_day_bounds(days.last)[1]
    statement = (
        select(ProjectSession.id)
        .join(Project, Project.id == ProjectSession.project_id)
        .join(Booking, Booking.session_id == ProjectSession.id)
        .where(Project.municipality_id == days.municipality_id)
        .where(ProjectSession.starts_at > ctx.now())
        .where(ProjectSession.starts_at >= begins, ProjectSession.starts_at < ends)
        .where(Booking.state.in_(states))
        .distinct()
        .order_by(ProjectSession.id)
    )
    if days.association_id is not None:
        statement = statement.where(Project.association_id == days.association_id)
    return list(ctx.db.scalars(statement))
