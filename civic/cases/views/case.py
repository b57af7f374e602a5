"""One case: its parts, its timeline, what is to do. Page, paper and machine's answer show the same."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.accounts import queries as accounts
from civic.cases.access import Access, Data
from civic.cases.errors import NotYours, VersionMoved
from civic.cases.operations import entries, files
from civic.cases.operations.reading import CaseView, read_case, read_part
from civic.cases.paper import typeset_case, view_as_values
from civic.cases.policy import WORK_ON_CASES
from civic.cases.queries.gate import CaseFacts, case_for
from civic.cases.queries.people import team_choices
from civic.cases.section_forms import SectionForm, filled, form_of
from civic.cases.sections import SECTIONS
from civic.cases.views.blueprint import bp
from civic.cases.work_forms import AlertForm, EntryForm, TaskForm
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

WRITTEN: dict[str, type[FlaskForm]] = {"entry": EntryForm, "task": TaskForm, "alert": AlertForm}
PART = f"/cases/<uuid:case_id>/parts/<any({','.join(SECTIONS)}):data>"


@bp.get("/cases/<uuid:case_id>")
@requires(WORK_ON_CASES)
def case(case_id: UUID) -> ResponseReturnValue:
    page = max(1, request.args.get("page", 1, type=int))
    with unit_of_work() as ctx:
        view = read_case(ctx, case_id, page=page)
        names = accounts.names(ctx, _people(view))
    writable = view.case.readable(Access.WRITE)
    return render_template(
        "cases/case.html", view=view, case=view.case, names=names, writable=writable
    )


@bp.get("/cases/<uuid:case_id>/data.json")
@requires(WORK_ON_CASES)
def case_data(case_id: UUID) -> ResponseReturnValue:
    """For programs of the municipality: what this reader's page shows, and not a word more."""
    with unit_of_work() as ctx:
        view = read_case(ctx, case_id, as_what="exported")
    return jsonify(view_as_values(view))


@bp.get("/cases/<uuid:case_id>/paper.pdf")
@requires(WORK_ON_CASES)
def case_paper(case_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        view = read_case(ctx, case_id, as_what="printed")
        names = accounts.names(ctx, _people(view))
    body = typeset_case(view, names, actor().name)
    headers = {"Content-Disposition": f'inline; filename="{view.case.reference}.pdf"'}
    return body, 200, {"Content-Type": "application/pdf", **headers}


@bp.get(PART)
@requires(WORK_ON_CASES)
def part(case_id: UUID, data: str) -> ResponseReturnValue:
    return _part_page(case_id, Data(data))


@bp.post(PART)
@requires(WORK_ON_CASES)
def write_part(case_id: UUID, data: str) -> ResponseReturnValue:
    kind = Data(data)
    form = form_of(kind)()
    form.offer(kind)
    if not form.validate():
        return _part_page(case_id, kind, form), 422
    try:
        with unit_of_work() as ctx:
            files.write_section(ctx, case_id, kind, form.values(kind), form.base_version)
    except VersionMoved as refusal:
        show_refusal(form, refusal)
        return _part_page(case_id, kind, form, is_moved=True), 409
    flash(_("It is written down."), "success")
    return redirect(url_for("cases.case", case_id=case_id))


def _part_page(
    case_id: UUID, data: Data, form: SectionForm | None = None, *, is_moved: bool = False
) -> str:
    """To be written; or, where somebody else was quicker, both versions one beside the other."""
    with unit_of_work() as ctx:
        facts, name, stands = read_part(ctx, case_id, data)
        facts.require(data, Access.WRITE)
        names = accounts.names(ctx, [stands.written_by] if stands.written_by else [])
    if form is None:
        form = filled(data, stands.values, stands.version)
    elif is_moved:
        form.base.data = str(stands.version)
    return render_template(
        "cases/part.html",
        case=facts,
        name=name,
        section=SECTIONS[data],
        form=form,
        stands=stands,
        is_moved=is_moved,
        names=names,
    )


@bp.post("/cases/<uuid:case_id>/conflicts/<uuid:conflict_id>")
@requires(WORK_ON_CASES)
def settle(case_id: UUID, conflict_id: UUID) -> ResponseReturnValue:
    """One of the two versions stands from now on: theirs, or the one that stood."""
    wanted = request.form.get("keep", "")
    try:
        with unit_of_work() as ctx:
            files.settle_conflict(ctx, case_id, conflict_id, keep_theirs=wanted == "theirs")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("cases.case", case_id=case_id))


@bp.post("/cases/<uuid:case_id>/entries")
@requires(WORK_ON_CASES)
def add_entry(case_id: UUID) -> ResponseReturnValue:
    form = EntryForm()
    return _write(
        case_id,
        form,
        "entry",
        lambda ctx: entries.add_entry(ctx, case_id, form.to_entry(ctx.now())),
    )


@bp.post("/cases/<uuid:case_id>/tasks")
@requires(WORK_ON_CASES)
def add_task(case_id: UUID) -> ResponseReturnValue:
    form = TaskForm()
    return _write(
        case_id, form, "task", lambda ctx: entries.add_task(ctx, case_id, form.to_task("it"))
    )


@bp.post("/cases/<uuid:case_id>/tasks/<uuid:task_id>/<any(done,open,drop,agree):mark>")
@requires(WORK_ON_CASES)
def mark_task(case_id: UUID, task_id: UUID, mark: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        entries.mark_task(ctx, case_id, task_id, mark)
    return redirect(url_for("cases.case", case_id=case_id, _anchor="tasks"))


@bp.post("/cases/<uuid:case_id>/alerts")
@requires(WORK_ON_CASES)
def add_alert(case_id: UUID) -> ResponseReturnValue:
    form = AlertForm()
    return _write(
        case_id, form, "alert", lambda ctx: entries.add_alert(ctx, case_id, form.to_alert())
    )


@bp.post("/cases/<uuid:case_id>/alerts/<uuid:alert_id>/end")
@requires(WORK_ON_CASES)
def end_alert(case_id: UUID, alert_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        entries.end_alert(ctx, case_id, alert_id)
    return redirect(url_for("cases.case", case_id=case_id))


@bp.get("/cases/<uuid:case_id>/write/<any(entry,task,alert):what>")
@requires(WORK_ON_CASES)
def write(case_id: UUID, what: str) -> ResponseReturnValue:
    """Something new: apart from the page, which is read more often than written to."""
    return _write_page(case_id, what, WRITTEN[what](formdata=None))


def _write(
    case_id: UUID, form: FlaskForm, what: str, change: Callable[[Context], object]
) -> ResponseReturnValue:
    """With what was typed and what is wrong, or written down."""
    facts = _offer(case_id, form)
    if not form.validate():
        return _write_page(facts.id, what, form), 422
    try:
        with unit_of_work() as ctx:
            change(ctx)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _write_page(facts.id, what, form), status_of(refusal)
    flash(_("It is written down."), "success")
    return redirect(url_for("cases.case", case_id=case_id))


def _offer(case_id: UUID, form: FlaskForm) -> CaseFacts:
    """What may be chosen on this case; nothing for who writes nothing of that kind."""
    with reading() as ctx:
        facts = case_for(ctx, case_id)
        team = team_choices(ctx, facts)
    if isinstance(form, TaskForm):
        facts.require(Data.PLAN, Access.WRITE)
        form.offer(team)
    elif isinstance(form, EntryForm | AlertForm):
        form.offer(facts.readable(Access.WRITE))
    if not facts.readable(Access.WRITE):
        raise NotYours
    return facts


def _write_page(case_id: UUID, what: str, form: FlaskForm) -> str:
    facts = _offer(case_id, form)
    return render_template("cases/write.html", case=facts, what=what, form=form)


def _people(view: CaseView) -> set[UUID]:
    written = {row.written_by for row in view.timeline.entries if row.written_by}
    owners = {task.owner_id for task in view.tasks if task.owner_id}
    parts = {part.written_by for part in view.parts.values() if part.written_by}
    return written | owners | parts | {row.written_by for row in view.conflicts if row.written_by}
