"""A person makes links to a badge, and whoever has one opens it."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.badges.credentials.verify import VERDICT_WORDS
from civic.badges.forms import ShareForm
from civic.badges.issued import own_credential
from civic.badges.policy import READ_SHELF
from civic.badges.sharing import NewLink, Shared, make_link, own_links, shared, withdraw_link
from civic.badges.views.public import KINDS, addresses
from civic.kernel.keys import Keys
from civic.web.guard import public, requires
from civic.web.locale import wanted_language
from civic.web.remembered import remembered
from civic.web.transaction import reading, unit_of_work

bp = Blueprint("badges_sharing", __name__, url_prefix="/<lang>")
short = Blueprint("badges_shared", __name__)


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys


@bp.route("/me/badges/<uuid:award_id>/links", methods=["GET", "POST"])
@requires(READ_SHELF)
def links(award_id: UUID) -> ResponseReturnValue:
    form = ShareForm()
    with reading() as ctx:
        badge, _signed = own_credential(ctx, award_id)
        living = own_links(ctx, _keys(), award_id)
    page = "badges/links.html"
    site = addresses().site
    if not form.is_submitted():
        return render_template(page, form=form, badge=badge, links=living, site=site)
    if not form.validate():
        return render_template(page, form=form, badge=badge, links=living, site=site), 422
    new = NewLink(
        form.days.data,
        form.for_whom.data or "",
        form.shown_name.data or "",
        form.shows_skills.data,
        form.shows_hours.data,
        form.shows_place.data,
    )
    with unit_of_work() as ctx:
        make_link(ctx, _keys(), award_id, new)
    flash(_("Your link is ready: send it, or let somebody copy it from here."), "success")
    return redirect(url_for("badges_sharing.links", award_id=award_id))


@bp.post("/me/badges/<uuid:award_id>/links/<uuid:link_id>/withdraw")
@requires(READ_SHELF)
def withdraw(award_id: UUID, link_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        withdraw_link(ctx, award_id, link_id)
    flash(_("This link shows nothing any more."), "info")
    return redirect(url_for("badges_sharing.links", award_id=award_id))


@short.get("/b/<token>")
@public
def short_address(token: str) -> ResponseReturnValue:
    return redirect(url_for("badges_sharing.shown", lang=wanted_language().tag, token=token))


@bp.get("/b/<token>")
@public
def shown(token: str) -> ResponseReturnValue:
    with reading() as ctx:
        found, now = shared(ctx, addresses(), token), ctx.now()
    answer = current_app.make_response(remembered(found, now, lambda: _draw(found)))
    # For whoever was given it; no search engine, and no site that it links to, learns of it.
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _draw(found: Shared) -> str:
    return render_template(
        "badges/shared.html",
        shown=found,
        words=_(VERDICT_WORDS[found.outcome]),
        kind=KINDS.get(found.outcome, "danger"),
    )
