"""One path for its association: project, progress, what is missing, evidence."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.accounts.queries import page_language_of
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.files import FileStore
from civic.recognition.forms import GoalForm, InterruptForm, ProjectForm, ProofForm
from civic.recognition.operations import papers, paths, proofs
from civic.recognition.policy import TUTOR
from civic.recognition.queries.gate import Body, path_for
from civic.recognition.queries.paths import PathPage
from civic.recognition.queries.people import tutors
from civic.recognition.rules import Proof
from civic.recognition.views.blueprint import bp
from civic.settings import Settings
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.uploads import read_file, remade_picture, takes_files
from civic.web.words import local_date, say

PHOTOS = "recognition"
PROJECT, GOAL, PROOF, INTERRUPT = "project-", "goal-", "proof-", "interrupt-"
"""The forms of the page share names of fields."""


def photo_store() -> FileStore:
    settings: Settings = current_app.extensions["civic_settings"]
    return FileStore(Path(settings.files, PHOTOS))


@bp.get("/organise/recognition/<uuid:path_id>")
@requires(TUTOR)
def path(path_id: UUID) -> ResponseReturnValue:
    return _page(path_id)


@bp.post("/organise/recognition/<uuid:path_id>/project")
@requires(TUTOR)
def write_project(path_id: UUID) -> ResponseReturnValue:
    form = ProjectForm(prefix=PROJECT)
    with reading() as ctx:
        row = path_for(ctx, path_id)
        form.offer(tutors(ctx, Body(row.association_id, row.municipality_id)))

    def write(ctx: Context) -> None:
        paths.write_project(ctx, path_id, form.to_draft())

    return _answer(path_id, PROJECT, form, write, _("The project is written down."))


@bp.post("/organise/recognition/<uuid:path_id>/goals")
@requires(TUTOR)
def add_goal(path_id: UUID) -> ResponseReturnValue:
    form = GoalForm(prefix=GOAL)
    form.offer(page_language().tag)

    def write(ctx: Context) -> None:
        paths.add_goal(ctx, path_id, form.to_goal())

    return _answer(path_id, GOAL, form, write, _("The goal is in the project."))


@bp.post("/organise/recognition/<uuid:path_id>/goals/<uuid:goal_id>/out")
@requires(TUTOR)
def take_goal_out(path_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    return _step(path_id, lambda ctx: paths.take_goal_out(ctx, path_id, goal_id))


@bp.post("/organise/recognition/<uuid:path_id>/evidence")
@requires(TUTOR)
@takes_files
def add_proof(path_id: UUID) -> ResponseReturnValue:
    form = ProofForm(prefix=PROOF)
    with unit_of_work() as ctx:
        page = paths.read_path(ctx, path_id)
        form.offer(page.goals, _sessions(ctx, page))
    if not form.validate():
        return _page(path_id, PROOF, form), 422
    stored_as = ""
    try:
        if form.kind.data == Proof.PHOTO and form.agreed.data:
            picture = remade_picture(read_file(form.file.data), "JPEG")
            stored_as = photo_store().put(picture)
        with unit_of_work() as ctx:
            is_new = proofs.add_proof(ctx, path_id, form.to_proof(stored_as))
    except (Invalid, Conflict) as refusal:
        _drop(stored_as)
        show_refusal(form, refusal)
        return _page(path_id, PROOF, form), status_of(refusal)
    if not is_new:
        _drop(stored_as)
    flash(_("It stands behind the goal now."), "success")
    return redirect(url_for("recognition.path", path_id=path_id, _anchor="evidence"))


def _drop(stored_as: str) -> None:
    if stored_as:
        photo_store().drop(stored_as)


@bp.get("/organise/recognition/<uuid:path_id>/photos/<uuid:proof_id>.jpg")
@requires(TUTOR)
def photo(path_id: UUID, proof_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        stored_as = proofs.photo_of(ctx, path_id, proof_id, is_own=False)
    return photo_answer(stored_as)


def photo_answer(stored_as: str) -> Response:
    response = Response(photo_store().get(stored_as), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/organise/recognition/<uuid:path_id>/freeze-project")
@requires(TUTOR)
def freeze_project(path_id: UUID) -> ResponseReturnValue:
    return _freeze(path_id, papers.freeze_project)


@bp.post("/organise/recognition/<uuid:path_id>/freeze-document")
@requires(TUTOR)
def freeze_transparency(path_id: UUID) -> ResponseReturnValue:
    return _freeze(path_id, papers.freeze_transparency)


@bp.post("/organise/recognition/<uuid:path_id>/interrupt")
@requires(TUTOR)
def interrupt(path_id: UUID) -> ResponseReturnValue:
    form = InterruptForm(prefix=INTERRUPT)

    def write(ctx: Context) -> None:
        paths.interrupt(ctx, path_id, form.reason.data or "")

    return _answer(path_id, INTERRUPT, form, write, _("The path has ended. Nothing is owed."))


def _freeze(path_id: UUID, freeze: Callable[[Context, UUID], UUID]) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            paper_id = freeze(ctx, path_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for("recognition.path", path_id=path_id))
    return redirect(url_for("recognition.paper", path_id=path_id, paper_id=paper_id))


def _step(path_id: UUID, write: Callable[[Context], None]) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            write(ctx)
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("recognition.path", path_id=path_id))


def _answer(
    path_id: UUID, name: str, form: FlaskForm, write: Callable[[Context], None], done: str
) -> ResponseReturnValue:
    if not form.validate():
        return _page(path_id, name, form), 422
    try:
        with unit_of_work() as ctx:
            write(ctx)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return _page(path_id, name, form), status_of(refusal)
    flash(done, "success")
    return redirect(url_for("recognition.path", path_id=path_id))


def _sessions(ctx: Context, page: PathPage) -> list[tuple[str, str]]:
    """Sessions of the path in which the person was there, the newest first."""
    ids = list(dict.fromkeys(line.session_id for line in reversed(page.lines)))
    known = session_facts(ctx, ids, page_language().tag)
    days = {line.session_id: line.day for line in page.lines}
    return [
        (str(each), f"{local_date(days[each])} · {known[each].title}")
        for each in ids
        if each in known
    ]


def _page(path_id: UUID, name: str = "", typed: FlaskForm | None = None) -> str:
    """Each showing leaves a line in the trail. `typed` is the one form that was sent."""
    with unit_of_work() as ctx:
        page = paths.read_path(ctx, path_id)
        row = page.path
        ours = tutors(ctx, Body(row.association_id, row.municipality_id))
        sessions = _sessions(ctx, page)
        language = page_language_of(ctx, row.person_id)
    given = {
        "tutor": str(row.tutor_id or request.args.get("tutor", "")),
        "hours": row.minutes_planned // 60 or None,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }
    project = ProjectForm(formdata=None, prefix=PROJECT, data=given)
    project.offer(ours)
    goal = GoalForm(formdata=None, prefix=GOAL)
    goal.offer(language)
    proof = ProofForm(formdata=None, prefix=PROOF)
    proof.offer(page.goals, sessions)
    forms: dict[str, FlaskForm] = {
        PROJECT: project,
        GOAL: goal,
        PROOF: proof,
        INTERRUPT: InterruptForm(formdata=None, prefix=INTERRUPT),
    }
    if typed is not None:
        forms[name] = typed
    return render_template(
        "recognition/path.html",
        page=page,
        project=forms[PROJECT],
        goal_form=forms[GOAL],
        proof_form=forms[PROOF],
        interrupt_form=forms[INTERRUPT],
        sessions=dict(sessions),
        typed=typed,
    )
