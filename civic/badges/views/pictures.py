"""The pictures that cities and associations gave to badges of theirs."""

import hashlib
from contextlib import closing
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

from civic.badges.defining import change_picture, own_achievement, take_picture_off
from civic.badges.forms import PictureForm
from civic.badges.pictures import is_shown
from civic.badges.policy import DEFINE
from civic.badges.queries import AchievementFacts
from civic.kernel.errors import Invalid, NotFound
from civic.kernel.files import FileStore
from civic.kernel.i18n import BY_TAG
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import public, requires
from civic.web.transaction import reading, unit_of_work
from civic.web.uploads import read_file, remade_picture, takes_files

bp = Blueprint("badges_picture", __name__, url_prefix="/<lang>/organise/own-badges")
files = Blueprint("badges_pictures", __name__, url_prefix="/badges/pictures")

SIDES = (512, 384, 256)
MOST_BYTES = 400_000
"""With the signed badge in it the picture is still small enough for those who check it."""
A_YEAR = 365 * 24 * 3600


def picture_of(about: AchievementFacts) -> bytes:
    """Empty for a badge that is drawn."""
    return _store().get(about.picture) if about.picture else b""


def _store() -> FileStore:
    store: FileStore = current_app.extensions["civic_files"]
    return store


@files.get("/<name>.png")
@public
def picture(name: str) -> ResponseReturnValue:
    """Signed badges name this address for years. What stands behind it never changes: another
    picture has another name."""
    with reading() as ctx:
        if not is_shown(ctx, name):
            raise NotFound
    body = _store().get(name)
    response = Response(body, mimetype="image/png")
    response.set_etag(hashlib.sha256(body).hexdigest())
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    # Programs on other sites show badges too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response.make_conditional(request)


@bp.route("/<uuid:achievement_id>/picture", methods=["GET", "POST"])
@requires(DEFINE)
@takes_files
def change(achievement_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        about = own_achievement(ctx, achievement_id)
    form = PictureForm(data={"alt": about.picture_alt})
    if not form.is_submitted():
        return _page(about, form)
    if not form.validate():
        return _page(about, form), 422
    try:
        _keep(achievement_id, form)
    except Invalid as refusal:
        show_refusal(form, refusal)
        return _page(about, form), status_of(refusal)
    flash(
        _("The badge has its picture. Badges that are signed already keep the one they have."),
        "success",
    )
    return redirect(url_for("badges_defining.own"))


@bp.post("/<uuid:achievement_id>/picture/remove")
@requires(DEFINE)
def remove(achievement_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        gone = take_picture_off(ctx, achievement_id)
    _drop(gone)
    flash(_("The badge is drawn again, as before."), "info")
    return redirect(url_for("badges_defining.own"))


def _page(about: AchievementFacts, form: PictureForm) -> str:
    language = BY_TAG.get(about.language)
    return render_template("badges/picture.html", form=form, about=about, language=language)


def _keep(achievement_id: UUID, form: PictureForm) -> None:
    sent = request.files.get(form.file.name)
    stored_as = ""
    if sent and sent.filename:
        with closing(sent):
            stored_as = _store().put(_square(read_file(sent)))
    try:
        with unit_of_work() as ctx:
            gone = change_picture(ctx, achievement_id, stored_as, form.alt.data or "")
    except (Invalid, NotFound):
        _drop(stored_as)
        raise
    _drop(gone)


def _square(body: bytes) -> bytes:
    """The middle of it, as large as the bytes allow."""
    for side in SIDES:
        made = remade_picture(body, side=side, is_square=True)
        if len(made) <= MOST_BYTES:
            break
    return made


def _drop(name: str) -> None:
    if name:
        _store().drop(name)
