from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
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

from civic.badges import operations, queries
from civic.badges.drawing import baked
from civic.badges.forms import RATING_WORDS, AskedForForm, ConfirmForm, ReviewForm, confirm_form
from civic.badges.issued import Signed, own_credential, own_endorsement
from civic.badges.policy import ASSESS, READ_SHELF
from civic.badges.reviewed import open_reviews, review_for
from civic.badges.rules import ProposalState
from civic.badges.shelf import Shelf, shelf_of, toward
from civic.badges.spoken import read_aloud
from civic.badges.views.pictures import picture_of
from civic.catalogue.policy import ORGANISE
from civic.catalogue.queries.projects import ProjectPage, project_shown
from civic.catalogue.rules import Area, RequirementKind
from civic.catalogue.words import skill_name
from civic.kernel.errors import Conflict, Invalid
from civic.web.errors import status_of
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import bindings, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("badges", __name__, url_prefix="/<lang>")

CACHE = "civic_badges"
CACHE_LIFE = timedelta(minutes=5)


@bp.get("/me/badges")
@requires(READ_SHELF)
def shelf() -> ResponseReturnValue:
    with reading() as ctx:
        person_id = ctx.actor.person_id
        shown = shelf_of(ctx, person_id) if person_id else Shelf((), ())
    language = page_language().tag
    spoken = {badge.award_id: read_aloud(badge, language) for badge in shown.held}
    return render_template("badges/shelf.html", shelf=shown, spoken=spoken)


@bp.get("/me/badges/<uuid:award_id>/<any(json, jwt, png, svg):kind>")
@requires(READ_SHELF)
def download(award_id: UUID, kind: str) -> ResponseReturnValue:
    """The person's own badge, for them to hand to whom they like."""
    with reading() as ctx:
        badge, signed = own_credential(ctx, award_id)
    content, mimetype = _in_kind(badge, signed, kind)
    response = Response(content, mimetype=mimetype)
    name = f"badge-{award_id.hex[-8:]}.{kind}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/me/badges/<uuid:award_id>/endorsement.json")
@requires(READ_SHELF)
def endorsement(award_id: UUID) -> ResponseReturnValue:
    """What the assessor saw, signed; to hand over beside the badge."""
    with reading() as ctx:
        document = own_endorsement(ctx, award_id)
    response = Response(document, mimetype="application/vc+ld+json")
    name = f"endorsement-{award_id.hex[-8:]}.json"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _in_kind(badge: queries.Badge, signed: Signed, kind: str) -> tuple[bytes, str]:
    if kind == "json":
        return signed.document.encode(), "application/vc+ld+json"
    if kind == "jwt":
        return signed.token.encode(), "application/vc+jwt"
    picture = baked(kind, badge.achievement, picture_of(badge.achievement), signed.document)
    return picture, "image/png" if kind == "png" else "image/svg+xml"


@bp.get("/organise/badges")
@requires(ASSESS)
def proposals() -> ResponseReturnValue:
    return _proposals_page({})


@bp.post("/organise/badges/<uuid:proposal_id>/confirm")
@requires(ASSESS)
def confirm(proposal_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        proposal = queries.proposal_for(ctx, proposal_id, ASSESS)
    form = _form_for(proposal, typed=True)
    if not form.validate():
        return _proposals_page({proposal_id: form}), 422
    try:
        with unit_of_work() as ctx:
            ratings = form.ratings
            award_id = operations.confirm(ctx, proposal_id, list(ratings), ratings)
    except (Invalid, Conflict) as refusal:
        next(iter(form.skills.values())).errors = [say(refusal)]
        return _proposals_page({proposal_id: form}), status_of(refusal)
    if award_id is None:
        flash(_("%(name)s already holds this badge.", name=proposal.person_name), "info")
    else:
        flash(_("The badge is awarded to %(name)s.", name=proposal.person_name), "success")
    return redirect(url_for("badges.proposals"))


@bp.post("/organise/badges/<uuid:proposal_id>/decline")
@requires(ASSESS)
def decline(proposal_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        operations.decline(ctx, proposal_id)
    flash(_("Not yet, then. You can still confirm this badge later."), "info")
    return redirect(url_for("badges.proposals"))


@bp.post("/organise/badges/reviews/<uuid:award_review_id>")
@requires(ASSESS)
def review(award_review_id: UUID) -> ResponseReturnValue:
    """Keep a badge whose ground was corrected away, or withdraw it."""
    form, is_kept = ReviewForm(prefix=_prefix(award_review_id)), request.form.get("keep") == "1"
    with reading() as ctx:
        row = review_for(ctx, award_review_id)
    if not form.validate():
        return _proposals_page({}, {award_review_id: form}), 422
    try:
        with unit_of_work() as ctx:
            reason = form.reason.data or ""
            operations.decide_review(ctx, award_review_id, keep=is_kept, reason=reason)
    except (Invalid, Conflict) as refusal:
        form.reason.errors = [say(refusal)]
        return _proposals_page({}, {award_review_id: form}), status_of(refusal)
    if is_kept:
        flash(_("%(name)s keeps the badge.", name=row.person_name), "success")
    else:
        flash(_("The badge is withdrawn. It can be earned again."), "info")
    return redirect(url_for("badges.proposals"))


def _prefix(row_id: UUID) -> str:
    """Of the form of one of several rows."""
    return f"p{row_id.hex}-"


def _form_for(proposal: queries.ProposalRow, *, typed: bool = False) -> ConfirmForm:
    """`typed` for the one that was sent."""
    about = proposal.achievement
    names = [(skill, skill_name(skill)) for skill in about.skills]
    return confirm_form(names, dict(about.rule.ratings), _prefix(proposal.id), typed=typed)


def _proposals_page(
    submitted: Mapping[UUID, ConfirmForm], decided: Mapping[UUID, ReviewForm] | None = None
) -> str:
    decided = decided or {}
    with reading() as ctx:
        rows, reviews = queries.open_proposals(ctx), open_reviews(ctx)
    items = [(row, submitted.get(row.id) or _form_for(row)) for row in rows]
    return render_template(
        "badges/proposals.html",
        waiting=[item for item in items if item[0].state is ProposalState.OPEN],
        put_off=[item for item in items if item[0].state is ProposalState.DECLINED],
        reviews=[
            (row, decided.get(row.id) or ReviewForm(formdata=None, prefix=_prefix(row.id)))
            for row in reviews
        ],
        wrong=[form for form in (*submitted.values(), *decided.values()) if form.errors],
        rating_words=RATING_WORDS,
    )


@dataclass(frozen=True)
class _Kept:
    read_at: datetime
    achievements: list[queries.AchievementFacts]


def badges_panel(page: Any) -> str:
    """Which badges a project asks for, and which the hours of its area count for; `page` has an
    `area` and `requirements`.

    Achievements change with a release, hardly ever in between: each process reads them once in
    five minutes instead of at every visit of every project.
    """
    area, codes = Area(page.area), _asked_for(page)
    kept = _kept_achievements()
    return render_template(
        "badges/panel.html",
        achievements=[a for a in kept if a.area in (None, area)],
        asked_for=[a for a in kept if a.code in codes],
        area=area,
    )


def requirement_panel(code: str) -> str:
    """A badge that somebody needs first: its name, what it takes and how far they are."""
    about = next((a for a in _kept_achievements() if a.code == code), None)
    if about is None:
        return ""
    with reading() as ctx:
        coming = toward(ctx, ctx.actor.own_id, about)
    return render_template("badges/requirement.html", achievement=about, coming=coming)


def asked_for_panel(page: ProjectPage) -> str:
    """On an organiser's page of a project: which badges it asks for, and the way to change them."""
    codes = _asked_for(page)
    return render_template(
        "badges/asked_for_panel.html",
        page=page,
        achievements=[a for a in _kept_achievements() if a.code in codes],
    )


def _asked_for(page: ProjectPage) -> list[str]:
    return [each.value for each in page.requirements if each.kind is RequirementKind.BADGE]


@bp.route("/organise/projects/<uuid:project_id>/badges", methods=["GET", "POST"])
@requires(ORGANISE)
def asked_for(project_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        page = project_shown(ctx, project_id, ORGANISE, page_language().tag)
    form = AskedForForm(data={"badges": _asked_for(page)})
    language = page_language().tag
    form.badges.choices = [(a.code, a.named_in(language)[0]) for a in _kept_achievements()]
    if not form.is_submitted():
        return render_template("badges/asked_for.html", form=form, page=page)
    if form.validate() and _is_asked(form, project_id):
        flash(_("Done. Whoever has joined already stays in."), "success")
        return redirect(url_for("catalogue_organise.project", project_id=project_id))
    return render_template("badges/asked_for.html", form=form, page=page), 422


def _is_asked(form: AskedForForm, project_id: UUID) -> bool:
    try:
        with unit_of_work() as ctx:
            operations.ask_for_badges(ctx, project_id, form.badges.data or [])
    except (Invalid, Conflict) as refusal:
        form.badges.errors = [say(refusal)]
        return False
    return True


def _kept_achievements() -> list[queries.AchievementFacts]:
    kept: _Kept | None = current_app.extensions.get(CACHE)
    now = bindings().database.clock.now()
    if kept is None or not now - CACHE_LIFE < kept.read_at <= now:
        with reading() as ctx:
            kept = _Kept(now, queries.achievements(ctx))
        current_app.extensions[CACHE] = kept
    return kept.achievements
