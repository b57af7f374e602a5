"""Messages leave over a real SMTP conversation."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlalchemy import select

from civic.accounts.rules import ContactKind
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import Actor, system_in
from civic.notifications import operations
from civic.notifications.delivery import send_due
from civic.notifications.models import Message
from civic.notifications.operations import NewMessage
from civic.notifications.rules import MAX_TRIES, MessageKind, Place, pause_after
from civic.settings import Settings
from tests.factories.attendance import TEN, make_booked_person, make_ground

Acting = Callable[[Actor], AbstractContextManager[Context]]


@dataclass
class PostOffice:
    """What an SMTP server took in, and what it is told to refuse."""

    received: list[EmailMessage] = field(default_factory=list)
    refuse_data: str = ""
    refuse_recipients: str = ""
    port: int = 0
    signed_in: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_recipients:
            return self.refuse_recipients
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.refuse_data:
            return self.refuse_data
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.received.append(mail)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.signed_in.append(f"{data.login.decode()}:{data.password.decode()}")
        return AuthResult(success=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice(port=free_port())
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        authenticator=office.authenticate,
        auth_require_tls=False,
    )
    controller.start()
    yield office
    controller.stop()


@pytest.fixture
def settings(office: PostOffice) -> Settings:
    return Settings(
        secret_key="k" * 40,
        smtp_url=f"smtp://127.0.0.1:{office.port}",
        mail_from="Civic <noreply@civic.example>",
        sms_mail_domain="sms.example",
    )


def queue(
    acting: Acting,
    address: str = "amina@example.org",
    kind: MessageKind = MessageKind.PLACE_CONFIRMED,
    channel: ContactKind = ContactKind.EMAIL,
) -> UUID:
    with acting(system_in()) as ctx:
        operations.queue(
            ctx,
            NewMessage(
                once_key=f"{kind}:{address}",
                kind=kind,
                person_id=None,
                channel=channel,
                address=address,
                language="ar",
                subject="لك مكان",
                body="السبت 21 مارس\nhttp://civic.example/ar/me/pass",
            ),
        )
        return ctx.db.scalars(select(Message.id).where(Message.address == address)).one()


def row(acting: Acting, message_id: UUID) -> Message:
    with acting(system_in()) as ctx:
        return ctx.db.get_one(Message, message_id)


def test_a_message_arrives_whole_and_is_marked_sent(
    acting: Acting, database: Database, office: PostOffice, settings: Settings
) -> None:
    message_id = queue(acting)
    assert send_due(database, settings) == 1
    (mail,) = office.received
    assert mail["To"] == "amina@example.org"
    assert mail["Subject"] == "لك مكان"
    assert mail["Message-ID"] == f"<{message_id.hex}@civic.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "السبت 21 مارس" in mail.get_content()
    assert row(acting, message_id).sent_at == database.clock.now()


def test_what_was_sent_is_not_sent_again(
    acting: Acting, database: Database, office: PostOffice, settings: Settings
) -> None:
    queue(acting)
    send_due(database, settings)
    assert send_due(database, settings) == 0
    assert len(office.received) == 1


def test_a_text_leaves_through_the_gateway(
    acting: Acting, database: Database, office: PostOffice, settings: Settings
) -> None:
    queue(acting, "+393331234567", channel=ContactKind.PHONE)
    send_due(database, settings)
    assert office.received[0]["To"] == "393331234567@sms.example"


def test_a_code_leaves_nothing_behind_in_production(
    acting: Acting, database: Database, office: PostOffice, settings: Settings
) -> None:
    message_id = queue(acting, kind=MessageKind.SIGN_IN_CODE)
    send_due(database, settings)
    assert len(office.received) == 1
    assert row(acting, message_id).body == ""


def test_other_messages_keep_their_words(
    acting: Acting, database: Database, office: PostOffice, settings: Settings
) -> None:
    message_id = queue(acting)
    send_due(database, settings)
    assert row(acting, message_id).body


def test_a_refusal_for_now_is_tried_again_after_a_growing_pause(
    acting: Acting,
    database: Database,
    office: PostOffice,
    settings: Settings,
    clock: FrozenClock,
) -> None:
    message_id = queue(acting)
    office.refuse_data = "451 try later"
    assert send_due(database, settings) == 0
    assert row(acting, message_id).next_try_at == clock.now() + pause_after(1)
    assert send_due(database, settings) == 0
    assert row(acting, message_id).tries == 1
    office.refuse_data = ""
    clock.advance(pause_after(1))
    assert send_due(database, settings) == 1
    assert row(acting, message_id).tries == 2


def test_after_the_last_try_it_counts_as_undeliverable(
    acting: Acting,
    database: Database,
    office: PostOffice,
    settings: Settings,
    clock: FrozenClock,
) -> None:
    message_id = queue(acting)
    office.refuse_data = "451 try later"
    for _ in range(MAX_TRIES + 2):
        send_due(database, settings)
        clock.advance(timedelta(days=1))
    stuck = row(acting, message_id)
    assert (stuck.tries, stuck.sent_at) == (MAX_TRIES, None)
    office.refuse_data = ""
    assert send_due(database, settings) == 0


@pytest.mark.parametrize("where", ["refuse_recipients", "refuse_data"])
def test_a_refusal_for_good_is_not_tried_again_and_stops_no_other(
    acting: Acting, database: Database, office: PostOffice, settings: Settings, where: str
) -> None:
    gone = queue(acting, "gone@example.org")
    setattr(office, where, "550 nobody here")
    assert send_due(database, settings) == 0
    assert row(acting, gone).tries == MAX_TRIES
    setattr(office, where, "")
    queue(acting)
    assert send_due(database, settings) == 1


def test_a_phone_without_a_gateway_is_undeliverable_and_stops_no_other(
    acting: Acting, database: Database, office: PostOffice, settings: Settings
) -> None:
    phone = queue(acting, "+393331234567", channel=ContactKind.PHONE)
    queue(acting)
    assert send_due(database, replace(settings, sms_mail_domain="")) == 1
    assert row(acting, phone).tries == MAX_TRIES


def test_a_server_out_of_reach_costs_no_try(
    acting: Acting, database: Database, settings: Settings
) -> None:
    message_id = queue(acting)
    away = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    assert send_due(database, away) == 0
    assert row(acting, message_id).tries == 0


def test_a_code_that_no_longer_works_is_not_sent_and_is_wiped(
    acting: Acting,
    database: Database,
    office: PostOffice,
    settings: Settings,
    clock: FrozenClock,
) -> None:
    first = queue(acting, kind=MessageKind.SIGN_IN_CODE)
    clock.advance(timedelta(minutes=10))
    assert send_due(database, settings) == 0
    assert office.received == []
    assert row(acting, first).body == ""
    away = replace(settings, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    second = queue(acting, "oleh@example.org", MessageKind.SIGN_IN_CODE)
    clock.advance(timedelta(minutes=10))
    assert send_due(database, away) == 0
    assert row(acting, second).body == ""


def test_user_and_password_are_given_to_the_server(
    acting: Acting, database: Database, office: PostOffice, settings: Settings
) -> None:
    queue(acting)
    signed = replace(settings, smtp_url=f"smtp://civic:p%40ss@127.0.0.1:{office.port}")
    assert send_due(database, signed) == 1
    assert office.signed_in == ["civic:p@ss"]


def test_a_demonstration_without_a_mail_server_delivers_to_the_mailbox(
    acting: Acting, database: Database, office: PostOffice
) -> None:
    message_id = queue(acting, kind=MessageKind.SIGN_IN_CODE)
    assert send_due(database, Settings(secret_key="k" * 40, mode="demonstration")) == 1
    assert office.received == []
    delivered = row(acting, message_id)
    assert delivered.sent_at is not None
    assert delivered.body


def test_two_workers_send_each_message_once(
    real_database: Database, office: PostOffice, settings: Settings
) -> None:
    for number in range(20):
        queue(real_database.unit_of_work, f"person{number}@example.org")
    start = threading.Barrier(2)
    counts: list[int] = []

    def work() -> None:
        start.wait()
        counts.append(send_due(real_database, settings))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 20
    assert sorted(mail["To"] for mail in office.received) == sorted(
        f"person{number}@example.org" for number in range(20)
    )


@dataclass(frozen=True)
class Reminded:
    person_id: UUID
    session_id: UUID
    message_id: UUID


@pytest.fixture
def reminded(acting: Acting, clock: FrozenClock) -> Reminded:
    """A reminder written two hours before a session, which the mail server has not had yet."""
    clock.instant = TEN - timedelta(hours=2)
    with acting(system_in()) as ctx:
        ground = make_ground(ctx)
        person_id = make_booked_person(ctx, ground)
        operations.queue(
            ctx,
            NewMessage(
                once_key="reminder",
                kind=MessageKind.REMINDER_SOON,
                person_id=person_id,
                channel=ContactKind.EMAIL,
                address="amina@example.org",
                language="it",
                subject="Comincia alle 10:00",
                body="Villa Giaquinto",
                place=Place(ground.session_id, TEN),
            ),
        )
        message_id = ctx.db.scalars(select(Message.id)).one()
    return Reminded(person_id, ground.session_id, message_id)


def give_back(ctx: Context, reminded: Reminded) -> None:
    ctx.db.scalars(select(Booking)).one().state = BookingState.WITHDRAWN


def cancel(ctx: Context, reminded: Reminded) -> None:
    session = ctx.db.get_one(ProjectSession, reminded.session_id)
    session.state = SessionState.CANCELLED


def put_off(ctx: Context, reminded: Reminded) -> None:
    session = ctx.db.get_one(ProjectSession, reminded.session_id)
    session.starts_at += timedelta(hours=1)


@pytest.mark.parametrize("what_happened", [give_back, cancel, put_off])
def test_a_reminder_that_waited_is_dropped_when_it_is_no_longer_so(
    acting: Acting,
    database: Database,
    office: PostOffice,
    settings: Settings,
    reminded: Reminded,
    what_happened: Callable[[Context, Reminded], None],
) -> None:
    with acting(system_in()) as ctx, unscoped(ctx.db, "a test"):
        what_happened(ctx, reminded)
    assert send_due(database, settings) == 0
    assert office.received == []
    with acting(system_in()) as ctx:
        assert ctx.db.scalars(select(Message)).all() == []


def test_a_reminder_that_still_holds_arrives(
    database: Database, office: PostOffice, settings: Settings, reminded: Reminded
) -> None:
    assert send_due(database, settings) == 1
    assert office.received[0]["Subject"] == "Comincia alle 10:00"


def test_a_reminder_is_not_sent_after_its_session_began(
    database: Database,
    office: PostOffice,
    settings: Settings,
    reminded: Reminded,
    clock: FrozenClock,
) -> None:
    clock.instant = TEN
    assert send_due(database, settings) == 0
    assert office.received == []
