"""Papers of a case: kept sealed, opened by who may read what they belong to, given to the person."""

from pathlib import Path
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.access import Data
from civic.cases.operations import documents
from civic.cases.operations.documents import PAPERS, Paper
from civic.cases.policy import WORK_ON_CASES
from civic.cases.views.around import around_page
from civic.cases.views.blueprint import bp
from civic.cases.work_forms import DocumentForm
from civic.kernel.errors import Invalid
from civic.kernel.files import FileStore
from civic.settings import Settings
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import unit_of_work
from civic.web.uploads import read_document, takes_files


def papers() -> FileStore:
    settings: Settings = current_app.extensions["civic_settings"]
    return FileStore(Path(settings.files, PAPERS))


@bp.post("/cases/<uuid:case_id>/documents")
@requires(WORK_ON_CASES)
@takes_files
def keep_document(case_id: UUID) -> ResponseReturnValue:
    form = DocumentForm()
    form.offer(list(Data))
    if not form.validate():
        return around_page(case_id, {"document": form}), 422
    try:
        sent = read_document(request.files.get("file"))
        with unit_of_work() as ctx:
            documents.keep_document(
                ctx,
                papers(),
                case_id,
                Data(form.belongs.data),
                Paper(form.title.data or "", sent.media_type, sent.body),
            )
    except Invalid as refusal:
        show_refusal(form, refusal)
        return around_page(case_id, {"document": form}), 422
    flash(_("The paper is kept, sealed."), "success")
    return redirect(url_for("cases.around", case_id=case_id, _anchor="documents"))


@bp.get("/cases/<uuid:case_id>/documents/<uuid:document_id>")
@requires(WORK_ON_CASES)
def document(case_id: UUID, document_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        found = documents.read_document(ctx, papers(), case_id, document_id)
    return as_file(found)


def as_file(paper: Paper) -> ResponseReturnValue:
    """Never shown in place: a paper from outside opens in a program of its own."""
    ending = "pdf" if paper.media_type == "application/pdf" else "jpg"
    headers = {
        "Content-Type": paper.media_type,
        "Content-Disposition": f'attachment; filename="document.{ending}"',
        "X-Content-Type-Options": "nosniff",
    }
    return paper.body, 200, headers


@bp.post("/cases/<uuid:case_id>/documents/<uuid:document_id>/give")
@requires(WORK_ON_CASES)
def give_document(case_id: UUID, document_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        documents.give_document(ctx, case_id, document_id)
    flash(_("The person finds it on their page."), "success")
    return redirect(url_for("cases.around", case_id=case_id, _anchor="documents"))
