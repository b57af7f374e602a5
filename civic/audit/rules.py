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
