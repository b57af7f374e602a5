"""What devices and people send to the gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from civic.attendance.errors import BatchTooLarge, BatchUnreadable
from civic.attendance.operations.scans import Scan
from civic.attendance.rules import (
    NOTE_LENGTH,
    Direction,
    Method,
    Shown,
    is_short_code,
    read_code,
)
from civic.web.fields import clean_line, clean_text

MOST_SCANS = 200
LONGEST_CODE = 200
LONGEST_GATE = 60


@dataclass(frozen=True)
class Unreadable:
    """An item that is no scan; its id is given back as it came, cut short."""

    id: str


def read_batch(body: Any) -> list[Scan | Unreadable]:
    """`{"scans": [{"id", "code", "direction", "scanned_at", "gate", "shown"}]}`, the last two as
    may be; each item answers for itself."""
    scans = body.get("scans") if isinstance(body, Mapping) else None
    if not isinstance(scans, list):
        raise BatchUnreadable
    if len(scans) > MOST_SCANS:
        raise BatchTooLarge(most=MOST_SCANS)
    return [_read_scan(item) for item in scans]


def _read_scan(item: Any) -> Scan | Unreadable:
    given = item if isinstance(item, Mapping) else {}
    code, scanned_at = given.get("code"), given.get("scanned_at")
    try:
        if not isinstance(code, str) or len(code) > LONGEST_CODE:
            raise ValueError("no code")
        return Scan(
            UUID(str(given.get("id"))),
            code,
            Direction(str(given.get("direction"))),
            read_instant(str(scanned_at)),
            method=Method.CODE if is_short_code(read_code(code)) else Method.QR,
            gate=_read_gate(given.get("gate")),
            shown=_read_shown(given.get("shown")),
        )
    except ValueError:
        return Unreadable(str(given.get("id", ""))[:64])


def _read_gate(name: Any) -> str:
    """A name that nobody can read is no reason to lose a scan."""
    return str(clean_line(name))[:LONGEST_GATE] if isinstance(name, str) else ""


def _read_shown(word: Any) -> Shown | None:
    return Shown(word) if word in tuple(Shown) else None


def read_skew(body: Any, now: datetime) -> timedelta | None:
    """By how much the sender's clock is behind, from the moment at which it says it sent."""
    sent_at = body.get("sent_at") if isinstance(body, Mapping) else None
    try:
        return now - read_instant(sent_at) if isinstance(sent_at, str) else None
    except ValueError:
        return None


def read_instant(text: str) -> datetime:
    """An instant with its offset, of this century; ValueError for anything else."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or not 2000 < instant.year < 2100:
        raise ValueError("no instant")
    return instant.astimezone(UTC)


def directions() -> list[tuple[str, str]]:
    return [
        (Direction.ENTRY.value, _("Coming in")),
        (Direction.BREAK.value, _("Break")),
        (Direction.EXIT.value, _("Leaving")),
    ]


class ScanForm(FlaskForm):
    """The gate without a camera: the short code is typed."""

    scan_id = HiddenField(validators=[InputRequired(), Length(max=40)])
    direction = RadioField(
        _l("Direction"),
        choices=directions,
        default=Direction.ENTRY.value,
    )
    code = StringField(
        _l("Code under the QR"),
        [
            DataRequired(_l("Type the code that stands under the QR.")),
            Length(max=LONGEST_CODE, message=_l("This is too long for a code.")),
        ],
        filters=[clean_line],
    )
    gate = StringField(
        _l("Name of this gate"),
        [Length(max=LONGEST_GATE, message=_l("This is too long: at most %(max)d letters."))],
        filters=[clean_line],
    )


class FollowUpForm(FlaskForm):
    note = TextAreaField(
        _l("What they said"),
        [Length(max=NOTE_LENGTH, message=_l("This is too long: at most %(max)d letters."))],
        filters=[clean_text],
    )
