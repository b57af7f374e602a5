"""What happened at the gate, in whole sentences for whoever reads the page."""

from dataclasses import dataclass

from flask_babel import gettext as _

from civic.attendance.hours import WORDS_OF_FORGOTTEN
from civic.attendance.operations.scans import Answer
from civic.attendance.place_code import Told
from civic.attendance.queries.taps import Tapped
from civic.attendance.queries.to_look_at import OddScan
from civic.attendance.rules import (
    HOLDER_WORDS,
    ONLY_OUT_OF_ORDER,
    REASON_WORDS,
    Direction,
    Flag,
    Outcome,
)
from civic.kernel.i18n import N_, best_language
from civic.web.locale import speaking

WRITTEN_BY_US = {
    WORDS_OF_FORGOTTEN: N_("Nobody saw them leave: counted to the end of the session."),
}
"""Reasons that the system gave; all others are shown as somebody wrote them."""


@dataclass(frozen=True)
class Said:
    """An answer in words and a colour that says the same."""

    kind: str
    text: str
    name: str


@dataclass(frozen=True)
class SaidToHolder:
    """The same in the language of the person, for them to read from the screen."""

    language: str
    text: str


def answer_words(answer: Answer, direction: Direction) -> Said:
    kind, text = _answer(answer, direction)
    if Flag.CLOCK_OFF in answer.flags or Flag.CLAMPED in answer.flags:
        kind = "warning" if kind == "success" else kind
        text = " ".join((text, _("The clock of this device is wrong: please set it.")))
    return Said(kind, text, answer.name)


def _answer(answer: Answer, direction: Direction) -> tuple[str, str]:
    reason = answer.reason
    if answer.outcome is None:
        return "warning", _("Not stored. Try again.")
    if answer.outcome is Outcome.REPEATED:
        words = _(REASON_WORDS[reason]) if reason else _("This scan was already recorded.")
        return "warning", words
    if reason is None:
        return "success", welcome_words(direction)
    if Flag.FORCED in answer.flags:
        why = _(REASON_WORDS[reason])
        return "warning", _("They were let in, so it counts. Have a look at it: %(why)s", why=why)
    kind = "warning" if reason in ONLY_OUT_OF_ORDER else "danger"
    return kind, _(REASON_WORDS[reason])


def welcome_words(direction: Direction) -> str:
    if direction is Direction.ENTRY:
        return _("Welcome. You are in.")
    if direction is Direction.BREAK:
        return _("Enjoy your break. Scan again when you are back.")
    return _("Goodbye. You are out.")


def own_words(told: Told) -> Said:
    """For whoever checked themselves in: of a refusal the nearest thing that can be mended."""
    answer = Answer(told.scan_id, told.outcome, told.reason, told.name)
    said = answer_words(answer, told.direction)
    if told.reason is None:
        return said
    is_known = told.reason in ONLY_OUT_OF_ORDER
    return Said("warning" if is_known else "danger", _(HOLDER_WORDS[told.reason]), told.name)


def tap_words(tapped: Tapped) -> Said:
    """For whoever tapped the name."""
    if tapped.is_undone:
        return Said("warning", _("Taken back: it counts as if you had not tapped."), tapped.name)
    if tapped.reason is not None:
        is_known = tapped.reason in ONLY_OUT_OF_ORDER
        return Said(
            "warning" if is_known else "danger", _(REASON_WORDS[tapped.reason]), tapped.name
        )
    words = {
        Direction.ENTRY: _("In: noted."),
        Direction.BREAK: _("On a break: noted."),
        Direction.EXIT: _("Out: noted."),
    }
    return Said("success", words[tapped.direction], tapped.name)


def holder_words(tapped: Tapped) -> SaidToHolder | None:
    """The nearest thing that can be mended, when they were refused."""
    if tapped.reason is None or tapped.is_undone:
        return None
    language = best_language([tapped.language])
    with speaking(language):
        return SaidToHolder(language.tag, _(HOLDER_WORDS[tapped.reason]))


def odd_words(scan: OddScan) -> list[str]:
    """Why a scan stands on the list of things to look at."""
    words = [_what_happened(scan)]
    if scan.reason is not None and scan.person_id is not None:
        words.append(_(REASON_WORDS[scan.reason]))
    if Flag.CLAMPED in scan.flags:
        words.append(_("The phone's clock was ahead: it counts as of its arrival."))
    elif Flag.CLOCK_OFF in scan.flags:
        words.append(_("The phone's clock was wrong by more than ten minutes."))
    return [each for each in words if each]


def _what_happened(scan: OddScan) -> str:
    if scan.person_id is None:
        return _("The phone had no network and read a code that nobody here has.")
    if scan.is_forced:
        return _("Let through without network. With network they would have been refused:")
    if scan.outcome is Outcome.REFUSED:
        return _("The phone had no network and could not tell. Now they are refused:")
    if scan.is_clock_off:
        return ""
    return _("The phone had no network and said no, but all was well. It counts.")


def reason_of_correction(reason: str) -> str:
    return _(WRITTEN_BY_US[reason]) if reason in WRITTEN_BY_US else reason


def is_written_by_us(reason: str) -> bool:
    """Then it is in the page's language, and not in its writer's."""
    return reason in WRITTEN_BY_US


def refusal_words(answer: Answer) -> str:
    return answer_words(answer, Direction.ENTRY).text
