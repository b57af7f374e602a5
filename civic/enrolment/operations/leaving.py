"""Leaving a project."""

from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import ProjectSession
from civic.enrolment.models import Booking
from civic.enrolment.operations.joining import enrolment_of
from civic.enrolment.operations.places import withdraw
from civic.enrolment.operations.register import end_register_line
from civic.enrolment.operations.turns import take_turn
from civic.enrolment.queries import enrolments
from civic.enrolment.rules import HELD, EnrolmentState
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def leave(ctx: Context, project_id: UUID) -> None:
    """The actor leaves a project: their places to come go to whoever waits."""
    person_id = take_turn(ctx)
    project = enrolments.project_to_join(ctx, project_id=project_id)
    enrolment = enrolment_of(ctx, project_id, person_id)
    if enrolment is None:
        raise NotFound
    enrolment.state = EnrolmentState.WITHDRAWN
    to_come = ctx.db.scalars(
        select(Booking.session_id)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.person_id == person_id)
        .where(Booking.state.in_(HELD))
        .where(ProjectSession.project_id == project_id)
        .where(ProjectSession.starts_at > ctx.now())
        # In one order for everybody, so that two who leave at once do not block each other.
        .order_by(ProjectSession.id)
    ).all()
    for session_id in to_come:
        withdraw(ctx, session_id)
    ctx.db.flush()
    end_register_line(ctx, project, person_id)
