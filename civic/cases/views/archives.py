"""A copy of one's own file: asked for and taken on the person's page, released by the case lead."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.archive_paper import archive_zip
from civic.cases.errors import NotAsked
from civic.cases.keeping_forms import ReleaseForm
from civic.cases.operations.archives import (
    ask_archive,
    look_at_release,
    own_requests,
    release_archive,
    take_archive,
    waiting_archives,
)
from civic.cases.policy import READ_OWN_CASE, WORK_ON_CASES
from civic.cases.views.blueprint import bp, own_city
from civic.cases.views.papers import papers
from civic.kernel.errors import NotFound
from civic.tenancy.queries import standings as tenancy
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work


@bp.get("/me/case/archive")
@requires(READ_OWN_CASE)
def own_archive() -> ResponseReturnValue:
    _not_by_pin()
    with reading() as ctx:
        rows = own_requests(ctx)
        cities = tenancy.city_names(ctx, {row.municipality_id for row in rows})
    return render_template("cases/own_archive.html", rows=rows, cities=cities)


@bp.post("/me/case/<uuid:case_id>/archive")
@requires(READ_OWN_CASE)
def ask_own_archive(case_id: UUID) -> ResponseReturnValue:
    _not_by_pin()
    with unit_of_work() as ctx:
        ask_archive(ctx, case_id)
    flash(
        _("We have your request. Come back here: when it is ready, you find it on this page."),
        "success",
    )
    return redirect(url_for("cases.own_archive"))


@bp.get("/me/case/<uuid:case_id>/archive.zip")
@requires(READ_OWN_CASE)
def take_own_archive(case_id: UUID) -> ResponseReturnValue:
    """Written into the trail before it is made: whoever breaks it off has still taken it."""
    _not_by_pin()
    with unit_of_work() as ctx:
        archive = take_archive(ctx, papers(), case_id)
        made_at = ctx.now()
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{archive.reference}.zip"',
    }
    return archive_zip(archive, made_at), 200, headers


@bp.get("/cases/archives")
@requires(WORK_ON_CASES)
def archive_list() -> ResponseReturnValue:
    with reading() as ctx:
        rows = waiting_archives(ctx, own_city())
    return render_template("cases/archives.html", rows=rows)


@bp.get("/cases/<uuid:case_id>/archive")
@requires(WORK_ON_CASES)
def look_at_archive(case_id: UUID) -> ResponseReturnValue:
    return _looking(case_id, ReleaseForm(formdata=None))


@bp.post("/cases/<uuid:case_id>/archive")
@requires(WORK_ON_CASES)
def release(case_id: UUID) -> ResponseReturnValue:
    form = ReleaseForm()
    if not form.validate():
        return _looking(case_id, form), 422
    try:
        with unit_of_work() as ctx:
            release_archive(ctx, case_id, form.names.data or "")
    except NotAsked as refusal:
        show_refusal(form, refusal)
        return _looking(case_id, form), 409
    flash(_("The person can take their copy now, for two weeks, on their own page."), "success")
    return redirect(url_for("cases.archive_list"))


def _looking(case_id: UUID, form: ReleaseForm) -> str:
    with unit_of_work() as ctx:
        found = look_at_release(ctx, case_id)
    return render_template("cases/release.html", found=found, case=found.case, form=form)


def _not_by_pin() -> None:
    """A card and six digits, perhaps at a screen in a hall, never open a case."""
    if actor().by_pin:
        raise NotFound
