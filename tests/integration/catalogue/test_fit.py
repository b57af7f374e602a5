"""What suits a person, on real rows."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from civic.catalogue.finding import Spot
from civic.catalogue.fit import Rank, ReasonKind, Wishes
from civic.catalogue.models import Project, ProjectRequirement, ProjectSession
from civic.catalogue.operations.facets import note_facets
from civic.catalogue.operations.indexing import index_missing
from civic.catalogue.operations.projects import (
    close_project,
    draft_project,
    revise_project,
    submit_project,
)
from civic.catalogue.operations.reviews import publish_project
from civic.catalogue.operations.sessions import add_session
from civic.catalogue.queries.fit import FittingPage, best_fitting
from civic.catalogue.queries.listing import soonest
from civic.catalogue.queries.search import search_for
from civic.catalogue.rules import (
    Area,
    Filters,
    PartOfDay,
    ProjectState,
    RequirementKind,
    SessionState,
    slot,
    slot_of,
)
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR
from tests.factories.catalogue import make_session
from tests.integration.catalogue.scene import (
    DAY,
    HOUR,
    NOW,
    Scene,
    content,
    new_project,
    plan,
)

Statements = Callable[[], AbstractContextManager[Any]]
SATURDAY_MORNING = slot(5, PartOfDay.MORNING)


def fitting(
    database: Database,
    wishes: Wishes | None = None,
    filters: Filters | None = None,
    after: Rank | None = None,
    limit: int = 20,
) -> FittingPage:
    with database.reading(VISITOR) as ctx:
        search = search_for(ctx, filters or Filters(), "it")
        return best_fitting(ctx, search, wishes or Wishes(), "it", after, limit)


def titles(page: FittingPage) -> list[str]:
    return [each.card.title for each in page.found]


def test_what_suits_comes_first_with_the_date_and_the_words_for_it(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, days=1, title="Presto")
        later = scene.project(ctx, title="Di sabato", languages=("it", "bn"))
        make_session(ctx, later, NOW + 3 * DAY, NOW + 3 * DAY + HOUR)
        make_session(ctx, later, NOW + 7 * DAY, NOW + 7 * DAY + HOUR)
    wishes = Wishes(languages=("bn",), free=frozenset({SATURDAY_MORNING}))
    page = fitting(database, wishes)
    assert titles(page) == ["Di sabato", "Presto"]
    first = page.found[0]
    assert first.card.starts_at == NOW + 7 * DAY
    assert [(reason.kind, reason.data) for reason in first.reasons] == [
        (ReasonKind.FREE_THEN, SATURDAY_MORNING),
        (ReasonKind.LANGUAGE, "bn"),
    ]
    assert page.found[1].reasons == ()
    assert page.next is None


def test_a_date_that_clashes_gives_way_to_the_next_one(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        for days in (1, 8):
            make_session(ctx, project_id, NOW + days * DAY, NOW + days * DAY + 2 * HOUR)
    busy = ((NOW + DAY + HOUR, NOW + DAY + 3 * HOUR),)
    assert fitting(database).found[0].card.starts_at == NOW + DAY
    assert fitting(database, Wishes(busy=busy)).found[0].card.starts_at == NOW + 8 * DAY


def test_back_to_back_is_no_clash(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, days=1)
    starts, ends = NOW + DAY, NOW + DAY + 3 * HOUR
    busy = ((starts - HOUR, starts), (ends, ends + HOUR))
    assert len(fitting(database, Wishes(busy=busy)).found) == 1


def test_a_project_all_of_whose_dates_clash_drops_out_and_the_page_fills_up(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(9):
            scene.project_with_session(ctx, days=1, title=f"Occupato {number}")
        for number in range(3):
            scene.project_with_session(ctx, days=2, title=f"Libero {number}")
    busy = ((NOW + DAY, NOW + DAY + HOUR),)
    page = fitting(database, Wishes(busy=busy), limit=2)
    rest = fitting(database, Wishes(busy=busy), after=Rank.decode(page.next or ""), limit=2)
    assert (len(page.found), len(rest.found)) == (2, 1)
    assert sorted([*titles(page), *titles(rest)]) == ["Libero 0", "Libero 1", "Libero 2"]
    assert rest.next is None


def test_a_full_date_gives_way_to_one_with_places(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR, 2, places_taken=2)
        make_session(ctx, project_id, NOW + 2 * DAY, NOW + 2 * DAY + HOUR, 2)
    assert fitting(database).found[0].card.starts_at == NOW + 2 * DAY


def test_ones_own_city_comes_first_and_the_others_follow(
    database: Database, scene: Scene, elsewhere: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, days=9, title="Qui")
    with database.unit_of_work(elsewhere.organiser) as ctx:
        elsewhere.project_with_session(ctx, days=1, title="Altrove")
    assert titles(fitting(database)) == ["Altrove", "Qui"]
    assert titles(fitting(database, Wishes(cities=frozenset({scene.city.id})))) == [
        "Qui",
        "Altrove",
    ]


def test_a_picked_place_ranks_by_distance_and_tells_it(
    database: Database, scene: Scene, elsewhere: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Lontano", latitude=40.72, longitude=15.80)
        scene.project_with_session(ctx, title="Vicino", latitude=40.641, longitude=15.801)
    page = fitting(database, Wishes(near=Spot(40.64, 15.80)))
    assert titles(page) == ["Vicino", "Lontano"]
    (reason,) = page.found[1].reasons
    assert (reason.kind, round(float(reason.data))) == (ReasonKind.NEAR, 9)


def test_who_is_too_young_is_not_shown_it(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Dai 18", minimum_age=18)
        scene.project_with_session(ctx, title="Dai 14", minimum_age=14)
    assert titles(fitting(database, Wishes(birth_year=2010))) == ["Dai 14"]


def test_what_asks_for_a_badge_not_held_comes_later(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        asking = scene.project_with_session(ctx, days=1, title="Con attestato")
        ctx.db.add(
            ProjectRequirement(project_id=asking, kind=RequirementKind.BADGE, value="green-1")
        )
        scene.project_with_session(ctx, days=2, title="Per tutti")
    assert titles(fitting(database)) == ["Per tutti", "Con attestato"]


@pytest.mark.parametrize(
    "state", [ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.PAUSED, ProjectState.CLOSED]
)
def test_only_what_is_published_is_ranked(
    database: Database, scene: Scene, state: ProjectState
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, state=state)
    assert fitting(database).found == ()


def test_a_change_that_was_noted_is_seen_at_once(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, title="Orto")
    assert titles(fitting(database)) == ["Orto"]
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Siepe", days=1)
        note_facets(ctx, project_id)
    assert titles(fitting(database)) == ["Siepe", "Orto"]
    with database.unit_of_work(scene.organiser) as ctx:
        ctx.db.execute(
            update(Project).where(Project.id == project_id).values(state=ProjectState.CLOSED)
        )
        note_facets(ctx, project_id)
    assert titles(fitting(database)) == ["Siepe"]


def test_a_note_in_one_city_leaves_what_is_remembered_of_another(
    database: Database, scene: Scene, elsewhere: Scene, statements: Statements
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        here = scene.project_with_session(ctx)
    with database.unit_of_work(elsewhere.organiser) as ctx:
        elsewhere.project_with_session(ctx)
    fitting(database)
    with database.unit_of_work(scene.organiser) as ctx:
        note_facets(ctx, here)
    with statements() as counted:
        fitting(database, Wishes(cities=frozenset({elsewhere.city.id})), limit=1)
    read = [each for each in counted.statements if "GROUP BY" in each]
    assert len(read) == 1, "only the changed city is read again, and only once the page needs it"


def test_what_was_cancelled_without_a_note_is_not_shown_even_so(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx)
    assert len(fitting(database).found) == 1
    with database.unit_of_work(scene.organiser) as ctx:
        ctx.db.execute(
            update(ProjectSession)
            .where(ProjectSession.project_id == project_id)
            .values(state=SessionState.CANCELLED)
        )
    assert fitting(database).found == ()


def test_time_passes_without_a_note(database: Database, scene: Scene, clock: FrozenClock) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        for days in (1, 2):
            make_session(ctx, project_id, NOW + days * DAY, NOW + days * DAY + HOUR)
    assert fitting(database).found[0].card.starts_at == NOW + DAY
    clock.advance(timedelta(days=1, minutes=1))
    assert fitting(database).found[0].card.starts_at == NOW + 2 * DAY
    clock.advance(timedelta(days=1))
    assert fitting(database).found == ()


def test_a_memory_from_a_clock_that_went_back_is_not_used(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    clock.advance(timedelta(days=400))
    assert fitting(database).found == ()
    clock.advance(timedelta(days=-400))
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx)
    assert len(fitting(database).found) == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(day=date(2026, 3, 15)), ["Domenica"]),
        (Filters(weekdays=(6,)), ["Domenica"]),
        (Filters(city="caserta"), []),
        (Filters(has_free_places=True), ["Sabato"]),
        (Filters(day=date(2026, 3, 15), has_free_places=True), []),
    ],
    ids=["day", "weekday", "city", "free places", "day and free places"],
)
def test_filters_of_dates_hold_for_the_date_that_is_shown(
    database: Database, scene: Scene, elsewhere: Scene, filters: Filters, expected: list[str]
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        sunday = scene.project(ctx, title="Domenica")
        make_session(ctx, sunday, NOW + DAY, NOW + DAY + HOUR, 2, places_taken=2)
        scene.project_with_session(ctx, title="Sabato", days=7)
    page = fitting(database, filters=filters)
    assert titles(page) == expected
    slots = [slot_of(each.card.starts_at) for each in page.found]
    assert all(each in filters.slots for each in slots if filters.slots)


def test_a_page_asks_two_statements_once_a_city_is_remembered(
    database: Database, scene: Scene, statements: Statements
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(30):
            scene.project_with_session(ctx, days=1 + number)
    wishes = Wishes(languages=("it",), free=frozenset({SATURDAY_MORNING}))
    with statements() as cold:
        page = fitting(database, wishes)
    with statements() as warm:
        rest = fitting(database, wishes, after=Rank.decode(page.next or ""))
    assert (cold.total, warm.total) == (4, 2)
    assert len(page.found) == 20
    assert len(rest.found) == 10
    shown = [each.card.slug for each in (*page.found, *rest.found)]
    assert len(set(shown)) == 30


def test_notes_of_two_projects_at_once_leave_one_stamp(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one, two = scene.project(ctx), scene.project(ctx)
        for project_id in (one, two, one):
            note_facets(ctx, project_id)
        note_facets(ctx, UUID(int=404))
    assert fitting(database).found == ()


EVERY_FILTER: dict[str, list[Any]] = {
    "area": [Area.GREEN, Area.CARE],
    "city": ["potenza", "caserta", "nowhere"],
    "day": [date(2026, 3, 15), date(2026, 3, 17), date(2026, 6, 1)],
    "spoken": ["it", "bn", "yo"],
    "words": ["orto", "parco pulito", "zzzzzz"],
    "weekdays": [(6,), (0, 1, 2)],
    "parts": [(PartOfDay.MORNING,), (PartOfDay.AFTERNOON, PartOfDay.EVENING)],
    "age": [13, 15, 40],
    "is_wheelchair_accessible": [True],
    "needs_no_italian": [True],
    "has_free_places": [True],
}
"""Each filter of the list but the district, which needs its city."""


def test_the_table_of_filters_is_whole() -> None:
    assert {*EVERY_FILTER, "district"} == {field.name for field in fields(Filters)}


def various_projects(database: Database, scenes: Sequence[Scene]) -> None:
    for number in range(36):
        scene = scenes[number % 2]
        with database.unit_of_work(scene.organiser) as ctx:
            project_id = scene.project(
                ctx,
                title=("Un orto", "Parco pulito", "Vicoli")[number % 3],
                area=(Area.GREEN, Area.CARE, Area.TERRITORY)[number // 2 % 3],
                languages=(("it",), ("it", "bn"), ("bn",), ())[number // 3 % 4],
                minimum_age=(14, 16)[number // 5 % 2],
                district=("", "Rione Alto", "rione  alto", "Centro")[number // 7 % 4],
                is_wheelchair_accessible=number % 5 == 0,
                needs_no_italian=number % 4 == 0,
            )
            for step in range(number % 3 + 1):
                starts = NOW + (1 + number % 6 + step * 5) * DAY + (number % 4) * 4 * HOUR
                taken = 2 if number % 7 == 0 else 0
                make_session(ctx, project_id, starts, starts + HOUR, 2, places_taken=taken)
            index_missing(ctx)


def test_fit_and_the_list_find_the_same_projects_whatever_is_filtered(
    database: Database, scene: Scene, elsewhere: Scene
) -> None:
    various_projects(database, (scene, elsewhere))
    single = [Filters(**{name: value}) for name, values in EVERY_FILTER.items() for value in values]
    single += [Filters(city="potenza", district=name) for name in ("Rione Alto", "Centro", "Via")]
    pairs = [
        Filters(**{one: EVERY_FILTER[one][0], other: EVERY_FILTER[other][0]})
        for one, other in combinations(EVERY_FILTER, 2)
    ]
    sizes = set()
    for filters in (Filters(), *single, *pairs):
        with database.reading(VISITOR) as ctx:
            search = search_for(ctx, filters, "it")
            listed = soonest(ctx, search, "it", limit=100)
            ranked = best_fitting(ctx, search, Wishes(), "it", limit=100)
        assert {each.card for each in ranked.found} == set(listed.cards), filters
        sizes.add(len(listed.cards))
    assert len(sizes) > 10, "the filters tell projects apart"


def test_what_organisers_and_officers_do_is_noted(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = draft_project(ctx, new_project(scene))
        add_session(ctx, project_id, plan(7))
        submit_project(ctx, project_id)
    assert fitting(database).found == ()
    with database.unit_of_work(scene.officer) as ctx:
        publish_project(ctx, project_id)
    assert fitting(database).found[0].card.starts_at == NOW + 7 * DAY
    with database.unit_of_work(scene.organiser) as ctx:
        add_session(ctx, project_id, plan(3))
    assert fitting(database).found[0].card.starts_at == NOW + 3 * DAY
    with database.unit_of_work(scene.organiser) as ctx:
        revise_project(ctx, project_id, content(languages=("yo",)))
    assert fitting(database, Wishes(languages=("yo",))).found[0].reasons != ()
    with database.unit_of_work(scene.organiser) as ctx:
        close_project(ctx, project_id)
    assert fitting(database).found == ()
