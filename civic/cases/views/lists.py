"""The cases somebody works on, whether a person is known, and a new file."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.access import Data
from civic.cases.errors import TooManySearches, TwoFactsNeeded
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.known import find_known
from civic.cases.operations.reading import read_list
from civic.cases.operations.referrals import answer_arrival, read_arrivals
from civic.cases.policy import FIND_KNOWN, OPEN_CASE, WORK_ON_CASES
from civic.cases.queries.lists import MOST
from civic.cases.section_forms import form_of
from civic.cases.views.blueprint import bp, own_city
from civic.cases.vocabulary import RefusalReason
from civic.cases.words import CASE_WORDS
from civic.cases.work_forms import KnownForm
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict
from civic.kernel.policy import Role
from civic.tenancy.queries import standings as tenancy
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.sheets import XLSX_TYPE, xlsx_file
from civic.web.transaction import actor, unit_of_work
from civic.web.words import say


@bp.get("/cases")
@requires(WORK_ON_CASES)
def case_list() -> ResponseReturnValue:
    closed_too = request.args.get("closed") == "1"
    page = max(1, request.args.get("page", 1, type=int))
    with unit_of_work() as ctx:
        rows = read_list(ctx, own_city(), closed_too=closed_too, page=page)
        today = rome_day(ctx.now())
    return render_template(
        "cases/list.html",
        rows=rows,
        today=today,
        closed_too=closed_too,
        page=page,
        has_more=len(rows) == MOST,
        can_find=FIND_KNOWN.allows(actor()),
        leads=actor().has_role(Role.CASE_WORKER),
        coordinates=actor().has_role(Role.CITY_COORDINATOR),
    )


@bp.get("/cases/table.xlsx")
@requires(WORK_ON_CASES)
def case_table() -> ResponseReturnValue:
    """The same list to take away, with as much as its page shows."""
    with unit_of_work() as ctx:
        rows = read_list(ctx, own_city(), closed_too=True, as_what="list_exported")
    header = (_("Reference"), _("Name"), _("State"), _("Since"), _("Next step"), _("By when"))
    lines = [
        (
            row.reference,
            row.name,
            CASE_WORDS.state(row.state),
            rome_day(row.state_since),
            row.next_task.words if row.next_task else "",
            row.next_task.due_on if row.next_task else None,
        )
        for row in rows
    ]
    body = xlsx_file(_("Cases"), header, lines)
    headers = {"Content-Disposition": 'attachment; filename="cases.xlsx"'}
    return body, 200, {"Content-Type": XLSX_TYPE, **headers}


@bp.get("/cases/known")
@requires(FIND_KNOWN)
def known() -> ResponseReturnValue:
    return _known_page(KnownForm(formdata=None))


@bp.post("/cases/known")
@requires(FIND_KNOWN)
def find() -> ResponseReturnValue:
    """What was typed stays in the body: never in an address."""
    form = KnownForm()
    if not form.validate():
        return _known_page(form), 422
    try:
        with unit_of_work() as ctx:
            found = find_known(ctx, own_city(), form.to_facts())
    except (TwoFactsNeeded, TooManySearches) as refusal:
        show_refusal(form, refusal)
        return _known_page(form), 422 if isinstance(refusal, TwoFactsNeeded) else 429
    return render_template("cases/known.html", form=form, found=found, asked=True)


def _known_page(form: KnownForm) -> str:
    return render_template("cases/known.html", form=form, found=[], asked=False)


@bp.post("/cases/begin")
@requires(OPEN_CASE)
def begin_case() -> ResponseReturnValue:
    """Nobody types twice: what was asked for begins the new file."""
    form = form_of(Data.IDENTITY)(formdata=None, data=KnownForm().to_facts())
    form.offer(Data.IDENTITY)
    return render_template("cases/new.html", form=form)


@bp.get("/cases/new")
@requires(OPEN_CASE)
def new_case() -> ResponseReturnValue:
    form = form_of(Data.IDENTITY)(formdata=None)
    form.offer(Data.IDENTITY)
    return render_template("cases/new.html", form=form)


@bp.post("/cases/new")
@requires(OPEN_CASE)
def write_new_case() -> ResponseReturnValue:
    form = form_of(Data.IDENTITY)()
    form.offer(Data.IDENTITY)
    if not form.validate():
        return render_template("cases/new.html", form=form), 422
    values = form.values(Data.IDENTITY)
    language = next(iter(values["languages"]), page_language().tag)
    with unit_of_work() as ctx:
        case_id = open_case(ctx, NewCase(own_city(), values, language, form.sent.to_id()))
    flash(_("The file is open."), "success")
    return redirect(url_for("cases.case", case_id=case_id))


@bp.get("/cases/arrivals")
@requires(OPEN_CASE)
def arrivals() -> ResponseReturnValue:
    with unit_of_work() as ctx:
        rows = read_arrivals(ctx, own_city())
        cities = tenancy.city_names(ctx, {row.from_municipality_id for row in rows})
    return render_template(
        "cases/arrivals.html", rows=rows, cities=cities, reasons=list(RefusalReason)
    )


@bp.post("/cases/arrivals/<uuid:arrival_id>/<any(take,refuse):reply>")
@requires(OPEN_CASE)
def answer(arrival_id: UUID, reply: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    refused_for = RefusalReason(reason) if reason in set(RefusalReason) else None
    try:
        with unit_of_work() as ctx:
            case_id = answer_arrival(
                ctx,
                arrival_id,
                accepted=reply == "take",
                reason=refused_for,
            )
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("cases.arrivals"))
    if case_id is None:
        flash(_("The other city hears that you cannot help."), "success")
        return redirect(url_for("cases.arrivals"))
    return redirect(url_for("cases.case", case_id=case_id))
