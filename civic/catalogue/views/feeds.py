"""The list and each project for other programs: news (Atom), calendar files, linked data.

What stands in them is what the pages show to everybody, whoever asks.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _

from civic.catalogue.feeds import atom, calendars, linked
from civic.catalogue.feeds.atom import Entry, Feed, Words
from civic.catalogue.forms.filters import Asked, read_filters
from civic.catalogue.queries.feeds import (
    FeedProject,
    Occurrence,
    feed_project,
    feed_projects,
)
from civic.catalogue.queries.listing import find_projects
from civic.catalogue.views.narrowing import Choices, chips, current_choices
from civic.catalogue.words import area_name
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.i18n import DEFAULT
from civic.kernel.slugs import is_slug
from civic.settings import Settings
from civic.tenancy.queries.own import public_association
from civic.web.guard import public
from civic.web.locale import page_language
from civic.web.transaction import reading
from civic.web.words import local_datetime, local_day, local_span

bp = Blueprint("catalogue_feeds", __name__, url_prefix="/<lang>")

PROJECTS = {"atom": 50, "json": 50, "ics": 200}
"""In one document. News and linked data name the next one; a calendar can only be one file."""


@bp.get("/projects.<any(atom, ics, json):kind>")
@public
def projects(kind: str) -> Response:
    with reading() as ctx:
        found = _find(ctx, kind)
    answer = _LISTS[kind](found)
    if found.next_url:
        answer.headers["Link"] = f'<{found.next_url}>; rel="next"'
    return answer


@dataclass(frozen=True)
class Found:
    """A page of the list."""

    projects: tuple[FeedProject, ...]
    asked: Asked
    title: str
    now: datetime
    next_url: str | None


def _find(ctx: Context, kind: str) -> Found:
    language, now = page_language().tag, ctx.now()
    choices = current_choices(ctx)
    cities = [city.slug for city in choices.cities]
    asked = read_filters(request.args, cities, rome_day(now))
    page = find_projects(ctx, asked.filters, language, asked.after, PROJECTS[kind])
    return Found(
        feed_projects(ctx, [card.slug for card in page.cards], language),
        asked,
        _list_title(asked, choices),
        now,
        page.next and _own_url("projects", kind=kind, **asked.query, after=page.next),
    )


@bp.get("/projects/<slug>.<any(atom, ics, json):kind>")
@public
def project(slug: str, kind: str) -> Response:
    if not is_slug(slug):
        raise NotFound
    with reading() as ctx:
        found = feed_project(ctx, slug, page_language().tag)
        now = ctx.now()
    answer = _PROJECTS[kind](found, now)
    if kind != "json":  # which also says how many places are free
        # Nothing else changes it but the day, at whose end the dates that are over leave it.
        answer.last_modified = max(found.changed_at, rome_day_bounds(rome_day(now))[0])
    return answer


@bp.get("/associations/<slug>.json")
@public
def association(slug: str) -> Response:
    if not is_slug(slug):
        raise NotFound
    with reading() as ctx:
        found = public_association(ctx, slug)
    return _answer(linked.association_document(found, _addresses()), linked.CONTENT_TYPE)


def _answer(body: bytes, content_type: str) -> Response:
    return Response(body, content_type=content_type)


def _public_url() -> str:
    settings: Settings = current_app.extensions["civic_settings"]
    return settings.public_url.rstrip("/")


def _page_url(endpoint: str, **arguments: object) -> str:
    return _public_url() + url_for(f"catalogue.{endpoint}", **arguments)  # type: ignore[arg-type]  # text and numbers


def _own_url(endpoint: str, **arguments: object) -> str:
    return _public_url() + url_for(f"catalogue_feeds.{endpoint}", **arguments)  # type: ignore[arg-type]  # as above


def _site() -> calendars.Site:
    host = urlsplit(_public_url()).hostname or "civic"
    return calendars.Site(host, lambda slug: _page_url("project", slug=slug))


def _addresses() -> linked.Addresses:
    return linked.Addresses(
        project=lambda slug: _page_url("project", slug=slug),
        association=lambda slug: (
            _public_url() + url_for("tenancy_associations.association", slug=slug)
        ),
        # One name in all languages for what is one thing.
        association_name=lambda slug: _own_url("association", slug=slug, lang=DEFAULT.tag),
    )


def _list_title(asked: Asked, choices: Choices) -> str:
    """With what it was narrowed to, since somebody may read several."""
    return " – ".join([_("Civic: projects"), *(chip.label for chip in chips(asked, choices))])


def _list_calendar(found: Found) -> Response:
    notes = list(found.asked.notes)
    if found.next_url:
        notes.append(
            _(
                "These are the %(number)s projects with the nearest dates."
                " Choose an area or a place to see all that there is.",
                number=PROJECTS["ics"],
            )
        )
    body = calendars.write_calendar(found.projects, _site(), found.title, " ".join(notes))
    return _answer(body, calendars.CONTENT_TYPE)


def _list_news(found: Found) -> Response:
    today = rome_day_bounds(rome_day(found.now))[0]
    feed = Feed(
        title=Words(found.title, page_language().tag),
        subtitle=" ".join(found.asked.notes),
        url=_page_url("project_list", **found.asked.query),
        own_url=_public_url() + request.full_path.rstrip("?"),
        next_url=found.next_url,
        updated_at=max((each.changed_at for each in found.projects), default=today),
        entries=[_project_entry(each, found.now) for each in found.projects],
    )
    return _answer(atom.write_feed(feed), atom.CONTENT_TYPE)


def _list_data(found: Found) -> Response:
    feed = {
        "@id": _page_url("project_list", **found.asked.query),
        "name": found.title,
        "inLanguage": page_language().tag,
    }
    if found.asked.notes:
        feed["description"] = " ".join(found.asked.notes)
    body = linked.list_document(found.projects, found.now, _addresses(), feed)
    return _answer(body, linked.CONTENT_TYPE)


def _project_entry(project: FeedProject, now: datetime) -> Entry:
    dates = [session for session in project.to_come(now) if not session.is_cancelled]
    facts = [project.municipality_name]
    if dates:
        first = dates[0]
        facts = [local_datetime(first.starts_at), *facts, first.meeting_point]
    return Entry(
        id=project.id,
        title=Words(project.title, project.text_language),
        url=_page_url("project", slug=project.slug),
        author=project.association_name,
        category=area_name(project.area),
        published_at=project.published_at,
        updated_at=project.changed_at,
        content=[
            Words("\n".join(facts), page_language().tag),
            Words(project.what_you_do, project.text_language),
        ],
    )


def _project_calendar(project: FeedProject, _now: datetime) -> Response:
    body = calendars.write_calendar([project], _site(), project.title)
    return _answer(body, calendars.CONTENT_TYPE)


def _project_news(project: FeedProject, now: datetime) -> Response:
    feed = Feed(
        title=Words(project.title, project.text_language),
        subtitle="",
        url=_page_url("project", slug=project.slug),
        own_url=_own_url("project", slug=project.slug, kind="atom"),
        next_url=None,
        updated_at=project.changed_at,
        entries=[_session_entry(project, session) for session in project.to_come(now)],
    )
    return _answer(atom.write_feed(feed), atom.CONTENT_TYPE)


def _session_entry(project: FeedProject, session: Occurrence) -> Entry:
    day, span = local_day(session.starts_at), local_span(session.starts_at, session.ends_at)
    when = _("%(day)s, %(span)s", day=day, span=span)
    title = _("Cancelled: %(when)s", when=when) if session.is_cancelled else when
    language = page_language().tag
    return Entry(
        id=session.id,
        title=Words(title, language),
        url=_page_url("project", slug=project.slug),
        author=project.association_name,
        category=area_name(project.area),
        published_at=project.published_at,
        updated_at=project.changed_at,
        content=[
            Words(title, language),
            Words(session.meeting_point, language),
            Words(project.title, project.text_language),
        ],
    )


def _project_data(project: FeedProject, now: datetime) -> Response:
    body = linked.project_document(project, now, _addresses())
    return _answer(body, linked.CONTENT_TYPE)


_LISTS = {"atom": _list_news, "ics": _list_calendar, "json": _list_data}
_PROJECTS = {"atom": _project_news, "ics": _project_calendar, "json": _project_data}
