"""An organiser's work on projects."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.catalogue.forms.projects import NewProjectForm, ProjectForm, WordsForm
from civic.catalogue.operations import projects as operations
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.desks import desks, draft_for, own_projects
from civic.catalogue.queries.projects import project_shown
from civic.catalogue.queries.sessions import sessions_of
from civic.catalogue.rules import Cursor
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.kernel.i18n import BY_TAG, DEFAULT, LANGUAGES
from civic.tenancy.queries.standings import is_verified
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say, shown_language

POSTER_LANGUAGES = tuple(each.tag for each in LANGUAGES if each is not DEFAULT)

bp = Blueprint("catalogue_organise", __name__, url_prefix="/<lang>/organise/projects")


@bp.get("")
@requires(ORGANISE)
def projects() -> ResponseReturnValue:
    after = Cursor.decode(request.args.get("after", ""))
    with reading() as ctx:
        page = own_projects(ctx, page_language().tag, after)
    return render_template("catalogue/organise/projects.html", page=page)


@bp.route("/new", methods=["GET", "POST"])
@requires(ORGANISE)
def new_project() -> ResponseReturnValue:
    with reading() as ctx:
        places = desks(ctx)
    form = NewProjectForm(places)
    if request.method == "GET":
        form.language.data = page_language().tag
    elif form.validate():
        try:
            with unit_of_work() as ctx:
                project_id = operations.draft_project(ctx, form.new_project())
            flash(_("The draft is saved. Now add the dates."), "success")
            return redirect(url_for("catalogue_organise.project", project_id=project_id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    return render_template("catalogue/organise/new_project.html", form=form), _status(form)


@bp.get("/<uuid:project_id>")
@requires(ORGANISE)
def project(project_id: UUID) -> ResponseReturnValue:
    language = page_language().tag
    with reading() as ctx:
        draft = draft_for(ctx, project_id, ORGANISE)
        page = project_shown(ctx, project_id, ORGANISE, language)
        sessions = sessions_of(ctx, project_id, language)
        verified = is_verified(ctx, page.association_id, page.municipality_id)
        now = ctx.now()
    return render_template(
        "catalogue/organise/project.html",
        draft=draft,
        page=page,
        coming=[s for s in reversed(sessions) if s.ends_at > now],
        past=[s for s in sessions if s.ends_at <= now],
        now=now,
        is_verified=verified,
        poster_languages=POSTER_LANGUAGES,
    )


@bp.route("/<uuid:project_id>/edit", methods=["GET", "POST"])
@requires(ORGANISE)
def edit(project_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        draft = draft_for(ctx, project_id, ORGANISE)
        page = project_shown(ctx, project_id, ORGANISE, draft.original.language)
    form = ProjectForm.of(draft, page)
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                operations.revise_project(ctx, project_id, form.content())
            flash(_("Your changes are saved."), "success")
            return redirect(url_for("catalogue_organise.project", project_id=project_id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    status = _status(form)
    return render_template("catalogue/organise/edit.html", form=form, draft=draft), status


@bp.route("/<uuid:project_id>/translations/<language>", methods=["GET", "POST"])
@requires(ORGANISE)
def translation(project_id: UUID, language: str) -> ResponseReturnValue:
    with reading() as ctx:
        draft = draft_for(ctx, project_id, ORGANISE)
    if language not in BY_TAG or language == draft.original.language:
        raise NotFound
    form = WordsForm(obj=draft.words(language))
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                operations.write_translation(ctx, project_id, language, form.words())
            said = shown_language(language)
            flash(_("The words in %(language)s are saved.", language=said), "success")
            return redirect(url_for("catalogue_organise.project", project_id=project_id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    return render_template(
        "catalogue/organise/translation.html",
        form=form,
        draft=draft,
        language=language,
        there=draft.words(language),
    ), _status(form)


@bp.get("/<uuid:project_id>/preview")
@requires(ORGANISE)
def preview(project_id: UUID) -> ResponseReturnValue:
    """The page as participants will see it."""
    with reading() as ctx:
        page = project_shown(ctx, project_id, ORGANISE, page_language().tag)
    return render_template("catalogue/organise/preview.html", page=page)


@bp.post("/<uuid:project_id>/submit")
@requires(ORGANISE)
def submit(project_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            operations.submit_project(ctx, project_id)
        flash(_("The municipality has your project. You will read its answer here."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("catalogue_organise.project", project_id=project_id))


@bp.post("/<uuid:project_id>/duplicate")
@requires(ORGANISE)
def duplicate(project_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        copy_id = operations.duplicate_project(ctx, project_id)
    flash(_("This is the new draft. Change what is different, save it, then add dates."), "success")
    return redirect(url_for("catalogue_organise.edit", project_id=copy_id))


@bp.post("/<uuid:project_id>/pause")
@requires(ORGANISE)
def pause(project_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            operations.pause_project(ctx, project_id)
        flash(_("The project takes a break. Those who have a place keep it."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("catalogue_organise.project", project_id=project_id))


@bp.post("/<uuid:project_id>/resume")
@requires(ORGANISE)
def resume(project_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            operations.resume_project(ctx, project_id)
        flash(_("The break is over: the project is in the list again."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("catalogue_organise.project", project_id=project_id))


@bp.post("/<uuid:project_id>/close")
@requires(ORGANISE)
def close(project_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            cancelled = operations.close_project(ctx, project_id)
        flash(_closed(cancelled), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("catalogue_organise.project", project_id=project_id))


def _closed(cancelled: int) -> str:
    if not cancelled:
        return str(_("The project is over."))
    return str(
        ngettext(
            "The project is over, and %(num)d session was cancelled.",
            "The project is over, and %(num)d sessions were cancelled.",
            cancelled,
        )
    )


def _status(form: WordsForm) -> int:
    return 422 if form.errors or form.form_errors else 200
