"""The answer to a scan as devices get it: words for whoever stands at the gate, and for the person
before them, in their own language."""

from functools import cache
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from civic.attendance.forms import Unreadable
from civic.attendance.operations.scans import Answer, Scan
from civic.attendance.rules import HOLDER_WORDS, Direction, Outcome, Reason
from civic.attendance.words import answer_words, welcome_words
from civic.kernel.i18n import best_language

FAILED, MALFORMED = "failed", "malformed"
"""Outcomes of answers alone: nothing was stored."""


def told(scan: Scan, answer: Answer) -> dict[str, Any]:
    words = answer_words(answer, scan.direction)
    is_stored = answer.outcome is not None
    until = answer.undo_until if answer.outcome is Outcome.ACCEPTED else None
    return {
        "id": str(scan.id),
        "outcome": answer.outcome.value if answer.outcome else FAILED,
        "reason": answer.reason if is_stored else Reason.ERROR,
        "flags": list(answer.flags),
        "kind": words.kind,
        "text": words.text,
        "name": words.name,
        "holder": holder_told(answer, scan.direction) if is_stored else None,
        "undo_until": until.isoformat() if until else None,
    }


def told_unreadable(item: Unreadable) -> dict[str, Any]:
    return _nothing(item.id, _("We could not read this scan."))


def told_elsewhere(scan: Scan) -> dict[str, Any]:
    """Of a session that is not the device's: whether there is one stays untold."""
    return _nothing(str(scan.id), _("This device cannot scan for this session."))


def _nothing(scan_id: str, text: str) -> dict[str, Any]:
    return {
        "id": scan_id,
        "outcome": MALFORMED,
        "reason": None,
        "flags": [],
        "kind": "danger",
        "text": text,
        "name": "",
        "holder": None,
        "undo_until": None,
    }


def holder_told(answer: Answer, direction: Direction) -> dict[str, str] | None:
    """The nearest thing that they can mend; nobody is known by an unknown code."""
    if answer.language is None:
        return None
    language = best_language([answer.language])
    text = _holder_text(language.tag, answer.reason, direction)
    return {"language": language.tag, "dir": language.direction, "text": text}


@cache
def _holder_text(tag: str, reason: Reason | None, direction: Direction) -> str:
    """Kept: in a batch a few sentences are told a hundred times."""
    with force_locale(tag):
        return _(HOLDER_WORDS[reason]) if reason else welcome_words(direction)
