"""Dates of a project, and the places in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self, cast
from uuid import UUID

from sqlalchemy import CursorResult, Update, select, update

from civic.catalogue.errors import (
    PlacesBelowTaken,
    ProjectNotEditable,
    SessionAlreadyThere,
    SessionIsCancelled,
    SessionOver,
)
from civic.catalogue.events import (
    PlacesAdded,
    SeriesCancelled,
    SeriesMoved,
    SessionCancelled,
    SessionMoved,
)
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.operations.indexing import index_project
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import project_for
from civic.catalogue.queries.sessions import session_for
from civic.catalogue.rules import (
    EDITABLE,
    SessionState,
    check_places,
    check_session,
    slot_of,
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
    project = editable(ctx, project_id)
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
    if project.is_public:
        index_project(ctx, project.id)
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
    before = Stand.of(session)
    more = plan.places > session.places
    session.starts_at, session.ends_at = plan.starts_at, plan.ends_at
    session.slot = slot_of(plan.starts_at)
    session.meeting_point, session.places = plan.meeting_point, plan.places
    if before != Stand.of(session):
        session.sequence += 1
        tell_moved(ctx, session, [before])
    if more:
        announce_places(ctx, session)
    if session.is_public:
        index_project(ctx, session.project_id)


@dataclass(frozen=True)
class Stand:
    """When and where a session is at some moment."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    meeting_point: str

    @classmethod
    def of(cls, session: ProjectSession) -> Self:
        return cls(session.id, session.starts_at, session.ends_at, session.meeting_point)


def tell_moved(ctx: Context, one: ProjectSession, moved: Sequence[Stand]) -> None:
    """Say where sessions of a project were before; those who booked hear of all in one message."""
    if not one.is_public or not moved:
        return
    if len(moved) == 1:
        emit(
            ctx,
            SessionMoved(
                municipality_id=one.municipality_id,
                session_id=moved[0].session_id,
                old_starts_at=moved[0].starts_at,
                old_ends_at=moved[0].ends_at,
                old_meeting_point=moved[0].meeting_point,
            ),
        )
        return
    emit(
        ctx,
        SeriesMoved(
            municipality_id=one.municipality_id,
            project_id=one.project_id,
            session_ids=tuple(stand.session_id for stand in moved),
            old_starts_at=tuple(stand.starts_at for stand in moved),
            old_ends_at=tuple(stand.ends_at for stand in moved),
            old_meeting_points=tuple(stand.meeting_point for stand in moved),
        ),
    )


def announce_places(ctx: Context, session: ProjectSession) -> None:
    """There is more room than before."""
    if session.is_public:
        emit(ctx, PlacesAdded(municipality_id=session.municipality_id, session_id=session.id))


def cancel_session(ctx: Context, session_id: UUID) -> None:
    """Once or twice: the second click changes nothing and nobody is told again."""
    facts = session_for(ctx, session_id, ORGANISE)
    if not facts.is_cancelled:
        session = _changeable(ctx, session_id)
        call_off(ctx, session)
        if session.is_public:
            index_project(ctx, session.project_id)


def call_off(ctx: Context, session: ProjectSession) -> None:
    """Cancel a session that the caller has locked and found to be still to come."""
    session.state = SessionState.CANCELLED
    session.sequence += 1
    if session.is_public:
        emit(ctx, SessionCancelled(municipality_id=session.municipality_id, session_id=session.id))


def call_off_all(ctx: Context, coming: Sequence[ProjectSession]) -> None:
    """Cancel several sessions of a project, locked and still to come: one message for each person."""
    if len(coming) == 1:
        call_off(ctx, coming[0])
        return
    for session in coming:
        session.state = SessionState.CANCELLED
        session.sequence += 1
    if coming and coming[0].is_public:
        emit(
            ctx,
            SeriesCancelled(
                municipality_id=coming[0].municipality_id,
                project_id=coming[0].project_id,
                session_ids=tuple(session.id for session in coming),
            ),
        )


def take_place(ctx: Context, session_id: UUID, number: int = 1) -> bool:
    """Take so many places if they are left; of many who try for the last, exactly one succeeds."""
    return _count(
        ctx,
        update(ProjectSession)
        .where(ProjectSession.id == session_id, ProjectSession.is_public.is_(True))
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.ends_at > ctx.now())
        .where(ProjectSession.places_taken + number <= ProjectSession.places)
        .values(places_taken=ProjectSession.places_taken + number),
    )


def give_back_place(ctx: Context, session_id: UUID, number: int = 1) -> bool:
    """Places come free; False when fewer were taken."""
    return _count(
        ctx,
        update(ProjectSession)
        .where(ProjectSession.id == session_id, ProjectSession.places_taken >= number)
        .values(places_taken=ProjectSession.places_taken - number),
    )


def _count(ctx: Context, statement: Update) -> bool:
    done = cast("CursorResult[Any]", ctx.db.execute(statement))
    return done.rowcount == 1


def editable(ctx: Context, project_id: UUID) -> Project:
    project = project_for(ctx, project_id, ORGANISE, lock=True)
    if project.state not in EDITABLE:
        raise ProjectNotEditable
    return project


def _changeable(ctx: Context, session_id: UUID) -> ProjectSession:
    """The gate for changes: the project first, so that two changes of its dates queue up."""
    facts = session_for(ctx, session_id, ORGANISE)
    editable(ctx, facts.project_id)
    session = ctx.db.scalars(
        select(ProjectSession)
        .where(ProjectSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    check_changeable(ctx, session)
    return session


def check_changeable(ctx: Context, session: ProjectSession) -> None:
    if session.state is SessionState.CANCELLED:
        raise SessionIsCancelled
    if session.starts_at <= ctx.now():
        raise SessionOver


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
