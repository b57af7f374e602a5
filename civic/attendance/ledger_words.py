"""What stands in the ledger, in plain sentences for the person whose hours they are."""

from flask_babel import gettext as _

from civic.accounts.words import role_name
from civic.attendance.queries.ledger_of_person import Maker, OwnEntry, OwnProposal, OwnScan
from civic.attendance.rules import (
    HOLDER_WORDS,
    ONLY_OUT_OF_ORDER,
    Cause,
    CorrectionKind,
    Decision,
    Direction,
    Flag,
    Outcome,
)
from civic.kernel.i18n import N_
from civic.web.words import local_time

CAUSE_WORDS = {
    Cause.SCAN: N_("Counted from the scans at the gate."),
    Cause.UNDO: N_("A scan was taken back at once, as a slip of the finger."),
    Cause.DECISION: N_("Somebody looked at a scan afterwards and decided whether it counts."),
    Cause.CORRECTION: N_("Corrected by hand, and confirmed by a second person."),
    Cause.FORGOTTEN_EXIT: N_(
        "Nobody saw you leave. Your hours were proposed, and somebody has confirmed them."
    ),
    Cause.REBUILD: N_("Counted again from all scans and corrections."),
}


def cause_words(entry: OwnEntry) -> str:
    if entry.cause is Cause.CORRECTION and entry.maker == entry.writer:
        # Of before the ledger, when one signature was enough.
        return _("Corrected by hand.")
    return _(CAUSE_WORDS[entry.cause])


def proposal_words(proposal: OwnProposal) -> str:
    if proposal.kind is CorrectionKind.FORGOTTEN_EXIT:
        return _(
            "Nobody saw you leave. We propose the hours to the end; somebody has to confirm them."
        )
    return _("Written down by hand. It counts as soon as a second person has confirmed it.")


def maker_words(maker: Maker | None) -> tuple[str, str]:
    """A name, if there is one to tell, and the words beside it."""
    if maker is None:
        return "", _("The system")
    if maker.is_reader:
        return "", _("You yourself")
    return maker.name, _(", ").join(role_name(role) for role in maker.roles)


def direction_words(direction: Direction) -> str:
    words = {
        Direction.ENTRY: _("Coming in"),
        Direction.BREAK: _("Break"),
        Direction.EXIT: _("Leaving"),
    }
    return words[direction]


def scan_words(scan: OwnScan) -> list[str]:
    """What should be known of a scan; nothing of one on which all was well."""
    words = _what_spoke_against(scan)
    if Flag.LATE in scan.flags:
        words.append(
            _(
                "The phone had no network: it told us at %(time)s.",
                time=local_time(scan.received_at),
            )
        )
    if Flag.CLAMPED in scan.flags:
        words.append(_("The phone's clock was ahead: it counts as of its arrival."))
    elif Flag.CLOCK_OFF in scan.flags:
        words.append(_("The phone's clock was wrong by more than ten minutes."))
    if scan.decision is not None:
        words.append(_decision_words(scan.decision))
    return words


def _what_spoke_against(scan: OwnScan) -> list[str]:
    if scan.reason is None:
        return []
    if scan.reason in ONLY_OUT_OF_ORDER:
        if Flag.DUPLICATE in scan.flags:
            return [_("Seen by two phones: it counts once.")]
        return [_("Out of order: nothing was counted twice.")]
    why = _(HOLDER_WORDS[scan.reason])
    if scan.outcome is Outcome.REFUSED:
        return [_("Refused at the gate:"), why]
    return [_("You were let in without network. With network the phone would have said:"), why]


def _decision_words(decision: Decision) -> str:
    words = {
        Decision.UNDONE: _("Taken back at once: it does not count."),
        Decision.SET_ASIDE: _("Set aside after a look: it does not count."),
        Decision.KEPT: _("Somebody looked at it: it stays as it is."),
    }
    return words[decision]
