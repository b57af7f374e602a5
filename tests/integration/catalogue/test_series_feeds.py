"""A series in a project's calendar file, whatever was done to it."""

from datetime import date, time
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.operations.series import cancel_series, change_series
from civic.catalogue.operations.sessions import SessionPlan
from civic.catalogue.rhythm import Scope
from civic.catalogue.rules import SessionState, wall_span
from civic.kernel.clock import ROME
from civic.kernel.db.database import Database
from tests.factories.series import make_series
from tests.integration.catalogue.scene import Scene
from tests.unit.catalogue.dates import Seen, seen

EASTER_EVE = date(2026, 4, 4)


@pytest.fixture
def saturdays(database: Database, scene: Scene) -> tuple[str, list[UUID]]:
    """A project with forty of them, over both changes of the clocks, but not before Easter."""
    with database.unit_of_work(scene.organiser) as ctx:
        found = scene.project(ctx)
        slug = ctx.db.get_one(Project, found).slug
        return slug, make_series(ctx, found, times=40, left_out=(EASTER_EVE,))


def standing(database: Database, scene: Scene) -> list[Seen]:
    """What the rows say, by Italian clocks."""
    with database.reading(scene.organiser) as ctx:
        rows = ctx.db.scalars(select(ProjectSession)).all()
        return sorted(
            Seen(
                row.starts_at.astimezone(ROME).replace(tzinfo=None),
                row.ends_at.astimezone(ROME).replace(tzinfo=None),
                row.meeting_point,
                row.state is SessionState.CANCELLED,
            )
            for row in rows
        )


def test_a_series_is_one_event_at_the_same_local_hour_all_year(
    database: Database, scene: Scene, client: FlaskClient, saturdays: tuple[str, list[UUID]]
) -> None:
    slug, _ids = saturdays
    for path in (f"/it/projects/{slug}.ics", "/it/projects.ics"):
        file = client.get(path).data
        assert file.count(b"BEGIN:VEVENT") == 1
        assert seen(file) == standing(database, scene)
        assert len(seen(file)) == 39
        assert {(each.starts.time(), each.ends.time()) for each in seen(file)} == {
            (time(10), time(13))
        }


def test_a_series_edited_in_every_way_reads_as_its_sessions_stand(
    database: Database, scene: Scene, client: FlaskClient, saturdays: tuple[str, list[UUID]]
) -> None:
    slug, ids = saturdays

    def plan(day: date, start: int, end: int, point: str = "Villa Giaquinto") -> SessionPlan:
        return SessionPlan(*wall_span(day, time(start), time(end)), point, 5)

    with database.unit_of_work(scene.organiser) as ctx:
        change_series(ctx, ids[1], Scope.ONE, plan(date(2026, 3, 29), 15, 17, "Parco Aranci"))
        cancel_series(ctx, ids[3], Scope.ONE)
        change_series(ctx, ids[20], Scope.FOLLOWING, plan(date(2026, 8, 15), 17, 20))
        cancel_series(ctx, ids[35], Scope.FOLLOWING)
    file = client.get(f"/it/projects/{slug}.ics").data
    assert seen(file) == standing(database, scene)
    rules = [event for event in Calendar.from_ical(file).events if "RRULE" in event]
    assert len(rules) == 2
    assert sum(each.is_cancelled for each in seen(file)) > 1
