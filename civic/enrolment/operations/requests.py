"""Requests to join: answered by the association, or after days of silence by the municipality."""

from uuid import UUID

from sqlalchemy import select

from civic.audit import operations as audit
from civic.catalogue.rules import ProjectState
from civic.enrolment.errors import AnswerMissing, ProjectNotOpen, RequestSettled
from civic.enrolment.events import RequestAnswered, RequestCarried
from civic.enrolment.models import Enrolment
from civic.enrolment.obstacles import CARRIED_AFTER
from civic.enrolment.operations.joining import enrolment_of, enter_by_basis
from civic.enrolment.operations.turns import hold_people, take_turn
from civic.enrolment.queries import enrolments
from civic.enrolment.queries.requests import request_for
from civic.enrolment.rules import EnrolmentState
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import Permission

CARRIED_AT_ONCE = 500
JOINABLE = frozenset({ProjectState.PUBLISHED, ProjectState.PAUSED})
"""Somebody who asked before a break may still be let in."""


def approve(ctx: Context, enrolment_id: UUID, permission: Permission) -> None:
    """Yes: from now on they are in, and in the register where the law wants it."""
    enrolment = _waiting(ctx, enrolment_id, permission)
    project = enrolments.project_to_join(ctx, project_id=enrolment.project_id)
    if project.state not in JOINABLE:
        raise ProjectNotOpen
    _settle(ctx, enrolment, EnrolmentState.ACTIVE)
    enter_by_basis(ctx, project, enrolment)
    _tell(ctx, enrolment, "request.approved")


def put_off(ctx: Context, enrolment_id: UUID, permission: Permission, reason: str) -> None:
    """Not now, and why. They can ask again later."""
    enrolment = _waiting(ctx, enrolment_id, permission)
    if not reason:
        raise AnswerMissing
    enrolment.decision_reason = reason
    _settle(ctx, enrolment, EnrolmentState.REJECTED)
    _tell(ctx, enrolment, "request.put_off")


def _waiting(ctx: Context, enrolment_id: UUID, permission: Permission) -> Enrolment:
    """The request, held; the person first, as in everything that changes where they stand."""
    hold_people(ctx, [request_for(ctx, enrolment_id, permission)])
    enrolment = ctx.db.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .execution_options(populate_existing=True)
    )
    if enrolment is None:
        raise NotFound
    if enrolment.state is not EnrolmentState.REQUESTED:
        raise RequestSettled
    return enrolment


def _settle(ctx: Context, enrolment: Enrolment, state: EnrolmentState) -> None:
    enrolment.state = state
    enrolment.decided_at, enrolment.decided_by = ctx.now(), ctx.actor.own_id
    ctx.db.flush()


def _tell(ctx: Context, enrolment: Enrolment, action: str) -> None:
    """After the register: the city's trail is the last thing that anybody locks."""
    audit.record(
        ctx,
        enrolment.municipality_id,
        action,
        subject_id=enrolment.person_id,
        thing_id=enrolment.id,
        reason=enrolment.decision_reason,
    )
    emit(
        ctx,
        RequestAnswered(
            municipality_id=enrolment.municipality_id,
            enrolment_id=enrolment.id,
            project_id=enrolment.project_id,
            person_id=enrolment.person_id,
        ),
    )


def take_back(ctx: Context, project_id: UUID) -> None:
    """The actor no longer asks."""
    enrolment = enrolment_of(ctx, project_id, take_turn(ctx))
    if enrolment is None:
        raise NotFound
    if enrolment.state is not EnrolmentState.REQUESTED:
        raise RequestSettled
    enrolment.state = EnrolmentState.WITHDRAWN


def carry_unanswered_requests(ctx: Context) -> int:
    """In all cities: what an association has not answered for days goes to the municipality too.

    Once each, however often this runs; the association can still answer.
    """
    with unscoped(ctx.db, "requests that nobody answered, of all cities"):
        silent = ctx.db.scalars(
            select(Enrolment)
            .where(Enrolment.state == EnrolmentState.REQUESTED)
            .where(Enrolment.escalated_at.is_(None))
            .where(Enrolment.joined_at <= ctx.now() - CARRIED_AFTER)
            # In the order of the cities' trails, which are locked one after the other.
            .order_by(Enrolment.municipality_id, Enrolment.joined_at, Enrolment.id)
            .limit(CARRIED_AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        for enrolment in silent:
            enrolment.escalated_at = ctx.now()
            audit.record(
                ctx,
                enrolment.municipality_id,
                "request.carried",
                subject_id=enrolment.person_id,
                thing_id=enrolment.id,
            )
            emit(
                ctx,
                RequestCarried(
                    municipality_id=enrolment.municipality_id,
                    enrolment_id=enrolment.id,
                    project_id=enrolment.project_id,
                ),
            )
    return len(silent)
