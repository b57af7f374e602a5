"""Sessions that repeat: made by a rule, then each a row of its own.

A series stays true to its rows: the days of its rule are those of its rows (`series_day`) and
those left out, each once. So a calendar made of the rule says what the rows say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self, TypeVar
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.errors import (
    NoDayTicked,
    NotInSeries,
    PlacesBelowTakenOn,
    SessionAlreadyThere,
)
from civic.catalogue.models import Project, ProjectSession, SessionSeries
from civic.catalogue.operations import sessions
from civic.catalogue.operations.indexing import index_project
from civic.catalogue.operations.sessions import (
    SessionPlan,
    Stand,
    announce_places,
    call_off_all,
    tell_moved,
)
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.sessions import session_for
from civic.catalogue.rhythm import Rhythm, Scope, trimmed
from civic.catalogue.rules import (
    SessionState,
    check_places,
    check_session,
    slot_of,
    wall_span,
)
from civic.kernel.clock import ROME, rome_day
from civic.kernel.context import Context

Span = tuple[datetime, datetime]
T = TypeVar("T")


@dataclass(frozen=True)
class NewSeries:
    rhythm: Rhythm
    start: time
    end: time
    meeting_point: str
    places: int
    kept: tuple[date, ...]
    """Of the rhythm's days those on which there is a session."""


def add_series(ctx: Context, project_id: UUID, new: NewSeries) -> list[UUID]:
    """All its sessions or, when one is refused, none."""
    project = sessions.editable(ctx, project_id)
    kept = sorted(set(new.kept) & set(new.rhythm.days()))
    if not kept:
        raise NoDayTicked
    spans = [wall_span(day, new.start, new.end) for day in kept]
    check_places(new.places)
    for span in spans:
        check_session(*span, ctx.now())
    _check_free(ctx, project.id, spans)
    rhythm, left_out = trimmed(new.rhythm, kept)
    series = SessionSeries(
        id=ctx.new_id(),
        project_id=project.id,
        municipality_id=project.municipality_id,
        is_public=project.is_public,
        rule=rhythm.rule,
        first_day=rhythm.first_day,
        starts=new.start,
        ends=new.end,
        except_days=[day.isoformat() for day in left_out],
        meeting_point=new.meeting_point,
        places=new.places,
        created_at=ctx.now(),
    )
    ctx.db.add(series)
    ctx.db.flush()
    rows = [_row(ctx, series, day, span) for day, span in zip(kept, spans, strict=True)]
    ctx.db.add_all(rows)
    ctx.db.flush()
    _index(ctx, project)
    return [row.id for row in rows]


def _row(ctx: Context, series: SessionSeries, day: date, span: Span) -> ProjectSession:
    return ProjectSession(
        id=ctx.new_id(),
        project_id=series.project_id,
        municipality_id=series.municipality_id,
        is_public=series.is_public,
        starts_at=span[0],
        ends_at=span[1],
        meeting_point=series.meeting_point,
        places=series.places,
        series_id=series.id,
        series_day=day,
    )


@dataclass(frozen=True)
class Change:
    """What somebody made different in one session. What they left alone stays in the others."""

    shift: timedelta
    hours: tuple[time, time] | None
    meeting_point: str | None
    places: int | None

    @classmethod
    def between(cls, session: ProjectSession, plan: SessionPlan) -> Self:
        hours = (_wall(plan.starts_at), _wall(plan.ends_at))
        return cls(
            shift=rome_day(plan.starts_at) - rome_day(session.starts_at),
            hours=None if hours == (_wall(session.starts_at), _wall(session.ends_at)) else hours,
            meeting_point=_unless_equal(plan.meeting_point, session.meeting_point),
            places=_unless_equal(plan.places, session.places),
        )

    @property
    def moves(self) -> bool:
        return bool(self.shift) or self.hours is not None

    @property
    def is_empty(self) -> bool:
        return not self.moves and self.meeting_point is None and self.places is None

    def span(self, session: ProjectSession) -> Span:
        """When the session takes place after the change: the same time on the wall, not in UTC."""
        first, last = rome_day(session.starts_at), rome_day(session.ends_at)
        if self.hours is not None:
            return wall_span(first + self.shift, *self.hours)
        start, end = _wall(session.starts_at), _wall(session.ends_at)
        return (
            wall_span(first + self.shift, start, start)[0],
            wall_span(last + self.shift, end, end)[1],
        )


def _unless_equal(new: T, old: T) -> T | None:
    return None if new == old else new


def _wall(instant: datetime) -> time:
    return instant.astimezone(ROME).time()


def change_series(ctx: Context, session_id: UUID, scope: Scope, plan: SessionPlan) -> int:
    """Do to others of the series what the plan does to this session; returns how many changed.

    Sessions that have begun and cancelled ones never change. Whoever holds a place is told by
    one event for all of them.
    """
    if scope is Scope.ONE:
        sessions.change_session(ctx, session_id, plan)
        return 1
    project, chosen, rows = _held(ctx, session_id)
    change = Change.between(chosen, plan)
    if change.is_empty:
        return 0
    from_day = _first_day(chosen, rows, scope, ctx.now())
    part = [row for row in rows if row.series_day is not None and row.series_day >= from_day]
    series = _cut(ctx, ctx.db.get_one(SessionSeries, chosen.series_id), part, from_day)
    coming = [row for row in part if _can_change(row, ctx.now())]
    _rewrite(series, part, change)
    _apply(ctx, project, coming, change)
    _index(ctx, project)
    return len(coming)


def cancel_series(ctx: Context, session_id: UUID, scope: Scope) -> int:
    """Cancel this session and others of its series; returns how many. A second click cancels none."""
    if session_for(ctx, session_id, ORGANISE).is_cancelled:
        return 0
    if scope is Scope.ONE:
        sessions.cancel_session(ctx, session_id)
        return 1
    project, chosen, rows = _held(ctx, session_id)
    from_day = _first_day(chosen, rows, scope, ctx.now())
    coming = [
        row
        for row in rows
        if row.series_day is not None and row.series_day >= from_day and _can_change(row, ctx.now())
    ]
    call_off_all(ctx, coming)
    _index(ctx, project)
    return len(coming)


def _index(ctx: Context, project: Project) -> None:
    if project.is_public:
        index_project(ctx, project.id)


def _held(
    ctx: Context, session_id: UUID
) -> tuple[Project, ProjectSession, Sequence[ProjectSession]]:
    """The gate for changes of a series: its project, the chosen session and all rows, locked."""
    facts = session_for(ctx, session_id, ORGANISE)
    project = sessions.editable(ctx, facts.project_id)
    series_id = ctx.db.scalar(
        select(ProjectSession.series_id).where(ProjectSession.id == session_id)
    )
    if series_id is None:
        raise NotInSeries
    rows = ctx.db.scalars(
        select(ProjectSession)
        .where(ProjectSession.series_id == series_id)
        # In the order in which everybody locks sessions.
        .order_by(ProjectSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    chosen = next(row for row in rows if row.id == session_id)
    sessions.check_changeable(ctx, chosen)
    return project, chosen, rows


def _can_change(row: ProjectSession, now: datetime) -> bool:
    return row.state is SessionState.SCHEDULED and row.starts_at > now


def _first_day(
    chosen: ProjectSession, rows: Sequence[ProjectSession], scope: Scope, now: datetime
) -> date:
    """From which day of the series on."""
    days = [row.series_day for row in rows if row.series_day is not None and _can_change(row, now)]
    return min(days) if scope is Scope.ALL else chosen.series_day or min(days)


def _cut(
    ctx: Context, series: SessionSeries, part: Sequence[ProjectSession], day: date
) -> SessionSeries:
    """Divide a series before a day; what comes from there on becomes a series of its own."""
    rhythm = Rhythm.of(series.rule, series.first_day)
    if day <= rhythm.first_day:
        return series
    later = SessionSeries(
        id=ctx.new_id(),
        project_id=series.project_id,
        municipality_id=series.municipality_id,
        is_public=series.is_public,
        rule=rhythm.starting(day).rule,
        first_day=day,
        starts=series.starts,
        ends=series.ends,
        except_days=[left_out for left_out in series.except_days if left_out >= day.isoformat()],
        meeting_point=series.meeting_point,
        places=series.places,
        created_at=ctx.now(),
    )
    series.rule = rhythm.before(day).rule
    series.except_days = [left_out for left_out in series.except_days if left_out < day.isoformat()]
    ctx.db.add(later)
    ctx.db.flush()
    for row in part:
        row.series_id = later.id
    return later


def _rewrite(series: SessionSeries, part: Sequence[ProjectSession], change: Change) -> None:
    """Let the rule say what the rows will. Each keeps the day that the rule now gives it."""
    rhythm = Rhythm.of(series.rule, series.first_day).shifted(change.shift)
    series.rule, series.first_day = rhythm.rule, rhythm.first_day
    series.except_days = [
        (date.fromisoformat(day) + change.shift).isoformat() for day in series.except_days
    ]
    if change.hours is not None:
        series.starts, series.ends = change.hours
    series.meeting_point = change.meeting_point or series.meeting_point
    series.places = change.places or series.places
    for row in part:
        if row.series_day is not None:
            row.series_day += change.shift


def _apply(
    ctx: Context, project: Project, coming: Sequence[ProjectSession], change: Change
) -> None:
    if change.places is not None:
        _check_places(coming, change.places)
    spans = {row.id: change.span(row) for row in coming}
    if change.moves:
        for span in spans.values():
            check_session(*span, ctx.now())
        _check_free(ctx, project.id, list(spans.values()), coming)
    more = [row for row in coming if change.places is not None and change.places > row.places]
    moved = []
    # One after the other, so that none stands for a moment where the next still is.
    for row in sorted(coming, key=lambda row: row.starts_at, reverse=change.shift > timedelta(0)):
        old = Stand.of(row)
        row.starts_at, row.ends_at = spans[row.id]
        row.slot = slot_of(row.starts_at)
        row.meeting_point = change.meeting_point or row.meeting_point
        row.places = change.places or row.places
        if old != Stand.of(row):
            row.sequence += 1
            moved.append(old)
        ctx.db.flush()
    if moved:
        tell_moved(ctx, coming[0], moved)
    for row in more:
        announce_places(ctx, row)


def _check_places(coming: Sequence[ProjectSession], places: int) -> None:
    check_places(places)
    for row in coming:
        if places < row.places_taken:
            raise PlacesBelowTakenOn(day=rome_day(row.starts_at), taken=row.places_taken)


def _check_free(
    ctx: Context, project_id: UUID, spans: Sequence[Span], but: Sequence[ProjectSession] = ()
) -> None:
    """The project has no other session at these starts, and none of them twice."""
    starts = [starts_at for starts_at, _ends_at in spans]
    twice = {at for at in starts if starts.count(at) > 1}
    there = twice | set(
        ctx.db.scalars(
            select(ProjectSession.starts_at)
            .where(ProjectSession.project_id == project_id)
            .where(ProjectSession.starts_at.in_(starts))
            .where(ProjectSession.id.not_in([row.id for row in but]))
        )
    )
    if there:
        raise SessionAlreadyThere(day=rome_day(min(there)))
