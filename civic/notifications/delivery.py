"""Sends what is queued. Each message is claimed in a transaction of its own before it goes out,
so that of two workers one sends it; the network is never waited for inside a transaction."""

import logging
import smtplib
from uuid import UUID

from sqlalchemy import Update, select, update

from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from civic.notifications.models import Message
from civic.notifications.queries import still_holds
from civic.notifications.rules import CODES, MAX_TRIES, MessageKind, is_stale, pause_after
from civic.notifications.smtp import MailServer, Outgoing, PasswordInTheClear, Undeliverable, send
from civic.settings import Settings

log = logging.getLogger(__name__)

BATCH = 100


class LineBroken(Exception):
    """The mail server hung up: messages not claimed yet keep their tries."""


def send_due(database: Database, settings: Settings) -> int:
    """Send what is due now; returns how many messages went out."""
    if not settings.smtp_url and settings.is_demonstration:
        with database.unit_of_work(system_in()) as ctx:
            return _hand_to_mailbox(ctx)
    due = _due(database)
    if not due:
        return 0
    try:
        server = MailServer.from_url(settings.smtp_url).connect()
    except (OSError, smtplib.SMTPException, PasswordInTheClear) as trouble:
        # Nothing was claimed, so nothing has lost a try: the server is asked again next time.
        log.warning("mail server out of reach: %s", type(trouble).__name__)
        return _give_up_stale(database, settings, due)
    sent = 0
    try:
        for message_id in due:
            sent += _send_one(database, settings, server, message_id)
    except LineBroken:
        log.warning("the line to the mail server broke; the rest goes out next time")
    finally:
        _leave(server)
    return sent


def _leave(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _due(database: Database) -> list[UUID]:
    with database.reading(system_in()) as ctx:
        return list(
            ctx.db.scalars(
                select(Message.id)
                .where(Message.sent_at.is_(None), Message.tries < MAX_TRIES)
                .where(Message.next_try_at <= ctx.now())
                .order_by(Message.next_try_at, Message.id)
                .limit(BATCH)
            )
        )


def _hand_to_mailbox(ctx: Context) -> int:
    """A demonstration without a mail server: the mailbox page is where messages arrive."""
    sent = ctx.db.scalars(
        update(Message)
        .where(Message.sent_at.is_(None), Message.next_try_at <= ctx.now())
        .values(sent_at=ctx.now(), tries=Message.tries + 1)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return len(sent.all())


def _send_one(
    database: Database, settings: Settings, server: smtplib.SMTP, message_id: UUID
) -> bool:
    message = _claim(database, settings, message_id)
    if message is None:
        return False
    try:
        send(server, message, settings)
    except Undeliverable:
        _change(database, message_id, settings, tries=MAX_TRIES)
        return False
    except (OSError, smtplib.SMTPException) as trouble:
        log.warning("message not sent: %s", type(trouble).__name__, extra={"id": str(message_id)})
        _start_afresh(server)
        return False
    _change(database, message_id, settings, sent_at=database.clock.now())
    return True


def _start_afresh(server: smtplib.SMTP) -> None:
    """After a refusal the server expects a fresh start, before the next message."""
    try:
        server.rset()
    except (OSError, smtplib.SMTPException) as trouble:
        raise LineBroken from trouble


def _claim(database: Database, settings: Settings, message_id: UUID) -> Outgoing | None:
    """Count the try and put the next one off, unless another worker did so first."""
    with database.unit_of_work(system_in()) as ctx:
        row = ctx.db.get(Message, message_id)
        if row is None or row.sent_at is not None or row.tries >= MAX_TRIES:
            return None
        now = ctx.now()
        if row.next_try_at > now:
            return None
        if _is_over(ctx, row, settings):
            return None
        claimed = ctx.db.scalar(
            update(Message)
            .where(Message.id == message_id, Message.sent_at.is_(None))
            .where(Message.tries == row.tries, Message.next_try_at == row.next_try_at)
            .values(tries=row.tries + 1, next_try_at=now + pause_after(row.tries + 1))
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        if claimed is None:
            return None
        return Outgoing(
            row.id, row.channel, row.address, row.language, row.subject, row.body, row.created_at
        )


def _is_over(ctx: Context, message: Message, settings: Settings) -> bool:
    """Whether there is no sense in sending it any more; then it is put out of the way."""
    if not still_holds(ctx, message):
        # No failure that somebody would have to look at: what it says is simply not so any more.
        ctx.db.delete(message)
        return True
    if is_stale(message.kind, message.created_at, ctx.now()):
        ctx.db.execute(_settled(message.id, message.kind, settings, tries=MAX_TRIES))
        return True
    return False


def _give_up_stale(database: Database, settings: Settings, due: list[UUID]) -> int:
    with database.unit_of_work(system_in()) as ctx:
        for row in ctx.db.scalars(select(Message).where(Message.id.in_(due))).all():
            _is_over(ctx, row, settings)
    return 0


def _change(database: Database, message_id: UUID, settings: Settings, **values: object) -> None:
    with database.unit_of_work(system_in()) as ctx:
        kind = ctx.db.scalars(select(Message.kind).where(Message.id == message_id)).one_or_none()
        if kind is not None:
            ctx.db.execute(_settled(message_id, kind, settings, **values))


def _settled(message_id: UUID, kind: MessageKind, settings: Settings, **values: object) -> Update:
    """The end of a message's way; a code leaves nothing behind outside a demonstration."""
    if kind in CODES and not settings.is_demonstration:
        values["body"] = ""
    return (
        update(Message)
        .where(Message.id == message_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
