from datetime import UTC, datetime
from uuid import UUID

import pytest

from civic.accounts.rules import ContactKind
from civic.notifications.smtp import MailServer, Outgoing, Undeliverable, letter
from civic.settings import Settings

SETTINGS = Settings(
    secret_key="k" * 32, mail_from="Civic <noreply@civic.example>", sms_mail_domain="sms.example"
)


def outgoing(channel: ContactKind = ContactKind.EMAIL, address: str = "a@b.example") -> Outgoing:
    return Outgoing(
        id=UUID(int=7),
        channel=channel,
        address=address,
        language="ar",
        subject="رمز الدخول",
        body="المرحبا\nسطر ثان",
        created_at=datetime(2026, 3, 14, 9, tzinfo=UTC),
    )


def test_address_of_the_mail_server_is_read_whole() -> None:
    assert MailServer.from_url("smtp://us%40er:p%3Aw@mail.example:2525") == MailServer(
        "smtp", "mail.example", 2525, "us@er", "p:w"
    )
    assert MailServer.from_url("smtp://mail.example").port == 587
    assert MailServer.from_url("smtps://mail.example").port == 465


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="CIVIC_SMTP_URL"):
        MailServer.from_url("http://mail.example")


def test_headers_tell_repeats_apart_and_silence_absence_notices() -> None:
    mail = letter(outgoing(), SETTINGS)
    assert mail["Message-ID"] == f"<{UUID(int=7).hex}@civic.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Sat, 14 Mar 2026 09:00:00 +0000"
    assert mail["Content-Language"] == "ar"


def test_every_language_travels_in_seven_bits() -> None:
    mail = letter(outgoing(), SETTINGS)
    assert mail.as_bytes().isascii()
    assert mail.get_content() == "المرحبا\nسطر ثان\n"


def test_a_text_goes_to_the_gateway_under_the_digits_of_the_number() -> None:
    assert letter(outgoing(ContactKind.PHONE, "+39 333 1234567"), SETTINGS)["To"] == (
        "393331234567@sms.example"
    )


def test_without_a_gateway_a_text_is_undeliverable() -> None:
    with pytest.raises(Undeliverable):
        letter(outgoing(ContactKind.PHONE, "+393331234567"), Settings(secret_key="k" * 32))
