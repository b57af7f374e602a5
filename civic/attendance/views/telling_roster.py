"""The roster as devices take it along: whoever finds the phone learns names from it, but nothing that
opens a gate, for of each pass there is only a hash under a salt that is new each time."""

import base64
import hmac
import json
import secrets
from datetime import datetime
from typing import Any

from civic.attendance.operations.passes import token_of
from civic.attendance.queries.day_roster import DaySession, ExpectedPerson
from civic.attendance.queries.devices import Device
from civic.attendance.rules import DOORS_CLOSE, DOORS_OPEN
from civic.kernel.keys import Keys

SALT_BYTES = HASH_BYTES = 16


def roster_told(
    keys: Keys, device: Device, sessions: list[DaySession], now: datetime
) -> dict[str, Any]:
    salt = secrets.token_bytes(SALT_BYTES)
    return {
        "now": now.isoformat(),
        "expires_at": device.expires_at.isoformat(),
        "device": {"id": str(device.id), "name": device.name, "gate": device.gate},
        "salt": base64.b64encode(salt).decode(),
        "sessions": [_session(keys, salt, session) for session in sessions],
    }


def _session(keys: Keys, salt: bytes, session: DaySession) -> dict[str, Any]:
    facts = session.facts
    return {
        "id": str(facts.id),
        "title": facts.title,
        "title_language": facts.title_language,
        "starts_at": facts.starts_at.isoformat(),
        "ends_at": facts.ends_at.isoformat(),
        "opens_at": (facts.starts_at - DOORS_OPEN).isoformat(),
        "closes_at": (facts.ends_at + DOORS_CLOSE).isoformat(),
        "meeting_point": facts.meeting_point,
        "is_cancelled": facts.is_cancelled,
        "people": [_person(keys, salt, each) for each in session.people],
    }


def _person(keys: Keys, salt: bytes, each: ExpectedPerson) -> list[str]:
    """A list and not an object: five hundred of them must be quick to load in a park."""
    hashed = pass_hash(salt, token_of(keys, each.pass_id)) if each.pass_id else ""
    return [each.name, each.short_code, hashed, each.readiness.value, each.presence.value]


def pass_hash(salt: bytes, token: str) -> str:
    digest = hmac.digest(salt, token.encode(), "sha256")[:HASH_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def compact(value: Any) -> str:
    """JSON without spaces, and letters of all scripts as they are: escaped, an Arabic name is
    three times as long."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
