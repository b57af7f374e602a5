"""A path from the first wish to the day its project is signed, and its end before time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select, update

from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.recognition.errors import (
    NoTutorOfOurs,
    PathElsewhere,
    PathOver,
    PeriodTooLong,
    ProjectFixed,
    TooFewHours,
)
from civic.recognition.models import RecognitionGoal, RecognitionPath
from civic.recognition.operations.trail import record_change, record_reading
from civic.recognition.queries.gate import Body, PathFacts, body_for, facts, path_for
from civic.recognition.queries.paths import PathPage, pages
from civic.recognition.queries.people import is_participant, tutors
from civic.recognition.rules import (
    LEAST_HOURS,
    MOST_HOURS,
    WRITABLE,
    PathState,
    is_period,
)
from civic.signatures import operations as signatures


@dataclass(frozen=True)
class ProjectDraft:
    tutor_id: UUID
    hours: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class NewGoal:
    sector: int
    words_it: str
    words: str
    language: str
    skills: Sequence[str]
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def ask_for_path(ctx: Context, body: Body) -> UUID:
    """By the person, with an association they take part with. Asked twice it is one path."""
    person_id = ctx.actor.own_id
    if not is_participant(ctx, body, person_id):
        raise NotFound
    return _open(ctx, body, person_id, is_own_wish=True)


def open_path(ctx: Context, body: Body, person_id: UUID) -> UUID:
    """By an organiser, who offers it to somebody."""
    body = body_for(ctx, body.association_id, body.municipality_id)
    if not is_participant(ctx, body, person_id):
        raise NotFound
    return _open(ctx, body, person_id, is_own_wish=False)


def _open(ctx: Context, body: Body, person_id: UUID, *, is_own_wish: bool) -> UUID:
    path_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        RecognitionPath,
        id=path_id,
        municipality_id=body.municipality_id,
        association_id=body.association_id,
        person_id=person_id,
        state=PathState.ASKED if is_own_wish else PathState.DRAFT,
        is_own_wish=is_own_wish,
        opened_at=ctx.now(),
    )
    there = ctx.db.scalars(
        select(RecognitionPath)
        .where(RecognitionPath.person_id == person_id)
        .where(RecognitionPath.association_id == body.association_id)
        .where(RecognitionPath.municipality_id == body.municipality_id)
        .where(RecognitionPath.ended_at.is_(None))
    ).first()
    if there is None:
        raise PathElsewhere
    if is_new:
        record_change(ctx, facts(there), "opened")
    return there.id


def read_path(ctx: Context, path_id: UUID) -> PathPage:
    """For the association; that it was read is on record, so this is a change."""
    path = path_for(ctx, path_id)
    record_reading(ctx, path)
    return pages(ctx, [path])[0]


def write_project(ctx: Context, path_id: UUID, draft: ProjectDraft) -> None:
    """Tutor, hours and days; while nobody has been asked to sign."""
    path = _writable(ctx, path_id)
    ours = {tutor.id for tutor in tutors(ctx, Body(path.association_id, path.municipality_id))}
    if draft.tutor_id not in ours:
        raise NoTutorOfOurs
    if not LEAST_HOURS <= draft.hours <= MOST_HOURS:
        raise TooFewHours
    if not is_period(draft.starts_on, draft.ends_on):
        raise PeriodTooLong
    set_state(
        ctx,
        path,
        PathState.DRAFT,
        tutor_id=draft.tutor_id,
        minutes_planned=draft.hours * 60,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
    )
    record_change(ctx, path, "project_written")


def add_goal(ctx: Context, path_id: UUID, new: NewGoal) -> UUID:
    path = _writable(ctx, path_id)
    goal_id = new.id or ctx.new_id()
    is_new = insert_once(
        ctx.db,
        RecognitionGoal,
        id=goal_id,
        municipality_id=path.municipality_id,
        path_id=path.id,
        sector=new.sector,
        words_it=new.words_it,
        words=new.words,
        language=new.language,
        skills=list(new.skills),
        set_at=ctx.now(),
    )
    if not is_new:
        there = ctx.db.get(RecognitionGoal, goal_id)
        if there is None or there.path_id != path.id:
            raise NotFound
        return goal_id
    record_change(ctx, path, "goal_set", goal=goal_id)
    return goal_id


def take_goal_out(ctx: Context, path_id: UUID, goal_id: UUID) -> None:
    path = _writable(ctx, path_id)
    gone = ctx.db.scalar(
        delete(RecognitionGoal)
        .where(RecognitionGoal.id == goal_id, RecognitionGoal.path_id == path.id)
        .returning(RecognitionGoal.id)
        .execution_options(synchronize_session=False)
    )
    if gone is None:
        raise NotFound
    record_change(ctx, path, "goal_taken_out", goal=goal_id)


def interrupt(ctx: Context, path_id: UUID, reason: str) -> None:
    """Costs nobody anything; what waits to be signed is set aside."""
    path = path_for(ctx, path_id, holding=True)
    if not path.is_living:
        raise PathOver
    waiting = pages(ctx, [path])[0].waiting
    if waiting is not None:
        signatures.set_aside(ctx, waiting, reason)
    set_state(ctx, path, PathState.INTERRUPTED, ended_at=ctx.now(), end_reason=reason)
    record_change(ctx, path, "interrupted")


def _writable(ctx: Context, path_id: UUID) -> PathFacts:
    path = path_for(ctx, path_id, holding=True)
    if not path.is_living:
        raise PathOver
    if path.state not in WRITABLE:
        raise ProjectFixed
    return path


def set_state(ctx: Context, path: PathFacts, state: PathState, **values: object) -> None:
    """Of a path that is held."""
    ctx.db.execute(
        update(RecognitionPath)
        .where(RecognitionPath.id == path.id)
        .values(state=state, **values)
        .execution_options(synchronize_session=False)
    )
    ctx.db.expire_all()
