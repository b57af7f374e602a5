"""Messages written in the language of whoever reads them, never of whoever caused them.

A template under `messages/` gives the subject in its first line and the text below it. Needs the
application's context; the worker runs within one.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, g
from flask_babel import force_locale

from civic.accounts import queries as accounts
from civic.accounts.rules import ContactKind
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.i18n import PageLanguage, best_language, direction
from civic.notifications import operations
from civic.notifications.rules import MessageKind
from civic.settings import Settings

TEMPLATES = {
    MessageKind.SIGN_IN_CODE: "messages/accounts/sign_in_code.txt",
    MessageKind.PLACE_CONFIRMED: "messages/enrolment/place_confirmed.txt",
    MessageKind.PLACE_WAITING: "messages/enrolment/place_waiting.txt",
    MessageKind.REMINDER: "messages/enrolment/reminder.txt",
    MessageKind.SESSION_CHANGED: "messages/catalogue/session_changed.txt",
    MessageKind.SESSION_CANCELLED: "messages/catalogue/session_cancelled.txt",
    MessageKind.BADGE_AWARDED: "messages/badges/badge_awarded.txt",
    MessageKind.PROJECT_PUBLISHED: "messages/catalogue/project_published.txt",
    MessageKind.PROJECT_SENT_BACK: "messages/catalogue/project_sent_back.txt",
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
    with _speaking(language):
        # Not `render_template`: its context processors ask who is signed in, and nobody is.
        template = current_app.jinja_env.get_template(TEMPLATES[kind])
        text = template.render(link=_linker(language), **values)
    subject, _, body = text.strip().partition("\n")
    return Letter(" ".join(subject.split())[:SUBJECT_LENGTH], body.strip())


@contextmanager
def _speaking(language: PageLanguage) -> Iterator[None]:
    before = g.get("page_language")
    g.page_language = language
    try:
        with force_locale(language.tag):
            yield
    finally:
        if before is None:
            g.pop("page_language", None)
        else:
            g.page_language = before


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


def send_to_person(
    ctx: Context, person_id: UUID, kind: MessageKind, once_key: str, values: Values
) -> bool:
    """Queue a message in the person's own language; False when it was told or nobody is reached."""
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
        ),
    )
