"""Sessions in and out as a table: first a look that changes nothing, then the taking in."""

from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeTimedSerializer

from civic.catalogue.forms.importing import ImportForm
from civic.catalogue.importing import COLUMNS, IMPORTS, IMPORTS_LIFE, Fault, SessionLine, read_lines
from civic.catalogue.operations.importing import Desk, Import, compare, take_in
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.desks import desks
from civic.catalogue.queries.exports import cells, own_lines
from civic.kernel.context import Context
from civic.kernel.errors import Invalid, NotFound
from civic.kernel.files import FileStore
from civic.settings import Settings
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.sheets import CSV_TYPE, XLSX_TYPE, csv_file, xlsx_file
from civic.web.tables import Table, read_table
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.uploads import read_file, takes_files
from civic.web.words import said, say

bp = Blueprint("catalogue_importing", __name__, url_prefix="/<lang>/organise/table")

FAULTS_SHOWN = 100
EXAMPLE = (
    "Siepe di alloro al parco", "Piantiamo e curiamo la siepe insieme.", "Scarpe chiuse",
    "Cura del verde", "italiano, inglese", 14, "Centro", "sì", "sì",
    "28/11/2026", "10:00", "13:00", "Ingresso principale del parco", 12,
)  # fmt: skip


@dataclass(frozen=True)
class _Looked:
    """A table as it was read and compared."""

    table: Table
    result: Import
    faults: list[Fault]


def _files() -> FileStore:
    settings: Settings = current_app.extensions["civic_settings"]
    return FileStore(Path(settings.files, IMPORTS))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="table between two pages")


def _read(table: Table, ctx: Context) -> tuple[list[SessionLine], list[Fault]]:
    return read_lines(table.header, table.rows, ctx.now(), is_typed=table.is_typed)


def _look(ctx: Context, body: bytes, desk: Desk) -> _Looked:
    table = read_table(body)
    lines, faults = _read(table, ctx)
    result = compare(ctx, desk, lines)
    return _Looked(table, result, sorted([*faults, *result.faults], key=lambda each: each.line))


@bp.route("", methods=["GET", "POST"])
@requires(ORGANISE)
@takes_files
def table() -> ResponseReturnValue:
    with reading() as ctx:
        form = ImportForm(desks(ctx))
    if request.method == "GET":
        form.language.data = page_language().tag
    elif form.validate():
        try:
            return _shown(form)
        except Invalid as refusal:
            form.file.errors = [*form.file.errors, say(refusal)]
    status = 422 if form.errors else 200
    return render_template("catalogue/organise/table.html", form=form, columns=COLUMNS), status


def _shown(form: ImportForm) -> str:
    body = read_file(request.files.get("file"))
    desk = form.chosen()
    with reading() as ctx:
        looked = _look(ctx, body, desk)
    kept = {"file": _files().put(body), "who": str(actor().own_id), **_plain(desk)}
    return render_template(
        "catalogue/organise/table_look.html",
        looked=looked,
        faults=[_worded(fault) for fault in looked.faults[:FAULTS_SHOWN]],
        token=_signer().dumps(kept),
    )


def _plain(desk: Desk) -> dict[str, str]:
    return {name: str(value) for name, value in asdict(desk).items()}


def _worded(fault: Fault) -> tuple[int, str, str]:
    return fault.line, fault.column, said(fault.sentence, fault.values)


def _kept(token: str) -> tuple[bytes, Desk, str]:
    """The table behind a token of our own, for whoever sent it; NotFound after a day."""
    try:
        found = _signer().loads(token, max_age=int(IMPORTS_LIFE.total_seconds()))
    except BadData:
        raise NotFound from None
    if found["who"] != str(actor().own_id):
        raise NotFound
    desk = Desk(UUID(found["association_id"]), UUID(found["municipality_id"]), found["language"])
    return _files().get(found["file"]), desk, found["file"]


@bp.post("/take-in")
@requires(ORGANISE)
def take() -> ResponseReturnValue:
    body, desk, name = _kept(request.form.get("token", ""))
    found = read_table(body)
    with unit_of_work() as ctx:
        lines, _faults = _read(found, ctx)
        done = take_in(ctx, desk, lines)
    _files().drop(name)
    flash(
        ngettext(
            "%(num)d session is in the project.",
            "%(num)d sessions are in their projects.",
            len(done.lines),
        ),
        "success",
    )
    if done.new_projects:
        flash(_("New projects are drafts: read them, then send them to the municipality."), "info")
    return redirect(url_for("catalogue_organise.projects"))


@bp.post("/faults.csv")
@requires(ORGANISE)
def faults() -> ResponseReturnValue:
    """Every fault of the table, for whoever mends it in the office."""
    body, desk, _name = _kept(request.form.get("token", ""))
    with reading() as ctx:
        looked = _look(ctx, body, desk)
    header = [_("Line"), _("Column"), _("What is wrong")]
    return _download(csv_file(header, map(_worded, looked.faults)), CSV_TYPE, "civic-faults.csv")


@bp.get("/example.xlsx")
@requires(ORGANISE)
def example() -> ResponseReturnValue:
    body = xlsx_file("Turni", [column.label for column in COLUMNS], [EXAMPLE])
    return _download(body, XLSX_TYPE, "civic-turni.xlsx")


@bp.get("/sessions.<any(csv, xlsx):kind>")
@requires(ORGANISE)
def export(kind: str) -> ResponseReturnValue:
    with reading() as ctx:
        rows = [cells(line) for line in own_lines(ctx)]
    header = [column.label for column in COLUMNS]
    if kind == "csv":
        return _download(csv_file(header, rows), CSV_TYPE, "civic-turni.csv")
    return _download(xlsx_file("Turni", header, rows), XLSX_TYPE, "civic-turni.xlsx")


def _download(body: bytes, content_type: str, name: str) -> Response:
    answer = Response(body, content_type=content_type)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.cache_control.no_store = True
    return answer
