"""What an officer is shown of a project that comes back: age, and what changed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.catalogue.models import ProjectSubmission
from civic.catalogue.operations import projects, reviews, sessions
from civic.catalogue.operations.projects import ProjectWords
from civic.catalogue.queries.versions import LatestVersion, latest_version
from civic.catalogue.rules import Area
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from tests.integration.catalogue.scene import DAY, Scene, content, new_project, plan

Html = Callable[[TestResponse], str]


Read = Callable[[str], str]


@pytest.fixture
def read(
    client: FlaskClient, sign_in: Callable[[FlaskClient, UUID], None], scene: Scene, html: Html
) -> Read:
    """A page as the officer reads it, signed in anew: days go by between two versions."""

    def page(address: str) -> str:
        sign_in(client, scene.officer.own_id)
        return html(client.get(address))

    return page


def handed_in(database: Database, scene: Scene) -> UUID:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = projects.draft_project(ctx, new_project(scene))
        projects.write_translation(ctx, project_id, "ar", ProjectWords("ننظف الأزقة", "ننظف."))
        sessions.add_session(ctx, project_id, plan())
        projects.submit_project(ctx, project_id)
    return project_id


def handed_in_again(
    database: Database, scene: Scene, project_id: UUID, clock: FrozenClock, **over: Any
) -> None:
    """Sent back, changed a day later, sent again."""
    with database.unit_of_work(scene.officer) as ctx:
        reviews.send_back_project(ctx, project_id, "Manca l'acqua.")
    clock.advance(DAY)
    with database.unit_of_work(scene.organiser) as ctx:
        projects.revise_project(ctx, project_id, content(**over))
        projects.submit_project(ctx, project_id)


def latest(database: Database, scene: Scene, project_id: UUID) -> LatestVersion:
    with database.reading(scene.officer) as ctx:
        found = latest_version(ctx, project_id)
    assert found
    return found


def test_every_time_it_is_handed_in_a_version_is_kept(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    project_id = handed_in(database, scene)
    handed_in_again(database, scene, project_id, clock)
    with database.reading(scene.officer) as ctx:
        kept = ctx.db.scalars(
            select(ProjectSubmission)
            .where(ProjectSubmission.project_id == project_id)
            .order_by(ProjectSubmission.number)
        ).all()
        assert [row.number for row in kept] == [1, 2]
        assert kept[0].submitted_by == scene.author
        assert set(kept[0].content["texts"]) == {"it", "ar"}
        assert kept[0].content["facts"]["area"] == "territory"
        assert kept[0].content["dates"][0]["meeting_point"] == "Porta"


def test_a_project_handed_in_once_has_nothing_to_compare(
    database: Database, scene: Scene, read: Read
) -> None:
    project_id = handed_in(database, scene)
    version = latest(database, scene, project_id)
    assert (version.is_first, version.changes) == (True, None)
    page = read(f"/en/city/projects/{project_id}")
    assert "sends this project for the first time" in page


def test_the_officer_reads_old_and_new_side_by_side(
    database: Database, scene: Scene, clock: FrozenClock, read: Read
) -> None:
    project_id = handed_in(database, scene)
    with database.unit_of_work(scene.officer) as ctx:
        reviews.send_back_project(ctx, project_id, "Manca l'acqua.")
    clock.advance(DAY)
    with database.unit_of_work(scene.organiser) as ctx:
        words = ProjectWords("Puliamo i vicoli", "Puliamo i vicoli del centro storico.", "Acqua.")
        projects.revise_project(
            ctx, project_id, content(words=words, needs_no_italian=True, area=Area.GREEN)
        )
        projects.write_translation(ctx, project_id, "ar", ProjectWords("ننظف الشوارع", "ننظف."))
        sessions.add_session(ctx, project_id, plan(days=9, point="Piazza"))
        projects.submit_project(ctx, project_id)
    page = read(f"/en/city/projects/{project_id}")
    assert "Changed and sent again" in read("/en/city/projects")
    assert "Guanti e" in page.split("<del>")[1].split("</del>")[0]
    assert 'lang="ar" dir="rtl" class="as-written"' in page
    assert "Territory safety" in page
    assert "Piazza" in page
    assert page.count("Before</h4>") == 5  # bring, Arabic title, area, no Italian, dates
    assert "Compared with what they sent on" in page


def test_what_was_sent_again_unchanged_is_called_so(
    database: Database, scene: Scene, clock: FrozenClock, read: Read
) -> None:
    project_id = handed_in(database, scene)
    handed_in_again(database, scene, project_id, clock)
    changes = latest(database, scene, project_id).changes
    assert changes
    assert changes.is_empty
    page = read(f"/en/city/projects/{project_id}")
    assert "Nothing is different" in page


def test_the_one_that_waits_longest_comes_first_and_says_for_how_long(
    database: Database, scene: Scene, clock: FrozenClock, read: Read
) -> None:
    first = handed_in(database, scene)
    clock.advance(3 * DAY)
    second = handed_in(database, scene)
    page = read("/en/city/projects")
    assert page.index(str(first)) < page.index(str(second))
    assert "Waits for 3 days" in page
    assert "Waits for 3 days" in read(f"/en/city/projects/{first}")


def test_markup_in_words_that_changed_is_shown_as_it_was_typed(
    database: Database, scene: Scene, clock: FrozenClock, read: Read
) -> None:
    project_id = handed_in(database, scene)
    words = ProjectWords("Puliamo <script>alert(1)</script>", "x", "y")
    handed_in_again(database, scene, project_id, clock, words=words)
    page = read(f"/en/city/projects/{project_id}")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_officers_two_pages_ask_the_database_little(
    database: Database,
    scene: Scene,
    clock: FrozenClock,
    read: Read,
    statements: Callable[[], AbstractContextManager[Any]],
) -> None:
    """Signing in anew, as `read` does, is among what is counted."""
    project_id = handed_in(database, scene)
    handed_in_again(database, scene, project_id, clock)
    for address, most in (("/en/city/projects", 8), (f"/en/city/projects/{project_id}", 16)):
        with statements() as counted:
            read(address)
        assert counted.total <= most, address
