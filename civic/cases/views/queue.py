"""The queue for who works at the desk, a number for who comes, and the screen in the hall."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.forms import CallForm, TicketForm
from civic.cases.operations import queue
from civic.cases.policy import WORK_AT_DESK
from civic.cases.queries.queue import before, board_of, queue_of, ticket_for
from civic.cases.rules import REASON_NAMES, Reason, TicketState
from civic.kernel.errors import Conflict, NotFound
from civic.kernel.i18n import best_language
from civic.kernel.policy import Role, city_of
from civic.tenancy.queries.standings import city_by_slug, municipalities
from civic.web.guard import public, requires
from civic.web.locale import page_language, speaking
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("cases_queue", __name__, url_prefix="/<lang>")

SECONDS = 10
"""After which the screen in the hall asks again."""
MARKS = {
    "done": TicketState.DONE,
    "absent": TicketState.ABSENT,
    "again": TicketState.WAITING,
}


@bp.app_template_global()
def reason_name(reason: Reason) -> str:
    return _(REASON_NAMES[reason])


def _city() -> UUID:
    roles = (Role.OFFICER, Role.DESK, Role.CASE_WORKER)
    role = next((each for each in roles if actor().has_role(each)), Role.CASE_WORKER)
    return city_of(actor(), role, request.values.get("city", ""))


@bp.get("/city/queue")
@requires(WORK_AT_DESK)
def desk() -> ResponseReturnValue:
    return _page(_blank_ticket(), _blank_call())


@bp.post("/city/queue/tickets")
@requires(WORK_AT_DESK)
def take() -> ResponseReturnValue:
    form = TicketForm()
    form.offer(page_language().tag)
    if not form.validate():
        return _page(form, _blank_call()), 422
    with unit_of_work() as ctx:
        ticket_id = queue.take_ticket(ctx, form.to_ticket(_city()))
    return redirect(url_for("cases_queue.ticket", ticket_id=ticket_id))


@bp.get("/city/queue/tickets/<uuid:ticket_id>")
@requires(WORK_AT_DESK)
def ticket(ticket_id: UUID) -> ResponseReturnValue:
    """The number to show or to print, in the language of whoever takes it."""
    with reading() as ctx:
        found = ticket_for(ctx, ticket_id)
        ahead = before(ctx, found)
    with speaking(best_language([found.language])):
        return render_template("cases/ticket.html", ticket=found, ahead=ahead)


@bp.post("/city/queue/next")
@requires(WORK_AT_DESK)
def call_next() -> ResponseReturnValue:
    form = CallForm()
    form.offer()
    if not form.validate():
        return _page(_blank_ticket(), form), 422
    with unit_of_work() as ctx:
        called = queue.call_next(ctx, _city(), form.counter.data or "", form.language.data or "")
    if called is None:
        flash(_("Nobody waits now."), "info")
    else:
        flash(_("Number %(number)d is called.", number=called.number), "success")
    return redirect(url_for("cases_queue.desk", counter=form.counter.data))


@bp.post("/city/queue/tickets/<uuid:ticket_id>/<any(done,absent,again):mark>")
@requires(WORK_AT_DESK)
def mark(ticket_id: UUID, mark: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            queue.mark_ticket(ctx, ticket_id, MARKS[mark])
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("cases_queue.desk"))


@bp.get("/queue/<slug>")
@public
def screen(slug: str) -> ResponseReturnValue:
    """For the screen in the hall: numbers, and where they are called to."""
    with reading() as ctx:
        city = city_by_slug(ctx, slug)
        if city is None:
            raise NotFound
        board = board_of(ctx, city)
    response = make_response(render_template("cases/screen.html", city=city, board=board))
    response.headers["Refresh"] = str(SECONDS)
    return response


def _blank_ticket() -> TicketForm:
    form = TicketForm(formdata=None)
    form.offer(page_language().tag)
    return form


def _blank_call() -> CallForm:
    form = CallForm(formdata=None, data={"counter": request.args.get("counter", "")})
    form.offer()
    return form


def _page(ticket_form: TicketForm, call_form: CallForm) -> str:
    city_id = _city()
    with reading() as ctx:
        found = queue_of(ctx, city_id)
        city = next(each for each in municipalities(ctx) if each.id == city_id)
    return render_template(
        "cases/queue.html", queue=found, city=city, form=ticket_form, call_form=call_form
    )
