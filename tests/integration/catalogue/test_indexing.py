"""The index follows whatever is done to a project."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from civic.catalogue.models import Project, ProjectSearch, ProjectSession
from civic.catalogue.operations.indexing import index_all, index_begun, index_missing, index_project
from civic.catalogue.operations.projects import (
    ProjectWords,
    close_project,
    draft_project,
    revise_project,
    submit_project,
    write_translation,
)
from civic.catalogue.operations.reviews import publish_project
from civic.catalogue.operations.sessions import (
    add_session,
    add_sessions,
    cancel_session,
    change_session,
)
from civic.catalogue.queries.listing import find_projects
from civic.catalogue.rules import Area, Filters, ProjectState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR
from tests.factories.catalogue import make_project, make_session
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene, content, new_project, plan


def found(database: Database, words: str, language: str = "it") -> list[str]:
    with database.reading(VISITOR) as ctx:
        return [card.title for card in find_projects(ctx, Filters(words=words), language).cards]


@pytest.fixture
def published(database: Database, scene: Scene) -> UUID:
    """Drafted, submitted and published as people do it, on the tenth day from now."""
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = draft_project(ctx, new_project(scene))
        add_session(ctx, project_id, plan(days=10, point="Porta Salza"))
        submit_project(ctx, project_id)
    assert found(database, "vicoli") == []
    with database.unit_of_work(scene.officer) as ctx:
        publish_project(ctx, project_id)
    return project_id


def flags(ctx: Context, project_id: UUID) -> list[bool]:
    session = ProjectSession
    rows = select(session.follows_closely).where(session.project_id == project_id)
    return list(ctx.db.scalars(rows.order_by(session.starts_at)))


@pytest.mark.usefixtures("published")
def test_a_published_project_is_found_by_all_its_words(database: Database) -> None:
    for words in ("vicoli", "centro storico", "guanti", "orti comune", "porta salza", "potenza"):
        assert found(database, words) == ["Puliamo i vicoli"], words


def test_other_words_replace_the_old_ones(
    database: Database, scene: Scene, published: UUID
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        words = ProjectWords("Dipingiamo le panchine", "Portiamo colore in piazza.")
        revise_project(ctx, published, content(words=words, languages=("it", "bn")))
    assert found(database, "vicoli") == []
    assert found(database, "panchina colori") == ["Dipingiamo le panchine"]
    with database.reading(VISITOR) as ctx:
        assert len(find_projects(ctx, Filters(spoken="bn"), "it").cards) == 1


def test_a_translation_is_found_in_its_language(
    database: Database, scene: Scene, published: UUID
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        write_translation(ctx, published, "en", ProjectWords("Clean lanes", "With brooms."))
    assert found(database, "broom lane", "en") == ["Clean lanes"]
    assert found(database, "broom lane", "fr") == []


def test_a_closed_project_is_found_no_more(
    database: Database, scene: Scene, published: UUID
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        close_project(ctx, published)
        assert ctx.db.scalar(select(func.count()).select_from(ProjectSearch)) == 0
    assert found(database, "vicoli") == []


def test_added_moved_and_cancelled_sessions_change_what_comes_next(
    database: Database, scene: Scene, published: UUID
) -> None:
    def starts() -> list[object]:
        with database.reading(VISITOR) as ctx:
            cards = find_projects(ctx, Filters(area=Area.TERRITORY), "it").cards
        return [card.starts_at for card in cards]

    assert starts() == [NOW + 10 * DAY]
    with database.unit_of_work(scene.organiser) as ctx:
        sooner = add_session(ctx, published, plan(days=5, point="Ponte Musmeci"))
    assert starts() == [NOW + 5 * DAY]
    assert found(database, "musmeci") == ["Puliamo i vicoli"]
    with database.unit_of_work(scene.organiser) as ctx:
        change_session(ctx, sooner, plan(days=6, point="Ponte di Ferro"))
    assert starts() == [NOW + 6 * DAY]
    assert found(database, "musmeci") == []
    with database.unit_of_work(scene.organiser) as ctx:
        cancel_session(ctx, sooner)
    assert starts() == [NOW + 10 * DAY]
    assert found(database, "ferro") == []


def test_a_session_knows_whether_another_is_close_before_it(
    database: Database, scene: Scene, published: UUID
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        weekly = add_sessions(ctx, published, [plan(days=days) for days in (17, 24, 31, 45)])
        assert flags(ctx, published) == [False, True, True, True, False]
        cancel_session(ctx, weekly[1])
        # The cancelled one aside, two weeks lie between its neighbours.
        assert flags(ctx, published) == [False, True, True, False, False]
        change_session(ctx, weekly[3], plan(days=38))
        assert flags(ctx, published) == [False, True, True, False, True]


def test_summer_time_does_not_part_a_weekly_rhythm(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        saturday = NOW + 7 * DAY
        for start in (saturday, saturday + 7 * DAY, saturday + 14 * DAY - HOUR):
            make_session(ctx, project_id, start, start + HOUR)
        assert flags(ctx, project_id) == [False, True, True]


def test_what_came_in_past_the_operations_is_indexed_afterwards(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(5):
            project_id = make_project(ctx, scene.association.id, scene.city.id, scene.author)
            start = NOW + (1 + number) * DAY
            make_session(ctx, project_id, start, start + HOUR, is_indexed=False)
        scene.project(ctx, state=ProjectState.DRAFT)
    assert found(database, "siepe") == []
    with database.unit_of_work(VISITOR) as ctx:
        assert [index_missing(ctx, most=3) for _ in range(3)] == [3, 2, 0]
    assert len(found(database, "siepe")) == 5


def test_indexing_everything_stops_when_all_is_done(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR, is_indexed=False)
    assert index_all(database) == 1
    assert index_all(database) == 0
    clock.advance(timedelta(days=2))
    assert index_all(database) == 1
    with database.reading(VISITOR) as ctx:
        assert ctx.db.scalars(select(ProjectSearch.next_starts_at)).all() == [None]
    assert index_all(database) == 0


def test_the_worker_moves_what_has_begun_to_its_next_session(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one, two = scene.project(ctx), scene.project(ctx)
        for project_id in (one, two):
            for days in (1, 2):
                make_session(ctx, project_id, NOW + days * DAY, NOW + days * DAY + HOUR)
    clock.advance(timedelta(days=1))
    with database.unit_of_work(VISITOR) as ctx:
        assert [index_begun(ctx, most=1) for _ in range(3)] == [1, 1, 0]
        rows = select(ProjectSearch.next_starts_at, ProjectSearch.project_id)
        assert {tuple(row) for row in ctx.db.execute(rows)} == {
            (NOW + 2 * DAY, one),
            (NOW + 2 * DAY, two),
        }


def test_a_removed_project_leaves_no_document(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, title="Orto")
        ctx.db.execute(delete(Project).where(Project.id == project_id))
        assert ctx.db.scalar(select(func.count()).select_from(ProjectSearch)) == 0
        scene.project_with_session(ctx, title="Siepe")
    assert found(database, "orto") == []
    assert len(found(database, "siepe")) == 1


def test_what_is_rolled_back_is_not_found(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        attempt = ctx.db.begin_nested()
        scene.project_with_session(ctx, title="Orto")
        attempt.rollback()
    assert found(database, "orto") == []


def test_indexing_a_draft_writes_nothing(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, state=ProjectState.DRAFT)
        index_project(ctx, project_id)
        assert ctx.db.scalar(select(func.count()).select_from(ProjectSearch)) == 0
