from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from civic.catalogue.models import Project
from civic.catalogue.queries.known import languages_offered
from civic.catalogue.queries.listing import CardPage, find_projects
from civic.catalogue.rules import Area, Cursor, Filters, ProjectState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR
from tests.conftest import ON_POSTGRESQL
from tests.factories.catalogue import make_session
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene

Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[Any]]


def found(database: Database, filters: Filters | None = None, language: str = "it") -> CardPage:
    with database.reading(VISITOR) as ctx:
        return find_projects(ctx, filters or Filters(), language)


def titles(page: CardPage) -> list[str]:
    return [card.title for card in page.cards]


def test_each_project_stands_once_by_its_next_session(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one = scene.project(ctx, title="Uno")
        for days in (-7, 3, 10):
            make_session(ctx, one, NOW + days * DAY, NOW + days * DAY + HOUR)
        scene.project_with_session(ctx, days=1, title="Due")
        scene.project(ctx, title="Senza date")
    page = found(database)
    assert titles(page) == ["Due", "Uno"]
    assert page.cards[1].starts_at == NOW + 3 * DAY
    assert page.next is None


def test_a_full_session_still_counts_and_says_that_nothing_is_free(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one = scene.project(ctx)
        make_session(ctx, one, NOW + DAY, NOW + DAY + HOUR, 2, places_taken=2)
    assert found(database).cards[0].places_free == 0


@pytest.mark.parametrize(
    "state", [ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.SENT_BACK]
)
def test_what_no_officer_approved_is_invisible_even_to_its_own_people(
    database: Database, scene: Scene, state: ProjectState
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, state=state)
    for actor in (VISITOR, scene.organiser, scene.officer):
        with database.reading(actor) as ctx:
            assert find_projects(ctx, Filters(), "it").cards == ()
            assert languages_offered(ctx) == ()


def test_cancelled_sessions_and_closed_projects_are_not_found(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one = scene.project(ctx, title="Uno")
        make_session(ctx, one, NOW + DAY, NOW + DAY + HOUR, state="cancelled")
        make_session(ctx, one, NOW + 2 * DAY, NOW + 2 * DAY + HOUR)
        scene.project_with_session(ctx, title="Finito", state=ProjectState.CLOSED)
    page = found(database)
    assert titles(page) == ["Uno"]
    assert page.cards[0].starts_at == NOW + 2 * DAY


def test_a_title_is_the_readers_or_the_original_and_says_which(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Siepe", texts={"ar": "سياج"})
    (arabic,) = found(database, language="ar").cards
    (french,) = found(database, language="fr").cards
    assert (arabic.title, arabic.title_language) == ("سياج", "ar")
    assert (french.title, french.title_language) == ("Siepe", "it")


def test_filters_keep_what_fits_all_of_them(
    database: Database, scene: Scene, elsewhere: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, title="Orto", area=Area.GREEN, languages=("it", "so"))
        scene.project_with_session(ctx, title="Panche", area=Area.TERRITORY, days=2)
    with database.unit_of_work(elsewhere.organiser) as ctx:
        elsewhere.project_with_session(
            ctx, title="Siepe", area=Area.GREEN, languages=("ar",), days=9
        )
    assert titles(found(database, Filters(area=Area.GREEN))) == ["Orto", "Siepe"]
    assert titles(found(database, Filters(city="caserta"))) == ["Siepe"]
    assert titles(found(database, Filters(spoken="so"))) == ["Orto"]
    assert titles(found(database, Filters(day=(NOW + 2 * DAY).date()))) == ["Panche"]
    assert titles(found(database, Filters(Area.GREEN, "potenza", spoken="ar"))) == []
    with database.reading(VISITOR) as ctx:
        assert languages_offered(ctx) == ("it", "en", "ar", "so")


def test_a_day_finds_projects_that_also_have_an_earlier_date(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        one = scene.project(ctx)
        for days in (1, 3, 3.1):
            make_session(ctx, one, NOW + days * DAY, NOW + days * DAY + HOUR)
    (card,) = found(database, Filters(day=(NOW + 3 * DAY).date())).cards
    assert card.starts_at == NOW + 3 * DAY


def test_a_day_is_a_day_in_italy(database: Database, scene: Scene, clock: FrozenClock) -> None:
    late = NOW.replace(hour=22, minute=30) + DAY
    """23:30 on the 15th in Italy, and an hour later the 16th; in UTC both are the 15th."""
    with database.unit_of_work(scene.organiser) as ctx:
        one, two = scene.project(ctx, title="Sera"), scene.project(ctx, title="Notte")
        make_session(ctx, one, late, late + HOUR)
        make_session(ctx, two, late + HOUR, late + 2 * HOUR)
    assert titles(found(database, Filters(day=date(2026, 3, 15)))) == ["Sera"]
    assert titles(found(database, Filters(day=date(2026, 3, 16)))) == ["Notte"]


def test_pages_of_the_list_follow_each_other(
    database: Database, scene: Scene, client: FlaskClient, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(23):
            scene.project_with_session(ctx, days=1 + number // 4, title=f"Titolo {number:02}.")
    first = html(client.get("/it/projects?area=green"))
    assert first.count("project-card") == 20
    next_url = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "area=green" in next_url
    second = html(client.get(next_url))
    assert second.count("project-card") == 3
    for number in range(23):
        assert (f"Titolo {number:02}." in first) != (f"Titolo {number:02}." in second)


@pytest.mark.parametrize("rows", [1, 20, 45])
def test_statements_of_the_public_pages_do_not_grow_with_the_rows(
    database: Database, scene: Scene, client: FlaskClient, statements: Statements, rows: int
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(rows):
            project_id = scene.project_with_session(ctx, days=1 + number, languages=("it", "so"))
            make_session(ctx, project_id, NOW + 90 * DAY, NOW + 90 * DAY + HOUR)
        slug = ctx.db.get_one(Project, project_id).slug
    with statements() as counted:
        assert client.get("/it/projects").status_code == 200
    assert counted.total <= 5
    with statements() as counted:
        assert client.get("/it/projects").status_code == 200
    # One for the days ahead and, since they do not fill the page, one for what is further off.
    assert counted.total == 2
    with statements() as counted:
        assert client.get(f"/it/projects/{slug}").status_code == 200
    assert counted.total <= 5


def test_the_list_walks_the_index_of_open_sessions(
    database: Database, scene: Scene, engine: Engine
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        for number in range(30):
            scene.project_with_session(ctx, days=1 + number)
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    with database.unit_of_work(VISITOR) as ctx:
        connection = ctx.db.connection()
        event.listen(engine, "before_cursor_execute", note)
        find_projects(ctx, Filters(), "it", Cursor(NOW, scene.city.id))
        event.remove(engine, "before_cursor_execute", note)
        statement, parameters = asked[0]
        explain = "EXPLAIN QUERY PLAN "
        if ON_POSTGRESQL:
            # A table of thirty rows is read whole; what counts is that the index fits the query.
            explain = "EXPLAIN "
            for way in ("seqscan", "sort", "bitmapscan"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        lines = connection.exec_driver_sql(explain + statement, parameters).all()
    plan = "\n".join(str(line[-1]) for line in lines)
    assert "ix_project_session_open" in plan, plan
    if not ON_POSTGRESQL:
        assert "SEARCH earlier USING COVERING INDEX" in plan, plan


def test_the_choices_are_read_again_after_a_minute(
    database: Database, scene: Scene, client: FlaskClient, clock: FrozenClock, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, languages=("it",))
    assert 'value="wo"' not in html(client.get("/en/projects"))
    with database.unit_of_work(scene.organiser) as ctx:
        scene.project_with_session(ctx, days=2, languages=("wo",))
    clock.advance(timedelta(minutes=1))
    assert 'value="wo"' in html(client.get("/en/projects"))
