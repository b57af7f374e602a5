"""Who waits, asking for a home, and a request with its people and the reasons for its place."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as accounts
from civic.accounts.contacts import read_contact
from civic.audit import operations as audit
from civic.cases.operations import trail as case_trail
from civic.housing.operations import requests as asking
from civic.housing.operations import residents
from civic.housing.operations.residents import Mark
from civic.housing.operations.trail import note
from civic.housing.policy import ASK_FOR_HOME, WORK_ON_HOUSING
from civic.housing.queries.applicants import Applicant, applicant_of
from civic.housing.queries.gate import unit_for
from civic.housing.queries.requests import RequestView, asked_for, request_view, works_there
from civic.housing.queries.waiting import MOST, Wanted, waiting_list
from civic.housing.request_errors import AccountUnknown, AlreadyWaiting, DayAhead, DayBeforeBirth
from civic.housing.request_forms import MarkForm, MemberForm, PriorityForm, RequestForm
from civic.housing.request_words import fit_words, reasons_in
from civic.housing.rules.placing import MOST_PEOPLE, WEIGHTS
from civic.housing.views.blueprint import bp, own_city
from civic.housing.words import housing_name
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.policy import Role
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.sheets import XLSX_TYPE, xlsx_file
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

ASKING = (Role.HOUSING_OFFICER, Role.CASE_WORKER, Role.DESK)


@bp.get("/housing/requests")
@requires(ASK_FOR_HOME)
def requests() -> ResponseReturnValue:
    city_id, wanted = own_city(*ASKING), _wanted()
    page = max(1, request.args.get("page", 1, type=int))
    with unit_of_work() as ctx:
        unit = unit_for(ctx, wanted.unit_id).name if wanted.unit_id else ""
        found = waiting_list(ctx, city_id, wanted, page=page)
        is_officer = works_there(ctx, city_id)
        audit.record(ctx, city_id, "housing.list_read", details={"shown": len(found.rows)})
    return render_template(
        "housing/requests.html",
        found=found,
        wanted=wanted,
        unit_name=unit,
        is_officer=is_officer,
        page=page,
        has_more=found.total > page * MOST,
        sizes=range(1, MOST_PEOPLE + 1),
        fit_words=fit_words,
    )


def _wanted() -> Wanted:
    size = request.args.get("size", type=int)
    unit = request.args.get("unit", type=UUID)
    return Wanted(size if size and 0 < size <= MOST_PEOPLE else None, unit)


@bp.get("/housing/requests/table.xlsx")
@requires(WORK_ON_HOUSING)
def requests_table() -> ResponseReturnValue:
    """The list to take away, with as much as its pages show."""
    city_id = own_city(Role.HOUSING_OFFICER)
    with unit_of_work() as ctx:
        found = waiting_list(ctx, city_id, _wanted(), most=10_000)
        audit.record(ctx, city_id, "housing.list_exported", details={"shown": len(found.rows)})
    header = (
        _("Place in the list"), _("Name"), _("People"), _("Minors"), _("How soon"), _("What they need"),
        _("Points"), _("Weeks"), _("Waits since"), _("From which day"),
    )  # fmt: skip
    lines = [
        (
            row.place,
            row.name,
            row.size,
            row.minors,
            housing_name(row.urgency),
            _(", ").join(housing_name(need) for need in row.needs),
            row.priority.points,
            row.priority.weeks,
            rome_day(row.since),
            row.wanted_from,
        )
        for row in found.rows
    ]
    body = xlsx_file(_("Who waits"), header, lines)
    headers = {"Content-Disposition": 'attachment; filename="waiting.xlsx"'}
    return body, 200, {"Content-Type": XLSX_TYPE, **headers}


@bp.get("/housing/requests/new")
@requires(ASK_FOR_HOME)
def new_request() -> ResponseReturnValue:
    """With who is known already: from a case, or from what they asked for before."""
    with unit_of_work() as ctx:
        applicant, today = _applicant(ctx), rome_day(ctx.now())
    if applicant is not None and applicant.waiting_id is not None:
        flash(say(AlreadyWaiting()), "info")
        return redirect(url_for("housing.request_page", request_id=applicant.waiting_id))
    form = RequestForm(formdata=None)
    form.offer(today, applicant.case.language if applicant else page_language().tag)
    if applicant is not None:
        form.fill(applicant.people)
    return _new_page(form, applicant)


def _applicant(ctx: Context) -> Applicant | None:
    """Reading who somebody is from their case is a reading of the case."""
    case_id = request.args.get("case", type=UUID)
    if case_id is None:
        return None
    found = applicant_of(ctx, case_id)
    case_trail.note(ctx, found.case, "read", shown=["identity"])
    return found


def _new_page(form: RequestForm, applicant: Applicant | None) -> str:
    return render_template(
        "housing/request_form.html", form=form, applicant=applicant, weights=WEIGHTS
    )


@bp.post("/housing/requests/new")
@requires(ASK_FOR_HOME)
def ask() -> ResponseReturnValue:
    with unit_of_work() as ctx:
        applicant, today = _applicant(ctx), rome_day(ctx.now())
    form = RequestForm()
    form.offer(today, page_language().tag)
    if "more" in request.form:
        form.make_room()
        return _new_page(form, applicant)
    if not form.validate():
        return _new_page(form, applicant), 422
    case = applicant.case if applicant else None
    city_id = case.municipality_id if case else own_city(*ASKING)
    try:
        with unit_of_work() as ctx:
            account = None if case else _account(ctx, form.contact.data or "")
            new = form.to_request(city_id, case.id if case else None, account)
            request_id = asking.open_request(ctx, new)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _new_page(form, applicant), status_of(refusal)
    flash(_("They are on the list."), "success")
    return redirect(url_for("housing.request_page", request_id=request_id))


def _account(ctx: Context, typed: str) -> UUID | None:
    """Said by the person in front of whoever writes it, as with a case."""
    if not typed:
        return None
    try:
        contact = read_contact(typed)
    except Invalid:
        raise AccountUnknown from None
    holder = accounts.holder_of(ctx, contact.kind, contact.value)
    if holder is None or accounts.has_grants(ctx, holder):
        raise AccountUnknown
    return holder


@bp.get("/housing/requests/<uuid:request_id>")
@requires(ASK_FOR_HOME)
def request_page(request_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        view, is_officer = _read(ctx, request_id)
    language, reasons = reasons_in(view.priority, view.language)
    return render_template(
        "housing/request.html",
        view=view,
        is_officer=is_officer,
        reasons=reasons,
        reasons_language=language,
    )


def _read(ctx: Context, request_id: UUID) -> tuple[RequestView, bool]:
    row = asked_for(ctx, request_id)
    view = request_view(ctx, row)
    note(ctx, row, "read", person_id=view.asks.person_id)
    return view, works_there(ctx, row.municipality_id)


@bp.post("/housing/requests/<uuid:request_id>/withdraw")
@requires(ASK_FOR_HOME)
def withdraw_request(request_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            asking.withdraw_request(ctx, request_id)
        flash(_("The request is withdrawn."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("housing.request_page", request_id=request_id))


@bp.get("/housing/requests/<uuid:request_id>/priority")
@requires(WORK_ON_HOUSING)
def priority(request_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        view, _is_officer = _read(ctx, request_id)
    form = PriorityForm(formdata=None, criteria=[each.value for each in view.criteria])
    return _priority_page(form, view)


@bp.post("/housing/requests/<uuid:request_id>/priority")
@requires(WORK_ON_HOUSING)
def change_priority(request_id: UUID) -> ResponseReturnValue:
    form = PriorityForm()
    form.offer()
    with unit_of_work() as ctx:
        view, _is_officer = _read(ctx, request_id)
    if not form.validate():
        return _priority_page(form, view), 422
    try:
        with unit_of_work() as ctx:
            asking.change_criteria(ctx, request_id, form.chosen(), form.why.data or "")
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _priority_page(form, view), status_of(refusal)
    flash(_("It is changed, and the change is written down."), "success")
    return redirect(url_for("housing.request_page", request_id=request_id))


def _priority_page(form: PriorityForm, view: RequestView) -> str:
    form.offer()
    return render_template("housing/request_priority.html", form=form, view=view, weights=WEIGHTS)


@bp.get("/housing/requests/<uuid:request_id>/people")
@requires(ASK_FOR_HOME)
def people(request_id: UUID) -> ResponseReturnValue:
    return _people_page(request_id)


def _people_page(
    request_id: UUID,
    form: MemberForm | None = None,
    mark: MarkForm | None = None,
    marked: UUID | None = None,
) -> str:
    with unit_of_work() as ctx:
        view, is_officer = _read(ctx, request_id)
    form, mark = form or MemberForm(formdata=None), mark or MarkForm(formdata=None)
    form.offer()
    mark.offer()
    return render_template(
        "housing/request_people.html",
        view=view,
        form=form,
        mark=mark,
        marked=marked,
        is_officer=is_officer,
    )


@bp.post("/housing/requests/<uuid:request_id>/people")
@requires(ASK_FOR_HOME)
def add_person(request_id: UUID) -> ResponseReturnValue:
    form = MemberForm()
    form.offer()
    with reading() as ctx:
        today = rome_day(ctx.now())
    if not form.check_today(today):
        return _people_page(request_id, form), 422
    try:
        with unit_of_work() as ctx:
            asking.add_member(ctx, request_id, form.to_person())
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _people_page(request_id, form), status_of(refusal)
    flash(
        _("They come along now. What was proposed was for fewer people, and is taken back."),
        "success",
    )
    return redirect(url_for("housing.people", request_id=request_id))


@bp.post("/housing/requests/<uuid:request_id>/people/<uuid:resident_id>/remove")
@requires(ASK_FOR_HOME)
def remove_person(request_id: UUID, resident_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            asking.remove_member(ctx, request_id, resident_id)
        flash(_("They do not come along any more."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("housing.people", request_id=request_id))


@bp.post("/housing/requests/<uuid:request_id>/people/<uuid:resident_id>/mark")
@requires(WORK_ON_HOUSING)
def mark_person(request_id: UUID, resident_id: UUID) -> ResponseReturnValue:
    form = MarkForm()
    form.offer()
    if not form.validate():
        return _people_page(request_id, mark=form, marked=resident_id), 422
    try:
        with unit_of_work() as ctx:
            day = form.day.data or rome_day(ctx.now())
            residents.mark(ctx, resident_id, Mark(form.what.data), day, request_id)
    except (DayAhead, DayBeforeBirth) as refusal:
        show_refusal(form, refusal)
        return _people_page(request_id, mark=form, marked=resident_id), status_of(refusal)
    flash(_("It is written down."), "success")
    return redirect(url_for("housing.people", request_id=request_id))
