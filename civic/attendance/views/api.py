"""For software of others, and for our own page at the gate: scans in, the roster out. A device shows
its token; cookies are not looked at."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.operations.batches import Delivery, Gate, SentScan, open_gate
from civic.attendance.operations.decisions import undo_scan
from civic.attendance.operations.devices import take_roster
from civic.attendance.operations.scans import Answer
from civic.attendance.sent_scans import SentBatch, read_day, read_sent
from civic.attendance.tokens import Scope, Worthless, hash_of
from civic.attendance.views.api_document import document as written_document
from civic.attendance.views.bearing import (
    bearer,
    device,
    device_itself,
    find_bearer,
    met,
    read_json,
    refused,
    shown_token,
    turned_away,
)
from civic.attendance.views.telling import told, told_elsewhere, told_unreadable
from civic.attendance.views.telling_roster import compact, roster_told
from civic.kernel.errors import Invalid
from civic.kernel.keys import Keys
from civic.kernel.policy import VISITOR
from civic.settings import Settings
from civic.web.guard import public
from civic.web.transaction import EXTENSION, act_as, bindings, unit_of_work

bp = Blueprint("api", __name__, url_prefix="/api/v1")


GATE = "civic_gate"


@bp.record_once
def _without_forms(state: Any) -> None:
    """No browser's session counts here, so nobody else's page can misuse one."""
    state.app.extensions["csrf"].exempt(bp)
    state.app.extensions[GATE] = open_gate(state.app.extensions[EXTENSION].database)


@bp.before_request
def _as_nobody() -> None:
    act_as(VISITOR)


@bp.after_request
def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/scans")
@device_itself(Scope.SCAN)
def scans() -> ResponseReturnValue:
    """Delivery in with those of all other devices that send just now; see `operations.batches`."""
    token, now = shown_token(), bindings().database.clock.now()
    try:
        sent = read_sent(read_json())
    except Invalid:
        # In the words of the device, and to nobody who is none.
        refusal = turned_away(find_bearer(), Scope.SCAN)
        if refusal:
            return refusal
        raise
    if token is None:
        return refused(Worthless.UNKNOWN)
    skew = now - sent.sent_at if sent.sent_at else None
    taken = _gate().hand_in(Delivery(hash_of(token), sent.scans, skew))
    return turned_away(met(taken.bearer), Scope.SCAN) or _answered(sent, taken.answers, now)


def _answered(
    sent: SentBatch, answers: Iterable[Answer | None], now: datetime
) -> ResponseReturnValue:
    told_of, found = [], iter(answers)
    for item in sent.items:
        if not isinstance(item, SentScan):
            told_of.append(told_unreadable(item))
            continue
        answer = next(found)
        told_of.append(told(item.scan, answer) if answer else told_elsewhere(item.scan))
    return jsonify(now=now.isoformat(), answers=told_of)


def _gate() -> Gate:
    gate: Gate = current_app.extensions[GATE]
    return gate


@bp.post("/scans/<uuid:scan_id>/undo")
@device(Scope.SCAN)
def undo(scan_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        undo_scan(ctx, scan_id, bearer().device.id)
    return jsonify(id=str(scan_id), outcome="undone")


@bp.get("/roster")
@device(Scope.ROSTER)
def roster() -> ResponseReturnValue:
    day = read_day(request.args.get("day"))
    # A unit of work, because the trail says who took names along.
    with unit_of_work() as ctx:
        sessions = take_roster(ctx, _keys(), bearer().device, day)
        now = ctx.now()
    body = compact(roster_told(_keys(), bearer().device, sessions, now))
    return Response(body, mimetype="application/json")


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    """For people: what there is."""
    ways = [
        ("POST", "/api/v1/scans", _("Send up to 200 scans; each is answered for itself.")),
        ("POST", "/api/v1/scans/<id>/undo", _("Take a scan back within fifteen minutes.")),
        ("GET", "/api/v1/roster", _("Who is expected on a day, to check passes without network.")),
    ]
    return render_template("attendance/api.html", ways=ways)


@bp.get("/openapi.json")
@public
def document() -> ResponseReturnValue:
    settings: Settings = current_app.extensions["civic_settings"]
    return jsonify(written_document(f"{settings.public_url}/api/v1"))
