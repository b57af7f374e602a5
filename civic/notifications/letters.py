"""Messages written in the language of whoever reads them, never of whoever caused them.

A template under `messages/` gives the subject in its first line and the text below it. Needs the
application's context; the worker runs within one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app

from civic.accounts import queries as accounts
from civic.accounts.rules import ContactKind
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.i18n import PageLanguage, best_language, direction
from civic.notifications import operations
from civic.notifications.rules import MessageKind, Place
from civic.settings import Settings
from civic.web.locale import speaking

TEMPLATES = {
    MessageKind.SIGN_IN_CODE: "messages/accounts/sign_in_code.txt",
    MessageKind.SIGNING_CODE: "messages/signatures/signing_code.txt",
    MessageKind.PLACE_CONFIRMED: "messages/enrolment/place_confirmed.txt",
    MessageKind.PLACE_WAITING: "messages/enrolment/place_waiting.txt",
    MessageKind.PLACE_OFFERED: "messages/enrolment/place_offered.txt",
    MessageKind.PLACE_OPENED: "messages/enrolment/place_opened.txt",
    MessageKind.PLACE_REMOVED: "messages/enrolment/place_removed.txt",
    MessageKind.OFFER_LAPSED: "messages/enrolment/offer_lapsed.txt",
    MessageKind.REMINDER_DAY: "messages/enrolment/reminder_day.txt",
    MessageKind.REMINDER_SOON: "messages/enrolment/reminder_soon.txt",
    MessageKind.SESSION_CHANGED: "messages/catalogue/session_changed.txt",
    MessageKind.SESSION_CANCELLED: "messages/catalogue/session_cancelled.txt",
    MessageKind.REQUEST_RECEIVED: "messages/enrolment/request_received.txt",
    MessageKind.REQUESTS_WAIT: "messages/enrolment/requests_wait.txt",
    MessageKind.REQUESTS_CARRIED: "messages/enrolment/requests_carried.txt",
    MessageKind.REQUEST_APPROVED: "messages/enrolment/request_approved.txt",
    MessageKind.REQUEST_PUT_OFF: "messages/enrolment/request_put_off.txt",
    MessageKind.WRITTEN_IN: "messages/enrolment/written_in.txt",
    MessageKind.MISSED: "messages/attendance/missed.txt",
    MessageKind.HOURS_ANSWERED: "messages/attendance/hours_answered.txt",
    MessageKind.APPOINTMENT: "messages/appointments/appointment.txt",
    MessageKind.APPOINTMENTS_OF_STAFF: "messages/appointments/appointments_of_staff.txt",
    MessageKind.APPOINTMENT_MADE: "messages/appointments/appointment_made.txt",
    MessageKind.APPOINTMENT_NEAR: "messages/appointments/appointment_near.txt",
    MessageKind.EMERGENCY_OPENED: "messages/cases/emergency_opened.txt",
    MessageKind.BADGE_AWARDED: "messages/badges/badge_awarded.txt",
    MessageKind.BADGE_LOOKED_AT: "messages/badges/badge_looked_at.txt",
    MessageKind.BADGE_KEPT: "messages/badges/badge_kept.txt",
    MessageKind.BADGE_WITHDRAWN: "messages/badges/badge_withdrawn.txt",
    MessageKind.PAPER_WAITS: "messages/signatures/paper_waits.txt",
    MessageKind.HOME_PROPOSED: "messages/housing/home_proposed.txt",
    MessageKind.ABOUT_RENT: "messages/housing/about_rent.txt",
    MessageKind.ANNOUNCEMENT: "messages/enrolment/announcement.txt",
    MessageKind.PROJECT_PUBLISHED: "messages/catalogue/project_published.txt",
    MessageKind.PROJECT_SENT_BACK: "messages/catalogue/project_sent_back.txt",
    MessageKind.ASSOCIATION_DECIDED: "messages/tenancy/association_decided.txt",
}
FIRST_STRONG_ISOLATE, END_ISOLATE = "\u2068", "\u2069"
SUBJECT_LENGTH = 200

Values = Callable[[str], Mapping[str, Any]]
"""What a template shows, for a reader of the given language."""


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def settings() -> Settings:
    found: Settings = current_app.extensions["civic_settings"]
    return found


def write(kind: MessageKind, language: PageLanguage, values: Mapping[str, Any]) -> Letter:
    with speaking(language):
        # Not `render_template`: its context processors ask who is signed in, and nobody is.
        template = current_app.jinja_env.get_template(TEMPLATES[kind])
        text = template.render(link=_linker(language), **values)
    subject, _, body = text.strip().partition("\n")
    return Letter(" ".join(subject.split())[:SUBJECT_LENGTH], body.strip())


def _linker(language: PageLanguage) -> Callable[..., str]:
    """Addresses of pages as the reader's phone reaches them, in the reader's language."""
    public = urlsplit(settings().public_url)
    pages = current_app.url_map.bind(
        public.netloc, script_name=public.path or None, url_scheme=public.scheme
    )

    def link(endpoint: str, **arguments: Any) -> str:
        return pages.build(endpoint, {"lang": language.tag, **arguments}, force_external=True)

    return link


def isolated(text: str, text_language: str, language: str) -> str:
    """A title kept from reordering the words around it, where a right-to-left text is involved."""
    if "rtl" in (direction(text_language), direction(language)):
        return f"{FIRST_STRONG_ISOLATE}{text}{END_ISOLATE}"
    return text


def session_values(ctx: Context, session_id: UUID, language: str) -> dict[str, Any]:
    """What messages about a session show, with its title in the reader's language if there is one."""
    facts = session_facts(ctx, [session_id], language).get(session_id)
    if facts is None:
        raise NotFound
    return {
        "title": isolated(facts.title, facts.title_language, language),
        "slug": facts.slug,
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "meeting_point": facts.meeting_point,
    }


def announcement_values(
    ctx: Context, session_id: UUID, language: str, words: str, words_language: str
) -> dict[str, Any]:
    """An organiser's own words as they stand, line by line in their own direction, and in the
    reader's language which session they are about."""
    lines = [isolated(line, words_language, language) for line in words.splitlines()]
    return session_values(ctx, session_id, language) | {
        "words": "\n".join(lines),
        "words_language": None if words_language == language else words_language,
    }


def send_to_person(
    ctx: Context,
    person_id: UUID,
    kind: MessageKind,
    once_key: str,
    values: Values,
    place: Place | None = None,
) -> bool:
    """Queue a message in the person's own language; False when it was told or nobody is reached.

    One about a place goes out only while the person has it.
    """
    reach = accounts.reachable(ctx, person_id)
    if reach is None:
        return False
    language = best_language([reach.language])
    return _queue(
        ctx,
        kind,
        once_key,
        person_id=person_id,
        channel=reach.kind,
        address=reach.value,
        language=language,
        letter=write(kind, language, values(language.tag)),
        place=place,
    )


def send_to_address(
    ctx: Context,
    channel: ContactKind,
    address: str,
    language_tag: str,
    kind: MessageKind,
    once_key: str,
    values: Mapping[str, Any],
) -> bool:
    """Queue a message to somebody who may have no account."""
    language = best_language([language_tag])
    return _queue(
        ctx,
        kind,
        once_key,
        person_id=None,
        channel=channel,
        address=address,
        language=language,
        letter=write(kind, language, values),
    )


def _queue(
    ctx: Context,
    kind: MessageKind,
    once_key: str,
    *,
    person_id: UUID | None,
    channel: ContactKind,
    address: str,
    language: PageLanguage,
    letter: Letter,
    place: Place | None = None,
) -> bool:
    return operations.queue(
        ctx,
        operations.NewMessage(
            once_key=once_key,
            kind=kind,
            person_id=person_id,
            channel=channel,
            address=address,
            language=language.tag,
            subject=letter.subject,
            body=letter.body,
            place=place,
        ),
    )
