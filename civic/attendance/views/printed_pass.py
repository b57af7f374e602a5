"""The pass of somebody without a phone, printed for them at the municipality's desk."""

import base64
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
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

from civic.accounts.pins import pin_state
from civic.accounts.policy import RESET_PIN
from civic.accounts.queries import PersonFile, names, person_for
from civic.attendance.card_forms import PhotoForm
from civic.attendance.operations.passes import PassShown, pass_of, replace_pass
from civic.attendance.operations.photos import keep_photo, remove_photo
from civic.attendance.policy import PRINT_PASS
from civic.attendance.queries.cards import KeptPhoto, photo_of
from civic.attendance.rules import spaced
from civic.kernel.errors import Invalid, NotFound
from civic.kernel.files import FileStore
from civic.kernel.i18n import BY_TAG, DEFAULT, PageLanguage
from civic.kernel.keys import Keys
from civic.kernel.policy import Place
from civic.tenancy.queries.standings import city_names
from civic.web import paper, qr
from civic.web.guard import requires
from civic.web.locale import speaking
from civic.web.transaction import actor, unit_of_work
from civic.web.uploads import read_file, remade_picture, takes_files
from civic.web.words import END_ISOLATE, LTR_ISOLATE, say

bp = Blueprint("attendance_printed_pass", __name__, url_prefix="/<lang>/city/people")

REASON = "desk"
PHOTO_SIDE = 400
"""Pixels: sharp on 16 mm of paper, and on the page."""


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys


def _files() -> FileStore:
    store: FileStore = current_app.extensions["civic_files"]
    return store


@bp.get("/<uuid:person_id>/pass")
@requires(PRINT_PASS)
def printed(person_id: UUID) -> ResponseReturnValue:
    return _page(person_id, PhotoForm(formdata=None))


def _page(person_id: UUID, form: PhotoForm) -> str:
    """A unit of work, because the first look hands the pass out, and it is a reading of the file."""
    with unit_of_work() as ctx:
        file = person_for(ctx, person_id, PRINT_PASS, REASON)
        shown = pass_of(ctx, _keys(), person_id, file.municipality_id)
        city = city_names(ctx, [file.municipality_id])[file.municipality_id]
        kept = photo_of(ctx, person_id, file.municipality_id)
        taken_by = names(ctx, [kept.taken_by])[kept.taken_by] if kept else ""
        pin = pin_state(ctx, person_id)
    return render_template(
        "attendance/printed_pass.html",
        file=file,
        city=city,
        picture=qr.data_address(shown.token),
        code=spaced(shown.short_code),
        kept=kept,
        photo=photo_address(photo_file(kept)),
        taken_by=taken_by,
        form=form,
        pin=pin,
        sets_pin=RESET_PIN.allows(actor(), Place(file.municipality_id)),
    )


def photo_file(kept: KeptPhoto | None) -> bytes:
    """Empty without one, and when the file is gone: a pass is worth more than its photo."""
    try:
        return _files().get(kept.stored_as) if kept else b""
    except NotFound:
        return b""


def photo_address(picture: bytes) -> str:
    """The photo within the page itself: there is no address by which it could be asked for."""
    return "data:image/jpeg;base64," + base64.b64encode(picture).decode() if picture else ""


@bp.post("/<uuid:person_id>/pass/replace")
@requires(PRINT_PASS)
def replace(person_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        file = person_for(ctx, person_id, PRINT_PASS, REASON)
        replace_pass(ctx, _keys(), person_id, file.municipality_id)
    flash(_("The old pass opens no gate any more. Print the new one."), "success")
    return redirect(url_for("attendance_printed_pass.printed", person_id=person_id))


# The photo


@bp.post("/<uuid:person_id>/pass/photo")
@requires(PRINT_PASS)
@takes_files
def take_photo(person_id: UUID) -> ResponseReturnValue:
    form = PhotoForm()
    picture = _sent_photo(form)
    if picture is None:
        return _page(person_id, form), 422
    stored_as = _files().put(picture)
    try:
        with unit_of_work() as ctx:
            file = person_for(ctx, person_id, PRINT_PASS, REASON)
            nameless = keep_photo(ctx, file, stored_as)
    except BaseException:
        # Somebody of another city, or the database away: no row names it.
        _files().drop(stored_as)
        raise
    drop_photos(nameless)
    flash(_("The photo is on the pass."), "success")
    return redirect(url_for("attendance_printed_pass.printed", person_id=person_id))


def _sent_photo(form: PhotoForm) -> bytes | None:
    """A small square of it, made anew; what is wrong stands at its field."""
    if not form.validate():
        return None
    try:
        sent = read_file(request.files.get("file"))
        return remade_picture(sent, "JPEG", PHOTO_SIDE, is_square=True)
    except Invalid as refusal:
        form.file.errors = [say(refusal)]
        return None


@bp.post("/<uuid:person_id>/pass/photo/remove")
@requires(PRINT_PASS)
def take_photo_off(person_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        file = person_for(ctx, person_id, PRINT_PASS, REASON)
        nameless = remove_photo(ctx, person_id, file.municipality_id)
    drop_photos(nameless)
    flash(_("The photo is gone."), "success")
    return redirect(url_for("attendance_printed_pass.printed", person_id=person_id))


def drop_photos(nameless: Iterable[str]) -> None:
    for name in nameless:
        _files().drop(name)


# The card


@bp.get("/<uuid:person_id>/pass.pdf")
@requires(PRINT_PASS)
def card(person_id: UUID) -> ResponseReturnValue:
    """A unit of work, as the page is: paper with a name on it leaves the desk."""
    with unit_of_work() as ctx:
        file = person_for(ctx, person_id, PRINT_PASS, REASON)
        shown = pass_of(ctx, _keys(), person_id, file.municipality_id)
        city = city_names(ctx, [file.municipality_id])[file.municipality_id]
        kept = photo_of(ctx, person_id, file.municipality_id)
    pdf = paper.typeset("attendance/card", _values(file, city, shown, photo_file(kept)))
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename="pass.pdf")
    response.headers["Cache-Control"] = "no-store"
    return response


def _values(file: PersonFile, city: str, shown: PassShown, photo: bytes) -> dict[str, Any]:
    own = BY_TAG.get(file.page_language, DEFAULT)
    languages = [own] if own is DEFAULT else [own, DEFAULT]
    name = paper.readable(file.name)
    code = spaced(shown.short_code)
    return {
        "name": name,
        "name_dir": paper.direction_of(name),
        "city": city,
        "code": code,
        "qr": qr.drawing(shown.token),
        "photo": list(photo),
        "sides": [_side(language, code) for language in languages],
    }


def _side(language: PageLanguage, code: str) -> dict[str, Any]:
    """How to use the card, in one language."""
    with speaking(language):
        return {
            "lang": language.tag,
            "dir": language.direction,
            "title": _("Your pass"),
            "qr": _("QR code of the pass"),
            "photo": _("Photo of the person"),
            "steps": [
                _("Cut out the card along the line. Keep it with you."),
                _("Show it when you come and when you leave."),
                _("If nobody can scan it, say the code: %(code)s", code=_isolated(code)),
                _(
                    "With this card and your PIN you can sign in at the desk, or here: %(address)s",
                    address=_isolated(_sign_in_address()),
                ),
                _("You choose the PIN yourself. Tell it to nobody."),
                _("If you lose the card, tell the desk. You get a new one, and the old one stops."),
            ],
            "promise": _("The square holds a number, and nothing about you."),
        }


def _isolated(text: str) -> str:
    return f"{LTR_ISOLATE}{text}{END_ISOLATE}"


def _sign_in_address() -> str:
    public = urlsplit(current_app.extensions["civic_settings"].public_url)
    return f"{public.netloc}{public.path.rstrip('/')}{url_for('attendance_card_sign_in.sign_in')}"


def desk_panel(person_id: UUID, municipality_id: UUID) -> str:  # noqa: ARG001 - what the slot knows
    """On the desk's page of a person: the way to their pass, for those who may print it."""
    if not PRINT_PASS.allows(actor()):
        return ""
    return render_template("attendance/pass_link.html", person_id=person_id)
