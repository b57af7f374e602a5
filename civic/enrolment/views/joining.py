"""Joining, taking a place and giving it back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.catalogue.queries import sessions
from civic.catalogue.queries.projects import ProjectPage
from civic.enrolment.errors import ConsentMissing
from civic.enrolment.operations import joining, leaving, places
from civic.enrolment.policy import JOIN
from civic.enrolment.queries import bookings, enrolments, standing
from civic.enrolment.rules import BookingState
from civic.web.guard import is_own_path, requires
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("enrolment", __name__, url_prefix="/<lang>")


@bp.post("/projects/<slug>/join")
@requires(JOIN)
def join(slug: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        project = enrolments.project_to_join(ctx, slug=slug)
        joining.enrol(ctx, project.id)
    flash(_("You are in. Now choose a date and take a place."), "success")
    return redirect(url_for("catalogue.project", slug=slug))


@bp.post("/projects/<slug>/leave")
@requires(JOIN)
def leave(slug: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        project = enrolments.project_to_join(ctx, slug=slug)
        leaving.leave(ctx, project.id)
    flash(_("You have left the project. You can come back whenever you like."), "success")
    return redirect(url_for("catalogue.project", slug=slug))


@bp.post("/sessions/<uuid:session_id>/book")
@requires(JOIN)
def book(session_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            state = places.book_place(ctx, session_id)
            slug = sessions.session_for(ctx, session_id, JOIN).slug
    except ConsentMissing as refusal:
        # They have joined all the same: so the desk finds them among those it waits for.
        with unit_of_work() as ctx:
            facts = sessions.session_for(ctx, session_id, JOIN)
            joining.enrol(ctx, facts.project_id)
        flash(say(refusal), "warning")
        return redirect(url_for("catalogue.project", slug=facts.slug))
    if state is BookingState.CONFIRMED:
        flash(_("You have a place. Bring your pass: it opens the gate."), "success")
    else:
        flash(
            _(
                "All places are taken, so you are on the waiting list. We tell you if one comes free."
            ),
            "warning",
        )
    return redirect(url_for("catalogue.project", slug=slug))


@bp.post("/sessions/<uuid:session_id>/give-back")
@requires(JOIN)
def give_back(session_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        facts = sessions.session_for(ctx, session_id, JOIN)
        places.give_back(ctx, session_id)
    flash(_("Thank you for telling us. Somebody else can have the place now."), "success")
    wanted = request.form.get("next")
    if wanted is not None and is_own_path(wanted):
        return redirect(wanted)
    return redirect(url_for("catalogue.project", slug=facts.slug))


def sessions_panel(page: ProjectPage) -> str:
    """The panel of a project's page: each session to come with what the reader can do about it."""
    states: dict[UUID, BookingState] = {}
    has_joined = awaits_consent = False
    if actor().is_signed_in:
        with reading() as ctx:
            states = bookings.my_states(ctx, [facts.id for facts in page.sessions])
            has_joined = enrolments.is_enrolled(ctx, page.id)
            awaits_consent = has_joined and standing.awaits_consent(ctx, page.municipality_id)
    return render_template(
        "enrolment/sessions.html",
        page=page,
        states=states,
        has_joined=has_joined,
        awaits_consent=awaits_consent,
    )
