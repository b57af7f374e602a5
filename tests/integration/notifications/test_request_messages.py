"""Who asks to join hears what happens; who is asked hears at most once a day that somebody waits."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.catalogue.models import Project
from civic.enrolment.models import Enrolment
from civic.enrolment.operations import desk, joining, leaving, requests
from civic.enrolment.operations.desk import DeskWish
from civic.enrolment.policy import ANSWER_REQUEST
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from civic.notifications.models import Message
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, on_ground, signed_in

Drain = Callable[[], int]
DAY = timedelta(days=1)


@pytest.fixture
def ground(database: Database) -> Ground:
    """A project whose two organisers, who read English, say yes to each person."""
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(Project, ground.project_id).needs_approval = True
        for name in ("Rosa", "Ugo"):
            make_staff(
                ctx,
                Role.ORGANISER,
                ground.city,
                ground.association,
                name,
                page_language="en",
                email=f"{name.lower()}@example.org",
            )
    return ground


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(
            ctx, Role.OFFICER, ground.city, page_language="en", email="desk@example.org"
        )


def somebody(database: Database, name: str, language: str = "en") -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_person(ctx, name, page_language=language, email=f"{name.lower()}@example.org")


def ask(database: Database, ground: Ground, person_id: UUID) -> None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        joining.enrol(ctx, ground.project_id)


def request_of(database: Database, ground: Ground, person_id: UUID) -> UUID:
    with database.reading(system_in(ground.city.id)) as ctx:
        return ctx.db.scalars(select(Enrolment.id).where(Enrolment.person_id == person_id)).one()


def told(database: Database) -> list[tuple[str, str]]:
    """To whom and of what, in the order of addresses."""
    with database.reading(system_in()) as ctx:
        rows = ctx.db.execute(
            select(Message.address, Message.kind).order_by(Message.address, Message.kind)
        )
        return [(row.address.partition("@")[0], row.kind.value) for row in rows]


def letter(database: Database, kind: str) -> Message:
    with database.reading(system_in()) as ctx:
        message = ctx.db.scalars(select(Message).where(Message.kind == kind)).one()
        ctx.db.expunge(message)
        return message


def test_two_requests_of_a_day_are_one_message_for_each_organiser(
    database: Database, ground: Ground, drain: Drain, clock: FrozenClock
) -> None:
    for name in ("Amina", "Bilal"):
        ask(database, ground, somebody(database, name))
    drain()
    drain()

    assert told(database) == [
        ("amina", "request_received"),
        ("bilal", "request_received"),
        ("rosa", "requests_wait"),
        ("ugo", "requests_wait"),
    ]
    clock.advance(DAY)
    ask(database, ground, somebody(database, "Chidi"))
    drain()
    assert told(database).count(("rosa", "requests_wait")) == 2


def test_silence_is_told_to_the_officers_of_the_city_once_a_day(
    database: Database, ground: Ground, officer: UUID, drain: Drain, clock: FrozenClock
) -> None:
    for name in ("Amina", "Bilal"):
        ask(database, ground, somebody(database, name))
    clock.advance(5 * DAY)
    with database.unit_of_work(system_in()) as ctx:
        requests.carry_unanswered_requests(ctx)
    drain()

    assert told(database).count(("desk", "requests_carried")) == 1
    assert "/en/city/requests" in letter(database, "requests_carried").body


def test_a_yes_links_to_the_dates_in_the_language_of_the_reader(
    database: Database, ground: Ground, drain: Drain
) -> None:
    amina = somebody(database, "Amina", "fr")
    ask(database, ground, amina)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        requests.approve(ctx, request_of(database, ground, amina), ANSWER_REQUEST)
    drain()

    message = letter(database, "request_approved")
    assert message.language == "fr"
    assert "/fr/projects/siepe-" in message.body
    # Answered before it was told: nobody hears that an answer is still awaited.
    assert told(database) == [("amina", "request_approved")]


def test_a_not_now_carries_the_reason_and_the_day_to_ask_again(
    database: Database, ground: Ground, drain: Drain
) -> None:
    amina = somebody(database, "Amina")
    ask(database, ground, amina)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        requests.put_off(
            ctx, request_of(database, ground, amina), ANSWER_REQUEST, "A maggio ricominciamo."
        )
    drain()
    drain()

    body = letter(database, "request_put_off").body
    assert "A maggio ricominciamo." in body
    assert "You can ask again from 28 March 2026." in body


def test_who_is_written_in_reads_which_desk_did_it_and_how_to_leave(
    database: Database, officer: UUID, drain: Drain
) -> None:
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        slug = ctx.db.get_one(Project, ground.project_id).slug
        amina = make_person(
            ctx, "Amina", ground.city, page_language="en", email="amina@example.org"
        )
    with database.unit_of_work(signed_in(database, officer)) as ctx:
        desk.write_into(ctx, DeskWish(amina, slug, ground.session_id))
    drain()
    drain()

    message = letter(database, "written_in")
    assert message.subject == "The desk of Potenza wrote you in"
    assert "When: Saturday 21 March" in message.body
    assert told(database).count(("amina", "place_confirmed")) == 1


def test_who_left_before_it_was_told_is_not_told_of_being_written_in(
    database: Database, officer: UUID, drain: Drain
) -> None:
    ground = on_ground(database)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        slug = ctx.db.get_one(Project, ground.project_id).slug
        amina = make_person(ctx, "Amina", ground.city, email="amina@example.org")
    with database.unit_of_work(signed_in(database, officer)) as ctx:
        desk.write_into(ctx, DeskWish(amina, slug))
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        leaving.leave(ctx, ground.project_id)
    drain()

    assert told(database) == []
