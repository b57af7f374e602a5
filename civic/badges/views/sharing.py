"""A person makes links to a badge, and whoever has one opens it."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.badges.credential_words import skill_seen
from civic.badges.credentials.verify import VERDICT_WORDS
from civic.badges.forms import ShareForm
from civic.badges.issued import own_credential
from civic.badges.policy import READ_SHELF
from civic.badges.queries import Badge
from civic.badges.sharing import (
    NewLink,
    OwnLink,
    Shared,
    make_link,
    own_links,
    shared,
    withdraw_link,
)
from civic.badges.views.public import KINDS, addresses
from civic.catalogue.skills import SKILLS
from civic.catalogue.words import skill_name
from civic.kernel.clock import ROME
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.web.guard import public, requires
from civic.web.locale import page_language, wanted_language
from civic.web.remembered import remembered
from civic.web.transaction import reading, unit_of_work
from civic.web.words import minutes_as_hours

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
    shown = [
        (link, _address(link), _on_linkedin(badge, link), _in_a_cv(badge, link)) for link in living
    ]
    if not form.is_submitted():
        return render_template(page, form=form, badge=badge, links=shown)
    if not form.validate():
        return render_template(page, form=form, badge=badge, links=shown), 422
    new = NewLink(
        form.days.data,
        form.for_whom.data or "",
        form.shown_name.data or "",
        form.shows_skills.data,
        form.shows_hours.data,
        form.shows_place.data,
        form.shows_endorsement.data,
    )
    with unit_of_work() as ctx:
        make_link(ctx, _keys(), award_id, new)
    flash(_("Your link is ready: send it, or let somebody copy it from here."), "success")
    return redirect(url_for("badges_sharing.links", award_id=award_id))


def _address(link: OwnLink) -> str:
    return addresses().site + url_for("badges_shared.short_address", token=link.token)


def _on_linkedin(badge: Badge, link: OwnLink) -> str:
    """The form there, filled in. Nothing is sent before the person goes there and says so."""
    at = badge.awarded_at.astimezone(ROME)
    filled = {
        "startTask": "CERTIFICATION_NAME",
        "name": badge.achievement.named_in(page_language().tag)[0],
        "issueYear": at.year,
        "issueMonth": at.month,
        "certUrl": _address(link),
    }
    if link.shows_place:
        filled["organizationName"] = badge.association_name
    return "https://www.linkedin.com/profile/add?" + urlencode(filled)


def _in_a_cv(badge: Badge, link: OwnLink) -> str:
    """For Europass and other curricula: what the link shows, with ESCO's addresses of the skills."""
    said = [badge.achievement.named_in(page_language().tag)[0]]
    if link.shows_hours:
        said.append(minutes_as_hours(badge.minutes))
    if link.shows_place:
        said.append(badge.association_name)
    lines = [", ".join(said)]
    if link.shows_skills:
        lines += [f"{skill_name(skill)} ({SKILLS[skill].address})" for skill in badge.skills]
    return "\n".join((*lines, _address(link)))


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
    return _unindexed(
        current_app.make_response(remembered(found, now, lambda: _draw(found, token)))
    )


@bp.get("/b/<token>/endorsement.json")
@public
def shown_endorsement(token: str) -> ResponseReturnValue:
    """What the assessor saw, as software of others reads it."""
    with reading() as ctx:
        found = shared(ctx, addresses(), token)
    if not found.endorsement:
        raise NotFound
    answer = Response(found.endorsement, mimetype="application/vc+ld+json")
    answer.headers["Content-Disposition"] = "attachment; filename=endorsement.json"
    return _unindexed(answer)


def _unindexed(answer: Response) -> Response:
    # For whoever was given it; no search engine, and no site that it links to, learns of it.
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _draw(found: Shared, token: str) -> str:
    return render_template(
        "badges/shared.html",
        shown=found,
        token=token,
        skill_seen=skill_seen,
        words=_(VERDICT_WORDS[found.outcome]),
        kind=KINDS.get(found.outcome, "danger"),
    )
