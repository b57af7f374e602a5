"""Whoever is awaited hears of the day and the hour, if they said yes to that, and of nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from civic.cases.models import Appointment
from civic.cases.operations.appointments import mark_appointment, note_reminded
from civic.cases.operations.consents import withdraw, withdraw_own
from civic.cases.operations.states import move
from civic.cases.states import CaseState, Ending
from civic.cases.vocabulary import AppointmentState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from civic.notifications import coming
from civic.notifications.delivery import send_due
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from civic.settings import Settings
from tests.conftest import SATURDAY_MORNING
from tests.factories.accounts import actor_of
from tests.factories.case_team import Team, agree, await_them, make_case_team

Acting = Callable[[Actor], AbstractContextManager[Context]]
Run = Callable[[], int]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY = SATURDAY_MORNING + 3 * DAY + HOUR
"""17 March, 11:00 in Italy."""
ABOUT = "Colloquio con la psicologa Marta per la violenza subita, in via Verdi"
TELLING = (
    "colloquio",
    "psicolog",
    "marta",
    "violen",
    "verdi",
    "giulia",
    "cas ",
    "dossier",
    "cases",
)


@pytest.fixture
def team(acting: Acting) -> Team:
    return make_case_team(acting)


@pytest.fixture
def remind(database: Database, app: Flask) -> Run:
    def run() -> int:
        with app.app_context():
            return coming.queue_near(database)

    return run


def told(acting: Acting) -> list[Message]:
    with acting(system_in()) as ctx:
        return list(ctx.db.scalars(select(Message).order_by(Message.created_at, Message.id)))


def kinds(acting: Acting) -> list[MessageKind]:
    return [message.kind for message in told(acting)]


def reminded_at(acting: Acting, appointment_id: UUID) -> datetime | None:
    with acting(system_in()) as ctx, unscoped(ctx.db, "a test looks"):
        return ctx.db.get_one(Appointment, appointment_id).reminded_at


def test_they_are_told_at_once_and_reminded_once_the_day_before(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    agree(acting, team)
    appointment_id = await_them(acting, team, TUESDAY)
    drain()
    assert kinds(acting) == [MessageKind.APPOINTMENT_MADE]
    assert reminded_at(acting, appointment_id) is None
    assert remind() == 0
    clock.advance(2 * DAY)
    assert remind() == 1
    assert reminded_at(acting, appointment_id) == clock.now()
    clock.advance(HOUR)
    assert remind() == 0
    assert kinds(acting) == [MessageKind.APPOINTMENT_MADE, MessageKind.APPOINTMENT_NEAR]
    for message in told(acting):
        assert (message.person_id, message.language) == (team.person_id, "fr")
        assert "17 mars" in message.body
        assert "11:00" in message.body


def test_no_message_says_what_it_is_about_with_whom_or_where(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    agree(acting, team)
    await_them(acting, team, TUESDAY, ABOUT)
    drain()
    clock.advance(2 * DAY)
    remind()
    messages = told(acting)
    assert len(messages) == 2
    for message in messages:
        words = f"{message.subject} {message.body}".casefold()
        for telling in TELLING:
            assert telling not in words, telling


def test_one_made_on_the_day_before_is_told_once_only(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    agree(acting, team)
    appointment_id = await_them(acting, team, clock.now() + 23 * HOUR)
    drain()
    assert reminded_at(acting, appointment_id) == clock.now()
    clock.advance(HOUR)
    assert remind() == 0
    assert kinds(acting) == [MessageKind.APPOINTMENT_MADE]


def test_who_was_reminded_before_the_event_arrived_is_not_told_again(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    agree(acting, team)
    await_them(acting, team, clock.now() + 23 * HOUR)
    assert remind() == 1
    drain()
    assert kinds(acting) == [MessageKind.APPOINTMENT_NEAR]


def test_without_a_yes_to_reminders_nobody_is_written_to(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    await_them(acting, team, TUESDAY)
    drain()
    clock.advance(2 * DAY)
    assert remind() == 0
    assert told(acting) == []


@pytest.mark.parametrize("is_own", [True, False])
def test_a_yes_taken_back_stops_reminders_from_then_on(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock, is_own: bool
) -> None:
    consent_id = agree(acting, team)
    await_them(acting, team, TUESDAY)
    drain()
    if is_own:
        with acting(system_in()) as ctx:
            person = actor_of(ctx, team.person_id)
        with acting(person) as ctx:
            withdraw_own(ctx, consent_id)
    else:
        with acting(team.lead) as ctx:
            withdraw(ctx, team.case_id, consent_id)
    clock.advance(2 * DAY)
    assert remind() == 0
    assert kinds(acting) == [MessageKind.APPOINTMENT_MADE]


def test_of_one_called_off_or_past_nobody_is_reminded(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    agree(acting, team)
    called_off = await_them(acting, team, TUESDAY)
    await_them(acting, team, clock.now() + HOUR)
    with acting(team.lead) as ctx:
        mark_appointment(ctx, team.case_id, called_off, AppointmentState.CANCELLED)
    clock.advance(2 * DAY)
    assert remind() == 0
    drain()
    assert told(acting) == []


def test_a_closed_case_writes_to_nobody(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    agree(acting, team)
    await_them(acting, team, TUESDAY)
    with acting(team.lead) as ctx:
        move(ctx, team.case_id, CaseState.CLOSED, ending=Ending.DIED)
    drain()
    clock.advance(2 * DAY)
    assert remind() == 0
    assert told(acting) == []


def test_nobody_is_reminded_at_night(
    acting: Acting, team: Team, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    agree(acting, team)
    await_them(acting, team, TUESDAY)
    clock.advance(2 * DAY + 12 * HOUR)
    assert remind() == 0
    clock.advance(11 * HOUR)
    assert remind() == 1


def test_who_has_no_phone_and_no_address_is_not_marked_as_reminded(
    acting: Acting, remind: Run, drain: Run, clock: FrozenClock
) -> None:
    team = make_case_team(acting, phone=None)
    agree(acting, team)
    appointment_id = await_them(acting, team, clock.now() + 20 * HOUR)
    drain()
    assert remind() == 0
    assert reminded_at(acting, appointment_id) is None


def test_a_reminder_that_waited_goes_out_only_while_it_holds(
    acting: Acting, team: Team, remind: Run, clock: FrozenClock, database: Database
) -> None:
    agree(acting, team)
    appointment_id = await_them(acting, team, clock.now() + 20 * HOUR)
    assert remind() == 1
    with acting(team.lead) as ctx:
        mark_appointment(ctx, team.case_id, appointment_id, AppointmentState.CANCELLED)
    nowhere = Settings(
        secret_key="a key for tests, long enough to be taken", smtp_url="smtp://127.0.0.1:9"
    )
    assert send_due(database, nowhere) == 0
    assert told(acting) == []


def test_only_the_worker_notes_that_somebody_was_reminded(
    acting: Acting, team: Team, clock: FrozenClock
) -> None:
    appointment_id = await_them(acting, team, clock.now() + HOUR)
    with acting(team.lead) as ctx, pytest.raises(NotFound):
        note_reminded(ctx, appointment_id)
    with acting(system_in(team.city.id)) as ctx:
        assert note_reminded(ctx, appointment_id)
        assert not note_reminded(ctx, appointment_id)
