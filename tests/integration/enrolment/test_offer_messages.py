"""What people are told of offers: in their language, once, and only what still holds."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.accounts.models import Contact, Person
from civic.accounts.rules import ContactKind
from civic.enrolment.operations import offers
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.factories.attendance import TEN, Ground, on_ground
from tests.integration.enrolment.asking import (
    a_line,
    book,
    give_back,
    newcomer,
    release,
    take,
    uninsure,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database, places=1)


@pytest.fixture
def line(database: Database, ground: Ground, clock: FrozenClock) -> list[UUID]:
    return a_line(database, ground, clock)


def reach(database: Database, person_id: UUID, language: str) -> None:
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.get_one(Person, person_id).page_language = language
        value = f"{person_id.hex}@example.org"
        ctx.db.add(
            Contact(id=ctx.new_id(), person_id=person_id, kind=ContactKind.EMAIL, value=value)
        )


def messages(database: Database, person_id: UUID) -> list[Message]:
    with database.reading(system_in()) as ctx:
        return list(
            ctx.db.scalars(
                select(Message).where(Message.person_id == person_id).order_by(Message.id)
            )
        )


def test_an_offer_is_told_in_the_readers_language_with_the_page_of_its_button(
    database: Database,
    ground: Ground,
    line: list[UUID],
    drain: Callable[[], int],
    clock: FrozenClock,
) -> None:
    first = line[1]
    reach(database, first, "en")
    drain()
    give_back(database, line[0], ground.session_id)
    drain()
    offered = next(m for m in messages(database, first) if m.kind == "place_offered")
    assert (offered.kind, offered.language) == ("place_offered", "en")
    assert "until Sunday 15 March at 10:03" in offered.body
    assert f"/en/sessions/{ground.session_id}/offer" in offered.body

    clock.advance(timedelta(days=1))
    offers.expire_offers(database)
    drain()
    drain()
    (lapsed,) = (m for m in messages(database, first) if m.kind == "offer_lapsed")
    assert "That is all right" in lapsed.body


def test_an_offer_taken_before_the_message_was_written_is_told_as_a_place(
    database: Database, ground: Ground, line: list[UUID], drain: Callable[[], int]
) -> None:
    first = line[1]
    reach(database, first, "en")
    drain()
    give_back(database, line[0], ground.session_id)
    take(database, first, ground.session_id)
    drain()
    kinds = {message.kind.value for message in messages(database, first)}
    assert kinds == {"place_waiting", "place_confirmed"}


def test_an_open_place_shortly_before_the_start_is_told_to_all_who_wait_and_once(
    database: Database,
    ground: Ground,
    line: list[UUID],
    drain: Callable[[], int],
    clock: FrozenClock,
) -> None:
    for person_id in line[1:]:
        reach(database, person_id, "en")
    drain()
    clock.instant = TEN - 40 * MINUTE
    give_back(database, line[0], ground.session_id)
    release(database, ground)
    drain()
    for person_id in line[1:]:
        kinds = [message.kind for message in messages(database, person_id)]
        assert kinds.count(MessageKind.PLACE_OPENED) == 1


def test_who_waits_for_cover_is_told_so_early(
    database: Database, ground: Ground, drain: Callable[[], int]
) -> None:
    uninsure(database, ground, date(2026, 3, 20))
    person_id = newcomer(database)
    reach(database, person_id, "en")
    book(database, person_id, ground.session_id)
    drain()
    (told,) = messages(database, person_id)
    assert "No insurance covers you on that day yet" in told.body
