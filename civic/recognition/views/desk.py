"""The association's side: who was told, whose path is where."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.recognition.forms import InformationForm
from civic.recognition.operations import informing, paths
from civic.recognition.policy import TUTOR
from civic.recognition.queries.gate import Body, body_for, own_bodies
from civic.recognition.queries.paths import paths_of_bodies
from civic.recognition.queries.people import participants
from civic.recognition.views.blueprint import bp
from civic.tenancy.queries.standings import association_names, city_names
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say


@bp.get("/organise/recognition")
@requires(TUTOR)
def desk() -> ResponseReturnValue:
    with reading() as ctx:
        bodies = own_bodies(ctx)
        rows = paths_of_bodies(ctx, bodies)
        places = _places(ctx, bodies)
    return render_template("recognition/desk.html", rows=rows, places=places)


@bp.route(
    "/organise/recognition/<uuid:municipality_id>/<uuid:association_id>", methods=["GET", "POST"]
)
@requires(TUTOR)
def information(municipality_id: UUID, association_id: UUID) -> ResponseReturnValue:
    """Who takes part with the association, who of them was told, and telling the others."""
    with reading() as ctx:
        body = body_for(ctx, association_id, municipality_id)
        people = participants(ctx, body)
        ((_body, name),) = _places(ctx, [body])
        today = rome_day(ctx.now())
    form = InformationForm()
    form.offer(people, page_language().tag, today)

    def page(status: int = 200) -> ResponseReturnValue:
        shown = render_template(
            "recognition/information.html", form=form, people=people, body=body, name=name
        )
        return shown, status

    if request.method == "GET":
        return page()
    if not form.validate():
        return page(422)
    try:
        with unit_of_work() as ctx:
            number = informing.record_information(ctx, body, form.to_told())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return page(status_of(refusal))
    flash(ngettext("%(num)d person was told.", "%(num)d people were told.", number), "success")
    return redirect(request.path)


@bp.post("/organise/recognition/<uuid:municipality_id>/<uuid:association_id>/<uuid:person_id>/path")
@requires(TUTOR)
def open_path(municipality_id: UUID, association_id: UUID, person_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            path_id = paths.open_path(ctx, Body(association_id, municipality_id), person_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("recognition.desk"))
    flash(_("The path is open. Write the project together."), "success")
    return redirect(url_for("recognition.path", path_id=path_id))


def _places(ctx: Context, bodies: list[Body]) -> list[tuple[Body, str]]:
    names = association_names(ctx, {body.association_id for body in bodies})
    cities = city_names(ctx, {body.municipality_id for body in bodies})
    return [
        (body, f"{names.get(body.association_id, '')} ({cities.get(body.municipality_id, '')})")
        for body in bodies
    ]
