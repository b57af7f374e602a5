"""An officer's decisions on submitted projects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts.queries import names
from civic.catalogue.comparing import Changes, Date
from civic.catalogue.forms.reviews import SendBackForm
from civic.catalogue.operations import reviews as operations
from civic.catalogue.policy import REVIEW
from civic.catalogue.queries.desks import draft_for, submitted_projects
from civic.catalogue.queries.projects import project_shown
from civic.catalogue.queries.sessions import sessions_of
from civic.catalogue.queries.versions import latest_version
from civic.catalogue.rules import Cursor, ProjectState, RequirementKind
from civic.catalogue.words import area_name, skill_name
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict, NotFound
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import local_date, local_span, shown_language

bp = Blueprint("catalogue_review", __name__, url_prefix="/<lang>/city/projects")


@bp.get("")
@requires(REVIEW)
def queue() -> ResponseReturnValue:
    after = Cursor.decode(request.args.get("after", ""))
    with reading() as ctx:
        page = submitted_projects(ctx, page_language().tag, after)
        now = ctx.now()
    waiting = {row.id: _days_since(row.submitted_at, now) for row in page.rows}
    return render_template("catalogue/review/queue.html", page=page, waiting=waiting)


@bp.get("/<uuid:project_id>")
@requires(REVIEW)
def project(project_id: UUID) -> ResponseReturnValue:
    return _show(project_id, SendBackForm()), 200


@bp.post("/<uuid:project_id>/approve")
@requires(REVIEW)
def approve(project_id: UUID) -> ResponseReturnValue:
    form = SendBackForm(formdata=None)
    try:
        with unit_of_work() as ctx:
            operations.publish_project(ctx, project_id)
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _show(project_id, form), 409
    flash(_("The project is published."), "success")
    return redirect(url_for("catalogue_review.queue"))


@bp.post("/<uuid:project_id>/send-back")
@requires(REVIEW)
def send_back(project_id: UUID) -> ResponseReturnValue:
    form = SendBackForm()
    if not form.validate():
        return _show(project_id, form), 422
    try:
        with unit_of_work() as ctx:
            operations.send_back_project(ctx, project_id, form.reason.data or "")
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _show(project_id, form), 409
    flash(_("The project went back to the association with your reason."), "success")
    return redirect(url_for("catalogue_review.queue"))


def _show(project_id: UUID, form: SendBackForm) -> str:
    language = page_language().tag
    with reading() as ctx:
        draft = draft_for(ctx, project_id, REVIEW)
        if draft.state is ProjectState.DRAFT:
            # Not handed over yet: it is still the association's own.
            raise NotFound
        page = project_shown(ctx, project_id, REVIEW, language)
        sessions = sessions_of(ctx, project_id, language)
        version = latest_version(ctx, project_id)
        sender_id = version.submitted_by if version else draft.created_by
        sender = names(ctx, [sender_id]).get(sender_id, "")
        now = ctx.now()
    return render_template(
        "catalogue/review/project.html",
        draft=draft,
        page=page,
        sessions=[session for session in reversed(sessions) if session.ends_at > now],
        author=sender,
        form=form,
        version=version,
        changed_facts=_changed_facts(version.changes) if version and version.changes else [],
        field_label=_field_label,
        waits=_days_since(draft.submitted_at, now),
    )


@dataclass(frozen=True)
class FactRow:
    """A fact before and now, in words; each side a list, because some facts hold several."""

    label: str
    old: list[str]
    new: list[str]


def _changed_facts(changes: Changes) -> list[FactRow]:
    rows = [
        FactRow(_field_label(each.field), _said(each.field, each.old), _said(each.field, each.new))
        for each in changes.facts
    ]
    if changes.dates_gone or changes.dates_new:
        gone = [_said_date(date) for date in changes.dates_gone]
        rows.append(FactRow(_("Dates"), gone, [_said_date(date) for date in changes.dates_new]))
    return rows


def _field_label(name: str) -> str:
    labels = {
        "title": _("Title"),
        "what_you_do": _("What you do there"),
        "what_to_bring": _("What to bring"),
        "area": _("Area"),
        "languages": _("Languages spoken there"),
        "minimum_age": _("Minimum age"),
        "skills": _("Skills people learn"),
        "requirements": _("What people must show before they join"),
        "district": _("District"),
        "place": _("Place on the map"),
        "is_wheelchair_accessible": _("One can come in a wheelchair"),
        "needs_no_italian": _("One needs no Italian"),
        "is_occasional": _("People help now and then only"),
        "needs_approval": _("Each person needs our yes before they join"),
    }
    return str(labels[name])


def _said(name: str, value: Any) -> list[str]:
    """A stored fact in the reader's words; nothing at all where there was nothing."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return [_("Yes") if value else _("No")]
    if name == "area":
        return [area_name(value)]
    if name == "languages":
        return [shown_language(tag) for tag in value]
    if name == "skills":
        return [skill_name(skill) for skill in value]
    if name == "requirements":
        return [skill_name(code) if kind == RequirementKind.SKILL else code for kind, code in value]
    if name == "place":
        return [", ".join(str(degrees) for degrees in value)]
    return [str(value)]


def _said_date(date: Date) -> str:
    return _(
        "%(day)s, %(hours)s, %(place)s, places: %(places)s",
        day=local_date(date.starts_at),
        hours=local_span(date.starts_at, date.ends_at),
        place=date.meeting_point,
        places=date.places,
    )


def _days_since(instant: datetime | None, now: datetime) -> int:
    return (rome_day(now) - rome_day(instant)).days if instant else 0
