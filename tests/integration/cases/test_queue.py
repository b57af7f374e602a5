"""Numbers of the day: without a gap, called once each, and nothing on the screen but numbers."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.cases.desk_models import Ticket
from civic.cases.errors import TicketMoved
from civic.cases.operations import queue
from civic.cases.operations.queue import NewTicket
from civic.cases.queries.queue import board_of, queue_of
from civic.cases.rules import Reason, TicketState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import VISITOR, Actor, Role, system_in
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]


@dataclass(frozen=True)
class Hall:
    city: City
    officer: Actor

    def new(self, language: str = "it", **over: object) -> NewTicket:
        return NewTicket(self.city.id, language, Reason.DOCUMENTS, **over)  # type: ignore[arg-type]


def make_hall(ctx: Context) -> Hall:
    city = make_city(ctx)
    return Hall(city, actor_of(ctx, make_staff(ctx, Role.OFFICER, city)))


@pytest.fixture
def hall(acting: Acting) -> Hall:
    with acting(system_in()) as ctx:
        return make_hall(ctx)


def take(acting: Acting, hall: Hall, *languages: str) -> list[UUID]:
    found = []
    for language in languages:
        with acting(hall.officer) as ctx:
            found.append(queue.take_ticket(ctx, hall.new(language)))
    return found


def numbers(acting: Acting, hall: Hall) -> list[int]:
    with acting(hall.officer) as ctx:
        return [row.number for row in queue_of(ctx, hall.city.id).waiting]


def test_numbers_of_a_day_have_no_gap_and_begin_anew_the_next_day(
    acting: Acting, hall: Hall, clock: FrozenClock
) -> None:
    take(acting, hall, "it", "ar", "fr")
    assert numbers(acting, hall) == [1, 2, 3]
    clock.advance(timedelta(days=1))
    take(acting, hall, "it")
    assert numbers(acting, hall) == [1]


def test_the_same_form_sent_twice_takes_one_number(acting: Acting, hall: Hall) -> None:
    sent = uuid4()
    for _ in range(2):
        with acting(hall.officer) as ctx:
            assert queue.take_ticket(ctx, hall.new(id=sent)) == sent
    take(acting, hall, "it")
    assert numbers(acting, hall) == [1, 2]


def test_whoever_waited_longest_is_called_or_the_first_of_a_language(
    acting: Acting, hall: Hall, clock: FrozenClock
) -> None:
    take(acting, hall, "it", "ar")
    clock.advance(timedelta(minutes=12))
    with acting(hall.officer) as ctx:
        called = queue.call_next(ctx, hall.city.id, "Sportello 2", "ar")
        assert called is not None
        assert (called.number, called.counter, called.minutes) == (2, "Sportello 2", 12)
        first = queue.call_next(ctx, hall.city.id, "Sportello 1")
        assert first is not None
        assert first.number == 1
        assert queue.call_next(ctx, hall.city.id, "Sportello 1") is None


def test_whoever_was_absent_comes_back_with_the_same_number(acting: Acting, hall: Hall) -> None:
    first, _ = take(acting, hall, "it", "it")
    with acting(hall.officer) as ctx:
        queue.call_next(ctx, hall.city.id, "1")
        queue.mark_ticket(ctx, first, TicketState.ABSENT)
        assert [row.number for row in queue_of(ctx, hall.city.id).absent] == [1]
        queue.mark_ticket(ctx, first, TicketState.WAITING)
    assert numbers(acting, hall) == [1, 2]


def test_what_somebody_else_has_done_meanwhile_is_said(acting: Acting, hall: Hall) -> None:
    (first,) = take(acting, hall, "it")
    with pytest.raises(TicketMoved), acting(hall.officer) as ctx:
        queue.mark_ticket(ctx, first, TicketState.DONE)
    with acting(hall.officer) as ctx:
        queue.call_next(ctx, hall.city.id, "1")
        queue.mark_ticket(ctx, first, TicketState.DONE)
        assert queue_of(ctx, hall.city.id).done == 1
    for state in (TicketState.DONE, TicketState.ABSENT, TicketState.WAITING):
        with pytest.raises(TicketMoved), acting(hall.officer) as ctx:
            queue.mark_ticket(ctx, first, state)


def test_nobody_else_reaches_the_queue_of_a_city(acting: Acting, hall: Hall) -> None:
    (first,) = take(acting, hall, "it")
    with acting(system_in()) as ctx:
        elsewhere = make_city(ctx, "caserta")
        others = [
            actor_of(ctx, each)
            for each in (
                make_staff(ctx, Role.OFFICER, elsewhere),
                make_staff(ctx, Role.CASE_WORKER, elsewhere),
                make_staff(ctx, Role.ORGANISER, hall.city, make_association(ctx, hall.city)),
                make_staff(ctx, Role.COORDINATOR),
                make_person(ctx, "Amina", hall.city),
            )
        ]
    for other in others:
        for attempt in (
            lambda ctx: queue_of(ctx, hall.city.id),
            lambda ctx: queue.take_ticket(ctx, hall.new()),
            lambda ctx: queue.call_next(ctx, hall.city.id, "1"),
            lambda ctx: queue.mark_ticket(ctx, first, TicketState.DONE),
        ):
            with pytest.raises(NotFound), acting(other) as ctx:
                attempt(ctx)


def test_an_id_of_another_citys_number_takes_none(acting: Acting, hall: Hall) -> None:
    with acting(system_in()) as ctx:
        elsewhere = make_city(ctx, "caserta")
        theirs = actor_of(ctx, make_staff(ctx, Role.OFFICER, elsewhere))
    with acting(theirs) as ctx:
        sent = queue.take_ticket(ctx, NewTicket(elsewhere.id, "it", Reason.WORK))
    with acting(system_in(hall.city.id, elsewhere.id)) as ctx:
        both = Actor(hall.officer.person_id, grants=hall.officer.grants,
                     municipalities=frozenset({hall.city.id, elsewhere.id}))  # fmt: skip
    with pytest.raises(NotFound), acting(both) as ctx:
        queue.take_ticket(ctx, hall.new(id=sent))


# Several at once


def test_taken_and_called_by_several_at_once_no_number_is_given_or_called_twice(
    real_database: Database,
) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        hall = make_hall(ctx)

    def take_one(_: int) -> UUID:
        with real_database.unit_of_work(hall.officer) as ctx:
            return queue.take_ticket(ctx, hall.new())

    def call_one(place: int) -> int | None:
        with real_database.unit_of_work(hall.officer) as ctx:
            called = queue.call_next(ctx, hall.city.id, f"Sportello {place}")
            return called.number if called else None

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take_one, range(24)))
        with real_database.unit_of_work(hall.officer) as ctx:
            taken = sorted(ctx.db.scalars(select(Ticket.number)))
        called = [number for number in pool.map(call_one, range(24)) if number]
    assert taken == list(range(1, 25))
    assert len(called) == len(set(called))
    with real_database.unit_of_work(hall.officer) as ctx:
        left = {row.number for row in queue_of(ctx, hall.city.id).waiting}
    assert left | set(called) == set(taken)
    assert not left & set(called)


# Pages


def test_the_desk_gives_a_number_calls_it_and_closes_it(
    client: FlaskClient, sign_in: SignIn, hall: Hall, html: Html
) -> None:
    sign_in(client, hall.officer.own_id)
    answer = client.post("/en/city/queue/tickets", data={"language": "ar", "reason": "work"})
    page = html(client.get(answer.headers["Location"]))
    assert "رقمك" in page
    answer = client.post("/en/city/queue/next", data={"counter": ""})
    assert (answer.status_code, "Write where they come to" in html(answer)) == (422, True)
    answer = client.post(
        "/en/city/queue/next", data={"counter": "Sportello 2"}, follow_redirects=True
    )
    page = html(answer)
    assert "Number 1 is called." in page
    assert 'value="Sportello 2"' in page
    done = next(
        each.split('"')[0] for each in page.split('action="')[1:] if "/done" in each.split('"')[0]
    )
    assert "1 person was helped today." in html(client.post(done, follow_redirects=True))
    assert client.post(done, follow_redirects=True).status_code == 200


def test_a_number_without_a_reason_is_not_given_and_the_language_stays(
    client: FlaskClient, sign_in: SignIn, hall: Hall, html: Html
) -> None:
    sign_in(client, hall.officer.own_id)
    answer = client.post("/en/city/queue/tickets", data={"language": "uk"})
    assert answer.status_code == 422
    assert '<option selected value="uk">' in html(answer)


def test_the_screen_shows_numbers_and_desks_and_nothing_of_why_or_in_which_language(
    acting: Acting, client: FlaskClient, hall: Hall, html: Html
) -> None:
    take(acting, hall, "ti", "ti")
    with acting(hall.officer) as ctx:
        queue.call_next(ctx, hall.city.id, "Sportello 7")
    with acting(VISITOR) as ctx:
        board = board_of(ctx, hall.city)
    assert [(each.number, each.counter) for each in board.called] == [(1, "Sportello 7")]
    answer = client.get(f"/en/queue/{hall.city.slug}")
    page = html(answer)
    assert answer.headers["Refresh"] == "10"
    assert "Sportello 7" in page
    assert "1 person is waiting." in page
    for hidden in ("Papers and permits", "tigrin", "Tigrinya"):
        assert hidden not in page
    assert client.get("/en/queue/nowhere").status_code == 404


def test_the_queue_asks_as_many_statements_however_long_it_is(
    acting: Acting, client: FlaskClient, sign_in: SignIn, hall: Hall, statements: Statements
) -> None:
    sign_in(client, hall.officer.own_id)
    take(acting, hall, "it")
    client.get("/it/city/queue")
    with statements() as few:
        client.get("/it/city/queue")
    take(acting, hall, *["it"] * 20)
    with statements() as many:
        client.get("/it/city/queue")
    assert many.total == few.total <= 4
