"""What an organiser says of a project beside its words: facts, breaks, copies, the preview."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.catalogue.errors import (
    AssociationNotVerified,
    ProjectNotEditable,
    ProjectNotPaused,
    ProjectNotRunning,
)
from civic.catalogue.models import Project, ProjectRequirement, ProjectSession, ProjectText
from civic.catalogue.operations import projects
from civic.catalogue.operations.projects import ProjectWords
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import project_page, project_shown
from civic.catalogue.rules import ProjectState, Requirement, RequirementKind
from civic.enrolment.errors import ProjectNotOpen
from civic.enrolment.operations import joining
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import VISITOR, system_in
from civic.tenancy.models import AssociationInCity
from civic.tenancy.rules import Verification
from tests.factories.accounts import actor_of, make_person
from tests.factories.catalogue import PRUNE_HEDGES, make_session
from tests.integration.catalogue.scene import DAY, HOUR, NOW, Scene, content, new_project

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]

GREEN_BADGE = Requirement(RequirementKind.BADGE, "green-12")
HEDGES_FIRST = Requirement(RequirementKind.SKILL, PRUNE_HEDGES)
TYPED: dict[str, Any] = {
    "title": "Puliamo i vicoli",
    "what_you_do": "Puliamo i vicoli del centro.",
    "what_to_bring": "Guanti",
    "area": "territory",
    "languages": ["it", "ar"],
    "minimum_age": "16",
}


@pytest.fixture
def organiser(client: FlaskClient, sign_in: SignIn, scene: Scene) -> FlaskClient:
    sign_in(client, scene.author)
    return client


def shown(database: Database, scene: Scene, project_id: UUID) -> Any:
    with database.reading(scene.organiser) as ctx:
        return project_shown(ctx, project_id, ORGANISE, "it")


def slug_of(database: Database, project_id: UUID) -> str:
    with database.reading(system_in()) as ctx:
        return ctx.db.scalars(select(Project.slug).where(Project.id == project_id)).one()


# Facts


def test_facts_from_the_form_stand_on_the_public_page_as_short_sentences(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
    answer = organiser.post(
        f"/en/organise/projects/{project_id}/edit",
        data=TYPED
        | {
            "district": "Rione Lucania",
            "latitude": "40,6404",
            "longitude": "15.8056",
            "is_wheelchair_accessible": "y",
            "needs_no_italian": "y",
            "is_occasional": "y",
            "needs_approval": "y",
            "required_skills": [PRUNE_HEDGES],
        },
    )
    assert answer.status_code == 302
    page = shown(database, scene, project_id)
    assert (page.district, page.latitude, page.longitude) == ("Rione Lucania", 40.6404, 15.8056)
    assert page.requirements == (HEDGES_FIRST,)
    text = html(organiser.get(f"/en/projects/{page.slug}"))
    for said in (
        "Rione Lucania",
        "You can come in a wheelchair",
        "You need no Italian",
        "A day here and there",
        "You ask, and the association says yes",
        "prune hedges and trees",
        "40.6404",
    ):
        assert said in text


def test_the_form_shows_again_what_was_saved(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(
            ctx, district="Centro", latitude=40.5, longitude=15.25, needs_approval=True
        )
    page = html(organiser.get(f"/en/organise/projects/{project_id}/edit"))
    assert 'value="Centro"' in page
    assert 'value="40.5"' in page
    assert 'value="15.25"' in page
    assert re.search(r'<input [^>]*checked [^>]*id="needs_approval"', page)


def test_a_pasted_link_counts_before_the_old_numbers(
    database: Database, organiser: FlaskClient, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, latitude=41.0, longitude=16.0)
    typed = TYPED | {
        "pasted": "https://maps.example/@40.6404,15.8056,17z",
        "latitude": "41.0",
        "longitude": "16.0",
    }
    organiser.post(f"/en/organise/projects/{project_id}/edit", data=typed)
    page = shown(database, scene, project_id)
    assert (page.latitude, page.longitude) == (40.6404, 15.8056)


REFUSED: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"pasted": "at the fountain"}, "pasted", "We find no place"),
    ({"pasted": "15.8056, 40.6404"}, "pasted", "not in Italy"),
    ({"pasted": "x" * 3000}, "pasted", "too long"),
    ({"latitude": "forty", "longitude": "15.8"}, "latitude", "Write a number"),
    ({"latitude": "40.6", "longitude": ""}, "longitude", "both numbers"),
    ({"latitude": "", "longitude": "15.8"}, "latitude", "both numbers"),
    ({"latitude": "48.85", "longitude": "2.35"}, "longitude", "not in Italy"),
    ({"latitude": "1e1", "longitude": "15.8"}, "latitude", "Write a number"),
    ({"latitude": "nan", "longitude": "nan"}, "latitude", "Write a number"),
    ({"district": "x" * 81}, "district", "too long"),
    ({"required_skills": "flying"}, "required_skills", ""),
)


def test_an_unreadable_place_gets_a_sentence_and_everything_typed_stays(
    database: Database,
    organiser: FlaskClient,
    scene: Scene,
    html: Html,
    subtests: pytest.Subtests,
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
    for over, name, said in REFUSED:
        with subtests.test(str(over)[:60]):
            typed = TYPED | {"what_to_bring": "Scarponi"} | over
            answer = organiser.post(f"/en/organise/projects/{project_id}/edit", data=typed)
            page = html(answer)
            assert answer.status_code == 422
            assert f'id="{name}-error"' in page
            assert said in page
            assert "Scarponi" in page
            if name != "required_skills":
                assert all(f'value="{value}"' in page for value in over.values() if value)
    assert shown(database, scene, project_id).latitude is None


def test_the_form_leaves_the_badges_asked_for_alone(
    database: Database, organiser: FlaskClient, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, requirements=(GREEN_BADGE, HEDGES_FIRST))
    organiser.post(f"/en/organise/projects/{project_id}/edit", data=TYPED)
    assert shown(database, scene, project_id).requirements == (GREEN_BADGE,)


def test_the_public_page_still_takes_two_statements(
    database: Database,
    scene: Scene,
    statements: Callable[[], Any],
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, requirements=(GREEN_BADGE, HEDGES_FIRST))
    slug = slug_of(database, project_id)
    with database.reading(VISITOR) as ctx, statements() as counted:
        project_page(ctx, slug, "it")
    assert counted.total == 2


# Breaks


def test_a_paused_project_leaves_the_list_and_takes_nobody_new_until_it_resumes(
    app: Flask, database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(ctx, title="Orto di quartiere")
    slug = slug_of(database, project_id)
    with database.unit_of_work(system_in()) as ctx:
        newcomer = actor_of(ctx, make_person(ctx, "Amina", scene.city))
    desk = f"/en/organise/projects/{project_id}"
    assert organiser.post(f"{desk}/pause").status_code == 302
    assert "Orto di quartiere" not in html(organiser.get("/en/projects"))
    public = html(app.test_client().get(f"/en/projects/{slug}"))
    assert "This project takes a break" in public
    assert "/sign-in?next=" not in public.split('id="sessions"')[1]
    with pytest.raises(ProjectNotOpen), database.unit_of_work(newcomer) as ctx:
        joining.enrol(ctx, project_id)
    assert "End the break" in html(organiser.get(desk))
    assert organiser.post(f"{desk}/resume").status_code == 302
    assert "Orto di quartiere" in html(organiser.get("/en/projects"))
    with database.unit_of_work(newcomer) as ctx:
        joining.enrol(ctx, project_id)


def test_who_has_a_place_keeps_it_through_a_break(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        session_id = make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR, places_taken=2)
        projects.pause_project(ctx, project_id)
        session = ctx.db.get_one(ProjectSession, session_id)
        assert (session.places_taken, session.is_public) == (2, True)


@pytest.mark.parametrize(
    "state", [state for state in ProjectState if state is not ProjectState.PUBLISHED]
)
def test_only_what_is_published_takes_a_break(
    database: Database, scene: Scene, state: ProjectState
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state=state)
    with pytest.raises(ProjectNotRunning), database.unit_of_work(scene.organiser) as ctx:
        projects.pause_project(ctx, project_id)


@pytest.mark.parametrize(
    "state", [state for state in ProjectState if state is not ProjectState.PAUSED]
)
def test_resuming_publishes_nothing_that_no_officer_read(
    database: Database, scene: Scene, state: ProjectState
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state=state)
    with pytest.raises(ProjectNotPaused), database.unit_of_work(scene.organiser) as ctx:
        projects.resume_project(ctx, project_id)


def test_an_association_that_lost_its_standing_resumes_nothing(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state="paused")
    with database.unit_of_work(system_in(scene.city.id)) as ctx:
        standing = ctx.db.get_one(AssociationInCity, scene.association.standing_id)
        standing.verification = Verification.REFUSED
    with pytest.raises(AssociationNotVerified), database.unit_of_work(scene.organiser) as ctx:
        projects.resume_project(ctx, project_id)


def test_a_break_that_cannot_be_taken_is_said_on_the_desk(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state="draft")
    desk = f"/en/organise/projects/{project_id}"
    for action, said in (
        ("pause", "Only a published project"),
        ("resume", "takes no break"),
    ):
        page = html(organiser.post(f"{desk}/{action}", follow_redirects=True))
        assert said in page


# Copies


def test_a_copy_has_all_words_and_facts_but_no_dates(
    database: Database, organiser: FlaskClient, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project_with_session(
            ctx,
            texts={"ar": "سياج", "en": "A hedge"},
            revision=3,
            district="Centro",
            latitude=40.6,
            longitude=15.8,
            needs_no_italian=True,
            requirements=(GREEN_BADGE, HEDGES_FIRST),
        )
        arabic = ctx.db.get_one(ProjectText, (project_id, "ar"))
        arabic.revision = 2
    answer = organiser.post(f"/en/organise/projects/{project_id}/duplicate")
    assert answer.location.endswith("/edit")
    copy_id = UUID(answer.location.split("/")[-2])
    page, model = shown(database, scene, copy_id), shown(database, scene, project_id)
    assert page.state is ProjectState.DRAFT
    assert page.slug != model.slug
    assert page.sessions == ()
    same = (
        "title", "what_you_do", "what_to_bring", "area", "minimum_age", "languages", "skills",
        "requirements", "district", "latitude", "longitude", "needs_no_italian",
    )  # fmt: skip
    assert [getattr(page, name) for name in same] == [getattr(model, name) for name in same]
    with database.reading(scene.organiser) as ctx:
        assert project_shown(ctx, copy_id, ORGANISE, "ar").is_outdated
        assert not project_shown(ctx, copy_id, ORGANISE, "en").is_outdated
        with pytest.raises(NotFound):
            project_page(ctx, page.slug, "it")


def test_a_copy_is_changed_without_touching_its_model(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state="closed", requirements=(GREEN_BADGE,))
        copy_id = projects.duplicate_project(ctx, project_id)
        projects.revise_project(ctx, copy_id, content(title="Altro"))
        rows = ctx.db.execute(
            select(ProjectText.title).where(ProjectText.project_id == project_id)
        ).scalars()
        assert "Altro" not in set(rows)
        asked = select(func.count()).select_from(ProjectRequirement)
        assert ctx.db.scalar(asked.where(ProjectRequirement.project_id == project_id)) == 1


def test_a_closed_project_is_not_paused_or_rewritten(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx, state="closed")
    with pytest.raises(ProjectNotEditable), database.unit_of_work(scene.organiser) as ctx:
        projects.write_translation(ctx, project_id, "en", ProjectWords("A", "b"))


# The preview


@pytest.mark.parametrize("tag", ["it", "ar"])
def test_the_preview_is_the_public_page_with_a_bar(
    database: Database, organiser: FlaskClient, scene: Scene, html: Html, tag: str
) -> None:
    """Word for word, from the title to the dates."""
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = projects.draft_project(ctx, new_project(scene, needs_no_italian=True))
        make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR)
    preview = html(organiser.get(f"/{tag}/organise/projects/{project_id}/preview"))
    for said in ("Puliamo i vicoli del centro storico.", "Guanti e acqua.", "Villa Giaquinto"):
        assert said in preview
    with database.unit_of_work(system_in(scene.city.id)) as ctx:
        project = ctx.db.get_one(Project, project_id)
        project.state, project.is_public = ProjectState.PUBLISHED, True
        slug = project.slug
    public = html(organiser.get(f"/{tag}/projects/{slug}"))
    assert part(public) == part(preview)


def part(page: str) -> str:
    """From the title to the heading of the dates."""
    inside = page.split('<div class="page-title">', 1)[1].split('id="sessions"', 1)[0]
    return " ".join(inside.split())
