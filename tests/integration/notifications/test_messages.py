"""What happened is told to those it concerns, in the language they read, once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from civic.accounts.events import CodeIssued
from civic.badges.events import BadgeAwarded
from civic.badges.startup import STARTUP
from civic.catalogue.events import ProjectPublished, ProjectSentBack, SessionMoved
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.operations import sessions as catalogue
from civic.enrolment.events import PlaceConfirmed, PlaceWaiting
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import Event, emit
from civic.kernel.policy import Actor, Role, system_in
from civic.notifications import privacy
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_ground
from tests.factories.badges import make_award
from tests.factories.catalogue import make_project, make_session
from tests.factories.enrolment import make_booking

Acting = Callable[[Actor], AbstractContextManager[Context]]
Drain = Callable[[], int]
EVERYWHERE = system_in()


@pytest.fixture
def ground(acting: Acting) -> Ground:
    """A session on Saturday 21 March whose project also speaks French."""
    with acting(EVERYWHERE) as ctx:
        ground = make_ground(ctx)
        project_id = make_project(
            ctx,
            ground.association.id,
            ground.city.id,
            ground.organiser_id,
            title="Siepe di alloro",
            texts={"fr": "Haie de laurier"},
        )
        session_id = make_session(ctx, project_id, TEN, ONE)
    return Ground(ground.city, ground.association, ground.organiser_id, project_id, session_id)


def tell(acting: Acting, drain: Drain, *events: Event) -> None:
    with acting(EVERYWHERE) as ctx:
        for event in events:
            emit(ctx, event)
    drain()


def sent(acting: Acting) -> list[Message]:
    with acting(EVERYWHERE) as ctx:
        return list(ctx.db.scalars(select(Message).order_by(Message.address, Message.created_at)))


def confirmed(ground: Ground, person_id: UUID) -> PlaceConfirmed:
    return PlaceConfirmed(
        municipality_id=ground.city.id, session_id=ground.session_id, person_id=person_id
    )


def waiting(ground: Ground, person_id: UUID) -> PlaceWaiting:
    return PlaceWaiting(
        municipality_id=ground.city.id, session_id=ground.session_id, person_id=person_id
    )


def booked(
    acting: Acting,
    ground: Ground,
    phone: str = "+393330000001",
    language: str = "fr",
    state: BookingState = BookingState.CONFIRMED,
) -> UUID:
    with acting(EVERYWHERE) as ctx:
        person_id = make_person(ctx, "Amina", ground.city, page_language=language, phone=phone)
        make_booking(ctx, person_id, ground.session_id, state)
        return person_id


def test_a_place_is_told_in_the_readers_language_not_the_actors(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    person_id = booked(acting, ground)
    tell(acting, drain, confirmed(ground, person_id))
    (message,) = sent(acting)
    assert (message.kind, message.language) == (MessageKind.PLACE_CONFIRMED, "fr")
    assert "Haie de laurier" in message.body
    assert "samedi 21 mars" in message.body
    assert "10:00–13:00" in message.body.replace("\u2066", "").replace("\u2069", "")
    assert "/fr/me/pass" in message.body


def test_titles_are_kept_apart_inside_right_to_left_text(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    person_id = booked(acting, ground, language="ar")
    tell(acting, drain, confirmed(ground, person_id))
    (message,) = sent(acting)
    assert "\u2068Siepe di alloro\u2069" in message.body
    assert "مارس" in message.body


def test_an_unknown_language_is_read_in_italian(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    person_id = booked(acting, ground, language="bn")
    tell(acting, drain, confirmed(ground, person_id))
    (message,) = sent(acting)
    assert message.language == "it"
    assert "sabato 21 marzo" in message.body


def test_the_same_place_is_told_once_and_a_place_taken_again_is_told_again(
    acting: Acting, ground: Ground, drain: Drain, clock: FrozenClock
) -> None:
    person_id = booked(acting, ground)
    tell(acting, drain, confirmed(ground, person_id), confirmed(ground, person_id))
    assert len(sent(acting)) == 1
    clock.advance(timedelta(hours=1))
    with acting(EVERYWHERE) as ctx:
        ctx.enter(ground.city.id)
        ctx.db.scalars(select(Booking)).one().sequence += 1
    tell(acting, drain, confirmed(ground, person_id))
    assert len(sent(acting)) == 2


def test_whoever_moved_up_meanwhile_hears_of_the_place_alone(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    person_id = booked(acting, ground)
    tell(acting, drain, waiting(ground, person_id), confirmed(ground, person_id))
    assert [message.kind for message in sent(acting)] == [MessageKind.PLACE_CONFIRMED]


def test_a_waiting_place_is_told(acting: Acting, ground: Ground, drain: Drain) -> None:
    person_id = booked(acting, ground, state=BookingState.WAITING)
    tell(acting, drain, waiting(ground, person_id))
    assert [message.kind for message in sent(acting)] == [MessageKind.PLACE_WAITING]


def test_a_place_given_back_meanwhile_is_not_told(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    person_id = booked(acting, ground, state=BookingState.WITHDRAWN)
    tell(acting, drain, confirmed(ground, person_id), waiting(ground, person_id))
    assert sent(acting) == []


def test_somebody_without_a_contact_stops_nothing(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    with acting(EVERYWHERE) as ctx:
        person_id = make_person(ctx, "No phone", ground.city)
        make_booking(ctx, person_id, ground.session_id)
    tell(acting, drain, confirmed(ground, person_id))
    assert sent(acting) == []
    assert drain() == 0


def test_a_move_shows_old_and_new_to_those_with_a_place_and_those_who_wait(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    booked(acting, ground, "+393330000001", "fr")
    booked(acting, ground, "+393330000002", "en", BookingState.WAITING)
    booked(acting, ground, "+393330000003", "it", BookingState.WITHDRAWN)
    with acting(EVERYWHERE) as ctx:
        ctx.enter(ground.city.id)
        session = ctx.db.get_one(ProjectSession, ground.session_id)
        session.starts_at += timedelta(days=1)
        session.ends_at += timedelta(days=1)
        session.meeting_point = "Piazza Cavour"
        session.sequence += 1
    moved = SessionMoved(
        municipality_id=ground.city.id,
        session_id=ground.session_id,
        old_starts_at=TEN,
        old_ends_at=ONE,
        old_meeting_point="Villa Giaquinto",
    )
    tell(acting, drain, moved, moved)
    french, english = sent(acting)
    assert (french.language, english.language) == ("fr", "en")
    old, new = french.body.index("samedi 21 mars"), french.body.index("dimanche 22 mars")
    assert old < new
    assert "Villa Giaquinto" in english.body
    assert "Piazza Cavour" in english.body
    assert "Saturday 21 March" in english.body


def test_a_cancellation_reaches_all_who_counted_on_it_in_their_language(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    booked(acting, ground, "+393330000001", "fr")
    booked(acting, ground, "+393330000002", "ar", BookingState.WAITING)
    booked(acting, ground, "+393330000003", "it", BookingState.WITHDRAWN)
    with acting(EVERYWHERE) as ctx:
        organiser = actor_of(ctx, ground.organiser_id)
    with acting(organiser) as ctx:
        catalogue.cancel_session(ctx, ground.session_id)
    drain()
    messages = sent(acting)
    assert [message.kind for message in messages] == [MessageKind.SESSION_CANCELLED] * 2
    assert [message.language for message in messages] == ["fr", "ar"]
    assert "Haie de laurier" in messages[0].body


def test_a_code_is_in_the_text_and_never_in_the_subject(acting: Acting, drain: Drain) -> None:
    issued = CodeIssued(
        municipality_id=None,
        kind="email",
        value="amina@example.org",
        language="fr",
        code="042137",
    )
    tell(acting, drain, issued)
    (message,) = sent(acting)
    assert "042137" in message.body
    assert "042137" not in message.subject
    assert "amina" not in message.subject
    assert (message.address, message.language) == ("amina@example.org", "fr")


def test_the_same_digits_on_another_day_are_another_code(
    acting: Acting, drain: Drain, clock: FrozenClock
) -> None:
    issued = CodeIssued(
        municipality_id=None, kind="phone", value="+393331112223", language="it", code="111111"
    )
    tell(acting, drain, issued, issued)
    clock.advance(timedelta(days=1))
    tell(acting, drain, issued)
    assert len(sent(acting)) == 2


def test_a_badge_is_told_with_its_name_in_the_readers_language(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    green = next(a for a in STARTUP if a.code == "green-12")
    with acting(EVERYWHERE) as ctx:
        person_id = make_person(
            ctx, "Amina", ground.city, page_language="ar", email="amina@example.org"
        )
        award_id = make_award(ctx, ground.city, ground.association, person_id, ground.organiser_id)
    awarded = BadgeAwarded(
        municipality_id=ground.city.id,
        person_id=person_id,
        award_id=award_id,
        achievement_id=green.id,
        skills=green.skills,
    )
    tell(acting, drain, awarded, awarded)
    (message,) = sent(acting)
    assert "العناية بالمساحات الخضراء" in message.body
    assert "/ar/me/badges" in message.body


def test_the_author_hears_what_the_municipality_decided(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    with acting(EVERYWHERE) as ctx:
        author_id = make_staff(
            ctx,
            Role.ORGANISER,
            ground.city,
            ground.association,
            page_language="en",
            email="rosa@example.org",
        )
        ctx.enter(ground.city.id)
        project = ctx.db.get_one(Project, ground.project_id)
        project.sent_back_reason = "Scrivete dove ci si trova."
        slug = project.slug
    tell(
        acting,
        drain,
        ProjectSentBack(
            municipality_id=ground.city.id, project_id=ground.project_id, author_id=author_id
        ),
        ProjectPublished(
            municipality_id=ground.city.id, project_id=ground.project_id, author_id=author_id
        ),
    )
    by_kind = {message.kind: message for message in sent(acting)}
    assert "Scrivete dove ci si trova." in by_kind[MessageKind.PROJECT_SENT_BACK].body
    assert f"/en/projects/{slug}" in by_kind[MessageKind.PROJECT_PUBLISHED].body


def test_links_start_where_people_reach_the_site(
    acting: Acting, ground: Ground, drain: Drain, app: Flask
) -> None:
    person_id = booked(acting, ground)
    tell(acting, drain, confirmed(ground, person_id))
    public_url = app.extensions["civic_settings"].public_url
    assert f"{public_url}/fr/me/pass" in sent(acting)[0].body


def test_no_message_says_what_only_a_case_worker_may_know() -> None:
    templates = list(Path("templates/messages").glob("**/*.txt"))
    assert len(templates) >= len(MessageKind)
    for template in templates:
        words = template.read_text(encoding="utf-8").casefold()
        for telling in ("migra", "refugee", "asylum", "health", "case worker", "plan"):
            assert telling not in words, f"{telling} in {template.name}"


def test_a_person_takes_their_messages_away_and_nobody_else_does(
    acting: Acting, ground: Ground, drain: Drain
) -> None:
    person_id = booked(acting, ground)
    tell(acting, drain, confirmed(ground, person_id))
    with acting(EVERYWHERE) as ctx:
        amina, organiser = actor_of(ctx, person_id), actor_of(ctx, ground.organiser_id)
    with acting(amina) as ctx:
        (taken,) = privacy.export(ctx, person_id)["messages"]
    assert taken["language"] == "fr"
    with pytest.raises(NotFound), acting(organiser) as ctx:
        privacy.export(ctx, person_id)
