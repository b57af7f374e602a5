import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from civic.catalogue.models import Project
from civic.catalogue.queries.listing import find_projects
from civic.catalogue.rules import Cursor, Filters
from civic.kernel.db.database import Database
from civic.kernel.policy import VISITOR
from civic.kernel.slugs import SLUG_WORDS, is_slug, slug_from
from tests.factories.catalogue import make_session
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene, set_scene


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    starts=st.lists(st.sets(st.integers(-3, 4), max_size=4), max_size=9),
    size=st.integers(1, 5),
)
def test_cursor_pages_cover_every_project_once_in_order(
    database: Database, scene: Scene, starts: list[set[int]], size: int
) -> None:
    expected = {}
    with database.unit_of_work(scene.organiser) as ctx:
        ctx.db.execute(delete(Project).where(Project.municipality_id == scene.city.id))
        for number, days in enumerate(starts):
            project_id = scene.project(ctx, title=f"P{number}")
            for day in days:
                make_session(ctx, project_id, NOW + day * DAY, NOW + day * DAY + HOUR)
            coming = [day for day in days if day > 0]
            if coming:
                expected[f"P{number}"] = NOW + min(coming) * DAY
    seen, after, turns = [], None, 0
    with database.reading(VISITOR) as ctx:
        assert len(ctx.db.scalars(select(Project.id)).all()) == len(starts)
        while turns == 0 or after:
            page = find_projects(ctx, Filters(), "it", after, size)
            seen += [(card.title, card.starts_at) for card in page.cards]
            after = Cursor.decode(page.next) if page.next else None
            turns += 1
    assert dict(seen) == expected
    assert len(seen) == len(expected)
    assert [at for _title, at in seen] == sorted(at for _title, at in seen)
    assert turns == max(1, -(-len(expected) // size))


@given(st.datetimes(timezones=st.just(NOW.tzinfo)), st.uuids())
def test_any_cursor_comes_back_as_it_went(at: object, row: object) -> None:
    cursor = Cursor(at, row)  # type: ignore[arg-type]  # what the strategies make
    assert Cursor.decode(cursor.encode()) == cursor


@given(st.text(max_size=200))
def test_no_text_breaks_the_cursor(text: str) -> None:
    decoded = Cursor.decode(text)
    assert decoded is None or Cursor.decode(decoded.encode()) == decoded


@given(st.text(max_size=300))
def test_every_title_gives_an_address(title: str) -> None:
    slug = slug_from(title, "AB2CD")
    assert is_slug(slug)
    assert len(slug) <= SLUG_WORDS + 6
