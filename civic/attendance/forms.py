"""What devices and people send to the gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from civic.attendance.errors import (
    BatchTooLarge,
    BatchUnreadable,
    CorrectionReasonMissing,
    MinutesOutOfRange,
)
from civic.attendance.operations.scans import Scan
from civic.attendance.rules import MOST_MINUTES, NOTE_LENGTH, Direction
from civic.web.fields import clean_line, clean_text

MOST_SCANS = 200
LONGEST_CODE = 200


@dataclass(frozen=True)
class Unreadable:
    """An item that is no scan; its id is given back as it came, cut short."""

    id: str


def read_batch(body: Any) -> list[Scan | Unreadable]:
    """`{"scans": [{"id", "code", "direction", "scanned_at"}]}`; each item answers for itself."""
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
        )
    except ValueError:
        return Unreadable(str(given.get("id", ""))[:64])


def read_instant(text: str) -> datetime:
    """An instant with its offset, of this century; ValueError for anything else."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None or not 2000 < instant.year < 2100:
        raise ValueError("no instant")
    return instant.astimezone(UTC)


def directions() -> list[tuple[str, str]]:
    return [(Direction.ENTRY.value, _("Coming in")), (Direction.EXIT.value, _("Leaving"))]


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


class CorrectionForm(FlaskForm):
    minutes = IntegerField(
        _l("Minutes"),
        [
            InputRequired(_l("Write the minutes as a whole number.")),
            NumberRange(0, MOST_MINUTES, message=_l(MinutesOutOfRange.sentence, most=MOST_MINUTES)),
        ],
    )
    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l(CorrectionReasonMissing.sentence)),
            Length(max=300, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_line],
    )


class FollowUpForm(FlaskForm):
    note = TextAreaField(
        _l("What they said"),
        [Length(max=NOTE_LENGTH, message=_l("This is too long: at most %(max)d letters."))],
        filters=[clean_text],
    )
