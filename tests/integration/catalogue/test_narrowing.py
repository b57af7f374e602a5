"""Filters and orders of the list, each way the list may be made."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from civic.catalogue.finding import NearCursor, Spot
from civic.catalogue.operations.indexing import index_begun
from civic.catalogue.queries.listing import CardPage, find_projects, nearest_to, soonest
from civic.catalogue.queries.search import search_for
from civic.catalogue.rules import Area, Cursor, Filters, PartOfDay, ProjectState, SessionState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR
from tests.factories.catalogue import make_session
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene

POTENZA = Spot(40.64, 15.8)


def ways(ctx: Context, filters: Filters, language: str = "it") -> list[CardPage]:
    """The list as it is made when few projects match, and when many do."""
    search = search_for(ctx, filters, language)
    return [soonest(ctx, each, language) for each in (search, replace(search, numbers=None))]


def found(database: Database, **filters: object) -> list[str]:
    with database.reading(VISITOR) as ctx:
        few, many = ways(ctx, Filters(**filters))  # type: ignore[arg-type]  # any of them
    assert few == many
    return [card.title for card in few.cards]


@pytest.fixture
def four(database: Database, scene: Scene, elsewhere: Scene) -> None:
    """On Saturday the 21st at 10, Sunday at 10, Monday at 18:00, and in another city on Tuesday."""
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(
            ctx, title="Orto", district="Rione Lucania", languages=("it", "so"), minimum_age=14
        )
        scene.project_with_session(
            ctx, title="Siepe", days=8, district="Centro", needs_no_italian=True, minimum_age=18
        )
        sera = scene.project(ctx, title="Sera", area=Area.CARE, is_wheelchair_accessible=True)
        make_session(ctx, sera, NOW + 9 * DAY + 8 * HOUR, NOW + 9 * DAY + 10 * HOUR)
    with database.unit_of_work(elsewhere.organiser) as ctx:
        elsewhere.project_with_session(ctx, title="Altrove", days=10, district="Centro")


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"city": "potenza"}, ["Orto", "Siepe", "Sera"]),
        ({"city": "potenza", "district": "Centro"}, ["Siepe"]),
        ({"area": Area.CARE}, ["Sera"]),
        ({"spoken": "so"}, ["Orto"]),
        ({"needs_no_italian": True}, ["Siepe"]),
        ({"is_wheelchair_accessible": True}, ["Sera"]),
        ({"age": 13}, []),
        ({"age": 14}, ["Orto", "Sera", "Altrove"]),
        ({"age": 18}, ["Orto", "Siepe", "Sera", "Altrove"]),
        ({"weekdays": (5,)}, ["Orto"]),
        ({"weekdays": (5, 6)}, ["Orto", "Siepe"]),
        ({"parts": (PartOfDay.EVENING,)}, ["Sera"]),
        ({"weekdays": (6, 0), "parts": (PartOfDay.MORNING,)}, ["Siepe"]),
        ({"weekdays": (0,), "parts": (PartOfDay.MORNING,)}, []),
        ({"city": "potenza", "weekdays": (1, 6)}, ["Siepe"]),
        ({"area": Area.GREEN, "parts": (PartOfDay.MORNING,)}, ["Orto", "Siepe", "Altrove"]),
        ({"words": "siepe centro", "weekdays": (6,)}, ["Siepe"]),
        ({"words": "siepe centro", "age": 17}, ["Altrove"]),
        ({"day": (NOW + 8 * DAY).date(), "area": Area.GREEN}, ["Siepe"]),
        ({"day": (NOW + 8 * DAY).date(), "weekdays": (5,)}, []),
    ],
)
@pytest.mark.usefixtures("four")
def test_each_filter_keeps_what_fits(
    database: Database, filters: dict[str, object], titles: list[str]
) -> None:
    assert found(database, **filters) == titles


def test_only_the_next_session_that_fits_counts(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one = scene.project(ctx, title="Uno", area=Area.CARE)
        for days in (2, 7, 8, 14):
            make_session(ctx, one, NOW + days * DAY, NOW + days * DAY + HOUR)
        two = scene.project(ctx, title="Due", area=Area.CARE)
        make_session(ctx, two, NOW + 5 * DAY, NOW + 5 * DAY + HOUR)
    with database.reading(VISITOR) as ctx:
        for filters, starts in (
            (Filters(area=Area.CARE), [2, 5]),
            (Filters(area=Area.CARE, weekdays=(5,)), [7]),
            (Filters(area=Area.CARE, weekdays=(6,)), [8]),
            (Filters(weekdays=(6,)), [8]),
            (Filters(area=Area.CARE, day=(NOW + 14 * DAY).date()), [14]),
        ):
            for page in ways(ctx, filters):
                assert [card.starts_at for card in page.cards] == [NOW + n * DAY for n in starts]


def test_with_free_places_means_the_next_that_has_any(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one = scene.project(ctx, title="Uno")
        make_session(ctx, one, NOW + DAY, NOW + DAY + HOUR, 2, places_taken=2)
        make_session(ctx, one, NOW + 2 * DAY, NOW + 2 * DAY + HOUR, 2, places_taken=1)
        full = scene.project(ctx, title="Pieno")
        make_session(ctx, full, NOW + DAY, NOW + DAY + HOUR, 2, places_taken=2)
    with database.reading(VISITOR) as ctx:
        for filters in (Filters(has_free_places=True), Filters(Area.GREEN, has_free_places=True)):
            for page in ways(ctx, filters):
                assert [(c.title, c.starts_at) for c in page.cards] == [("Uno", NOW + 2 * DAY)]


@pytest.mark.parametrize("state", sorted(set(ProjectState) - {ProjectState.PUBLISHED}))
def test_only_what_is_published_is_found(
    database: Database, scene: Scene, state: ProjectState
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Siepe", state=state, latitude=40.6, longitude=15.8)
    assert found(database) == found(database, words="siepe") == []
    with database.reading(VISITOR) as ctx:
        assert nearest_to(ctx, search_for(ctx, Filters(), "it"), POTENZA, "it").cards == ()


def test_a_session_that_has_begun_gives_way_to_the_next_even_before_the_worker_knows(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one = scene.project(ctx, title="Uno", latitude=40.64, longitude=15.8)
        for days in (1, 8, 15):
            make_session(ctx, one, NOW + days * DAY, NOW + days * DAY + HOUR)
        two = scene.project(ctx, title="Due", latitude=40.64, longitude=15.81)
        make_session(ctx, two, NOW + 2 * DAY, NOW + 2 * DAY + HOUR)
    for step, expected in (
        (0, [("Uno", 1), ("Due", 2)]),
        (1, [("Due", 2), ("Uno", 8)]),
        (2, [("Uno", 8)]),
    ):
        clock.instant = NOW + step * DAY
        starts = [(title, NOW + days * DAY) for title, days in expected]
        for _ in range(2):
            with database.reading(VISITOR) as ctx:
                for page in (*ways(ctx, Filters()), *ways(ctx, Filters(area=Area.GREEN))):
                    assert [(card.title, card.starts_at) for card in page.cards] == starts
                search = search_for(ctx, Filters(area=Area.GREEN), "it")
                for each in (search, replace(search, numbers=None)):
                    near = nearest_to(ctx, each, POTENZA, "it")
                    assert {(card.title, card.starts_at) for card in near.cards} == set(starts)
            with database.unit_of_work(VISITOR) as ctx:
                index_begun(ctx)
                assert index_begun(ctx) == 0


def test_what_starts_far_ahead_is_found_although_it_follows_nothing(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        weekly = scene.project(ctx, title="Ogni settimana")
        for days in (1, 8, 15, 22, 60):
            make_session(ctx, weekly, NOW + days * DAY, NOW + days * DAY + HOUR)
        late = scene.project(ctx, title="Fra un mese")
        for days in (30, 37):
            make_session(ctx, late, NOW + days * DAY, NOW + days * DAY + HOUR)
    assert found(database) == found(database, area=Area.GREEN) == ["Ogni settimana", "Fra un mese"]
    weekday = (NOW + 30 * DAY).weekday()
    assert found(database, weekdays=(weekday,)) == ["Fra un mese"]
    monthly = (NOW + 60 * DAY).weekday()
    with database.reading(VISITOR) as ctx:
        for page in ways(ctx, Filters(weekdays=(monthly,), area=Area.GREEN)):
            assert [card.starts_at for card in page.cards] == [NOW + 60 * DAY]


def place(ctx: Context, scene: Scene, title: str, north: float, east: float = 0.0) -> UUID:
    return scene.project_with_session(
        ctx, title=title, latitude=40.64 + north, longitude=15.8 + east
    )


@pytest.mark.parametrize("filters", [Filters(), Filters(area=Area.GREEN), Filters(weekdays=(5,))])
def test_the_nearest_come_first_with_their_distance(
    database: Database, scene: Scene, filters: Filters
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        place(ctx, scene, "Lontano", 3.0)
        place(ctx, scene, "Qui", 0.0)
        place(ctx, scene, "A est", 0.0, 0.02)
        place(ctx, scene, "A nord", 0.018)
        scene.project_with_session(ctx, title="Chissà dove")
        scene.project(ctx, title="Senza date", latitude=40.64, longitude=15.8)
    with database.reading(VISITOR) as ctx:
        search = search_for(ctx, filters, "it")
        for each in (search, replace(search, numbers=None)):
            cards = nearest_to(ctx, each, POTENZA, "it").cards
            # A degree of longitude is shorter than one of latitude.
            assert [card.title for card in cards] == ["Qui", "A est", "A nord", "Lontano"]
            assert [card.distance_km for card in cards] == [0.0, 1.7, 2.0, 333.6]


def test_pages_by_distance_follow_each_other(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(23):
            place(ctx, scene, f"{number:02}", (number // 3) * 0.01)
    for filters in (Filters(), Filters(area=Area.GREEN)):
        with database.reading(VISITOR) as ctx:
            search = search_for(ctx, filters, "it")
            for each in (search, replace(search, numbers=None)):
                seen: list[str] = []
                after = None
                while not seen or after:
                    page = nearest_to(ctx, each, POTENZA, "it", after, limit=4)
                    seen += [card.title for card in page.cards]
                    after = NearCursor.decode(page.next) if page.next else None
                assert sorted(seen) == [f"{number:02}" for number in range(23)]
                assert [int(title) // 3 for title in seen] == [n // 3 for n in range(23)]


def test_pages_of_a_search_follow_each_other(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(17):
            project_id = scene.project(ctx, title=f"{number:02}", area=Area.CARE)
            for week in range(3):
                start = NOW + (1 + number // 3 + 7 * week) * DAY
                make_session(ctx, project_id, start, start + HOUR, is_indexed=week == 2)
    clock.advance(timedelta(days=2))
    for filters in (Filters(), Filters(area=Area.CARE), Filters(weekdays=(0, 3, 4))):
        with database.reading(VISITOR) as ctx:
            search = search_for(ctx, filters, "it")
            for each in (search, replace(search, numbers=None)):
                whole = soonest(ctx, each, "it", limit=100).cards
                seen: list[object] = []
                after = None
                while not seen or after:
                    page = soonest(ctx, each, "it", after, limit=4)
                    seen += page.cards
                    after = Cursor.decode(page.next) if page.next else None
                assert tuple(seen) == whole
                assert len(whole) == (17 if not filters.weekdays else 8)


def test_a_cancelled_session_is_nobodys_next(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one = scene.project(ctx)
        make_session(ctx, one, NOW + DAY, NOW + DAY + HOUR, state=SessionState.CANCELLED)
        make_session(ctx, one, NOW + 3 * DAY, NOW + 3 * DAY + HOUR)
    with database.reading(VISITOR) as ctx:
        page = find_projects(ctx, Filters(area=Area.GREEN), "it")
    assert [card.starts_at for card in page.cards] == [NOW + 3 * DAY]
