"""Plans, photos and papers: sent by a form, opened by whoever may see what they are about."""

from pathlib import Path
from uuid import UUID

from flask import current_app, request
from flask.typing import ResponseReturnValue

from civic.housing.operations.files import HOUSING_FILES, Paper, read_stock_file
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.rules.stock import FileKind
from civic.housing.views.blueprint import bp
from civic.kernel.files import FileStore
from civic.settings import Settings
from civic.web.guard import requires
from civic.web.transaction import reading
from civic.web.uploads import read_document, remade_picture
from civic.web.uploads import read_file as read_sent

JPEG = "image/jpeg"


def files() -> FileStore:
    settings: Settings = current_app.extensions["civic_settings"]
    return FileStore(Path(settings.files, HOUSING_FILES))


def sent_paper(kind: FileKind) -> Paper:
    """What the form brought: a photo made anew, or a PDF or a photo of a paper. Refuses what
    `civic.web.uploads` does."""
    sent = request.files.get("file")
    if kind is FileKind.PHOTO:
        return Paper(JPEG, remade_picture(read_sent(sent), "JPEG"))
    document = read_document(sent)
    return Paper(document.media_type, document.body)


def as_file(paper: Paper) -> ResponseReturnValue:
    """Pictures are our own making and may be shown in place; a PDF from outside opens in a program of
    its own."""
    is_picture = paper.media_type == JPEG
    how, name = ("inline", "photo.jpg") if is_picture else ("attachment", "document.pdf")
    headers = {
        "Content-Type": paper.media_type,
        "Content-Disposition": f'{how}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return paper.body, 200, headers


@bp.get("/housing/files/<uuid:file_id>")
@requires(WORK_ON_HOUSING)
def file(file_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = read_stock_file(ctx, files(), file_id)
    return as_file(found)
