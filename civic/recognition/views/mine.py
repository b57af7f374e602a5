"""The person's side: what it is, asking for it, how far it has come, and signing."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.kernel.errors import Conflict
from civic.recognition.operations import informing, papers, paths, proofs
from civic.recognition.paper import sides
from civic.recognition.policy import OWN_PATHS
from civic.recognition.queries.gate import Body
from civic.recognition.queries.paths import own_pages
from civic.recognition.queries.people import offers_to_me
from civic.recognition.views.blueprint import bp
from civic.recognition.views.papers import paper_answer
from civic.recognition.views.path import photo_answer, photo_store
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say


@bp.get("/me/recognition")
@requires(OWN_PATHS)
def mine() -> ResponseReturnValue:
    with reading() as ctx:
        pages = own_pages(ctx)
        offers = offers_to_me(ctx)
    return render_template("recognition/mine.html", pages=pages, offers=offers)


@bp.post("/me/recognition/<uuid:municipality_id>/<uuid:association_id>/ask")
@requires(OWN_PATHS)
def ask(municipality_id: UUID, association_id: UUID) -> ResponseReturnValue:
    """They have read what it is, in the language of the page, and ask for it."""
    body = Body(association_id, municipality_id)
    try:
        with unit_of_work() as ctx:
            informing.confirm_reading(ctx, body, page_language().tag)
            paths.ask_for_path(ctx, body)
        flash(_("You have asked. The association names a tutor and writes to you."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("recognition.mine"))


@bp.get("/me/recognition/papers/<uuid:paper_id>")
@requires(OWN_PATHS)
def own_paper(paper_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        _path, found = papers.own_paper(ctx, paper_id)
    return render_template("recognition/own_paper.html", paper=found, sides=sides(found))


@bp.post("/me/recognition/papers/<uuid:paper_id>/sign")
@requires(OWN_PATHS)
def sign_own_paper(paper_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            papers.sign_own(ctx, paper_id)
        flash(_("You have signed."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("recognition.own_paper", paper_id=paper_id))


@bp.get("/me/recognition/papers/<uuid:paper_id>/paper.pdf")
@requires(OWN_PATHS)
def own_paper_pdf(paper_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        _path, found = papers.own_paper(ctx, paper_id)
        return paper_answer(ctx, found)


@bp.get("/me/recognition/<uuid:path_id>/photos/<uuid:proof_id>.jpg")
@requires(OWN_PATHS)
def own_photo(path_id: UUID, proof_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        stored_as = proofs.photo_of(ctx, path_id, proof_id, is_own=True)
    return photo_answer(stored_as)


@bp.post("/me/recognition/<uuid:path_id>/photos/<uuid:proof_id>/withdraw")
@requires(OWN_PATHS)
def withdraw_photo(path_id: UUID, proof_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        stored_as = proofs.withdraw_photo(ctx, path_id, proof_id)
    if stored_as:
        photo_store().drop(stored_as)
    flash(_("The photo is gone."), "success")
    return redirect(url_for("recognition.mine"))
