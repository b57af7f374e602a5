"""Sessions that repeat: made together, then changed one, from one on, or all still to come."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.catalogue.errors import (
    EndsBeforeStart,
    NoDayTicked,
    NotInSeries,
    PlacesBelowTaken,
    ProjectNotEditable,
    SeriesDayFixed,
    SessionAlreadyThere,
    SessionIsCancelled,
    SessionOver,
    SessionTooLong,
    StartIsSkipped,
)
from civic.catalogue.events import PlacesAdded, SeriesCancelled, SeriesMoved, SessionMoved
from civic.catalogue.models import ProjectSession, SessionSeries
from civic.catalogue.operations import reviews
from civic.catalogue.operations.series import NewSeries, add_series, cancel_series, change_series
from civic.catalogue.operations.sessions import SessionPlan
from civic.catalogue.queries.series import repetition_of
from civic.catalogue.queries.sessions import session_facts
from civic.catalogue.rhythm import Frequency, Rhythm, Scope
from civic.catalogue.rules import slot_of, wall_span
from civic.kernel.clock import ROME, FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.outbox import Event, OutboxEvent
from civic.kernel.policy import Actor, system_in
from tests.factories.catalogue import make_session
from tests.factories.series import make_series
from tests.integration.catalogue.scene import Scene

FIRST, SECOND, THIRD, FOURTH = (date(2026, 3, 21) + n * timedelta(days=7) for n in range(4))


def plan_on(
    day: date, start: int = 10, end: int = 13, point: str = "Villa Giaquinto", places: int = 5
) -> SessionPlan:
    return SessionPlan(*wall_span(day, time(start), time(end)), point, places)


def rows(ctx: Context) -> list[ProjectSession]:
    return list(ctx.db.scalars(select(ProjectSession).order_by(ProjectSession.starts_at)))


def series(ctx: Context) -> list[SessionSeries]:
    return list(ctx.db.scalars(select(SessionSeries).order_by(SessionSeries.first_day)))


def stands(ctx: Context) -> list[tuple[date, int, int]]:
    """Day, first and last hour of each session, by Italian clocks."""
    return [
        (
            rome_day(row.starts_at),
            row.starts_at.astimezone(ROME).hour,
            row.ends_at.astimezone(ROME).hour,
        )
        for row in rows(ctx)
    ]


def check_truth(ctx: Context) -> None:
    """What a calendar makes of the rules is what the rows are."""
    for one in series(ctx):
        own = [row for row in rows(ctx) if row.series_id == one.id]
        days = sorted([row.series_day for row in own if row.series_day] + left_out(one))
        assert Rhythm.of(one.rule, one.first_day).days() == days
    for row in rows(ctx):
        assert row.slot == slot_of(row.starts_at)


def left_out(one: SessionSeries) -> list[date]:
    return [date.fromisoformat(day) for day in one.except_days]


def events(ctx: Context, kind: type[Event]) -> list[OutboxEvent]:
    return list(ctx.db.scalars(select(OutboxEvent).where(OutboxEvent.name == kind.name())))


@pytest.fixture
def saturdays(database: Database, scene: Scene) -> list[UUID]:
    """Four of them in a published project, two before summer time and two in it."""
    with database.unit_of_work(scene.organiser) as ctx:
        return make_series(ctx, scene.project(ctx))


def test_a_series_is_rows_that_keep_their_hour_and_a_rule_that_makes_them(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        make_series(ctx, scene.project(ctx), left_out=(THIRD,))
        assert stands(ctx) == [(FIRST, 10, 13), (SECOND, 10, 13), (FOURTH, 10, 13)]
        assert [row.starts_at.hour for row in rows(ctx)] == [9, 9, 8]
        (one,) = series(ctx)
        assert (one.rule, one.except_days) == ("FREQ=WEEKLY;BYDAY=SA;COUNT=4", [THIRD.isoformat()])
        assert all(row.is_public for row in rows(ctx))
        check_truth(ctx)


def test_a_series_without_a_ticked_day_or_on_a_taken_hour_is_not_made(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        make_session(ctx, project_id, *wall_span(THIRD, time(10), time(12)))
        rhythm = Rhythm(FIRST, Frequency.WEEKLY, (5,), times=4)
        new = NewSeries(rhythm, time(10), time(13), "Porta", 5, kept=())
        with pytest.raises(NoDayTicked):
            add_series(ctx, project_id, new)
        with pytest.raises(SessionAlreadyThere) as refused:
            make_series(ctx, project_id)
        assert refused.value.values == {"day": THIRD}
        assert series(ctx) == []


def test_what_is_published_is_public_with_its_series(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state="submitted")
        make_session(ctx, project_id, *wall_span(date(2026, 3, 20), time(10), time(12)))
        ctx.db.add(_series(ctx, project_id, scene))
    with database.unit_of_work(scene.officer) as ctx:
        reviews.publish_project(ctx, project_id)
        ctx.db.expire_all()
        assert [one.is_public for one in series(ctx)] == [True]


def _series(ctx: Context, project_id: UUID, scene: Scene) -> SessionSeries:
    return SessionSeries(
        id=ctx.new_id(),
        project_id=project_id,
        municipality_id=scene.city.id,
        is_public=False,
        rule="FREQ=WEEKLY;BYDAY=SA;COUNT=1",
        first_day=FIRST,
        starts=time(10),
        ends=time(13),
        except_days=[],
        meeting_point="Porta",
        places=5,
        created_at=ctx.now(),
    )


def test_this_and_following_divides_the_series_and_moves_what_comes_after(
    database: Database, scene: Scene, saturdays: list[UUID]
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        changed = change_series(ctx, saturdays[2], Scope.FOLLOWING, plan_on(THIRD, 15, 18))
        assert changed == 2
        assert stands(ctx) == [(FIRST, 10, 13), (SECOND, 10, 13), (THIRD, 15, 18), (FOURTH, 15, 18)]
        before, after = series(ctx)
        assert before.rule == "FREQ=WEEKLY;BYDAY=SA;UNTIL=20260403T215959Z"
        assert after.rule == "FREQ=WEEKLY;BYDAY=SA;COUNT=2"
        assert (before.starts, after.starts, after.ends) == (time(10), time(15), time(18))
        assert [row.sequence for row in rows(ctx)] == [0, 0, 1, 1]
        check_truth(ctx)


def test_all_still_to_come_leaves_what_was_and_what_is_on(
    database: Database, scene: Scene, saturdays: list[UUID], clock: FrozenClock
) -> None:
    clock.instant = wall_span(SECOND, time(11), time(12))[0]
    with database.unit_of_work(scene.organiser) as ctx:
        change = plan_on(FOURTH + timedelta(days=1), 9, 12, "Piazza Cavour")
        assert change_series(ctx, saturdays[3], Scope.ALL, change) == 2
        assert stands(ctx) == [
            (FIRST, 10, 13),
            (SECOND, 10, 13),
            (THIRD + timedelta(days=1), 9, 12),
            (FOURTH + timedelta(days=1), 9, 12),
        ]
        assert [row.meeting_point for row in rows(ctx)][1:3] == ["Villa Giaquinto", "Piazza Cavour"]
        assert series(ctx)[1].rule == "FREQ=WEEKLY;BYDAY=SU;COUNT=2"
        check_truth(ctx)


def test_one_that_moves_alone_stays_in_its_series(
    database: Database, scene: Scene, saturdays: list[UUID]
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        sunday = plan_on(SECOND + timedelta(days=1))
        assert change_series(ctx, saturdays[1], Scope.ONE, sunday) == 1
        assert len(series(ctx)) == 1
        assert rows(ctx)[1].series_day == SECOND
        assert len(events(ctx, SessionMoved)) == 1
        check_truth(ctx)


def test_what_was_not_touched_stays_as_it_is_in_each(
    database: Database, scene: Scene, saturdays: list[UUID]
) -> None:
    """One was moved to the afternoon: more places for all do not bring it back to the morning."""
    with database.unit_of_work(scene.organiser) as ctx:
        change_series(ctx, saturdays[1], Scope.ONE, plan_on(SECOND, 15, 18))
        assert change_series(ctx, saturdays[0], Scope.ALL, plan_on(FIRST, places=8)) == 4
        assert stands(ctx)[1] == (SECOND, 15, 18)
        assert {row.places for row in rows(ctx)} == {8}
        assert [row.sequence for row in rows(ctx)] == [0, 1, 0, 0]
        assert events(ctx, SeriesMoved) == []
        assert len(events(ctx, PlacesAdded)) == 4
        assert change_series(ctx, saturdays[0], Scope.ALL, plan_on(FIRST, places=8)) == 0


def test_a_series_that_moves_a_week_passes_over_its_own_days(
    database: Database, scene: Scene, saturdays: list[UUID]
) -> None:
    week = timedelta(days=7)
    with database.unit_of_work(scene.organiser) as ctx:
        change_series(ctx, saturdays[0], Scope.ALL, plan_on(SECOND))
        assert [day for day, *_ in stands(ctx)] == [SECOND, THIRD, FOURTH, FOURTH + week]
        change_series(ctx, saturdays[0], Scope.ALL, plan_on(FIRST))
        assert [day for day, *_ in stands(ctx)] == [FIRST, SECOND, THIRD, FOURTH]
        check_truth(ctx)


def test_a_move_is_told_once_with_all_that_was(
    database: Database, scene: Scene, saturdays: list[UUID]
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        change_series(ctx, saturdays[1], Scope.FOLLOWING, plan_on(SECOND, 11, 14))
        (row,) = events(ctx, SeriesMoved)
        told = SeriesMoved.from_json(row.payload)
        assert set(told.session_ids) == set(saturdays[1:])
        by_id = dict(zip(told.session_ids, told.old_starts_at, strict=True))
        assert by_id[saturdays[2]] == wall_span(THIRD, time(10), time(13))[0]
        assert events(ctx, SessionMoved) == []


def test_places_never_fall_below_what_is_taken_in_any(
    database: Database, scene: Scene, saturdays: list[UUID]
) -> None:
    with database.unit_of_work(system_in(scene.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, saturdays[2]).places_taken = 3
    with database.unit_of_work(scene.organiser) as ctx:
        with pytest.raises(PlacesBelowTaken) as refused:
            change_series(ctx, saturdays[0], Scope.ALL, plan_on(FIRST, places=2))
        assert refused.value.values == {"day": THIRD, "taken": 3}


def test_a_change_that_one_date_cannot_take_is_refused_for_all(
    database: Database, scene: Scene, saturdays: list[UUID], subtests: pytest.Subtests
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        row = ctx.db.get_one(ProjectSession, saturdays[0])
        make_session(ctx, row.project_id, *wall_span(FOURTH, time(16), time(18)))
    refused: list[tuple[SessionPlan, type[Exception]]] = [
        (plan_on(FIRST, 16, 18), SessionAlreadyThere),
        (plan_on(date(2026, 3, 22), 2, 5), StartIsSkipped),
        (plan_on(FIRST, 10, 9), SessionTooLong),
        (plan_on(FIRST, 10, 10), EndsBeforeStart),
    ]
    for plan, refusal in refused:
        with subtests.test(refusal.__name__):
            with pytest.raises(refusal), database.unit_of_work(scene.organiser) as ctx:
                change_series(ctx, saturdays[0], Scope.ALL, plan)
            with database.reading(scene.organiser) as ctx:
                assert stands(ctx)[:3] == [(FIRST, 10, 13), (SECOND, 10, 13), (THIRD, 10, 13)]


def test_a_monthly_series_changes_its_hours_together_and_its_day_one_by_one(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        ids = make_series(ctx, project_id, times=3, frequency=Frequency.MONTHLY, week=1)
        first = date(2026, 4, 4)
        assert change_series(ctx, ids[0], Scope.ALL, plan_on(first, 11, 12)) == 3
        with pytest.raises(SeriesDayFixed):
            change_series(ctx, ids[0], Scope.ALL, plan_on(first + timedelta(days=1), 11, 12))
        check_truth(ctx)


def test_cancelling_from_one_on_tells_once_and_a_second_click_nothing(
    database: Database, scene: Scene, saturdays: list[UUID]
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        assert cancel_series(ctx, saturdays[1], Scope.FOLLOWING) == 3
        assert cancel_series(ctx, saturdays[1], Scope.FOLLOWING) == 0
        assert [row.state for row in rows(ctx)] == ["scheduled"] + ["cancelled"] * 3
        (row,) = events(ctx, SeriesCancelled)
        assert set(SeriesCancelled.from_json(row.payload).session_ids) == set(saturdays[1:])
        assert cancel_series(ctx, saturdays[0], Scope.ONE) == 1
        check_truth(ctx)


def test_all_still_to_come_are_cancelled_but_not_what_was(
    database: Database, scene: Scene, saturdays: list[UUID], clock: FrozenClock
) -> None:
    clock.instant = wall_span(FIRST, time(14), time(15))[0]
    with database.unit_of_work(scene.organiser) as ctx:
        assert cancel_series(ctx, saturdays[3], Scope.ALL) == 3
        assert [row.state for row in rows(ctx)] == ["scheduled"] + ["cancelled"] * 3


def test_only_a_session_to_come_of_a_series_opens_it(
    database: Database, scene: Scene, saturdays: list[UUID], clock: FrozenClock
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = ctx.db.get_one(ProjectSession, saturdays[0]).project_id
        alone = make_session(ctx, project_id, *wall_span(FOURTH, time(16), time(18)))
        with pytest.raises(NotInSeries):
            change_series(ctx, alone, Scope.ALL, plan_on(FOURTH))
        assert repetition_of(ctx, session_facts(ctx, [alone])[alone]) is None
        cancel_series(ctx, saturdays[1], Scope.ONE)
        with pytest.raises(SessionIsCancelled):
            change_series(ctx, saturdays[1], Scope.FOLLOWING, plan_on(SECOND, 15, 18))
    clock.instant = wall_span(FIRST, time(11), time(12))[0]
    with database.unit_of_work(scene.organiser) as ctx:
        with pytest.raises(SessionOver):
            cancel_series(ctx, saturdays[0], Scope.ALL)
        facts = session_facts(ctx, [saturdays[2]])[saturdays[2]]
        found = repetition_of(ctx, facts)
        assert found is not None
        assert (found.following, found.coming) == (2, 2)


def test_another_association_and_a_project_with_the_officer_change_no_series(
    database: Database, scene: Scene, elsewhere: Scene, saturdays: list[UUID]
) -> None:
    change: Actor
    for change in (elsewhere.organiser, scene.officer):
        with pytest.raises(NotFound), database.unit_of_work(change) as ctx:
            change_series(ctx, saturdays[0], Scope.ALL, plan_on(FIRST, 11, 12))
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state="submitted")
        with pytest.raises(ProjectNotEditable):
            make_series(ctx, project_id)


def test_a_long_series_is_made_in_few_statements(
    database: Database, scene: Scene, statements: object
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        with statements() as counted:  # type: ignore[operator]  # the fixture of conftest
            assert len(make_series(ctx, project_id, times=100)) == 100
        assert counted.total <= 20


def test_summer_time_shows_in_the_instants_alone(
    database: Database, scene: Scene, saturdays: list[UUID]
) -> None:
    with database.reading(scene.organiser) as ctx:
        hours: list[datetime] = [row.starts_at for row in rows(ctx)]
    assert [at.hour for at in hours] == [9, 9, 8, 8]
    assert {at.astimezone(ROME).hour for at in hours} == {10}
