"""The interface for software of others as an OpenAPI document. Tests hold every answer against it."""

from typing import Any

from civic.attendance.forms import LONGEST_CODE, MOST_SCANS
from civic.attendance.queries.day_roster import Readiness
from civic.attendance.rules import Direction, Flag, Outcome, Presence, Reason, Shown
from civic.attendance.tokens import Worthless
from civic.attendance.views.telling import FAILED, MALFORMED

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
ID: Schema = {"type": "string", "format": "uuid"}
INSTANT: Schema = {
    "type": "string",
    "format": "date-time",
    "description": "RFC 3339, with its offset.",
}


def _one_of(values: Any, description: str = "") -> Schema:
    named: Schema = {"type": "string", "enum": [str(value) for value in values]}
    return named | {"description": description} if description else named


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(fields: dict[str, Schema], optional: tuple[str, ...] = (), **more: Any) -> Schema:
    required = [name for name in fields if name not in optional]
    return {"type": "object", "properties": fields, "required": required, **more}


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _exactly(fields: dict[str, Schema]) -> Schema:
    """An answer: all its fields, and no others."""
    return _object(fields, additionalProperties=False)


SCAN = _object(
    {
        "id": ID | {"description": "Made by the device, best a UUIDv7. The same id counts once."},
        "session_id": ID | {"description": "From the roster."},
        "code": TEXT
        | {
            "maxLength": LONGEST_CODE,
            "description": "What was read from the QR code, or the short code as typed.",
        },
        "direction": _one_of(Direction, "Back from a break is an entry."),
        "scanned_at": INSTANT | {"description": "By the device's clock, with its offset."},
        "offset_ms": _maybe({"type": "number"})
        | {"description": "Server minus device, as last known."},
        "gate": _maybe(TEXT),
        "shown": _maybe(_one_of(Shown))
        | {
            "description": "What the device told people while it had no network; null when it asks"
            " live. A scan shown as accepted stands, whatever speaks against it."
        },
    },
    optional=("offset_ms", "gate", "shown"),
)
ANSWER = _exactly(
    {
        "id": TEXT | {"description": "As it was sent."},
        "outcome": _one_of(
            [*Outcome, FAILED, MALFORMED],
            "repeated: this id is stored already. failed: not stored, send it again later."
            " malformed: not stored, sending it again does not help.",
        ),
        "reason": _maybe(_one_of(Reason))
        | {"description": "Of a refusal, or what spoke against a scan that stands."},
        "flags": _list(
            _one_of(Flag),
            description="clock_off: the device's clock differed by more than ten minutes. clamped:"
            " it lay in the future. forced: it stands although it would have been refused."
            " late: sent after the fact. duplicate: another device was first.",
        ),
        "kind": _one_of(["success", "warning", "danger"], "A colour that says the same."),
        "text": TEXT | {"description": "For the operator, in the device's language."},
        "name": TEXT | {"description": "Of people who have a place in the session; else empty."},
        "holder": _maybe(_exactly({"language": TEXT, "dir": _one_of(["ltr", "rtl"]), "text": TEXT}))
        | {"description": "For the person, in the language they read."},
        "undo_until": _maybe(INSTANT),
    }
)
SESSION = _exactly(
    {
        "id": ID,
        "title": TEXT,
        "title_language": TEXT,
        "starts_at": INSTANT,
        "ends_at": INSTANT,
        "opens_at": INSTANT | {"description": "Before that nobody is let in."},
        "closes_at": INSTANT | {"description": "Until then people are let out; in, until it ends."},
        "meeting_point": TEXT,
        "is_cancelled": {"type": "boolean"},
        "people": _list(
            {
                "type": "array",
                "prefixItems": [
                    TEXT | {"description": "Name."},
                    TEXT | {"description": "Short code, six letters."},
                    TEXT
                    | {
                        "description": "Base64url, without padding, of the first 16 bytes of"
                        " HMAC-SHA256 with the salt as key over the 26 letters of the pass's QR"
                        " code."
                    },
                    _one_of(Readiness),
                    _one_of(Presence),
                ],
                "minItems": 5,
                "maxItems": 5,
                "items": False,
            }
        ),
    }
)
ROSTER = _exactly(
    {
        "now": INSTANT,
        "expires_at": INSTANT | {"description": "Of the token."},
        "device": _exactly({"id": ID, "name": TEXT, "gate": TEXT}),
        "salt": TEXT | {"description": "Base64 of 16 bytes, new with each answer."},
        "sessions": _list(_ref("Session")),
    }
)
SCHEMAS: dict[str, Schema] = {
    "Scan": SCAN,
    "Batch": _object(
        {
            "sent_at": INSTANT
            | {"description": "The device's clock as it sends, to set it right."},
            "scans": _list(_ref("Scan"), maxItems=MOST_SCANS),
        },
        optional=("sent_at",),
    ),
    "Answer": ANSWER,
    "Answers": _exactly({"now": INSTANT, "answers": _list(_ref("Answer"))}),
    "Session": SESSION,
    "Roster": ROSTER,
    "Undone": _exactly({"id": ID, "outcome": {"const": "undone"}}),
    "Error": _exactly(
        {"error": TEXT | {"description": "A code that stays."}, "text": TEXT},
    ),
}


def _answers(name: str, description: str) -> Schema:
    return {
        "description": description,
        "content": {"application/json": {"schema": _ref(name)}},
    }


def _error(description: str) -> Schema:
    return _answers("Error", description)


REFUSED: dict[str, Schema] = {
    "401": _error(f"The token: {', '.join(Worthless)}."),
    "403": _error("The token has not that scope."),
    "429": _error("Too many unknown tokens from this network."),
    "503": _error("Away for a moment. Nothing was stored: send it again."),
}
PATHS: dict[str, Schema] = {
    "/scans": {
        "post": {
            "operationId": "sendScans",
            "summary": "Send scans; each is answered for itself, in the order sent",
            "security": [{"device": ["scan"]}],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": _ref("Batch")}},
            },
            "responses": {
                "200": _answers("Answers", "One answer a scan."),
                **REFUSED,
                "413": _error("More than a megabyte."),
                "422": _error(f"Not readable as a whole, or more than {MOST_SCANS} scans."),
            },
        }
    },
    "/scans/{id}/undo": {
        "post": {
            "operationId": "undoScan",
            "summary": "Take back a scan of this device within fifteen minutes",
            "security": [{"device": ["scan"]}],
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": ID}],
            "responses": {
                "200": _answers("Undone", "It counts no more; sent again, the same answer."),
                **REFUSED,
                "404": _error("No such scan."),
                "409": _error("undo_too_late, not_yours or already_decided."),
            },
        }
    },
    "/roster": {
        "get": {
            "operationId": "readRoster",
            "summary": "Who is expected on a day",
            "security": [{"device": ["roster"]}],
            "parameters": [
                {
                    "name": "day",
                    "in": "query",
                    "schema": {"type": "string", "format": "date"},
                    "description": "In Italy; today when left out.",
                }
            ],
            "responses": {
                "200": _answers("Roster", "The sessions that touch the day, with their people."),
                **REFUSED,
                "422": _error("No day."),
            },
        }
    },
    "/openapi.json": {
        "get": {
            "operationId": "readDocument",
            "summary": "This document",
            "security": [],
            "responses": {
                "200": {
                    "description": "OpenAPI 3.1",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                }
            },
        }
    },
}


def document(server: str) -> dict[str, Any]:
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Civic at the gate",
            "version": "1",
            "description": "Scans in, the roster out. An organiser lets a device in and gives it"
            " its token. Texts are in the device's language.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": server}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "device": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A device's token. Its scopes: scan, roster.",
                }
            },
        },
    }
