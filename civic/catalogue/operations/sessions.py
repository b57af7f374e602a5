"""Dates of a project, and the places in them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Update, select, update

from civic.catalogue.errors import (
    PlacesBelowTaken,
    ProjectNotEditable,
    SessionAlreadyThere,
    SessionIsCancelled,
    SessionOver,
)
from civic.catalogue.events import PlacesAdded, SessionCancelled, SessionMoved
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import project_for
from civic.catalogue.queries.sessions import session_for
from civic.catalogue.rules import (
    EDITABLE,
    SessionState,
    check_places,
    check_session,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.outbox import emit


@dataclass(frozen=True)
class SessionPlan:
    """When and where, for how many."""

    starts_at: datetime
    ends_at: datetime
    meeting_point: str
    places: int


def add_session(ctx: Context, project_id: UUID, plan: SessionPlan) -> UUID:
    return add_sessions(ctx, project_id, [plan])[0]


def add_sessions(ctx: Context, project_id: UUID, plans: list[SessionPlan]) -> list[UUID]:
    """Several dates at once: all of them or, when one is refused, none."""
    project = _editable(ctx, project_id)
    added = []
    for plan in plans:
        _check(ctx, project.id, plan)
        session = ProjectSession(
            id=ctx.new_id(),
            project_id=project.id,
            municipality_id=project.municipality_id,
            is_public=project.is_public,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            meeting_point=plan.meeting_point,
            places=plan.places,
        )
        ctx.db.add(session)
        ctx.db.flush()
        added.append(session.id)
    return added


def change_session(ctx: Context, session_id: UUID, plan: SessionPlan) -> None:
    """Move it, or change its places; those who hold one are told by the events."""
    session = _changeable(ctx, session_id)
    moved = (session.starts_at, session.ends_at) != (plan.starts_at, plan.ends_at)
    if moved:
        _check(ctx, session.project_id, plan, but=session.id)
    check_places(plan.places)
    if plan.places < session.places_taken:
        raise PlacesBelowTaken(taken=session.places_taken)
    before = (session.starts_at, session.ends_at, session.meeting_point)
    more = plan.places > session.places
    session.starts_at, session.ends_at = plan.starts_at, plan.ends_at
    session.meeting_point, session.places = plan.meeting_point, plan.places
    if moved or before[2] != plan.meeting_point:
        session.sequence += 1
        _tell_moved(ctx, session, *before)
    if more and session.is_public:
        emit(ctx, PlacesAdded(municipality_id=session.municipality_id, session_id=session.id))


def _tell_moved(
    ctx: Context, session: ProjectSession, starts_at: datetime, ends_at: datetime, point: str
) -> None:
    if session.is_public:
        emit(
            ctx,
            SessionMoved(
                municipality_id=session.municipality_id,
                session_id=session.id,
                old_starts_at=starts_at,
                old_ends_at=ends_at,
                old_meeting_point=point,
            ),
        )


def cancel_session(ctx: Context, session_id: UUID) -> None:
    """Once or twice: the second click changes nothing and nobody is told again."""
    facts = session_for(ctx, session_id, ORGANISE)
    if not facts.is_cancelled:
        call_off(ctx, _changeable(ctx, session_id))


def call_off(ctx: Context, session: ProjectSession) -> None:
    """Cancel a session that the caller has locked and found to be still to come."""
    session.state = SessionState.CANCELLED
    session.sequence += 1
    if session.is_public:
        emit(ctx, SessionCancelled(municipality_id=session.municipality_id, session_id=session.id))


def take_place(ctx: Context, session_id: UUID) -> bool:
    """Take a place if one is left; of many who try for the last, exactly one succeeds."""
    return _count(
        ctx,
        update(ProjectSession)
        .where(ProjectSession.id == session_id, ProjectSession.is_public.is_(True))
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.ends_at > ctx.now())
        .where(ProjectSession.places_taken < ProjectSession.places)
        .values(places_taken=ProjectSession.places_taken + 1),
    )


def give_back_place(ctx: Context, session_id: UUID) -> bool:
    """A confirmed place comes free; False when none was taken."""
    return _count(
        ctx,
        update(ProjectSession)
        .where(ProjectSession.id == session_id, ProjectSession.places_taken > 0)
        .values(places_taken=ProjectSession.places_taken - 1),
    )


def _count(ctx: Context, statement: Update) -> bool:
    done = cast("CursorResult[Any]", ctx.db.execute(statement))
    return done.rowcount == 1


def _editable(ctx: Context, project_id: UUID) -> Project:
    project = project_for(ctx, project_id, ORGANISE, lock=True)
    if project.state not in EDITABLE:
        raise ProjectNotEditable
    return project


def _changeable(ctx: Context, session_id: UUID) -> ProjectSession:
    """The gate for changes: the project first, so that two changes of its dates queue up."""
    facts = session_for(ctx, session_id, ORGANISE)
    _editable(ctx, facts.project_id)
    session = ctx.db.scalars(
        select(ProjectSession)
        .where(ProjectSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if session.state is SessionState.CANCELLED:
        raise SessionIsCancelled
    if session.starts_at <= ctx.now():
        raise SessionOver
    return session


def _check(ctx: Context, project_id: UUID, plan: SessionPlan, but: UUID | None = None) -> None:
    check_session(plan.starts_at, plan.ends_at, ctx.now())
    check_places(plan.places)
    there = ctx.db.scalar(
        select(ProjectSession.id)
        .where(ProjectSession.project_id == project_id)
        .where(ProjectSession.starts_at == plan.starts_at)
    )
    if there is not None and there != but:
        day: date = rome_day(plan.starts_at)
        raise SessionAlreadyThere(day=day)
