from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from civic.audit.models import AuditEntry
from civic.catalogue.errors import (
    AssociationNotVerified,
    NoSessionToCome,
    PlacesBelowTaken,
    ProjectAlreadyDecided,
    ProjectNotDraft,
    ProjectNotEditable,
    ProjectNotPublished,
    ReasonMissing,
    SessionAlreadyThere,
    SessionIsCancelled,
    SessionOver,
)
from civic.catalogue.events import (
    PlacesAdded,
    ProjectPublished,
    ProjectSentBack,
    ProjectSubmitted,
    SessionCancelled,
    SessionMoved,
)
from civic.catalogue.models import Project, ProjectSession, ProjectText
from civic.catalogue.operations import projects, reviews, sessions
from civic.catalogue.operations.projects import NewProject, ProjectWords
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.desks import draft_for
from civic.catalogue.queries.projects import project_shown
from civic.catalogue.queries.sessions import session_facts
from civic.catalogue.rules import Area, ProjectState, SessionState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.outbox import Event, OutboxEvent
from civic.kernel.policy import VISITOR, Actor, system_in
from civic.tenancy.rules import Verification
from tests.factories.catalogue import make_session
from tests.factories.tenancy import make_association
from tests.integration.catalogue.scene import (
    DAY,
    HOUR,
    NOW,
    Scene,
    content,
    new_project,
    plan,
)


def events(database: Database, kind: type[Event]) -> list[OutboxEvent]:
    with database.reading(system_in()) as ctx:
        return list(ctx.db.scalars(select(OutboxEvent).where(OutboxEvent.name == kind.name())))


def submitted(database: Database, scene: Scene) -> UUID:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = projects.draft_project(ctx, new_project(scene))
        sessions.add_session(ctx, project_id, plan())
        projects.submit_project(ctx, project_id)
    return project_id


def published(database: Database, scene: Scene) -> tuple[UUID, UUID]:
    """A project and its one session."""
    project_id = submitted(database, scene)
    with database.unit_of_work(scene.officer) as ctx:
        reviews.publish_project(ctx, project_id)
        session_id = ctx.db.scalars(
            select(ProjectSession.id).where(ProjectSession.project_id == project_id)
        ).one()
    return project_id, session_id


def state_of(database: Database, project_id: UUID, scene: Scene) -> ProjectState:
    with database.reading(scene.officer) as ctx:
        return ctx.db.get_one(Project, project_id).state


def test_a_draft_keeps_all_that_was_said(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = projects.draft_project(ctx, new_project(scene))
    with database.reading(scene.organiser) as ctx:
        page = project_shown(ctx, project_id, ORGANISE, "fr")
    assert (page.title, page.text_language) == ("Puliamo i vicoli", "it")
    assert (page.area, page.minimum_age, page.state) == (Area.TERRITORY, 16, ProjectState.DRAFT)
    assert page.languages == ("it", "ar")
    assert len(page.skills) == 1
    assert page.slug.startswith("puliamo-i-vicoli-")


def test_nobody_drafts_for_an_association_that_is_not_theirs(
    database: Database, scene: Scene, elsewhere: Scene
) -> None:
    mixed = NewProject(elsewhere.association.id, scene.city.id, "it", content())
    for new in (new_project(elsewhere), mixed):
        with pytest.raises(NotFound), database.unit_of_work(scene.organiser) as ctx:
            projects.draft_project(ctx, new)
    with pytest.raises(NotFound), database.unit_of_work(scene.officer) as ctx:
        projects.draft_project(ctx, new_project(scene))


def test_a_project_goes_from_draft_over_the_officer_to_everybody(
    database: Database, scene: Scene
) -> None:
    project_id, session_id = published(database, scene)
    assert state_of(database, project_id, scene) is ProjectState.PUBLISHED
    with database.reading(VISITOR) as ctx:
        assert session_id in session_facts(ctx, [session_id])
    (event,) = events(database, ProjectPublished)
    assert event.payload["author_id"] == str(scene.author)
    assert len(events(database, ProjectSubmitted)) == 1


def test_a_project_without_a_date_to_come_is_not_submitted(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = projects.draft_project(ctx, new_project(scene))
    with pytest.raises(NoSessionToCome), database.unit_of_work(scene.organiser) as ctx:
        projects.submit_project(ctx, project_id)
    with database.unit_of_work(scene.organiser) as ctx:
        sessions.add_session(ctx, project_id, plan(days=2))
    clock.advance(timedelta(days=3))
    with pytest.raises(NoSessionToCome), database.unit_of_work(scene.organiser) as ctx:
        projects.submit_project(ctx, project_id)


def test_an_association_that_is_not_verified_submits_nothing(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        make_association(ctx, scene.city, verification=Verification.ASKED)
    with pytest.raises(AssociationNotVerified):
        submitted(database, scene)


def test_a_submitted_project_is_neither_changed_nor_submitted_again(
    database: Database, scene: Scene
) -> None:
    project_id = submitted(database, scene)
    with pytest.raises(ProjectNotEditable), database.unit_of_work(scene.organiser) as ctx:
        projects.revise_project(ctx, project_id, content("Altro"))
    with pytest.raises(ProjectNotEditable), database.unit_of_work(scene.organiser) as ctx:
        projects.write_translation(ctx, project_id, "en", ProjectWords("Other", "Other"))
    with pytest.raises(ProjectNotEditable), database.unit_of_work(scene.organiser) as ctx:
        sessions.add_session(ctx, project_id, plan(days=9))
    with pytest.raises(ProjectNotDraft), database.unit_of_work(scene.organiser) as ctx:
        projects.submit_project(ctx, project_id)


def test_a_sent_back_project_carries_the_reason_until_it_is_submitted_again(
    database: Database, scene: Scene
) -> None:
    project_id = submitted(database, scene)
    with database.unit_of_work(scene.officer) as ctx:
        reviews.send_back_project(ctx, project_id, " Manca il punto di incontro. ")
    with database.unit_of_work(scene.organiser) as ctx:
        draft = draft_for(ctx, project_id, ORGANISE)
        assert draft.sent_back_reason == "Manca il punto di incontro."
        projects.submit_project(ctx, project_id)
        assert draft_for(ctx, project_id, ORGANISE).sent_back_reason == ""
    assert len(events(database, ProjectSentBack)) == 1


def test_nothing_is_sent_back_without_a_reason(database: Database, scene: Scene) -> None:
    project_id = submitted(database, scene)
    with pytest.raises(ReasonMissing), database.unit_of_work(scene.officer) as ctx:
        reviews.send_back_project(ctx, project_id, "  ")
    assert state_of(database, project_id, scene) is ProjectState.SUBMITTED


def test_the_second_of_two_decisions_is_refused(database: Database, scene: Scene) -> None:
    project_id, _session_id = published(database, scene)
    with pytest.raises(ProjectAlreadyDecided), database.unit_of_work(scene.officer) as ctx:
        reviews.send_back_project(ctx, project_id, "Troppo tardi")
    with pytest.raises(ProjectAlreadyDecided), database.unit_of_work(scene.officer) as ctx:
        reviews.publish_project(ctx, project_id)
    assert state_of(database, project_id, scene) is ProjectState.PUBLISHED


def test_both_decisions_stand_in_the_audit_trail(database: Database, scene: Scene) -> None:
    published(database, scene)
    with database.unit_of_work(scene.officer) as ctx:
        pass
    other = submitted(database, scene)
    with database.unit_of_work(scene.officer) as ctx:
        reviews.send_back_project(ctx, other, "Da rivedere")
    with database.reading(scene.officer) as ctx:
        lines = ctx.db.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [line.action for line in lines] == ["project.published", "project.sent_back"]
    assert {line.actor_id for line in lines} == {scene.officer.person_id}
    assert lines[1].thing_id == other


def test_a_project_whose_dates_passed_while_it_waited_is_not_published(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    project_id = submitted(database, scene)
    clock.advance(timedelta(days=8))
    with pytest.raises(NoSessionToCome), database.unit_of_work(scene.officer) as ctx:
        reviews.publish_project(ctx, project_id)


def test_an_officer_of_another_city_decides_nothing(
    database: Database, scene: Scene, elsewhere: Scene
) -> None:
    project_id = submitted(database, scene)
    for actor in (elsewhere.officer, elsewhere.organiser, scene.organiser, VISITOR):
        with pytest.raises(NotFound), database.unit_of_work(actor) as ctx:
            reviews.publish_project(ctx, project_id)
        with pytest.raises(NotFound), database.unit_of_work(actor) as ctx:
            reviews.send_back_project(ctx, project_id, "No")


def test_an_organiser_of_another_association_changes_nothing(
    database: Database, scene: Scene, elsewhere: Scene
) -> None:
    project_id, session_id = published(database, scene)
    for actor in (elsewhere.organiser, scene.officer, VISITOR):
        for change in (
            lambda ctx: projects.revise_project(ctx, project_id, content()),
            lambda ctx: projects.write_translation(ctx, project_id, "en", ProjectWords("a", "b")),
            lambda ctx: projects.submit_project(ctx, project_id),
            lambda ctx: projects.close_project(ctx, project_id),
            lambda ctx: sessions.add_session(ctx, project_id, plan()),
            lambda ctx: sessions.change_session(ctx, session_id, plan()),
            lambda ctx: sessions.cancel_session(ctx, session_id),
        ):
            with pytest.raises(NotFound), database.unit_of_work(actor) as ctx:
                change(ctx)


def test_other_words_make_translations_outdated_and_the_same_words_do_not(
    database: Database, scene: Scene
) -> None:
    project_id, _session_id = published(database, scene)
    with database.unit_of_work(scene.organiser) as ctx:
        projects.write_translation(ctx, project_id, "ar", ProjectWords("عنوان", "نص"))
        projects.revise_project(ctx, project_id, content(minimum_age=18, languages=("it", "so")))
    with database.unit_of_work(scene.organiser) as ctx:
        page = project_shown(ctx, project_id, ORGANISE, "ar")
        assert (page.title, page.is_outdated) == ("عنوان", False)
        assert (page.minimum_age, page.languages) == (18, ("it", "so"))
        projects.revise_project(ctx, project_id, content("Nuovo titolo"))
    with database.unit_of_work(scene.organiser) as ctx:
        assert project_shown(ctx, project_id, ORGANISE, "ar").is_outdated
        assert not project_shown(ctx, project_id, ORGANISE, "it").is_outdated
        projects.write_translation(ctx, project_id, "ar", ProjectWords("عنوان", "نص"))
    with database.reading(scene.organiser) as ctx:
        assert not project_shown(ctx, project_id, ORGANISE, "ar").is_outdated
        assert ctx.db.get_one(Project, project_id).revision == 2


def test_the_original_is_not_written_as_a_translation(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = projects.draft_project(ctx, new_project(scene))
    with pytest.raises(ProjectNotEditable), database.unit_of_work(scene.organiser) as ctx:
        projects.write_translation(ctx, project_id, "it", ProjectWords("x", "y"))
    with database.reading(scene.organiser) as ctx:
        assert ctx.db.get_one(ProjectText, (project_id, "it")).title == "Puliamo i vicoli"


def test_two_sessions_do_not_start_at_once_and_none_of_a_refused_series_stays(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = projects.draft_project(ctx, new_project(scene))
        sessions.add_session(ctx, project_id, plan(days=14))
    with pytest.raises(SessionAlreadyThere), database.unit_of_work(scene.organiser) as ctx:
        sessions.add_sessions(ctx, project_id, [plan(days=7), plan(days=14)])
    with database.reading(scene.organiser) as ctx:
        assert len(ctx.db.scalars(select(ProjectSession.id)).all()) == 1


def test_a_date_added_to_a_published_project_is_public_at_once(
    database: Database, scene: Scene
) -> None:
    project_id, _session_id = published(database, scene)
    with database.unit_of_work(scene.organiser) as ctx:
        added = sessions.add_session(ctx, project_id, plan(days=10))
    with database.reading(VISITOR) as ctx:
        assert added in session_facts(ctx, [added])


def test_a_moved_session_tells_where_it_was(database: Database, scene: Scene) -> None:
    _project_id, session_id = published(database, scene)
    with database.unit_of_work(scene.organiser) as ctx:
        sessions.change_session(ctx, session_id, plan(days=8, point="Piazza Prefettura"))
    (event,) = events(database, SessionMoved)
    moved = SessionMoved.from_json(event.payload)
    assert moved.old_starts_at == NOW + 7 * DAY
    assert moved.old_meeting_point == "Porta"
    with database.reading(VISITOR) as ctx:
        facts = session_facts(ctx, [session_id])[session_id]
    assert (facts.starts_at, facts.sequence) == (NOW + 8 * DAY, 1)


def test_more_places_are_told_and_fewer_than_taken_refused(
    database: Database, scene: Scene
) -> None:
    _project_id, session_id = published(database, scene)
    with database.unit_of_work(scene.organiser) as ctx:
        assert sessions.take_place(ctx, session_id)
        assert sessions.take_place(ctx, session_id)
    with database.unit_of_work(scene.organiser) as ctx:
        sessions.change_session(ctx, session_id, plan(places=2))
    assert not events(database, PlacesAdded)
    with pytest.raises(PlacesBelowTaken), database.unit_of_work(scene.organiser) as ctx:
        sessions.change_session(ctx, session_id, plan(places=1))
    with database.unit_of_work(scene.organiser) as ctx:
        sessions.change_session(ctx, session_id, plan(places=3))
    assert len(events(database, PlacesAdded)) == 1
    assert not events(database, SessionMoved)


def test_a_session_cancelled_twice_is_told_once(database: Database, scene: Scene) -> None:
    _project_id, session_id = published(database, scene)
    for _click in range(2):
        with database.unit_of_work(scene.organiser) as ctx:
            sessions.cancel_session(ctx, session_id)
    assert len(events(database, SessionCancelled)) == 1
    with pytest.raises(SessionIsCancelled), database.unit_of_work(scene.organiser) as ctx:
        sessions.change_session(ctx, session_id, plan(days=8))


def test_a_session_that_began_is_neither_changed_nor_cancelled(
    database: Database, scene: Scene, clock: FrozenClock
) -> None:
    _project_id, session_id = published(database, scene)
    clock.advance(timedelta(days=7))
    with pytest.raises(SessionOver), database.unit_of_work(scene.organiser) as ctx:
        sessions.change_session(ctx, session_id, plan(days=8))
    with pytest.raises(SessionOver), database.unit_of_work(scene.organiser) as ctx:
        sessions.cancel_session(ctx, session_id)


def test_closing_cancels_what_was_to_come_and_leaves_what_was(
    database: Database, scene: Scene
) -> None:
    project_id, session_id = published(database, scene)
    with database.unit_of_work(scene.organiser) as ctx:
        past = make_session(ctx, project_id, NOW - DAY, NOW - DAY + HOUR)
    with database.unit_of_work(scene.organiser) as ctx:
        assert projects.close_project(ctx, project_id) == 1
    with database.reading(VISITOR) as ctx:
        facts = session_facts(ctx, [session_id, past])
    assert facts[session_id].state is SessionState.CANCELLED
    assert facts[past].state is SessionState.SCHEDULED
    with pytest.raises(ProjectNotPublished), database.unit_of_work(scene.organiser) as ctx:
        projects.close_project(ctx, project_id)


def test_the_last_place_is_taken_once_and_comes_back(database: Database, scene: Scene) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        one = make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR, places=1)
    with database.unit_of_work(VISITOR) as ctx:
        assert sessions.take_place(ctx, one)
        assert not sessions.take_place(ctx, one)
        assert sessions.give_back_place(ctx, one)
        assert not sessions.give_back_place(ctx, one)
        assert sessions.take_place(ctx, one)


def test_no_place_in_a_past_cancelled_unapproved_or_unknown_session(
    database: Database, scene: Scene
) -> None:
    with database.unit_of_work(scene.organiser) as ctx:
        project_id = scene.project(ctx)
        draft_id = scene.project(ctx, state=ProjectState.DRAFT)
        closed = [
            make_session(ctx, project_id, NOW - DAY, NOW - DAY + HOUR),
            make_session(ctx, project_id, NOW + DAY, NOW + DAY + HOUR, state="cancelled"),
            make_session(ctx, draft_id, NOW + DAY, NOW + DAY + HOUR),
            uuid4(),
        ]
        assert [sessions.take_place(ctx, session_id) for session_id in closed] == [False] * 4


def test_a_person_is_needed_to_draft(database: Database, scene: Scene) -> None:
    grants = Actor(grants=scene.organiser.grants, municipalities=scene.organiser.municipalities)
    with pytest.raises(ProjectNotEditable), database.unit_of_work(grants) as ctx:
        projects.draft_project(ctx, new_project(scene))
