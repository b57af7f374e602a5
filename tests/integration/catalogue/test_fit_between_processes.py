"""What one process remembers of a city while another changes it; real commits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from civic.catalogue.fit import Wishes
from civic.catalogue.models import FacetsStamp, ProjectLanguage
from civic.catalogue.operations.facets import note_facets
from civic.catalogue.queries.fit import best_fitting
from civic.catalogue.queries.search import search_for
from civic.catalogue.rules import Filters
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import VISITOR
from tests.integration.catalogue.scene import Scene, set_scene


@pytest.fixture
def other_process(real_database: Database) -> Iterator[Database]:
    """The same rows through another engine, which has a memory of its own."""
    with real_database.reading(VISITOR) as ctx:
        url = ctx.db.connection().engine.url
    engine = make_engine(url.render_as_string(hide_password=False))
    yield Database(engine, real_database.clock)
    engine.dispose()


@pytest.fixture
def scene(real_database: Database) -> Scene:
    return set_scene(real_database)


def titles(database: Database, *languages: str) -> list[str]:
    with database.reading(VISITOR) as ctx:
        search = search_for(ctx, Filters(), "it")
        page = best_fitting(ctx, search, Wishes(languages=languages), "it")
    return [each.card.title for each in page.found]


def test_a_change_noted_in_one_process_is_seen_by_the_next_question_in_another(
    real_database: Database, other_process: Database, scene: Scene
) -> None:
    with real_database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, days=1, title="Orto")
        project_id = scene.project_with_session(ctx, days=2, title="Siepe")
    assert titles(other_process, "yo") == ["Orto", "Siepe"]
    with real_database.unit_of_work(scene.organiser) as ctx:
        ctx.db.add(ProjectLanguage(project_id=project_id, language="yo"))
    assert titles(other_process, "yo") == ["Orto", "Siepe"], "what nobody noted is not looked for"
    with real_database.unit_of_work(scene.organiser) as ctx:
        note_facets(ctx, project_id)
    assert titles(other_process, "yo") == ["Siepe", "Orto"]


class Undone(Exception):
    pass


def look_and_undo(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        note_facets(ctx, scene.project_with_session(ctx, title="Mai nato"))
        page = best_fitting(ctx, search_for(ctx, Filters(), "it"), Wishes(), "it")
        assert len(page.found) == 1
        raise Undone


def test_what_was_read_in_a_change_that_came_to_nothing_is_forgotten(
    real_database: Database, scene: Scene
) -> None:
    with pytest.raises(Undone):
        look_and_undo(real_database, scene)
    assert titles(real_database) == []
    with real_database.unit_of_work(scene.organiser) as ctx:
        note_facets(ctx, scene.project_with_session(ctx, title="Orto"))
    assert titles(real_database) == ["Orto"]


def test_many_who_note_the_same_city_at_once_wait_for_each_other_and_leave_one_stamp(
    real_database: Database, scene: Scene
) -> None:
    with real_database.unit_of_work(scene.organiser) as ctx:
        project_ids = [scene.project_with_session(ctx) for _ in range(12)]

    def note(number: int) -> None:
        with real_database.unit_of_work(scene.organiser) as ctx:
            note_facets(ctx, project_ids[number])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(note, range(12)))
    with real_database.reading(VISITOR) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(FacetsStamp)) == 1
    assert len(titles(real_database)) == 12
