"""A message over SMTP; phones are reached through an e-mail-to-SMS gateway."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

from civic.accounts.rules import ContactKind
from civic.settings import Settings

TIMEOUT = 10
"""Seconds for each answer of the mail server."""
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Undeliverable(Exception):
    """No further try can help: nobody lives at that address, or no gateway is set for phones."""


class PasswordInTheClear(Exception):
    """The mail server offers no encryption; its password is not sent to it over a network."""


@dataclass(frozen=True)
class Outgoing:
    id: UUID
    channel: ContactKind
    address: str
    language: str
    subject: str
    body: str
    created_at: datetime


@dataclass(frozen=True)
class MailServer:
    """`smtp://user:password@host:port`, with STARTTLS when offered, or `smtps://…`."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @classmethod
    def from_url(cls, url: str) -> Self:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("CIVIC_SMTP_URL must look like smtp://user:password@host:587")
        return cls(
            parts.scheme,
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    def connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=context
            )
            is_private = True
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
            server.ehlo()
            is_private = server.has_extn("starttls")
            if is_private:
                server.starttls(context=context)
        try:
            self._sign_in(server, is_private or self.host in LOOPBACK)
        except BaseException:
            server.close()
            raise
        return server

    def _sign_in(self, server: smtplib.SMTP, is_private: bool) -> None:
        if not self.user:
            return
        if not is_private:
            raise PasswordInTheClear
        server.login(self.user, self.password)


def letter(message: Outgoing, settings: Settings) -> EmailMessage:
    """Headers that let a mail server tell a repeat, and an absence notice stay silent."""
    _, sender = parseaddr(settings.mail_from)
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = recipient(message, settings)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id.hex}@{sender.rpartition('@')[2] or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    # Seven-bit on the wire: not every server on the way says that it takes more.
    mail.set_content(message.body, cte="quoted-printable")
    mail["Content-Language"] = message.language
    return mail


def recipient(message: Outgoing, settings: Settings) -> str:
    if message.channel is ContactKind.EMAIL:
        return message.address
    if not settings.sms_mail_domain:
        raise Undeliverable
    digits = "".join(letter for letter in message.address if letter.isdigit())
    return f"{digits}@{settings.sms_mail_domain}"


def send(server: smtplib.SMTP, message: Outgoing, settings: Settings) -> None:
    try:
        server.send_message(letter(message, settings))
    except smtplib.SMTPRecipientsRefused as refusal:
        if all(code >= 500 for code, _reason in refusal.recipients.values()):
            raise Undeliverable from refusal
        raise
    except (smtplib.SMTPDataError, smtplib.SMTPNotSupportedError, UnicodeError) as refusal:
        if getattr(refusal, "smtp_code", 500) >= 500:
            raise Undeliverable from refusal
        raise
