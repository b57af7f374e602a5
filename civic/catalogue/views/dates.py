"""An organiser's work on the sessions of a project."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.catalogue.forms.sessions import EditSessionForm, NewSessionForm, SessionForm
from civic.catalogue.operations import series
from civic.catalogue.operations import sessions as operations
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import project_shown
from civic.catalogue.queries.series import repetition_of
from civic.catalogue.queries.sessions import session_for, sessions_of
from civic.catalogue.rhythm import Scope
from civic.catalogue.views.series import check_dates
from civic.catalogue.words import rhythm_words
from civic.kernel.errors import Conflict, Invalid
from civic.web.fields import show_refusal
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
    # On the way back from the second step nothing is wrong: there is only more to choose.
    if request.form.get("step") != "change" and form.validate_on_submit():
        try:
            if form.repeats:
                return check_dates(form, page)
            with unit_of_work() as ctx:
                operations.add_session(ctx, project_id, form.plan())
            flash(ngettext("%(num)d session added.", "%(num)d sessions added.", 1), "success")
            return redirect(url_for("catalogue_organise.project", project_id=project_id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    return render_template(
        "catalogue/organise/new_session.html",
        form=form,
        page=page,
        ticked=request.form.getlist("days"),
        known=request.form.get("known", ""),
    ), _status(form)


@bp.route("/sessions/<uuid:session_id>/edit", methods=["GET", "POST"])
@requires(ORGANISE)
def edit(session_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        facts = session_for(ctx, session_id, ORGANISE)
        repetition = repetition_of(ctx, facts)
    form = EditSessionForm.of(facts)
    form.offer(repetition)
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                changed = series.change_series(ctx, session_id, form.meant, form.plan())
            flash(_changed(changed), "success")
            return redirect(url_for("catalogue_organise.project", project_id=facts.project_id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    return render_template(
        "catalogue/organise/edit_session.html",
        form=form,
        facts=facts,
        repetition=repetition,
        said=rhythm_words(repetition.rhythm) if repetition else "",
    ), _status(form)


def _changed(number: int) -> str:
    if not number:
        return str(_("Nothing was changed."))
    return str(
        ngettext(
            "The session is changed. Those who booked are told.",
            "%(num)d sessions are changed. Those who booked are told.",
            number,
        )
    )


@bp.post("/sessions/<uuid:session_id>/cancel")
@requires(ORGANISE)
def cancel(session_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        facts = session_for(ctx, session_id, ORGANISE)
    try:
        with unit_of_work() as ctx:
            cancelled = series.cancel_series(ctx, session_id, _meant())
        flash(_cancelled(cancelled), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("catalogue_organise.project", project_id=facts.project_id))


def _meant() -> Scope:
    wanted = request.form.get("scope", "")
    return Scope(wanted) if wanted in set(Scope) else Scope.ONE


def _cancelled(number: int) -> str:
    if not number:
        return str(_("It was cancelled already."))
    return str(
        ngettext(
            "The session is cancelled. Those who booked are told.",
            "%(num)d sessions are cancelled. Those who booked are told.",
            number,
        )
    )


def _status(form: SessionForm) -> int:
    return 422 if form.errors or form.form_errors else 200
