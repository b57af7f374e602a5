"""The line before a session: who waits, in what order, and who of them could have a place."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select

from civic.accounts.models import Person
from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.line import InLine, Missing, what_is_missing
from civic.enrolment.models import Booking, Enrolment, GuardianConsent
from civic.enrolment.queries.standing import insured_people
from civic.enrolment.rules import BookingState, EnrolmentState, needs_guardian
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

_UNIT = func.coalesce(Booking.group_id, Booking.id)
"""Members of a group asked at one instant, so they stand beside each other in the order."""


def line(ctx: Context, facts: SessionFacts) -> list[InLine]:
    """Everybody who waits, the first in line first; three statements at most."""
    rows = ctx.db.execute(
        _conditions(facts)
        .add_columns(Booking.id, Booking.group_id)
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.session_id == facts.id)
        .where(Booking.state == BookingState.WAITING)
        .order_by(Booking.queued_at, _UNIT, Booking.id)
    ).all()
    missing = _missing(ctx, facts, rows)
    return [InLine(row[4], row[0], row[5], missing[row[0]]) for row in rows]


def missing(
    ctx: Context, facts: SessionFacts, person_ids: Sequence[UUID]
) -> dict[UUID, Missing | None]:
    """What keeps a place in the session from each of these people, if anything does."""
    rows = ctx.db.execute(_conditions(facts).where(Person.id.in_(person_ids))).all()
    return _missing(ctx, facts, rows)


def _conditions(facts: SessionFacts) -> Select[UUID, int | None, EnrolmentState, UUID]:
    return (
        select(Person.id, Person.birth_year, Enrolment.state, GuardianConsent.id)
        .select_from(Person)
        .outerjoin(
            Enrolment,
            and_(Enrolment.person_id == Person.id, Enrolment.project_id == facts.project_id),
        )
        .outerjoin(
            GuardianConsent,
            and_(
                GuardianConsent.person_id == Person.id,
                GuardianConsent.municipality_id == facts.municipality_id,
                GuardianConsent.withdrawn_at.is_(None),
            ),
        )
    )


def _missing(
    ctx: Context, facts: SessionFacts, rows: Sequence[Row[*tuple[Any, ...]]]
) -> dict[UUID, Missing | None]:
    if not rows:
        return {}
    day = rome_day(facts.starts_at)
    insured = insured_people(ctx, facts, [row[0] for row in rows])
    return {
        row[0]: what_is_missing(
            is_active=row[2] is EnrolmentState.ACTIVE,
            is_agreed=row[3] is not None or not needs_guardian(row[1], day),
            is_insured=row[0] in insured,
        )
        for row in rows
    }


def positions(ctx: Context, session_ids: Sequence[UUID], person_id: UUID) -> dict[UUID, int]:
    """Where somebody stands in each of these lines, from 1; a group counts as one."""
    if not session_ids:
        return {}
    number = func.dense_rank().over(
        partition_by=Booking.session_id, order_by=(Booking.queued_at, _UNIT)
    )
    lines = (
        select(Booking.session_id, Booking.person_id, number.label("number"))
        .where(Booking.session_id.in_(session_ids))
        .where(Booking.state == BookingState.WAITING)
        .subquery()
    )
    rows = ctx.db.execute(
        select(lines.c.session_id, lines.c.number).where(lines.c.person_id == person_id)
    )
    return {row.session_id: row.number for row in rows}
