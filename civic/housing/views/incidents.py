"""What happened in a dwelling: for who works on it, and nobody else."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations import incidents as operations
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.stay_forms import DoneForm, IncidentForm
from civic.housing.views.blueprint import bp
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import bindings, unit_of_work

ADDRESS = "/housing/units/<uuid:unit_id>/incidents"


@bp.route(ADDRESS, methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def incidents(unit_id: UUID) -> ResponseReturnValue:
    """`?stay=` names whom a new one is about."""
    with unit_of_work() as ctx:
        page = operations.read_incidents(ctx, unit_id)
    about = request.args.get("stay", "")
    form = IncidentForm(day=rome_day(bindings().database.clock.now()), stay=about)
    form.offer(page.stays)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with unit_of_work() as ctx:
                    operations.write_incident(ctx, form.to_incident(unit_id))
                flash(_("It is written down. Only who works on this dwelling reads it."), "success")
                return redirect(url_for("housing.incidents", unit_id=unit_id))
            except (Invalid, Conflict) as refusal:
                show_refusal(form, refusal)
                status = status_of(refusal)
    return render_template("housing/incidents.html", page=page, form=form), status


@bp.route(f"{ADDRESS}/<uuid:incident_id>", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def incident(unit_id: UUID, incident_id: UUID) -> ResponseReturnValue:
    """What was done is added to, as things go on."""
    with unit_of_work() as ctx:
        page = operations.read_incidents(ctx, unit_id)
    found = next((each for each in page.incidents if each.id == incident_id), None)
    if found is None:
        raise NotFound
    form = DoneForm(done=found.done)
    if request.method == "GET":
        return render_template("housing/incident.html", page=page, incident=found, form=form)
    if not form.validate():
        return render_template("housing/incident.html", page=page, incident=found, form=form), 422
    with unit_of_work() as ctx:
        operations.write_what_was_done(ctx, incident_id, form.done.data or "")
    return redirect(url_for("housing.incidents", unit_id=unit_id))
