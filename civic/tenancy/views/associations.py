"""Associations: their public page, and what those who run them say and show."""

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

from civic.kernel.errors import Conflict, Invalid
from civic.kernel.files import FileStore
from civic.kernel.slugs import slug_from
from civic.tenancy.forms import ApplyForm, DocumentForm, FactsForm, LogoForm
from civic.tenancy.operations import onboarding
from civic.tenancy.operations.onboarding import NewDocument
from civic.tenancy.policy import RUN_ASSOCIATION, VERIFY_ASSOCIATION
from civic.tenancy.queries import own
from civic.tenancy.queries.standings import municipalities
from civic.tenancy.rules import LEGAL_FORMS, Verification
from civic.web.fields import show_refusal
from civic.web.guard import public, requires
from civic.web.transaction import reading, unit_of_work
from civic.web.uploads import read_document, read_file, remade_picture, takes_files
from civic.web.words import say

bp = Blueprint("tenancy_associations", __name__, url_prefix="/<lang>/associations")

LOGO_SIDE = 320
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg"}


def _files() -> FileStore:
    store: FileStore = current_app.extensions["civic_files"]
    return store


@bp.get("/<slug>")
@public
def association(slug: str) -> ResponseReturnValue:
    with reading() as ctx:
        found = own.public_association(ctx, slug)
    legal_form = _(LEGAL_FORMS[found.legal_form]) if found.legal_form else ""
    return render_template("tenancy/association.html", association=found, legal_form=legal_form)


@bp.get("/<slug>/logo.png")
@public
def logo(slug: str) -> ResponseReturnValue:
    with reading() as ctx:
        own.public_association(ctx, slug)
        stored_as = own.logo_of(ctx, slug)
    answer = Response(_files().get(stored_as), mimetype="image/png")
    answer.set_etag(stored_as)
    answer.cache_control.max_age = 3600
    answer.make_conditional(request)
    return answer


@bp.get("/mine")
@requires(RUN_ASSOCIATION)
def mine() -> ResponseReturnValue:
    with reading() as ctx:
        associations = own.own_associations(ctx)
    return render_template("tenancy/mine.html", associations=associations)


@bp.route("/new", methods=["GET", "POST"])
@requires(RUN_ASSOCIATION)
def new() -> ResponseReturnValue:
    with reading() as ctx:
        form = ApplyForm(municipalities(ctx))
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                made = onboarding.apply(ctx, form.facts(), form.chosen_cities())
            flash(_("The municipality has your request. Now add your papers."), "success")
            return redirect(url_for(".documents", association_id=made))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    return render_template("tenancy/new.html", form=form), _status(form)


@bp.route("/<uuid:association_id>/edit", methods=["GET", "POST"])
@requires(RUN_ASSOCIATION)
def edit(association_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = own.own_association(ctx, association_id)
        cities = municipalities(ctx)
    form = FactsForm.of(found)
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                onboarding.change_facts(ctx, association_id, form.facts())
            flash(_("Your changes are saved."), "success")
            return redirect(url_for(".mine"))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
    asked = {
        each.municipality_id
        for each in found.standings
        if each.verification is not Verification.REFUSED
    }
    return render_template(
        "tenancy/edit.html",
        form=form,
        association=found,
        logo_form=LogoForm(formdata=None),
        other_cities=[city for city in cities if city.id not in asked],
    ), _status(form)


@bp.post("/<uuid:association_id>/ask/<uuid:municipality_id>")
@requires(RUN_ASSOCIATION)
def ask(association_id: UUID, municipality_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            onboarding.ask_in(ctx, association_id, municipality_id)
        flash(_("The municipality has your request."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for(".mine"))


@bp.post("/<uuid:association_id>/logo")
@requires(RUN_ASSOCIATION)
@takes_files
def change_logo(association_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        own.own_association(ctx, association_id)
    try:
        picture = remade_picture(read_file(request.files.get("file")), side=LOGO_SIDE)
    except Invalid as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for(".edit", association_id=association_id))
    stored_as = _files().put(picture)
    with unit_of_work() as ctx:
        before = onboarding.change_logo(ctx, association_id, stored_as)
    if before:
        _files().drop(before)
    flash(_("Your logo is changed."), "success")
    return redirect(url_for(".edit", association_id=association_id))


@bp.route("/<uuid:association_id>/documents", methods=["GET", "POST"])
@requires(RUN_ASSOCIATION)
@takes_files
def documents(association_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = own.own_association(ctx, association_id)
        papers = own.documents(
            ctx, association_id, [each.municipality_id for each in found.standings]
        )
    form = DocumentForm(found)
    if form.validate_on_submit() and _kept(form, association_id):
        flash(_("The municipality can read it now."), "success")
        return redirect(url_for(".documents", association_id=association_id))
    page = render_template("tenancy/documents.html", form=form, association=found, papers=papers)
    return page, _status(form)


def _kept(form: DocumentForm, association_id: UUID) -> bool:
    try:
        document = read_document(request.files.get("file"))
        stored_as = _files().put(document.body)
        try:
            with unit_of_work() as ctx:
                onboarding.add_document(
                    ctx,
                    association_id,
                    UUID(form.city.data),
                    NewDocument(
                        form.title.data or "", document.media_type, len(document.body), stored_as
                    ),
                )
        except (Invalid, Conflict):
            _files().drop(stored_as)
            raise
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return False
    return True


@bp.get("/documents/<uuid:document_id>")
@requires(RUN_ASSOCIATION)
def document(document_id: UUID) -> ResponseReturnValue:
    """As a download: what others hand in is never shown as a page of this site."""
    with reading() as ctx:
        paper = own.document_for(ctx, document_id, VERIFY_ASSOCIATION)
    answer = Response(_files().get(paper.stored_as), mimetype=paper.media_type)
    name = f"{slug_from(paper.title, paper.stored_as[:4])}.{ENDINGS[paper.media_type]}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.cache_control.private = True
    answer.cache_control.no_store = True
    return answer


def _status(form: FactsForm | DocumentForm) -> int:
    return 422 if form.errors or form.form_errors else 200
