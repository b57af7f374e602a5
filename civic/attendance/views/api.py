"""For software of others, and for our own page at the gate: scans in, the roster out. A device shows
its token; cookies are not looked at."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.operations.batches import SentScan, record_batch
from civic.attendance.operations.decisions import undo_scan
from civic.attendance.operations.devices import take_roster
from civic.attendance.operations.scans import Sender
from civic.attendance.sent_scans import read_day, read_sent
from civic.attendance.tokens import Scope
from civic.attendance.views.api_document import document as written_document
from civic.attendance.views.bearing import at_work, bearer, device, device_at_work, read_json
from civic.attendance.views.telling import told, told_elsewhere, told_unreadable
from civic.attendance.views.telling_roster import compact, roster_told
from civic.kernel.keys import Keys
from civic.kernel.policy import VISITOR
from civic.settings import Settings
from civic.web.guard import public
from civic.web.transaction import act_as, unit_of_work

bp = Blueprint("api", __name__, url_prefix="/api/v1")


@bp.record_once
def _without_forms(state: Any) -> None:
    """No browser's session counts here, so nobody else's page can misuse one."""
    state.app.extensions["csrf"].exempt(bp)


@bp.before_request
def _as_nobody() -> None:
    act_as(VISITOR)


@bp.after_request
def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/scans")
@device_at_work(Scope.SCAN)
def scans() -> ResponseReturnValue:
    sender = bearer().device
    sent = read_sent(read_json(), is_own_page=sender.is_own_page)
    ctx = at_work()
    now = ctx.now()
    skew = now - sent.sent_at if sent.sent_at else None
    found = iter(record_batch(ctx, sender, sent.scans, Sender(sender.id, sender.gate, skew)))
    answers = []
    for item in sent.items:
        if not isinstance(item, SentScan):
            answers.append(told_unreadable(item))
            continue
        answer = next(found)
        answers.append(told(item.scan, answer) if answer else told_elsewhere(item.scan))
    return jsonify(now=now.isoformat(), answers=answers)


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
