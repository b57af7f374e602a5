"""People to call: they had a place, and nobody saw them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.forms import FollowUpForm
from civic.attendance.operations.no_shows import follow_up
from civic.attendance.policy import FOLLOW_UP
from civic.attendance.queries.no_shows import call_page, people_to_call
from civic.audit import operations as audit
from civic.kernel.policy import Role, city_of
from civic.web.guard import requires
from civic.web.transaction import actor, unit_of_work

bp = Blueprint("attendance_no_shows", __name__, url_prefix="/<lang>/city/no-shows")


@bp.get("")
@requires(FOLLOW_UP)
def no_shows() -> ResponseReturnValue:
    """Names are read here, so it is recorded: a change, and not only a page."""
    city_id = city_of(actor(), Role.OFFICER, request.args.get("city", ""))
    with unit_of_work() as ctx:
        people = people_to_call(ctx, city_id)
        audit.record(ctx, city_id, "no_shows.read", details={"people": len(people)})
    return render_template("attendance/no_shows.html", people=people)


@bp.route("/<uuid:person_id>", methods=["GET", "POST"])
@requires(FOLLOW_UP)
def person(person_id: UUID) -> ResponseReturnValue:
    """The number to call, and what was said. Opening it is a reading of the person's file."""
    form = FollowUpForm()
    if form.validate_on_submit():
        with unit_of_work() as ctx:
            follow_up(ctx, person_id, form.note.data or "")
        flash(_("Thank you. It is noted, and they are off the list."), "success")
        return redirect(url_for("attendance_no_shows.no_shows"))
    with unit_of_work() as ctx:
        page = call_page(ctx, person_id)
    return render_template("attendance/no_show.html", page=page, form=form), (
        422 if form.errors else 200
    )
