"""Who lives where, and one stay with all that hangs on it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations import moving, reading_stays
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.stay_page import open_follow_ups
from civic.housing.queries.stays import stays_overview, who_lives_where
from civic.housing.rules.placing import Outcome
from civic.housing.stay_forms import FollowUpForm
from civic.housing.views.blueprint import bp, own_city
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.policy import Role
from civic.web.errors import status_of
from civic.web.fields import clean_line, show_refusal
from civic.web.guard import requires
from civic.web.transaction import bindings, reading, unit_of_work
from civic.web.words import say

LONGEST_SEARCH = 80
MOST_PAGES = 1000


@bp.get("/housing/stays")
@requires(WORK_ON_HOUSING)
def stays() -> ResponseReturnValue:
    with reading() as ctx:
        overview = stays_overview(ctx, own_city(Role.HOUSING_OFFICER))
    return render_template("housing/stays.html", overview=overview)


@bp.get("/housing/stays/all")
@requires(WORK_ON_HOUSING)
def all_stays() -> ResponseReturnValue:
    unit_name = clean_line(request.args.get("dwelling", ""))[:LONGEST_SEARCH]
    page = min(max(request.args.get("page", 0, int), 0), MOST_PAGES)
    with reading() as ctx:
        rows, goes_on = who_lives_where(ctx, own_city(Role.HOUSING_OFFICER), unit_name, page)
    return render_template(
        "housing/all_stays.html", rows=rows, goes_on=goes_on, page=page, dwelling=unit_name
    )


@bp.get("/housing/stays/<uuid:placement_id>")
@requires(WORK_ON_HOUSING)
def stay(placement_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        page = reading_stays.read_stay(ctx, placement_id)
    return render_template("housing/stay.html", page=page)


@bp.post("/housing/stays/<uuid:placement_id>/cancel")
@requires(WORK_ON_HOUSING)
def cancel_stay(placement_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            moving.cancel_stay(ctx, placement_id)
        flash(_("The stay is cancelled, and the beds are free. They wait again."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("housing.stay", placement_id=placement_id))


@bp.get("/housing/follow-ups")
@requires(WORK_ON_HOUSING)
def follow_ups() -> ResponseReturnValue:
    with reading() as ctx:
        rows = open_follow_ups(ctx, own_city(Role.HOUSING_OFFICER))
    return render_template("housing/follow_ups.html", rows=rows)


@bp.route(
    "/housing/stays/<uuid:placement_id>/follow-ups/<uuid:stay_follow_up_id>",
    methods=["GET", "POST"],
)
@requires(WORK_ON_HOUSING)
def follow_up(placement_id: UUID, stay_follow_up_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        page = reading_stays.read_stay(ctx, placement_id)
    asked = reading_stays.follow_up_of(page, stay_follow_up_id)
    form = FollowUpForm(day=rome_day(bindings().database.clock.now()))
    form.offer()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate() and form.day.data is not None:
            try:
                with unit_of_work() as ctx:
                    found = Outcome(form.found.data)
                    moving.record_follow_up(ctx, stay_follow_up_id, found, form.day.data)
                flash(_("Thank you. It is written down."), "success")
                return redirect(url_for("housing.follow_ups"))
            except (Invalid, Conflict) as refusal:
                show_refusal(form, refusal)
                status = status_of(refusal)
    return render_template("housing/follow_up.html", page=page, asked=asked, form=form), status
