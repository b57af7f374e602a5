"""The papers of a path for its association: read, signed, and signed by the person in front of them."""

from pathlib import Path
from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.kernel.files import FileStore
from civic.recognition.operations import papers
from civic.recognition.paper import sides, typeset_paper
from civic.recognition.policy import TUTOR
from civic.recognition.views.blueprint import bp
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
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import unit_of_work
from civic.web.words import say

ADDRESS = "/organise/recognition/<uuid:path_id>/papers/<uuid:paper_id>"


@bp.get(ADDRESS)
@requires(TUTOR)
def paper(path_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    return _paper_page(path_id, paper_id, SetAsideForm(formdata=None))


@bp.get(f"{ADDRESS}/paper.pdf")
@requires(TUTOR)
def paper_pdf(path_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        _path, found = papers.read_paper(ctx, path_id, paper_id)
        return paper_answer(ctx, found)


def paper_answer(ctx: Context, document: Document) -> Response:
    settings: Settings = current_app.extensions["civic_settings"]
    store = FileStore(Path(settings.files, COPIES))
    pdf = pdf_of(ctx, store, document, typeset_paper)
    return pdf_answer(pdf, f"{document.kind}-{document.number}.pdf")


@bp.post(f"{ADDRESS}/sign")
@requires(TUTOR)
def sign_for_association(path_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            papers.sign_for_association(ctx, path_id, paper_id)
        flash(_("You have signed."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("recognition.paper", path_id=path_id, paper_id=paper_id))


@bp.post(f"{ADDRESS}/set-aside")
@requires(TUTOR)
def set_paper_aside(path_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    form = SetAsideForm()
    if not form.validate():
        return _paper_page(path_id, paper_id, form), 422
    try:
        with unit_of_work() as ctx:
            papers.set_paper_aside(ctx, path_id, paper_id, form.reason.data or "")
    except Conflict as refusal:
        show_refusal(form, refusal)
        return _paper_page(path_id, paper_id, form), status_of(refusal)
    return redirect(url_for("recognition.path", path_id=path_id))


@bp.route(f"{ADDRESS}/hand-over", methods=["GET", "POST"])
@requires(TUTOR)
def hand_over_paper(path_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        path, _found = papers.read_paper(ctx, path_id, paper_id)
    return hand_over_page(
        Handing(
            path.person_id,
            to=f"/organise/recognition/{path_id}/papers/{paper_id}/person",
            back_url=url_for("recognition.paper", path_id=path_id, paper_id=paper_id),
            back_label=_("Paper to sign"),
            lead=_(
                "The next page shows what the paper says, in their language, and where to sign."
            ),
            open_words=_("Open the page to sign"),
        )
    )


@bp.get(f"{ADDRESS}/person")
@requires(TUTOR)
def person_signs(path_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    return _signing_page(path_id, paper_id, PersonSignsForm(formdata=None))


@bp.post(f"{ADDRESS}/person")
@requires(TUTOR)
def sign_in_person(path_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    def signed(ctx: Context, document: Document, is_complete: bool) -> None:
        papers.signed_in_person(ctx, path_id, document, is_complete=is_complete)

    return take_signature(
        lambda ctx: papers.paper_for(ctx, path_id, paper_id)[1],
        signed,
        lambda form: _signing_page(path_id, paper_id, form),
    )


@bp.post(f"{ADDRESS}/person/code")
@requires(TUTOR)
def send_code(path_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    return send_signing_code(
        lambda ctx: papers.paper_for(ctx, path_id, paper_id)[1],
        url_for("recognition.person_signs", path_id=path_id, paper_id=paper_id),
    )


def _paper_page(path_id: UUID, paper_id: UUID, form: SetAsideForm) -> str:
    with unit_of_work() as ctx:
        path, found = papers.read_paper(ctx, path_id, paper_id)
    return render_template(
        "recognition/paper.html", path=path, paper=found, sides=sides(found), form=form
    )


def _signing_page(path_id: UUID, paper_id: UUID, form: PersonSignsForm) -> str:
    with unit_of_work() as ctx:
        path, found = papers.read_paper(ctx, path_id, paper_id)
        ways = ways_to_sign(ctx, path.person_id)
    return render_template(
        "recognition/person_signs.html",
        path=path,
        paper=found,
        sides=sides(found),
        ways=ways,
        form=form,
    )
