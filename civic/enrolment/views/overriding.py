"""The organiser's hand on a session's list: a place out of turn, a place taken back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as people
from civic.catalogue.queries import sessions
from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.operations import overriding
from civic.enrolment.override_forms import OverrideForm
from civic.enrolment.policy import OVERRIDE
from civic.enrolment.queries import bookings
from civic.enrolment.rules import BookingState, RosterLine
from civic.kernel.context import Context
from civic.kernel.policy import Place
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work

bp = Blueprint("enrolment_overriding", __name__, url_prefix="/<lang>")


@bp.route("/organise/sessions/<uuid:session_id>/override", methods=["GET", "POST"])
@requires(OVERRIDE)
def override(session_id: UUID) -> ResponseReturnValue:
    """Choose somebody who waits and say why they go first."""
    form = OverrideForm()
    with reading() as ctx:
        facts = sessions.session_for(ctx, session_id, OVERRIDE)
        waiting = _list(ctx, session_id, BookingState.WAITING)
    form.person.choices = [(str(line.person_id), line.name) for line in waiting]
    if not form.validate_on_submit():
        page = render_template("enrolment/override.html", form=form, facts=facts, waiting=waiting)
        return page, 422 if form.errors else 200
    person_id = UUID(form.person.data)
    with unit_of_work() as ctx:
        has_grown = overriding.give_out_of_turn(ctx, session_id, person_id, form.reason.data or "")
        name = people.names(ctx, [person_id])[person_id]
        places = sessions.session_for(ctx, session_id, OVERRIDE).places
    flash(_("%(name)s has a place now and is told.", name=name), "success")
    if has_grown:
        flash(_("The session was full: it has %(places)s places now.", places=places), "info")
    return redirect(url_for("attendance.roster", session_id=session_id))


@bp.route("/organise/sessions/<uuid:session_id>/take-back", methods=["GET", "POST"])
@requires(OVERRIDE)
def take_back(session_id: UUID) -> ResponseReturnValue:
    """Take somebody off the list; they read the reason."""
    form = OverrideForm()
    with reading() as ctx:
        facts = sessions.session_for(ctx, session_id, OVERRIDE)
        listed = _list(
            ctx, session_id, BookingState.CONFIRMED, BookingState.OFFERED, BookingState.WAITING
        )
    form.person.choices = [(str(line.person_id), line.name) for line in listed]
    if not form.validate_on_submit():
        page = render_template("enrolment/take_back.html", form=form, facts=facts, listed=listed)
        return page, 422 if form.errors else 200
    person_id = UUID(form.person.data)
    with unit_of_work() as ctx:
        overriding.take_back(ctx, session_id, person_id, form.reason.data or "")
        name = people.names(ctx, [person_id])[person_id]
    flash(_("%(name)s is off the list and is told why.", name=name), "success")
    return redirect(url_for("attendance.roster", session_id=session_id))


def _list(ctx: Context, session_id: UUID, *states: BookingState) -> list[RosterLine]:
    return [line for line in bookings.roster(ctx, session_id) if line.state in states]


def roster_panel(session: SessionFacts) -> str:
    """On the roster of who may do it: the two ways to change the list by hand."""
    place = Place(session.municipality_id, session.association_id)
    if session.is_cancelled or not OVERRIDE.allows(actor(), place):
        return ""
    return render_template("enrolment/override_panel.html", facts=session)
