"""Whatever is done to a series, its rules keep saying what its rows say, and the past stays."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from civic.catalogue.models import ProjectSession, SessionSeries
from civic.catalogue.operations.series import cancel_series, change_series
from civic.catalogue.operations.sessions import SessionPlan
from civic.catalogue.rhythm import Rhythm, Scope
from civic.catalogue.rules import LONGEST_SESSION, slot_of, wall_span
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import Conflict, Invalid
from tests.factories.series import make_series
from tests.integration.catalogue.scene import NOW, Scene, set_scene

Row = tuple[UUID, datetime, datetime, str, int, int, str]


@dataclass(frozen=True)
class Step:
    which: int
    scope: Scope
    is_cancelled: bool
    shift: int
    start: int
    length: int
    """Hours by the clock on the wall; those of a night end the next day."""
    places: int
    days_later: int
    """How long afterwards the next step comes."""


steps = st.builds(
    Step,
    which=st.integers(0, 9),
    scope=st.sampled_from(Scope),
    is_cancelled=st.sampled_from([False, False, False, True]),
    shift=st.sampled_from([0, 0, 1, -1, 3, 7, -7]),
    start=st.integers(0, 23),
    length=st.integers(1, 16),
    places=st.integers(1, 9),
    days_later=st.integers(0, 6),
)


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    history=st.lists(steps, min_size=1, max_size=6),
    weekdays=st.sets(st.integers(0, 6), min_size=1, max_size=3),
    every=st.integers(1, 3),
    left_out=st.sets(st.integers(0, 9), max_size=4),
)
def test_rules_say_what_rows_say_after_any_history(
    database: Database,
    clock: FrozenClock,
    scene: Scene,
    history: list[Step],
    weekdays: set[int],
    every: int,
    left_out: set[int],
) -> None:
    clock.instant = NOW
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        rhythm: dict[str, Any] = {"times": 10, "weekdays": tuple(weekdays), "every": every}
        days = _days_of(ctx, make_series(ctx, scene.project(ctx), **rhythm))
        out = tuple(days[number] for number in left_out)
        ids = make_series(ctx, project_id, left_out=out, **rhythm)
    for step in history:
        past = _past(database, scene, project_id, clock.instant)
        try:
            with database.unit_of_work(scene.organiser) as ctx:
                _do(ctx, ids[step.which % len(ids)], step)
        except (Invalid, Conflict):
            pass  # all or nothing: the checks below hold either way
        _check(database, scene, project_id)
        assert _past(database, scene, project_id, clock.instant) == past
        clock.advance(timedelta(days=step.days_later))


def _days_of(ctx: Context, ids: list[UUID]) -> list[date]:
    return [rome_day(ctx.db.get_one(ProjectSession, row).starts_at) for row in ids]


def _do(ctx: Context, session_id: UUID, step: Step) -> None:
    if step.is_cancelled:
        cancel_series(ctx, session_id, step.scope)
        return
    row = ctx.db.get_one(ProjectSession, session_id)
    day = rome_day(row.starts_at) + timedelta(days=step.shift)
    span = wall_span(day, time(step.start), time((step.start + step.length) % 24))
    change_series(
        ctx, session_id, step.scope, SessionPlan(*span, f"Porta {step.places}", step.places)
    )


def _rows(ctx: Context, project_id: UUID) -> list[ProjectSession]:
    found = select(ProjectSession).where(ProjectSession.project_id == project_id)
    return list(ctx.db.scalars(found.order_by(ProjectSession.id)))


def _past(database: Database, scene: Scene, project_id: UUID, now: datetime) -> list[Row]:
    """What has begun, as it is."""
    with database.reading(scene.organiser) as ctx:
        return [
            (r.id, r.starts_at, r.ends_at, r.meeting_point, r.places, r.sequence, r.state)
            for r in _rows(ctx, project_id)
            if r.starts_at <= now
        ]


def _check(database: Database, scene: Scene, project_id: UUID) -> None:
    with database.reading(scene.organiser) as ctx:
        found = select(SessionSeries).where(SessionSeries.project_id == project_id)
        rows = _rows(ctx, project_id)
        for one in ctx.db.scalars(found):
            own = [row.series_day for row in rows if row.series_id == one.id and row.series_day]
            out = [date.fromisoformat(day) for day in one.except_days]
            assert Rhythm.of(one.rule, one.first_day).days() == sorted(own + out)
            assert own
        assert all(row.slot == slot_of(row.starts_at) for row in rows)
        assert all(row.starts_at < row.ends_at <= row.starts_at + LONGEST_SESSION for row in rows)
        assert all(row.places_taken <= row.places for row in rows)
