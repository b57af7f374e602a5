"""Versions of a plan: frozen by the case worker, signed by both."""

from pathlib import Path
from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.kernel.files import FileStore
from civic.plans.operations import versions
from civic.plans.paper import sides, typeset_plan
from civic.plans.policy import READ_OWN_PLAN, WORK_ON_PLANS
from civic.plans.queries.versions import own_version, version_for
from civic.plans.views.blueprint import bp
from civic.settings import Settings
from civic.signatures.forms import PersonSignsForm, SetAsideForm
from civic.signatures.handing import (
    Handing,
    hand_over_page,
    pdf_answer,
    send_signing_code,
    take_signature,
)
from civic.signatures.keeping import COPIES, pdf_of
from civic.signatures.queries import Document, ways_to_sign
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say


@bp.get("/plans/<uuid:plan_id>/versions")
@requires(WORK_ON_PLANS)
def versions_of_plan(plan_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        found = versions.read_versions(ctx, plan_id)
    return render_template("plans/versions.html", found=found, page=found.page)


@bp.post("/plans/<uuid:plan_id>/versions")
@requires(WORK_ON_PLANS)
def freeze_version(plan_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            version_id = versions.freeze_version(ctx, plan_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("plans.versions_of_plan", plan_id=plan_id))
    return redirect(url_for("plans.version", plan_id=plan_id, version_id=version_id))


@bp.get("/plans/<uuid:plan_id>/versions/<uuid:version_id>")
@requires(WORK_ON_PLANS)
def version(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    return _version_page(plan_id, version_id, SetAsideForm(formdata=None))


@bp.post("/plans/<uuid:plan_id>/versions/<uuid:version_id>/sign")
@requires(WORK_ON_PLANS)
def sign_for_service(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            versions.sign_for_service(ctx, plan_id, version_id)
        flash(_("You have signed."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("plans.version", plan_id=plan_id, version_id=version_id))


@bp.post("/plans/<uuid:plan_id>/versions/<uuid:version_id>/set-aside")
@requires(WORK_ON_PLANS)
def set_version_aside(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    form = SetAsideForm()
    if not form.validate():
        return _version_page(plan_id, version_id, form), 422
    try:
        with unit_of_work() as ctx:
            versions.set_version_aside(ctx, plan_id, version_id, form.reason.data or "")
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _version_page(plan_id, version_id, form), status_of(refusal)
    return redirect(url_for("plans.versions_of_plan", plan_id=plan_id))


@bp.get("/plans/<uuid:plan_id>/versions/<uuid:version_id>/plan.pdf")
@requires(WORK_ON_PLANS)
def version_pdf(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        _plan, found = versions.read_version(ctx, plan_id, version_id)
        return _pdf(ctx, found)


# In front of the case worker


@bp.route("/plans/<uuid:plan_id>/versions/<uuid:version_id>/hand-over", methods=["GET", "POST"])
@requires(WORK_ON_PLANS)
def hand_over_version(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        plan, _found = versions.read_version(ctx, plan_id, version_id)
    return hand_over_page(
        Handing(
            plan.person_id,
            to=f"/plans/{plan_id}/versions/{version_id}/person",
            back_url=url_for("plans.version", plan_id=plan_id, version_id=version_id),
            back_label=_("Version to sign"),
            lead=_("The next page shows what the plan says, in their language, and where to sign."),
            open_words=_("Open the page to sign"),
        )
    )


@bp.get("/plans/<uuid:plan_id>/versions/<uuid:version_id>/person")
@requires(WORK_ON_PLANS)
def person_signs(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    return _signing_page(plan_id, version_id, PersonSignsForm(formdata=None))


@bp.post("/plans/<uuid:plan_id>/versions/<uuid:version_id>/person")
@requires(WORK_ON_PLANS)
def sign_in_person(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    def signed(ctx: Context, document: Document, _is_complete: bool) -> None:
        versions.record_signed_in_person(ctx, plan_id, document)

    return take_signature(
        lambda ctx: version_for(ctx, plan_id, version_id)[1],
        signed,
        lambda form: _signing_page(plan_id, version_id, form),
    )


@bp.post("/plans/<uuid:plan_id>/versions/<uuid:version_id>/person/code")
@requires(WORK_ON_PLANS)
def send_code(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    return send_signing_code(
        lambda ctx: version_for(ctx, plan_id, version_id)[1],
        url_for("plans.person_signs", plan_id=plan_id, version_id=version_id),
    )


# On the person's own phone


@bp.get("/me/plan/versions/<uuid:version_id>")
@requires(READ_OWN_PLAN)
def own_version_page(version_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        plan, found = own_version(ctx, version_id, closed_too=True)
    return render_template("plans/own_version.html", plan=plan, version=found, sides=sides(found))


@bp.post("/me/plan/versions/<uuid:version_id>/sign")
@requires(READ_OWN_PLAN)
def sign_own_version(version_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            versions.sign_own(ctx, version_id)
        flash(_("You have signed. The plan is yours to keep."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("plans.own_version_page", version_id=version_id))


@bp.get("/me/plan/versions/<uuid:version_id>/plan.pdf")
@requires(READ_OWN_PLAN)
def own_version_pdf(version_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        _plan, found = own_version(ctx, version_id, closed_too=True)
        return _pdf(ctx, found)


def _pdf(ctx: Context, version: Document) -> Response:
    settings: Settings = current_app.extensions["civic_settings"]
    store = FileStore(Path(settings.files, COPIES))
    pdf = pdf_of(ctx, store, version, typeset_plan)
    return pdf_answer(pdf, f"plan-{version.number}.pdf")


def _version_page(plan_id: UUID, version_id: UUID, form: SetAsideForm) -> str:
    with unit_of_work() as ctx:
        plan, found = versions.read_version(ctx, plan_id, version_id)
    return render_template(
        "plans/version.html", plan=plan, version=found, sides=sides(found), form=form
    )


def _signing_page(plan_id: UUID, version_id: UUID, form: PersonSignsForm) -> str:
    with unit_of_work() as ctx:
        plan, found = versions.read_version(ctx, plan_id, version_id)
        ways = ways_to_sign(ctx, plan.person_id)
    return render_template(
        "plans/person_signs.html",
        plan=plan,
        version=found,
        sides=sides(found),
        ways=ways,
        form=form,
    )
