"""An organiser writes to all who come: once each, in each one's language, not too often."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.catalogue.errors import SessionIsCancelled
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment import privacy
from civic.enrolment.errors import NobodyToTell, SessionLongOver, TooManyAnnouncements
from civic.enrolment.events import AnnouncementMade
from civic.enrolment.models import Announcement
from civic.enrolment.operations import announcing
from civic.enrolment.operations.announcing import MOST_A_DAY, NewAnnouncement, announce
from civic.enrolment.queries.announcements import sent_lately
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound, Throttled
from civic.kernel.policy import system_in
from civic.notifications.handlers.announcements import on_announcement_made
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.factories.accounts import make_person
from tests.factories.attendance import Ground, make_booked_person, on_ground, signed_in
from tests.factories.enrolment import make_booking

Html = Callable[[TestResponse], str]
WORDS = "Portate un cappello.\nC'è il sole."


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def organiser(
    client: FlaskClient, sign_in: Callable[[FlaskClient, UUID], None], ground: Ground
) -> FlaskClient:
    sign_in(client, ground.organiser_id)
    return client


def people(database: Database, ground: Ground) -> dict[str, UUID]:
    """Three with a place who read three languages, and one who waits."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        found = {
            tag: make_booked_person(ctx, ground, name, page_language=tag, phone=phone)
            for tag, name, phone in (
                ("it", "Amina", "+393331110001"),
                ("ar", "Karim", "+393331110002"),
                ("fr", "Awa", "+393331110003"),
            )
        }
        found["waiting"] = make_person(
            ctx, "Oksana", ground.city, page_language="en", phone="+393331110004"
        )
        make_booking(ctx, found["waiting"], ground.session_id, BookingState.WAITING)
    return found


def new(ground: Ground, **over: Any) -> NewAnnouncement:
    values: dict[str, Any] = {
        "id": uuid4(),
        "session_id": ground.session_id,
        "language": "it",
        "words": WORDS,
        "with_waiting": False,
    }
    return NewAnnouncement(**values | over)


def send(database: Database, ground: Ground, **over: Any) -> int:
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        return announce(ctx, new(ground, **over))


def messages(database: Database) -> dict[UUID, Message]:
    with database.reading(system_in()) as ctx:
        rows = ctx.db.scalars(select(Message).where(Message.kind == MessageKind.ANNOUNCEMENT)).all()
        return {row.person_id: row for row in rows if row.person_id}


def test_everybody_with_a_place_gets_it_once_in_their_own_language(
    database: Database, ground: Ground, drain: Callable[[], int]
) -> None:
    who = people(database, ground)
    assert send(database, ground) == 3
    drain()
    found = messages(database)
    assert set(found) == {who["it"], who["ar"], who["fr"]}
    assert {tag: found[who[tag]].language for tag in ("it", "ar", "fr")} == {
        "it": "it", "ar": "ar", "fr": "fr",
    }  # fmt: skip
    for tag in ("it", "ar", "fr"):
        body = found[who[tag]].body
        assert "Portate un cappello." in body
        assert "10:00" in body
        assert "Villa Giaquinto" in body


def test_the_words_stay_as_written_with_their_language_named_and_direction_kept(
    database: Database, ground: Ground, drain: Callable[[], int]
) -> None:
    who = people(database, ground)
    send(database, ground)
    drain()
    found = messages(database)
    assert "\u2068Portate un cappello.\u2069\n\u2068C'è il sole.\u2069" in found[who["ar"]].body
    assert "الإيطالية" in found[who["ar"]].body
    assert "italien" in found[who["fr"]].body
    assert "\u2068" not in found[who["it"]].body
    assert "italiano" not in found[who["it"]].body


def test_those_who_wait_are_told_when_the_organiser_says_so(
    database: Database, ground: Ground, drain: Callable[[], int]
) -> None:
    who = people(database, ground)
    assert send(database, ground, with_waiting=True) == 4
    drain()
    assert who["waiting"] in messages(database)


def test_an_event_that_comes_twice_tells_nobody_twice(
    app: Flask, database: Database, ground: Ground
) -> None:
    people(database, ground)
    made = uuid4()
    send(database, ground, id=made)
    told = AnnouncementMade(municipality_id=ground.city.id, announcement_id=made)
    for _ in range(2):
        with app.app_context(), database.unit_of_work(system_in(ground.city.id)) as ctx:
            on_announcement_made(ctx, told)
    with database.reading(system_in()) as ctx:
        kind = select(func.count(Message.id)).where(Message.kind == MessageKind.ANNOUNCEMENT)
        assert ctx.db.scalar(kind) == 3


def test_two_taps_on_the_button_send_one_message(database: Database, ground: Ground) -> None:
    people(database, ground)
    same = uuid4()
    assert [send(database, ground, id=same), send(database, ground, id=same)] == [3, 3]
    with database.reading(system_in(ground.city.id)) as ctx:
        assert len(ctx.db.scalars(select(Announcement)).all()) == 1


def test_other_words_on_the_same_page_are_another_message(
    database: Database, ground: Ground
) -> None:
    people(database, ground)
    same = uuid4()
    send(database, ground, id=same)
    send(database, ground, id=same, words="E l'acqua.")
    with database.reading(system_in(ground.city.id)) as ctx:
        assert set(ctx.db.scalars(select(Announcement.words))) == {WORDS, "E l'acqua."}


def test_five_a_day_are_enough_and_tomorrow_there_are_more(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    people(database, ground)
    for _ in range(MOST_A_DAY):
        send(database, ground)
    with pytest.raises(TooManyAnnouncements):
        send(database, ground)
    clock.advance(timedelta(days=1, seconds=1))
    assert send(database, ground) == 3


def test_nobody_is_written_to_about_what_was_cancelled_empty_or_long_over(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    with pytest.raises(NobodyToTell):
        send(database, ground)
    people(database, ground)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).state = SessionState.CANCELLED
    with pytest.raises(SessionIsCancelled):
        send(database, ground)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).state = SessionState.SCHEDULED
    clock.advance(timedelta(days=30))
    with pytest.raises(SessionLongOver):
        send(database, ground)


def test_an_organiser_of_another_city_writes_to_nobody(database: Database, ground: Ground) -> None:
    people(database, ground)
    elsewhere = on_ground(database, slug="caserta")
    with pytest.raises(NotFound):
        send(database, elsewhere, session_id=ground.session_id)
    mine = uuid4()
    send(database, ground, id=mine)
    with database.unit_of_work(system_in(elsewhere.city.id)) as ctx:
        make_booked_person(ctx, elsewhere, phone="+393331110009")
    with pytest.raises(NotFound):
        send(database, elsewhere, id=mine)


def test_who_wrote_it_takes_it_away_with_their_data(database: Database, ground: Ground) -> None:
    people(database, ground)
    send(database, ground)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        written = privacy.export(ctx, ground.organiser_id)["messages_to_sessions"]
    assert [(each["language"], each["words"]) for each in written] == [("it", WORDS)]


# Pages


def typed(ground: Ground, **over: str) -> dict[str, str]:
    return {
        "announcement_id": str(uuid4()),
        "words": WORDS,
        "language": "it",
        "audience": "confirmed",
    } | over


def address(ground: Ground) -> str:
    return f"/en/organise/sessions/{ground.session_id}/announce"


def test_the_page_shows_each_language_before_anything_is_sent(
    database: Database, ground: Ground, organiser: FlaskClient, html: Html
) -> None:
    people(database, ground)
    page = html(organiser.get(address(ground)))
    assert "Those who have a place (3)" in page
    assert "Also those who wait for one (4)" in page
    preview = html(organiser.post(address(ground), data=typed(ground)))
    assert "Send to 3 people" in preview
    assert 'lang="ar" dir="rtl"' in preview
    assert preview.count("Portate un cappello.") == 4  # three letters and the field
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(Announcement)).all() == []


def test_the_page_costs_the_same_for_three_people_and_for_thirty(
    database: Database,
    ground: Ground,
    organiser: FlaskClient,
    statements: Callable[[], AbstractContextManager[Any]],
) -> None:
    people(database, ground)
    with statements() as few:
        organiser.get(address(ground))
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for number in range(27):
            make_booked_person(ctx, ground, f"Persona {number}", phone=f"+3933322{number:05}")
    with statements() as many:
        organiser.get(address(ground))
    assert few.total == many.total <= 8


def test_what_was_sent_stands_on_the_sessions_page(
    database: Database, ground: Ground, organiser: FlaskClient, html: Html
) -> None:
    people(database, ground)
    answer = organiser.post(address(ground), data=typed(ground, send="1"), follow_redirects=True)
    page = html(answer)
    assert "Your message is on its way to 3 people." in page
    assert "1 message sent to them" in page
    assert "Portate un cappello." in page
    assert "To 3 people with a place" in page


def test_what_cannot_be_sent_says_why_and_keeps_the_words(
    database: Database,
    ground: Ground,
    organiser: FlaskClient,
    html: Html,
    subtests: pytest.Subtests,
) -> None:
    people(database, ground)
    for over, name in (
        ({"words": " \u200b"}, "words"),
        ({"words": "x" * 1001}, "words"),
        ({"language": "tlh"}, "language"),
        ({"audience": "everybody"}, "audience"),
    ):
        with subtests.test(name):
            answer = organiser.post(address(ground), data=typed(ground, send="1", **over))
            assert answer.status_code == 422
            assert f'id="{name}-error"' in html(answer)
    for _ in range(MOST_A_DAY):
        send(database, ground)
    refused = organiser.post(address(ground), data=typed(ground, send="1"))
    assert refused.status_code == 429
    assert "Send the next one tomorrow" in html(refused)
    assert "Portate un cappello." in html(refused)
    spoiled = organiser.post(address(ground), data=typed(ground, announcement_id="x"))
    assert spoiled.status_code == 200


# Races


def rush(database: Database, ground: Ground, count: int) -> list[object]:
    actor = signed_in(database, ground.organiser_id)

    def one(_: int) -> object:
        try:
            with database.unit_of_work(actor) as ctx:
                return announce(ctx, new(ground))
        except Throttled as refusal:
            return refusal

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_many_who_write_at_once_are_counted_one_after_the_other(real_database: Database) -> None:
    ground = on_ground(real_database)
    people(real_database, ground)
    answers = rush(real_database, ground, 12)
    assert sum(answer == 3 for answer in answers) == MOST_A_DAY
    with real_database.reading(system_in(ground.city.id)) as ctx:
        assert len(ctx.db.scalars(select(Announcement)).all()) == MOST_A_DAY


def test_without_holding_the_session_two_at_once_would_be_one_too_many(
    real_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the race above is known to find what it looks for. On SQLite the one writer's
    lock, taken at BEGIN, protects even the mistake."""
    ground = on_ground(real_database)
    people(real_database, ground)
    for _ in range(MOST_A_DAY - 1):
        send(real_database, ground)
    with real_database.reading(system_in()) as ctx:
        has_many_writers = ctx.db.get_bind().dialect.name == "postgresql"
    meeting = Barrier(2, timeout=10)

    def counted(ctx: Context, session_id: UUID) -> int:
        count = sent_lately(ctx, session_id)
        if has_many_writers:
            meeting.wait()
        return count

    monkeypatch.setattr(announcing, "_hold", lambda *_: None)
    monkeypatch.setattr(announcing, "sent_lately", counted)
    answers = rush(real_database, ground, 2)
    assert sum(answer == 3 for answer in answers) == (2 if has_many_writers else 1)
