"""What a frozen paper is, and how its hash is made."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from civic.kernel.i18n import N_

START = "0" * 64
"""What the first paper of a series follows."""
BOX = (1000, 400)
"""Width and height of the field that is drawn in; strokes are points within it."""
MOST_STROKES, MOST_POINTS = 60, 3000
FEWEST_POINTS = 8
"""Of all strokes together: a dot is no signature, somebody only touched the field."""

Stroke = tuple[tuple[int, int], ...]
Drawing = tuple[Stroke, ...]


class Kind(StrEnum):
    PLAN = "plan"
    PROJECT = "project"
    """The personalised project at the start of the recognition of competences."""
    TRANSPARENCY = "transparency"
    """The document of transparency at its end."""
    AGREEMENT = "agreement"
    """Of a stay in a dwelling, with its house rules."""


class Side(StrEnum):
    PERSON = "person"
    SERVICE = "service"
    """The case worker, or the tutor for the association."""


class Means(StrEnum):
    SESSION = "session"
    """Signed in on a device of one's own."""
    PIN = "pin"
    CODE = "code"
    DRAWN = "drawn"


IN_PERSON = (Means.PIN, Means.CODE, Means.DRAWN)
"""How somebody signs on the device of whoever sits in front of them, who is the witness."""
MEANS_NAMES = {
    Means.SESSION: N_("signed in on their own device"),
    Means.PIN: N_("with the PIN of their card"),
    Means.CODE: N_("with a one-time code sent to them"),
    Means.DRAWN: N_("by hand on the screen"),
}


class Paper(NamedTuple):
    """Everything of a frozen paper that its hash vouches for."""

    id: UUID
    series: str
    number: int
    kind: Kind
    municipality_id: UUID
    association_id: UUID | None
    person_id: UUID
    about_id: UUID
    content: Mapping[str, Any]
    frozen_at: datetime
    frozen_by: UUID | None
    previous_hash: str


_write = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False
).encode


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content written in one way only, whatever order its keys came in."""
    return hashlib.sha256(_write(content).encode()).hexdigest()


def paper_hash(paper: Paper) -> str:
    """SHA-256 over the paper before it in its series and everything of this one."""
    plain = {name: _plain(value) for name, value in paper._asdict().items()}
    return hashlib.sha256(_write(plain).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


def series_of(kind: Kind, municipality_id: UUID, association_id: UUID | None) -> str:
    """Within which papers are numbered: those of one association in one city, else of the city."""
    return f"{kind}:{municipality_id.hex}:{association_id.hex if association_id else ''}"


def read_drawing(text: str) -> Drawing | None:
    """Strokes as the page sends them, `[[[x, y], …], …]`; None for what is no drawing of a hand."""
    try:
        strokes = json.loads(text)
        drawing = tuple(tuple((int(x), int(y)) for x, y in stroke) for stroke in strokes)
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None
    points = [point for stroke in drawing for point in stroke]
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS or len(drawing) > MOST_STROKES:
        return None
    is_inside = all(0 <= x <= BOX[0] and 0 <= y <= BOX[1] for x, y in points)
    return drawing if is_inside else None
