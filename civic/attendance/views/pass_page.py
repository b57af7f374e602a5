"""What belongs to the page of one's own pass: its picture, its photo, and opening without network."""

from functools import cache
from pathlib import Path
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.operations.passes import pass_of
from civic.attendance.operations.photos import remove_photo
from civic.attendance.policy import OWN_ATTENDANCE
from civic.attendance.queries.cards import photo_of
from civic.attendance.rules import spaced
from civic.attendance.views.printed_pass import drop_photos, photo_address, photo_file
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.settings import ROOT
from civic.web import qr
from civic.web.guard import public, requires
from civic.web.transaction import reading, unit_of_work

bp = Blueprint("attendance_pass", __name__, url_prefix="/<lang>/me")


@bp.get("/pass/<uuid:municipality_id>/picture.png")
@requires(OWN_ATTENDANCE)
def picture(municipality_id: UUID) -> ResponseReturnValue:
    """For the screen at rest: code and letters, and no name for whoever finds the phone."""
    keys: Keys = current_app.extensions["civic_keys"]
    # A unit of work, because the first look hands out the pass.
    with unit_of_work() as ctx:
        shown = pass_of(ctx, keys, ctx.actor.own_id, municipality_id)
    drawn = qr.screen(shown.token, spaced(shown.short_code))
    response = Response(drawn, mimetype="image/png")
    response.headers.set("Content-Disposition", "attachment", filename="pass.png")
    response.headers["Cache-Control"] = "no-store"
    return response


def photo_panel(municipality_id: UUID) -> str:
    """On the page of one's pass: the photo that the desk took, and the way to be rid of it."""
    with reading() as ctx:
        kept = photo_of(ctx, ctx.actor.own_id, municipality_id)
    if kept is None:
        return ""
    return render_template(
        "attendance/own_photo.html",
        kept=kept,
        photo=photo_address(photo_file(kept)),
        municipality_id=municipality_id,
    )


@bp.post("/pass/<uuid:municipality_id>/photo/remove")
@requires(OWN_ATTENDANCE)
def take_photo_off(municipality_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        nameless = remove_photo(ctx, ctx.actor.own_id, municipality_id)
        if not nameless:
            raise NotFound
    drop_photos(nameless)
    flash(_("The photo is gone."), "success")
    return redirect(url_for("attendance.passes"))


@bp.get("/pass-worker.js")
@public
def worker() -> ResponseReturnValue:
    """Beside the page and not among the static files, so that its reach is the page and no more."""
    response = Response(_worker(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _worker() -> bytes:
    return Path(ROOT, "static", "attendance", "pass", "worker.js").read_bytes()
