"""An organiser's work on the sessions of a project."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.catalogue.forms.fields import show_refusal
from civic.catalogue.forms.sessions import NewSessionForm, SessionForm
from civic.catalogue.operations import sessions as operations
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import project_shown
from civic.catalogue.queries.sessions import session_for, sessions_of
from civic.kernel.errors import Conflict, Invalid
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

bp = Blueprint("catalogue_dates", __name__, url_prefix="/<lang>/organise")


@bp.route("/projects/<uuid:project_id>/sessions/new", methods=["GET", "POST"])
@requires(ORGANISE)
def new(project_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        page = project_shown(ctx, project_id, ORGANISE, page_language().tag)
        there = sessions_of(ctx, project_id, page_language().tag)
    form = NewSessionForm()
    if request.method == "GET" and there:
        # Most sessions meet where the last one did.
        form.meeting_point.data, form.places.data = there[0].meeting_point, there[0].places
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                added = operations.add_sessions(ctx, project_id, form.plans())
            said = ngettext("%(num)d session added.", "%(num)d sessions added.", len(added))
            flash(said, "success")
            return redirect(url_for("catalogue_organise.project", project_id=project_id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    status = _status(form)
    return render_template("catalogue/organise/new_session.html", form=form, page=page), status


@bp.route("/sessions/<uuid:session_id>/edit", methods=["GET", "POST"])
@requires(ORGANISE)
def edit(session_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        facts = session_for(ctx, session_id, ORGANISE)
    form = SessionForm.of(facts)
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                operations.change_session(ctx, session_id, form.plan())
            flash(_("The session is changed. Those who booked are told."), "success")
            return redirect(url_for("catalogue_organise.project", project_id=facts.project_id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    status = _status(form)
    return render_template("catalogue/organise/edit_session.html", form=form, facts=facts), status


@bp.post("/sessions/<uuid:session_id>/cancel")
@requires(ORGANISE)
def cancel(session_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        facts = session_for(ctx, session_id, ORGANISE)
    try:
        with unit_of_work() as ctx:
            operations.cancel_session(ctx, session_id)
        flash(_("The session is cancelled. Those who booked are told."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("catalogue_organise.project", project_id=facts.project_id))


def _status(form: SessionForm) -> int:
    return 422 if form.errors or form.form_errors else 200
