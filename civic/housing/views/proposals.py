"""Beds that suit a household, and households that suit a dwelling; proposing, and what they answer."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations import proposals as proposing
from civic.housing.operations.proposals import NewProposal
from civic.housing.operations.trail import note
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.fitting import Suggestion, household_for, suggestions, wished_nights
from civic.housing.queries.gate import proposal_for, request_for, unit_for
from civic.housing.queries.requests import RequestView, request_view
from civic.housing.queries.waiting import MOST, Wanted, waiting_list
from civic.housing.request_errors import WantedBackwards
from civic.housing.request_forms import AnswerForm, NightsForm
from civic.housing.request_words import fit_words
from civic.housing.rules.nights import OPEN_ENDED, Nights, checked
from civic.housing.views.blueprint import bp
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, Conflict, Invalid
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say


@bp.get("/housing/requests/<uuid:request_id>/proposals")
@requires(WORK_ON_HOUSING)
def proposals(request_id: UUID) -> ResponseReturnValue:
    form = NightsForm(request.args)
    status = 200 if form.validate() else 422
    return _suggestions_page(request_id, form, status)


def _suggestions_page(
    request_id: UUID, form: NightsForm, status: int, refusal: CivicError | None = None
) -> ResponseReturnValue:
    """With the dates they asked for, or others; what is wrong with these stands beside them."""
    with unit_of_work() as ctx:
        row = request_for(ctx, request_id)
        view = request_view(ctx, row)
        nights, is_open_ended = _nights(form, view, rome_day(ctx.now()))
        found: list[Suggestion] = []
        if nights is None:
            form.until.errors = [say(WantedBackwards())]
            status = 422
        elif view.is_waiting:
            found = _found(ctx, view, nights, is_open_ended=is_open_ended)
        note(ctx, row, "read", person_id=view.asks.person_id)
    page = render_template(
        "housing/proposals.html",
        view=view,
        form=form,
        nights=nights,
        is_open_ended=is_open_ended,
        found=found,
        names={each.id: each.name for each in view.members},
        fit_words=fit_words,
        refusal=say(refusal) if refusal else "",
    )
    return page, status


def _nights(form: NightsForm, view: RequestView, today: date) -> tuple[Nights | None, bool]:
    wished, is_open_ended = wished_nights(view.wanted_from, view.wanted_until, today)
    if form.first.data is None and form.until.data is None:
        return wished, is_open_ended
    first = form.first.data or wished.first
    if form.until.data is None:
        return Nights(first, first + OPEN_ENDED), True
    try:
        return checked(first, form.until.data), False
    except Invalid:
        return None, False


def _found(
    ctx: Context, view: RequestView, nights: Nights, *, is_open_ended: bool
) -> list[Suggestion]:
    people = {each.id: each.somebody for each in view.members}
    household = household_for(people, view.needs, view.urgency, nights, is_open_ended=is_open_ended)
    return suggestions(ctx, view.municipality_id, household)


@bp.post("/housing/requests/<uuid:request_id>/proposals")
@requires(WORK_ON_HOUSING)
def propose(request_id: UUID) -> ResponseReturnValue:
    """What the officer chose of the suggestions; of beds that were taken meanwhile, the others."""
    form = NightsForm(request.form)
    unit_id = request.form.get("unit", type=UUID)
    is_well = form.validate()
    first, until = form.first.data, form.until.data
    try:
        if not is_well or unit_id is None or first is None or until is None:
            raise Invalid
        with unit_of_work() as ctx:
            nights = checked(first, until)
            is_open_ended = request.form.get("open") == "1"
            new = NewProposal(request_id, unit_id, _beds(), nights, is_open_ended)
            proposing.propose(ctx, new)
    except (Invalid, Conflict) as refusal:
        return _suggestions_page(request_id, form, status_of(refusal), refusal)
    flash(_("It is proposed. Nothing is held until they say yes."), "success")
    return redirect(url_for("housing.request_page", request_id=request_id))


def _beds() -> dict[UUID, UUID]:
    """`resident:bed` for each of the household."""
    try:
        pairs = [each.split(":", 1) for each in request.form.getlist("seat")]
        return {UUID(resident): UUID(bed) for resident, bed in pairs}
    except ValueError:
        raise Invalid from None


@bp.get("/housing/proposals/<uuid:home_proposal_id>/answer")
@requires(WORK_ON_HOUSING)
def answer(home_proposal_id: UUID) -> ResponseReturnValue:
    return _answer_page(home_proposal_id, AnswerForm(formdata=None))


def _answer_page(proposal_id: UUID, form: AnswerForm) -> str:
    form.offer()
    with unit_of_work() as ctx:
        proposal = proposal_for(ctx, proposal_id)
        row = request_for(ctx, proposal.request_id)
        view = request_view(ctx, row)
        note(ctx, row, "read", person_id=view.asks.person_id)
    shown = next(each for each in view.proposals if each.id == proposal_id)
    return render_template("housing/proposal_answer.html", view=view, proposal=shown, form=form)


@bp.post("/housing/proposals/<uuid:home_proposal_id>/answer")
@requires(WORK_ON_HOUSING)
def record_answer(home_proposal_id: UUID) -> ResponseReturnValue:
    """As they said it to the officer."""
    form = AnswerForm()
    form.offer()
    if not form.validate():
        return _answer_page(home_proposal_id, form), 422
    words = form.words.data or ""
    try:
        with unit_of_work() as ctx:
            request_id = proposal_for(ctx, home_proposal_id).request_id
            if form.is_yes:
                told = proposing.accept(ctx, home_proposal_id, words)
            else:
                proposing.refuse(ctx, home_proposal_id, form.refused_for, words)
                told = None
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _answer_page(home_proposal_id, form), status_of(refusal)
    if told is None:
        flash(_("It is written down. They stay on the list where they were."), "success")
    elif told.refusal is not None:
        flash(say(told.refusal), "warning")
    else:
        flash(_("They have a place. What else was proposed is taken back."), "success")
    return redirect(url_for("housing.request_page", request_id=request_id))


@bp.post("/housing/proposals/<uuid:home_proposal_id>/withdraw")
@requires(WORK_ON_HOUSING)
def withdraw_proposal(home_proposal_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        request_id = proposal_for(ctx, home_proposal_id).request_id
    try:
        with unit_of_work() as ctx:
            proposing.withdraw_proposal(ctx, home_proposal_id)
        flash(_("The proposal is taken back."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("housing.request_page", request_id=request_id))


@bp.get("/housing/units/<uuid:unit_id>/who-fits")
@requires(WORK_ON_HOUSING)
def who_fits(unit_id: UUID) -> ResponseReturnValue:
    """Who waits and could live there from a day on: who has waited longest for most reasons first."""
    form = NightsForm(request.args)
    status = 200 if form.validate() else 422
    with unit_of_work() as ctx:
        unit = unit_for(ctx, unit_id)
        first = form.first.data or rome_day(ctx.now())
        until = form.until.data
        if until is not None and until <= first:
            form.until.errors = [say(WantedBackwards())]
            until, status = None, 422
        wanted = Wanted(unit_id=unit.id, first=first, until=until)
        found = waiting_list(ctx, unit.municipality_id, wanted, most=MOST)
        note(ctx, unit, "who_fits_read")
        name = unit.name
    page = render_template(
        "housing/who_fits.html",
        unit_id=unit_id,
        name=name,
        form=form,
        found=found,
        first=first,
        until=until,
        fit_words=fit_words,
    )
    return page, status
