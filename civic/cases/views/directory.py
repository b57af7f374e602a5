"""Where to go for help: for everybody, and for the officers who keep it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.directory_forms import ServiceForm
from civic.cases.operations import directory as keeping
from civic.cases.policy import KEEP_SERVICES
from civic.cases.queries.directory import Wanted, service_for, services, services_kept
from civic.cases.rules import REASON_NAMES, Reason
from civic.kernel.policy import Role, city_of
from civic.tenancy.queries.standings import municipalities
from civic.web.guard import public, requires
from civic.web.locale import page_language
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import language_choices

bp = Blueprint("cases_directory", __name__, url_prefix="/<lang>")


@bp.get("/services")
@public
def directory() -> ResponseReturnValue:
    """Filters in the address; what is not known is left out."""
    reason = request.args.get("reason", "")
    with reading() as ctx:
        cities = municipalities(ctx)
        city = next((each for each in cities if each.slug == request.args.get("city", "")), None)
        rows = services(
            ctx,
            Wanted(
                city_id=city.id if city else None,
                language=request.args.get("language", "")[:12],
                reason=Reason(reason) if reason in set(Reason) else None,
                open_now=request.args.get("open") == "now",
            ),
        )
    return render_template(
        "cases/services.html",
        rows=rows,
        city_choices=[(each.slug, each.name) for each in cities],
        reasons=[(each.value, _(name)) for each, name in REASON_NAMES.items()],
        languages=language_choices(),
        asked=request.args,
        reader=page_language().tag,
    )


@bp.get("/city/services")
@requires(KEEP_SERVICES)
def kept() -> ResponseReturnValue:
    with reading() as ctx:
        rows = services_kept(ctx, _city())
    return render_template("cases/services_kept.html", rows=rows)


@bp.route("/city/services/new", methods=["GET", "POST"])
@requires(KEEP_SERVICES)
def new() -> ResponseReturnValue:
    form = ServiceForm(data={"closed_on_holidays": True})
    form.offer()
    if not form.validate_on_submit():
        return _form_page(form)
    with unit_of_work() as ctx:
        keeping.add_service(ctx, _city(), form.to_facts())
    flash(_("The service is in the directory."), "success")
    return redirect(url_for("cases_directory.kept"))


@bp.route("/city/services/<uuid:service_id>", methods=["GET", "POST"])
@requires(KEEP_SERVICES)
def change(service_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        row = service_for(ctx, service_id)
    form = ServiceForm.holding(row)
    form.offer()
    if not form.validate_on_submit():
        return _form_page(form)
    with unit_of_work() as ctx:
        keeping.change_service(ctx, service_id, form.to_facts())
    flash(_("Your changes are kept."), "success")
    return redirect(url_for("cases_directory.kept"))


@bp.post("/city/services/<uuid:service_id>/<any(show,hide):what>")
@requires(KEEP_SERVICES)
def show(service_id: UUID, what: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        keeping.show_service(ctx, service_id, is_public=what == "show")
    return redirect(url_for("cases_directory.kept"))


def _city() -> UUID:
    return city_of(actor(), Role.OFFICER, request.values.get("city", ""))


def _form_page(form: ServiceForm) -> ResponseReturnValue:
    page = render_template("cases/service_form.html", form=form)
    return page, 422 if form.is_submitted() else 200
