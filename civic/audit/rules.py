"""How lines of the trail hang together, and what they are called in plain words."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from civic.kernel.i18n import N_

START = "0" * 64
"""What the first line of a trail follows."""
REASON_LENGTH = 300

ACTION_WORDS = {
    "person.read": N_("opened your file"),
    "person.changed": N_("changed your file"),
    "person.registered": N_("wrote you into the list of people"),
    "details.read": N_("read what the register of volunteers says of you"),
    "details.changed": N_("changed what the register of volunteers says of you"),
    "consent.recorded": N_("recorded your guardian's consent"),
    "consent.withdrawn": N_("recorded that your guardian's consent was withdrawn"),
    "request.approved": N_("said yes to your request to join a project"),
    "request.put_off": N_("answered “not now” to your request to join a project"),
    "request.carried": N_("passed your unanswered request on to the municipality"),
    "enrolment.written_in": N_("wrote you into a project at the desk"),
    "enrolment.basis_set": N_("noted on what ground you take part in a project"),
    "no_show.followed_up": N_("noted that you were asked whether you need help"),
    "hours.correction_proposed": N_("wrote down other hours for you, to be confirmed"),
    "hours.correction_refused": N_("refused a correction of your hours"),
    "hours.corrected": N_("corrected your hours"),
    "hours.question_answered": N_("answered your question about your hours"),
    "scan.looked_at": N_("decided on a scan of your pass"),
    "scan.given_to": N_("wrote an unknown code down as yours"),
    "pass.read": N_("looked up your pass"),
    "pass.replaced": N_("replaced your pass"),
    "pass.photo_taken": N_("put your photo on your pass, as you agreed"),
    "pass.photo_removed": N_("took your photo off your pass"),
    "pin.set": N_("let you set a new PIN for your card"),
    "second_factor.forgotten": N_("let you set up another phone for signing in"),
    "place.given_out_of_turn": N_("gave you a place before others who waited"),
    "place.taken_back": N_("took you off the list of a session"),
    "badge.confirmed": N_("confirmed your badge"),
    "badge.declined": N_("declined your badge"),
    "recognition.information": N_("told you of the recognition of competences"),
    "recognition.read": N_("read your path of recognition of competences"),
    "recognition.changed": N_("changed your path of recognition of competences"),
    "plan.opened": N_("opened a plan with you"),
    "plan.read": N_("read your plan"),
    "plan.changed": N_("changed your plan"),
    "plan.taken_on": N_("took on the plan that you brought along"),
    "case.opened": N_("began your file at the desk or in the street"),
    "case.linked": N_("linked your account to your case file"),
    "case.unlinked": N_("took your account off a case file"),
    "case.read": N_("opened your case file"),
    "case.changed": N_("wrote a part of your case file"),
    "case.printed": N_("printed your case file"),
    "case.exported": N_("took your case file away for a program of the municipality"),
    "case.openings_printed": N_("printed for you who opened your case file"),
    "case.found": N_("found your case file by two facts that you told"),
    "case.searched": N_("asked whether somebody is known"),
    "case.list_read": N_("looked at the list of cases"),
    "case.list_exported": N_("took the list of cases away"),
    "case.outing_loaded": N_("loaded your file onto a phone to meet you outside"),
    "case.likely_read": N_("looked whether you have two files"),
    "case.merged": N_("put two files of yours together"),
    "case.merge_undone": N_("took two files apart again"),
    "case.kept_apart": N_("noted that another file is not about you"),
    "case.moved": N_("noted where your case stands"),
    "case.handed_on": N_("handed your case on to a colleague"),
    "case.team_changed": N_("changed who works on your case"),
    "case.entry_added": N_("wrote a line in your case file"),
    "case.task_added": N_("wrote down something to do"),
    "case.task_marked": N_("marked something that was to do"),
    "case.alert_added": N_("wrote down something to keep in mind"),
    "case.alert_ended": N_("ended something that was to be kept in mind"),
    "case.document_kept": N_("kept a paper in your case file"),
    "case.document_read": N_("opened a paper of your case file"),
    "case.document_given": N_("gave you a paper"),
    "case.consent_given": N_("wrote down that you said yes"),
    "case.consent_withdrawn": N_("wrote down that you took back your yes"),
    "case.appointment_made": N_("made an appointment with you"),
    "case.appointment_marked": N_("noted what became of an appointment"),
    "case.household_changed": N_("linked who lives with you"),
    "case.household_split": N_("took you out of a household"),
    "case.referred": N_("handed on what you agreed to"),
    "case.referral_marked": N_("noted the answer to what was handed on"),
    "case.arrived": N_("sent your data here, as you agreed"),
    "case.arrivals_read": N_("looked at what other cities sent"),
    "case.taken_in": N_("took in what another city sent"),
    "case.turned_down": N_("turned down what another city sent"),
    "case.glass_broken": N_("opened your case file in an emergency"),
    "case.glass_reviewed": N_("looked whether an emergency was one"),
    "case.refused": N_("asked for a file and was not let in"),
    "case.archive_asked": N_("asked for a copy of the file"),
    "case.archive_looked": N_("looked at whom to black out in your copy"),
    "case.archive_released": N_("released your copy to you"),
    "case.archive_taken": N_("took the copy of the file"),
    "case.erasure_asked": N_("asked for your case file to be erased"),
    "case.erasure_declined": N_("decided that your case file stays"),
    "case.erased": N_("erased a case file"),
    "case.part_removed": N_("removed a part of a case file whose time was over"),
    "case.erasures_read": N_("looked at the files to be erased"),
    "case.retention_read": N_("looked at what goes soon"),
    "case.trail_read": N_("read the trail of the cases"),
    "case.keys_turned": N_("turned over the key of the city"),
    "housing.asked": N_("wrote down that you ask for a home"),
    "housing.member_added": N_("wrote somebody into your household"),
    "housing.member_removed": N_("took somebody out of your household"),
    "housing.priority_changed": N_("changed the reasons that count for your request"),
    "housing.withdrawn": N_("noted that you no longer ask for a home"),
    "housing.resident_departed": N_("noted that you had left the city"),
    "housing.resident_back": N_("noted that you are back"),
    "housing.resident_died": N_("noted a death"),
    "housing.proposed": N_("proposed a home to you"),
    "housing.read": N_("read what the city knows of your home"),
    "housing.placed": N_("gave you a bed"),
    "housing.extended": N_("made your stay longer"),
    "housing.transferred": N_("moved you to another home"),
    "housing.cancelled": N_("cancelled a stay before it began"),
    "housing.moved_in": N_("wrote down that you moved in"),
    "housing.moved_out": N_("wrote down that you moved out"),
    "housing.followed_up": N_("asked how it went on for you"),
    "housing.stayed_on": N_("noted that you were still there after the planned end"),
    "housing.overstay_allowed": N_("let you stay on for a while"),
    "housing.overstay_refused": N_("did not let you stay on"),
    "housing.agreement_written": N_("wrote the agreement about your stay"),
    "housing.agreement_read": N_("read the agreement about your stay"),
    "housing.agreement_signed": N_("signed the agreement about your stay"),
    "housing.agreement_signed_by_person": N_("was there when you signed the agreement"),
    "housing.agreement_set_aside": N_("set an agreement aside"),
    "housing.agreement_kept": N_("kept the agreement that you signed on paper"),
    "housing.support_decided": N_("decided on rent support for you"),
    "housing.support_read": N_("read your rent support"),
    "housing.support_paid": N_("wrote down a payment"),
    "housing.support_undone": N_("took a payment back that was written down by mistake"),
    "housing.support_cancelled": N_("ended your rent support"),
    "housing.arrears_friendly": N_("wrote to you about a late rent"),
    "housing.arrears_call": N_("called you about a late rent"),
    "housing.arrears_letter": N_("sent you a letter about a late rent"),
    "housing.market_file_kept": N_("wrote down what you need for a flat of your own"),
    "housing.market_read": N_("read what you need for a flat of your own"),
    "housing.flat_kept": N_("wrote down a flat that you looked at"),
    "housing.lease_signed": N_("wrote down your own rent contract"),
    "housing.unit_read": N_("opened the page of the home you live in"),
    "housing.tonight_read": N_("looked up the bed for tonight"),
}
"""For the person the line is about: “Rosa, officer, opened your file”."""
REASON_WORDS = {
    "desk": N_("You were at the desk, or called"),
    "no_show": N_("You had a place and were not seen there"),
    "hours": N_("To look at your hours"),
    "consent": N_("For your guardian's consent"),
    "safety": N_("To keep somebody safe"),
}
OTHER_ACTION = N_("worked on your file")


@dataclass(frozen=True)
class Line:
    """Everything of an entry that its hash vouches for."""

    id: UUID
    municipality_id: UUID
    number: int
    at: datetime
    actor_id: UUID | None
    action: str
    subject_id: UUID | None
    thing_id: UUID | None
    reason: str
    details: Mapping[str, Any]
    previous_hash: str


def chained_hash(line: Line) -> str:
    """SHA-256 over the line before and this line's fields, written in one way only."""
    text = json.dumps(
        asdict(line),
        default=_plain,
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no one way to be written into the trail")


def reason_words(reason: str) -> str:
    """A reason that a page gave by its code, in words; what somebody wrote stays as it is."""
    return REASON_WORDS.get(reason, reason)


def words_for(action: str) -> str:
    """The action as a sentence's end, marked for translation."""
    return ACTION_WORDS.get(action, OTHER_ACTION)
