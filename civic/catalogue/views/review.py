"""An officer's decisions on submitted projects."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts.queries import names
from civic.catalogue.forms.fields import show_refusal
from civic.catalogue.forms.reviews import SendBackForm
from civic.catalogue.operations import reviews as operations
from civic.catalogue.policy import REVIEW
from civic.catalogue.queries.desks import draft_for, submitted_projects
from civic.catalogue.queries.projects import project_shown
from civic.catalogue.queries.sessions import sessions_of
from civic.catalogue.rules import Cursor, ProjectState
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict, NotFound
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work

bp = Blueprint("catalogue_review", __name__, url_prefix="/<lang>/city/projects")


@bp.get("")
@requires(REVIEW)
def queue() -> ResponseReturnValue:
    after = Cursor.decode(request.args.get("after", ""))
    with reading() as ctx:
        page = submitted_projects(ctx, page_language().tag, after)
        today = rome_day(ctx.now())
    waiting = {
        row.id: (today - rome_day(row.submitted_at)).days for row in page.rows if row.submitted_at
    }
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
        author = names(ctx, [draft.created_by]).get(draft.created_by, "")
        now = ctx.now()
    return render_template(
        "catalogue/review/project.html",
        draft=draft,
        page=page,
        sessions=[session for session in reversed(sessions) if session.ends_at > now],
        author=author,
        form=form,
    )
