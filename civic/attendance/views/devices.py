"""Phones at the gate and software of others: opened, listed, let in, signed out."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.device_forms import DeviceForm
from civic.attendance.operations import devices
from civic.attendance.operations.devices import PageDevice
from civic.attendance.policy import CHECK_IN
from civic.attendance.queries.bearers import Bearer
from civic.attendance.queries.devices import (
    association_slug,
    associations_at_gate,
    devices_in_use,
    sessions_ahead,
)
from civic.attendance.sent_scans import read_day, read_gate, read_id
from civic.attendance.tokens import SCOPE_WORDS
from civic.attendance.views.bearing import find_bearer, read_json, refused, shown_token
from civic.attendance.views.telling_roster import compact, roster_told
from civic.kernel.errors import CivicError, Invalid
from civic.kernel.keys import Keys
from civic.settings import Settings
from civic.tenancy.queries.standings import city_names
from civic.web.errors import error_for_machines, status_of
from civic.web.guard import public, requires
from civic.web.locale import page_language
from civic.web.qr import data_address
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("attendance_devices", __name__, url_prefix="/<lang>")


@bp.record_once
def _look_at_forms_itself(state: Any) -> None:
    """`leave` takes a device's token as well, which no other site can make a browser send."""
    state.app.extensions["csrf"].exempt(leave)


# The page at the gate


@bp.post("/scanner/load")
@requires(CHECK_IN)
def load() -> ResponseReturnValue:
    """Before leaving: a token for a day, and the people who are expected."""
    given = _given()
    try:
        wanted = PageDevice(
            _id(given.get("device_id")),
            _gate(given.get("gate")),
            page_language().tag,
            _id(given.get("session_id")),
        )
        day = read_day(given.get("day"))
        with unit_of_work() as ctx:
            handed = devices.open_on_page(ctx, wanted)
            sessions = devices.take_roster(ctx, _keys(), handed.device, day)
            now = ctx.now()
    except CivicError as refusal:
        return error_for_machines(status_of(refusal), refusal.code, say(refusal))
    told = {"token": handed.token, **roster_told(_keys(), handed.device, sessions, now)}
    response = Response(compact(told), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/scanner/leave")
@public
def leave() -> ResponseReturnValue:
    """The device signs itself out, by its token or by the browser's session. Twice is once."""
    if shown_token():
        found = find_bearer()
        if not isinstance(found, Bearer):
            return refused(found)
        with unit_of_work() as ctx:
            devices.leave(ctx, found.device)
        return "", 204
    if current_app.config["WTF_CSRF_ENABLED"]:
        current_app.extensions["csrf"].protect()
    device_id = _id(_given().get("device_id"))
    CHECK_IN.require(actor())
    if device_id is not None:
        with unit_of_work() as ctx:
            devices.revoke(ctx, device_id)
    return "", 204


# Software of others


@bp.get("/organise/devices")
@requires(CHECK_IN)
def in_use() -> ResponseReturnValue:
    return _page(DeviceForm(formdata=None))


@bp.post("/organise/devices")
@requires(CHECK_IN)
def make() -> ResponseReturnValue:
    form = DeviceForm()
    _offer(form)
    if not form.validate():
        return _page(form), 422
    try:
        with unit_of_work() as ctx:
            handed = devices.let_in(ctx, form.to_device(page_language().tag))
            slug = association_slug(ctx, handed.device.association_id)
    except Invalid as refusal:
        form[refusal.field or "name"].errors = [say(refusal)]
        return _page(form), status_of(refusal)
    settings: Settings = current_app.extensions["civic_settings"]
    handshake = {
        "handshake_version": 1,
        "url": settings.public_url,
        "token": handed.token,
        "organizer": slug,
    }
    page = render_template(
        "attendance/device_made.html",
        handed=handed,
        slug=slug,
        api=f"{settings.public_url}{url_for('api.front')}",
        picture=data_address(compact(handshake)),
    )
    # The token is told this once.
    return page, {"Cache-Control": "no-store"}


def _page(form: DeviceForm) -> str:
    _offer(form)
    with reading() as ctx:
        lines = devices_in_use(ctx)
    return render_template("attendance/devices.html", form=form, lines=lines, words=SCOPE_WORDS)


def _offer(form: DeviceForm) -> None:
    with reading() as ctx:
        associations = associations_at_gate(ctx)
        cities = city_names(ctx, {row.municipality_id for row in associations})
        form.offer(associations, cities, sessions_ahead(ctx, associations))


@bp.post("/organise/devices/<uuid:device_id>/revoke")
@requires(CHECK_IN)
def revoke(device_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        devices.revoke(ctx, device_id)
    flash(_("Signed out. It can do nothing any more."), "success")
    return redirect(url_for("attendance_devices.in_use"))


def _given() -> Mapping[str, Any]:
    body = read_json()
    return body if isinstance(body, Mapping) else {}


def _id(value: Any) -> UUID | None:
    """What a phone remembers wrongly it need not remember."""
    with suppress(ValueError):
        return read_id(value)
    return None


def _gate(value: Any) -> str:
    return read_gate(value) if isinstance(value, str) else ""


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys
