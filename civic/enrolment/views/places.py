"""Taking a place, the offer of one, and giving it back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.catalogue.queries import sessions
from civic.catalogue.queries.projects import ProjectPage
from civic.enrolment.errors import (
    AgeUnknown,
    AnsweredNotNow,
    ConsentMissing,
    RequirementMissing,
    TooYoung,
)
from civic.enrolment.line import Missing
from civic.enrolment.operations import joining, offers, places
from civic.enrolment.policy import JOIN
from civic.enrolment.queries import bookings
from civic.enrolment.queries.bookings import MyPlace
from civic.enrolment.queries.requests import JoiningStand, joining_stand
from civic.enrolment.rules import BookingState
from civic.web.guard import is_own_path, requires
from civic.web.transaction import actor, reading, unit_of_work

bp = Blueprint("enrolment_places", __name__, url_prefix="/<lang>")


@bp.post("/sessions/<uuid:session_id>/book")
@requires(JOIN)
def book(session_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            places.book_place(ctx, session_id)
            facts = sessions.session_for(ctx, session_id, JOIN)
            mine = bookings.my_places(ctx, [facts]).get(session_id)
    except (AgeUnknown, TooYoung, RequirementMissing, AnsweredNotNow, ConsentMissing) as refusal:
        return _explain(session_id, refusal)
    if mine is not None and mine.state is BookingState.OFFERED:
        return redirect(url_for("enrolment_places.offer", session_id=session_id))
    flash(*_told(mine))
    return redirect(url_for("catalogue.project", slug=facts.slug))


def _explain(session_id: UUID, refusal: Exception) -> ResponseReturnValue:
    """Lead to the page that says what is missing. Whom only a consent is missing has joined all
    the same: so the desk finds them among those it waits for."""
    with unit_of_work() as ctx:
        facts = sessions.session_for(ctx, session_id, JOIN)
        if isinstance(refusal, ConsentMissing):
            joining.enrol(ctx, facts.project_id)
    return redirect(url_for("enrolment.not_yet", slug=facts.slug))


def _told(mine: MyPlace | None) -> tuple[str, str]:
    """What asking for a place came to, and in which colour it is said."""
    if mine is None:
        return _("Your request is with the association. We tell you what it answers."), "success"
    if mine.state is BookingState.CONFIRMED:
        return _("You have a place. Bring your pass: it opens the gate."), "success"
    if mine.missing is Missing.COVER:
        return _(
            "You are in the line. No insurance covers you on that day yet, so nobody can give you"
            " a place. As soon as it does, your turn comes: you need not do anything."
        ), "warning"
    return _(
        "All places are taken, so you are on the waiting list, number %(position)s."
        " If one comes free we hold it for you and tell you.",
        position=mine.position,
    ), "warning"


@bp.get("/sessions/<uuid:session_id>/offer")
@requires(JOIN)
def offer(session_id: UUID) -> ResponseReturnValue:
    """Where the message about a free place leads: one large button."""
    with reading() as ctx:
        facts = sessions.session_for(ctx, session_id, JOIN)
        mine = bookings.my_places(ctx, [facts]).get(session_id)
        is_over = facts.is_cancelled or facts.ends_at <= ctx.now()
    return render_template("enrolment/offer.html", facts=facts, mine=mine, is_over=is_over)


@bp.post("/sessions/<uuid:session_id>/take")
@requires(JOIN)
def take(session_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        state = offers.take(ctx, session_id)
    if state is BookingState.CONFIRMED:
        flash(_("The place is yours. Bring your pass: it opens the gate."), "success")
        return _back(session_id)
    if state is BookingState.WAITING:
        flash(_("There is no place for you just now. You keep your place in the line."), "warning")
    return redirect(url_for("enrolment_places.offer", session_id=session_id))


@bp.post("/sessions/<uuid:session_id>/give-back")
@requires(JOIN)
def give_back(session_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        before = bookings.state_of(ctx, session_id, ctx.actor.own_id)
        places.give_back(ctx, session_id)
    if before is BookingState.GATHERING:
        flash(_("You have left the group."), "success")
    else:
        flash(_("Thank you for telling us. Somebody else can have the place now."), "success")
    return _back(session_id)


def _back(session_id: UUID) -> ResponseReturnValue:
    """To the page the button stood on, or to the project."""
    wanted = request.form.get("next")
    if wanted is not None and is_own_path(wanted):
        return redirect(wanted)
    with reading() as ctx:
        facts = sessions.session_for(ctx, session_id, JOIN)
    return redirect(url_for("catalogue.project", slug=facts.slug))


def sessions_panel(page: ProjectPage) -> str:
    """The panel of a project's page: each session to come with what the reader can do about it."""
    mine: dict[UUID, MyPlace] = {}
    stand = JoiningStand(needs_approval=page.needs_approval)
    if actor().is_signed_in:
        with reading() as ctx:
            mine = bookings.my_places(ctx, page.sessions)
            stand = joining_stand(ctx, page)
    return render_template("enrolment/sessions.html", page=page, mine=mine, stand=stand)
