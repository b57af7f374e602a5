"""The bank's file: brought, looked at, and booked with a tick for each payment."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import RequestEntityTooLarge

from civic.housing.bank_errors import BankFileTooLarge
from civic.housing.bank_files import LARGEST_BANK_FILE, MEGABYTE
from civic.housing.bank_lines import REASON_WORDS, Reason
from civic.housing.operations import bank as bank_book
from civic.housing.operations.bank import Tick
from civic.housing.operations.reading_support import read_import
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.bank import imports_of
from civic.housing.support_forms import BankFileForm
from civic.housing.views.blueprint import bp
from civic.housing.views.support import city
from civic.housing.words import in_euro
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.web import errors
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.uploads import read_file, takes_files
from civic.web.words import say

PIECE = 1_000_000
MOST_DRAINED = 200_000_000
FAULTS_SHOWN = 50


@bp.get("/housing/support/bank")
@requires(WORK_ON_HOUSING)
def bank() -> ResponseReturnValue:
    return _bank_page(BankFileForm(formdata=None))


def _bank_page(form: BankFileForm) -> str:
    with reading() as ctx:
        rows = imports_of(ctx, city())
    return render_template("housing/bank.html", form=form, rows=rows)


@bp.post("/housing/support/bank")
@requires(WORK_ON_HOUSING)
@takes_files
def bring_bank_file() -> ResponseReturnValue:
    form = BankFileForm()
    try:
        file, source = bank_book.read(read_file(request.files.get("file")))
        with unit_of_work() as ctx:
            import_id = bank_book.bring(ctx, city(), file, source)
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _bank_page(form), 422
    return redirect(url_for("housing.bank_file", import_id=import_id))


@bp.errorhandler(RequestEntityTooLarge)
def too_much_at_once(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A file so large that it was not read: what still comes is thrown away, since a browser that is
    cut off while it sends shows no answer at all."""
    left = min(request.content_length or 0, MOST_DRAINED)
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(PIECE, left))):
        left -= len(piece)
    if request.endpoint == "housing.bring_bank_file":
        refusal = BankFileTooLarge(megabytes=LARGEST_BANK_FILE // MEGABYTE)
        return errors.error_page(413, say(refusal), refusal.code)
    return errors.error_page(413)


@bp.get("/housing/support/bank/<uuid:import_id>")
@requires(WORK_ON_HOUSING)
def bank_file(import_id: UUID) -> ResponseReturnValue:
    return _look_page(import_id)


def _look_page(import_id: UUID, refusal: str = "") -> str:
    with unit_of_work() as ctx:
        look = read_import(ctx, import_id)
    faults = [(number, _(REASON_WORDS[Reason(reason)])) for number, reason in look.refused.items()]
    sent = request.method == "POST"
    return render_template(
        "housing/bank_file.html",
        look=look,
        faults=faults[:FAULTS_SHOWN],
        more_faults=max(0, len(faults) - FAULTS_SHOWN),
        refusal=refusal,
        ticked=request.form.getlist("book") if sent else None,
        typed=request.form if sent else {},
    )


@bp.post("/housing/support/bank/<uuid:import_id>")
@requires(WORK_ON_HOUSING)
def book_bank_file(import_id: UUID) -> ResponseReturnValue:
    """Every ticked payment, and every one with a code, or none."""
    try:
        with unit_of_work() as ctx:
            ticks = _ticks() + bank_book.by_code(ctx, import_id, _typed())
            number = bank_book.book(ctx, import_id, ticks)
    except (Invalid, Conflict) as refusal:
        status = 422 if isinstance(refusal, Invalid) else 409
        return _look_page(import_id, say(in_euro(refusal))), status
    done = ngettext("%(num)d payment is booked.", "%(num)d payments are booked.", number)
    flash(done, "success")
    return redirect(url_for("housing.bank_file", import_id=import_id))


def _ticks() -> list[Tick]:
    """Line and decision as they were shown; NotFound for what no page of ours sent."""
    try:
        pairs = [each.split(":") for each in request.form.getlist("book")]
        return [Tick(UUID(entry), UUID(decision)) for entry, decision in pairs]
    except ValueError:
        raise NotFound from None


def _typed() -> dict[UUID, str]:
    try:
        return {
            UUID(name.removeprefix("code-")): code.strip()
            for name, code in request.form.items()
            if name.startswith("code-") and code.strip()
        }
    except ValueError:
        raise NotFound from None


@bp.post("/housing/support/bank/<uuid:import_id>/aside")
@requires(WORK_ON_HOUSING)
def set_bank_lines_aside(import_id: UUID) -> ResponseReturnValue:
    """Only lines that were on the page: nobody throws away what they have not seen."""
    try:
        seen = [UUID(each) for each in request.form.getlist("entry")]
    except ValueError:
        raise NotFound from None
    with unit_of_work() as ctx:
        number = bank_book.set_aside(ctx, import_id, seen)
    said = ngettext(
        "%(num)d payment is set aside, and what it said is thrown away.",
        "%(num)d payments are set aside, and what they said is thrown away.",
        number,
    )
    flash(said, "success")
    return redirect(url_for("housing.bank_file", import_id=import_id))
