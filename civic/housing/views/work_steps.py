"""The steps of a work: planned, quoted, approved, begun, done, inspected; its photos and papers."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations import quotes as quoting
from civic.housing.operations import works as working
from civic.housing.operations import works_files
from civic.housing.operations.files import Paper
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.works import lines_with_money, work_page
from civic.housing.rules.stock import FileKind
from civic.housing.views.blueprint import bp
from civic.housing.views.stock_files import files
from civic.housing.views.works import change, show_work
from civic.housing.works_forms import (
    ApproveForm,
    DayForm,
    InspectionForm,
    PhotoForm,
    PlanForm,
    QuoteForm,
    RefuseForm,
)
from civic.kernel.context import Context
from civic.kernel.errors import Invalid
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.uploads import read_document, read_file, remade_picture, takes_files


@bp.post("/housing/works/<uuid:work_id>/plan")
@requires(WORK_ON_HOUSING)
def plan_work(work_id: UUID) -> ResponseReturnValue:
    form = PlanForm(prefix="plan-")
    with reading() as ctx:
        form.offer_beds(work_page(ctx, work_id).of_unit)
    return change(
        work_id,
        "plan",
        form,
        lambda ctx: working.plan_work(ctx, work_id, form.to_plan()),
        _("The plan is kept, and the calendar shows it."),
    )


@bp.post("/housing/works/<uuid:work_id>/quotes")
@requires(WORK_ON_HOUSING)
@takes_files
def add_quote(work_id: UUID) -> ResponseReturnValue:
    """With the firm's paper, if there is one."""
    form = QuoteForm(prefix="quote-")
    paper: Paper | None = None
    if request.files.get("file"):
        try:
            sent = read_document(request.files.get("file"))
            paper = Paper(sent.media_type, sent.body)
        except Invalid as refusal:
            form.validate()
            show_refusal(form, refusal)
            return show_work(work_id, {"quote": form}), 422

    def act(ctx: Context) -> None:
        quote_id = quoting.add_quote(ctx, work_id, form.to_quote())
        if paper is not None:
            works_files.keep_quote_paper(ctx, files(), work_id, quote_id, paper)

    return change(work_id, "quote", form, act, _("The quote is written down."))


@bp.post("/housing/works/<uuid:work_id>/approve")
@requires(WORK_ON_HOUSING)
def approve_work(work_id: UUID) -> ResponseReturnValue:
    form = ApproveForm(prefix="approve-")
    with reading() as ctx:
        page = work_page(ctx, work_id)
        lines = lines_with_money(ctx, page.city_id)
    form.offer(lines, [(str(quote.id), quote.firm) for quote in page.quotes])
    return change(
        work_id,
        "approve",
        form,
        lambda ctx: quoting.approve(ctx, work_id, UUID(form.quote.data), UUID(form.line.data)),
        _("The quote is approved, and its amount is booked on the line."),
    )


@bp.post("/housing/works/<uuid:work_id>/begin")
@requires(WORK_ON_HOUSING)
def begin_work(work_id: UUID) -> ResponseReturnValue:
    form = DayForm(prefix="begin-")
    return change(
        work_id,
        "begin",
        form,
        lambda ctx: working.begin(ctx, work_id, form.chosen),
        _("The work has begun."),
    )


@bp.post("/housing/works/<uuid:work_id>/end")
@requires(WORK_ON_HOUSING)
def end_work(work_id: UUID) -> ResponseReturnValue:
    form = DayForm(prefix="end-")
    return change(
        work_id,
        "end",
        form,
        lambda ctx: working.end(ctx, work_id, form.chosen),
        _("The work is done. Once somebody has looked at it, the beds are free again."),
    )


@bp.post("/housing/works/<uuid:work_id>/inspect")
@requires(WORK_ON_HOUSING)
def inspect_work(work_id: UUID) -> ResponseReturnValue:
    form = InspectionForm(prefix="inspect-")
    form.offer()
    told = (
        _("All is well: the beds are free again from tonight on.")
        if form.is_well
        else _("The work goes on.")
    )
    return change(
        work_id,
        "inspect",
        form,
        lambda ctx: working.inspect(
            ctx, work_id, is_well=form.is_well, words=form.words.data or ""
        ),
        told,
    )


@bp.post("/housing/works/<uuid:work_id>/refuse")
@requires(WORK_ON_HOUSING)
def refuse_work(work_id: UUID) -> ResponseReturnValue:
    form = RefuseForm(prefix="refuse-")
    return change(
        work_id,
        "refuse",
        form,
        lambda ctx: working.refuse_work(ctx, work_id, form.words.data or ""),
        _("This work is not done. Its money and its beds are free again."),
    )


@bp.post("/housing/works/<uuid:work_id>/photos")
@requires(WORK_ON_HOUSING)
@takes_files
def add_photo(work_id: UUID) -> ResponseReturnValue:
    form = PhotoForm(prefix="photo-")
    form.offer()
    try:
        sent = remade_picture(read_file(request.files.get("file")), "JPEG")
    except Invalid as refusal:
        form.validate()
        show_refusal(form, refusal)
        return show_work(work_id, {"photo": form}), 422

    def act(ctx: Context) -> None:
        kind = FileKind(form.kind.data)
        works_files.keep_photo(ctx, files(), work_id, kind, Paper("image/jpeg", sent))

    return change(work_id, "photo", form, act, _("The photo is kept."))


@bp.post("/housing/works/<uuid:work_id>/files/<uuid:file_id>/remove")
@requires(WORK_ON_HOUSING)
def remove_work_photo(work_id: UUID, file_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        works_files.remove_photo(ctx, files(), work_id, file_id)
    flash(_("The photo is gone."), "success")
    return redirect(url_for("housing.work", work_id=work_id))
