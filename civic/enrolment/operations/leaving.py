"""Leaving a project."""

from uuid import UUID

from civic.enrolment.operations.joining import enrolment_of
from civic.enrolment.operations.places import withdraw
from civic.enrolment.operations.register import end_register_line
from civic.enrolment.operations.turns import take_turn
from civic.enrolment.queries import bookings, enrolments
from civic.enrolment.rules import EnrolmentState
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def leave(ctx: Context, project_id: UUID) -> None:
    """The actor leaves a project: their places to come go to whoever waits."""
    person_id = take_turn(ctx)
    project = enrolments.project_to_join(ctx, project_id=project_id)
    enrolment = enrolment_of(ctx, project_id, person_id)
    # A "not now" is nothing to leave: it holds for its two weeks.
    if enrolment is None or enrolment.state is EnrolmentState.REJECTED:
        raise NotFound
    enrolment.state = EnrolmentState.WITHDRAWN
    ctx.db.flush()
    # Before the sessions: who joins locks the register first, too.
    end_register_line(ctx, project, person_id)
    for session_id in bookings.sessions_to_give_back(ctx, project_id, person_id):
        withdraw(ctx, session_id, person_id)
