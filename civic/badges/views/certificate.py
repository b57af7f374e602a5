"""A badge on paper, for the person to take along: in their language and in Italian."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civic.accounts.queries import names
from civic.badges.drawing import drawing_of
from civic.badges.issued import own_credential
from civic.badges.policy import READ_SHELF
from civic.badges.queries import Badge
from civic.badges.spoken import skill_practised
from civic.badges.views.pictures import picture_of
from civic.badges.views.public import addresses
from civic.kernel.i18n import DEFAULT, PageLanguage
from civic.web import paper
from civic.web.guard import requires
from civic.web.locale import page_language, speaking
from civic.web.transaction import reading
from civic.web.words import local_date, minutes_as_hours

bp = Blueprint("badges_certificate", __name__, url_prefix="/<lang>/me/badges")


@bp.get("/<uuid:award_id>/certificate.pdf")
@requires(READ_SHELF)
def certificate(award_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        badge, _signed = own_credential(ctx, award_id)
        name = names(ctx, [ctx.actor.own_id])[ctx.actor.own_id]
    pdf = paper.typeset("badges/certificate", _values(badge, name))
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename="badge.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _values(badge: Badge, name: str) -> dict[str, Any]:
    own, about = page_language(), badge.achievement
    languages = [own] if own is DEFAULT else [own, DEFAULT]
    return {
        "name": paper.readable(name),
        "association": badge.association_name,
        "picture": drawing_of(about, picture_of(about)),
        "picture_alt": about.picture_alt,
        "sides": [_side(badge, language) for language in languages],
    }


def _side(badge: Badge, language: PageLanguage) -> dict[str, Any]:
    with speaking(language):
        return {
            "lang": language.tag,
            "dir": language.direction,
            "title": _("Badge of civic engagement"),
            "badge": badge.achievement.named_in(language.tag)[0],
            "did": ngettext(
                "%(time)s in %(num)d session",
                "%(time)s in %(num)d sessions",
                badge.sessions,
                time=minutes_as_hours(badge.minutes),
            ),
            "skills_title": _("Skills practised"),
            "skills": [skill_practised(skill, badge.ratings.get(skill)) for skill in badge.skills],
            "given": _(
                "Confirmed by %(association)s on %(day)s",
                association=badge.association_name,
                day=local_date(badge.awarded_at),
            ),
            "until": _("Valid until %(day)s", day=local_date(badge.valid_until))
            if badge.valid_until
            else "",
            "check": _(
                "It says what was practised and is no certificate of a qualification. The signed file"
                " of this badge can be checked at %(address)s",
                address=f"{addresses().site}/{language.tag}/badges/check",
            ),
        }
