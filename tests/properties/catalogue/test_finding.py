"""The list, however it is made, shows what reading the whole catalogue would show."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from civic.catalogue.finding import NearCursor, Spot
from civic.catalogue.models import Project
from civic.catalogue.operations.indexing import index_begun, index_project
from civic.catalogue.queries.listing import nearest_to, soonest
from civic.catalogue.queries.search import search_for
from civic.catalogue.rules import Area, Cursor, Filters, PartOfDay, SessionState, slot_of
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR
from tests.factories.catalogue import make_session
from tests.integration.catalogue.scene import HOUR, NOW, Scene, set_scene

HERE = Spot(40.64, 15.8)


@dataclass(frozen=True)
class Made:
    title: str
    area: Area
    age: int
    place: int
    hours: frozenset[tuple[int, bool, bool]]
    """Of each session: hours from now, whether it was cancelled, whether it is full."""


projects = st.builds(
    Made,
    title=st.sampled_from(("orto", "siepe", "panchina")),
    area=st.sampled_from(list(Area)),
    age=st.sampled_from((14, 18)),
    place=st.integers(0, 4),
    hours=st.frozensets(
        st.tuples(st.integers(-2, 60).map(lambda n: n * 8), st.booleans(), st.booleans()),
        max_size=7,
    ),
)
filters = st.builds(
    Filters,
    area=st.none() | st.sampled_from(list(Area)),
    city=st.none() | st.just("potenza"),
    words=st.sampled_from(("", "orto", "sieppe")),
    weekdays=st.sets(st.integers(0, 6), max_size=3).map(lambda days: tuple(sorted(days))),
    parts=st.sets(st.sampled_from(list(PartOfDay)), max_size=2).map(
        lambda parts: tuple(part for part in PartOfDay if part in parts)
    ),
    age=st.none() | st.just(15),
    has_free_places=st.booleans(),
    day=st.none() | st.integers(0, 15).map(lambda n: (NOW + timedelta(days=n)).date()),
)


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database)


def next_fitting(made: Made, asked: Filters, now: datetime) -> datetime | None:
    if asked.area not in (None, made.area) or (asked.age or 99) < made.age:
        return None
    if asked.words and made.title != asked.words.replace("sieppe", "siepe"):
        return None
    starts: dict[Any, tuple[bool, bool]] = {}
    for hours, is_cancelled, is_full in sorted(made.hours):
        starts.setdefault(hours, (is_cancelled, is_full))
    fitting = [
        NOW + hours * HOUR
        for hours, (is_cancelled, is_full) in starts.items()
        if not is_cancelled and not (asked.has_free_places and is_full)
    ]
    return min(
        (
            start
            for start in fitting
            if start > now
            and (not asked.slots or slot_of(start) in asked.slots)
            and asked.day in (None, rome_day(start))
        ),
        default=None,
    )


def make(ctx: Context, scene: Scene, number: int, made: Made) -> None:
    project_id = scene.project(
        ctx,
        title=f"{made.title} {number}",
        what_you_do="Lavoriamo.",
        area=made.area,
        minimum_age=made.age,
        latitude=40.64 + made.place * 0.03 if made.place else None,
        longitude=15.8 if made.place else None,
    )
    done = set()
    for hours, is_cancelled, is_full in sorted(made.hours):
        if hours not in done:
            done.add(hours)
            start = NOW + hours * HOUR
            state = SessionState.CANCELLED if is_cancelled else SessionState.SCHEDULED
            make_session(
                ctx,
                project_id,
                start,
                start + HOUR,
                2,
                state=state,
                places_taken=2 * is_full,
                is_indexed=False,
            )
    index_project(ctx, project_id)


def paged(list_page: Any, cursor: Any) -> list[tuple[str, datetime]]:
    seen: list[tuple[str, datetime]] = []
    after = None
    while True:
        page = list_page(after)
        seen += [(card.title, card.starts_at) for card in page.cards]
        if page.next is None:
            return seen
        after = cursor.decode(page.next)
        assert after


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    catalogue=st.lists(projects, max_size=6),
    asked=filters,
    later=st.sampled_from((0, 9, 8 * 24)),
    is_worked=st.booleans(),
    size=st.integers(1, 4),
)
def test_every_way_to_make_the_list_shows_the_same(
    database: Database,
    scene: Scene,
    clock: FrozenClock,
    catalogue: list[Made],
    asked: Filters,
    later: int,
    is_worked: bool,
    size: int,
) -> None:
    clock.instant = NOW
    with database.unit_of_work(scene.organiser) as ctx:
        ctx.db.execute(delete(Project).where(Project.municipality_id == scene.city.id))
        for number, made in enumerate(catalogue):
            make(ctx, scene, number, made)
    clock.instant = now = NOW + later * HOUR
    if is_worked:
        with database.unit_of_work(VISITOR) as ctx:
            index_begun(ctx)
    expected = {
        f"{made.title} {number}": start
        for number, made in enumerate(catalogue)
        if (start := next_fitting(made, asked, now))
    }
    placed = {
        f"{made.title} {number}": made.place for number, made in enumerate(catalogue) if made.place
    }
    with database.reading(VISITOR) as ctx:
        found = search_for(ctx, asked, "it")
        for search in (found, replace(found, numbers=None)):
            seen = paged(lambda after, s=search: soonest(ctx, s, "it", after, size), Cursor)
            assert dict(seen) == expected
            assert len(seen) == len(expected)
            assert [start for _, start in seen] == sorted(expected.values())
            near = paged(
                lambda after, s=search: nearest_to(ctx, s, HERE, "it", after, size), NearCursor
            )
            assert dict(near) == {t: s for t, s in expected.items() if t in placed}
            assert [placed[t] for t, _ in near] == sorted(placed[t] for t, _ in near)
