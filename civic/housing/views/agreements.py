"""The agreement of a stay for who keeps it: made, read, signed, printed, and signed by the person in
front of them."""

from datetime import date
from pathlib import Path
from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.agreement_contents import agreement_content
from civic.housing.agreement_paper import sides, typeset_agreement, typeset_to_print
from civic.housing.operations import agreements, reading_stays
from civic.housing.operations.files import HOUSING_FILES, Paper, read_file
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import placement_for
from civic.housing.queries.stay_page import StayPage
from civic.housing.stay_forms import SignedPaperForm, TermsForm, typed_cents
from civic.housing.views.blueprint import bp
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.kernel.files import FileStore
from civic.settings import Settings
from civic.signatures.forms import PersonSignsForm, SetAsideForm
from civic.signatures.handing import (
    Handing,
    hand_over_page,
    pdf_answer,
    send_signing_code,
    take_signature,
)
from civic.signatures.keeping import COPIES, pdf_of
from civic.signatures.queries import Document, ways_to_sign
from civic.web import uploads
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import bindings, unit_of_work
from civic.web.words import say

STAY = "/housing/stays/<uuid:placement_id>"
ADDRESS = f"{STAY}/agreements/<uuid:agreement_id>"


def file_store() -> FileStore:
    settings: Settings = current_app.extensions["civic_settings"]
    return FileStore(Path(settings.files, HOUSING_FILES))


@bp.route(f"{STAY}/agreement", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def agreement(placement_id: UUID) -> ResponseReturnValue:
    """What they pay; then the paper to sign, or for who has no account the one to print."""
    with unit_of_work() as ctx:
        page = reading_stays.read_stay(ctx, placement_id)
    form = TermsForm(
        pays=typed_cents(page.stay.pays_cents), deposit=typed_cents(page.stay.deposit_cents)
    )
    if request.method == "GET":
        return _terms_page(page, form), 200
    if not form.validate():
        return _terms_page(page, form), 422
    try:
        with unit_of_work() as ctx:
            made_id = agreements.write_agreement(ctx, placement_id, form.to_terms())
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _terms_page(page, form), status_of(refusal)
    if made_id is None:
        return redirect(url_for("housing.agreement", placement_id=placement_id))
    return redirect(
        url_for("housing.agreement_paper", placement_id=placement_id, agreement_id=made_id)
    )


def _terms_page(page: StayPage, form: TermsForm, scan_form: SignedPaperForm | None = None) -> str:
    return render_template(
        "housing/agreement.html",
        page=page,
        form=form,
        scan_form=scan_form or SignedPaperForm(formdata=None, day=_today()),
    )


def _today() -> date:
    return rome_day(bindings().database.clock.now())


@bp.get(f"{STAY}/agreement.pdf")
@requires(WORK_ON_HOUSING)
def agreement_to_print(placement_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        page = reading_stays.read_stay(ctx, placement_id)
        content = agreement_content(ctx, placement_for(ctx, placement_id))
    if page.stay.signer.person_id is not None:
        raise NotFound
    return pdf_answer(typeset_to_print(content), "agreement.pdf")


@bp.post(f"{STAY}/agreement/signed")
@uploads.takes_files
@requires(WORK_ON_HOUSING)
def keep_signed(placement_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        page = reading_stays.read_stay(ctx, placement_id)
    form = SignedPaperForm()
    status = 422
    if form.validate() and form.day.data is not None:
        try:
            sent = uploads.read_document(request.files.get("file"))
            paper = Paper(sent.media_type, sent.body)
            with unit_of_work() as ctx:
                agreements.keep_signed(ctx, file_store(), placement_id, paper, form.day.data)
            flash(_("The signed agreement is kept."), "success")
            return redirect(url_for("housing.stay", placement_id=placement_id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
            status = status_of(refusal)
    terms = TermsForm(
        formdata=None,
        pays=typed_cents(page.stay.pays_cents),
        deposit=typed_cents(page.stay.deposit_cents),
    )
    return _terms_page(page, terms, form), status


@bp.get(f"{STAY}/agreement/signed/<uuid:signed_file_id>")
@requires(WORK_ON_HOUSING)
def signed_paper(placement_id: UUID, signed_file_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        page = reading_stays.read_stay(ctx, placement_id)
        if signed_file_id not in {scan.id for scan in page.scans}:
            raise NotFound
        return file_answer(read_file(ctx, file_store(), signed_file_id))


def file_answer(paper: Paper) -> Response:
    response = Response(paper.body, mimetype=paper.media_type)
    response.headers.set("Content-Disposition", "inline")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get(ADDRESS)
@requires(WORK_ON_HOUSING)
def agreement_paper(placement_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    return _paper_page(placement_id, agreement_id, SetAsideForm(formdata=None))


@bp.get(f"{ADDRESS}/paper.pdf")
@requires(WORK_ON_HOUSING)
def agreement_pdf(placement_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        _stay, found = agreements.read_agreement(ctx, placement_id, agreement_id)
        return paper_answer(ctx, found)


def paper_answer(ctx: Context, document: Document) -> Response:
    settings: Settings = current_app.extensions["civic_settings"]
    store = FileStore(Path(settings.files, COPIES))
    pdf = pdf_of(ctx, store, document, typeset_agreement)
    return pdf_answer(pdf, f"{document.kind}-{document.number}.pdf")


@bp.post(f"{ADDRESS}/sign")
@requires(WORK_ON_HOUSING)
def sign_agreement(placement_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            agreements.sign_for_service(ctx, placement_id, agreement_id)
        flash(_("You have signed."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(
        url_for("housing.agreement_paper", placement_id=placement_id, agreement_id=agreement_id)
    )


@bp.post(f"{ADDRESS}/set-aside")
@requires(WORK_ON_HOUSING)
def set_agreement_aside(placement_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    form = SetAsideForm()
    if not form.validate():
        return _paper_page(placement_id, agreement_id, form), 422
    try:
        with unit_of_work() as ctx:
            reason = form.reason.data or ""
            agreements.set_agreement_aside(ctx, placement_id, agreement_id, reason)
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _paper_page(placement_id, agreement_id, form), status_of(refusal)
    return redirect(url_for("housing.agreement", placement_id=placement_id))


@bp.route(f"{ADDRESS}/hand-over", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def hand_over_agreement(placement_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        _stay, found = agreements.read_agreement(ctx, placement_id, agreement_id)
    return hand_over_page(
        Handing(
            found.person_id,
            to=f"/housing/stays/{placement_id}/agreements/{agreement_id}/person",
            back_url=url_for(
                "housing.agreement_paper", placement_id=placement_id, agreement_id=agreement_id
            ),
            back_label=_("Paper to sign"),
            lead=_(
                "The next page shows what the paper says, in their language, and where to sign."
            ),
            open_words=_("Open the page to sign"),
        )
    )


@bp.get(f"{ADDRESS}/person")
@requires(WORK_ON_HOUSING)
def person_signs_agreement(placement_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    return _signing_page(placement_id, agreement_id, PersonSignsForm(formdata=None))


@bp.post(f"{ADDRESS}/person")
@requires(WORK_ON_HOUSING)
def agreement_signed_in_person(placement_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    def signed(ctx: Context, document: Document, is_complete: bool) -> None:
        agreements.signed_in_person(ctx, placement_id, document, is_complete=is_complete)

    return take_signature(
        lambda ctx: agreements.agreement_for(ctx, placement_id, agreement_id)[1],
        signed,
        lambda form: _signing_page(placement_id, agreement_id, form),
    )


@bp.post(f"{ADDRESS}/person/code")
@requires(WORK_ON_HOUSING)
def send_agreement_code(placement_id: UUID, agreement_id: UUID) -> ResponseReturnValue:
    return send_signing_code(
        lambda ctx: agreements.agreement_for(ctx, placement_id, agreement_id)[1],
        url_for(
            "housing.person_signs_agreement", placement_id=placement_id, agreement_id=agreement_id
        ),
    )


def _paper_page(placement_id: UUID, agreement_id: UUID, form: SetAsideForm) -> str:
    with unit_of_work() as ctx:
        _stay, found = agreements.read_agreement(ctx, placement_id, agreement_id)
    return render_template(
        "housing/agreement_paper.html",
        placement_id=placement_id,
        paper=found,
        sides=sides(found),
        form=form,
    )


def _signing_page(placement_id: UUID, agreement_id: UUID, form: PersonSignsForm) -> str:
    with unit_of_work() as ctx:
        _stay, found = agreements.read_agreement(ctx, placement_id, agreement_id)
        ways = ways_to_sign(ctx, found.person_id)
    return render_template(
        "housing/agreement_person_signs.html",
        placement_id=placement_id,
        paper=found,
        sides=sides(found),
        ways=ways,
        form=form,
    )
