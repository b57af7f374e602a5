"""The gate of one session on a phone with network: camera, or the code typed."""

from typing import Any
from uuid import UUID

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.forms import ScanForm, Unreadable, read_batch, read_skew
from civic.attendance.operations import scans
from civic.attendance.operations.scans import Answer, Scan, Sender
from civic.attendance.policy import CHECK_IN
from civic.attendance.rules import Direction, Method, Outcome, is_short_code, read_code
from civic.attendance.views.blueprint import bp
from civic.attendance.words import Said, answer_words
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.kernel.errors import Invalid, NotFound
from civic.kernel.ids import uuid7
from civic.web.guard import requires
from civic.web.transaction import bindings, reading, unit_of_work
from civic.web.words import say


@bp.get("/organise/sessions/<uuid:session_id>/scan")
@requires(CHECK_IN)
def scanner(session_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        facts = session_for(ctx, session_id, CHECK_IN)
    form = ScanForm(formdata=None, data=_fresh_scan(request.args.get("direction")))
    return _scanner_page(facts, form)


def _fresh_scan(direction: str | None, gate: str = "") -> dict[str, str]:
    """A new id a form: sent twice by two taps, it is one scan."""
    known = direction if direction in tuple(Direction) else None
    return {
        "scan_id": str(uuid7(bindings().database.clock.now())),
        "direction": known or Direction.ENTRY.value,
        "gate": gate,
    }


@bp.post("/organise/sessions/<uuid:session_id>/scan")
@requires(CHECK_IN)
def scan_by_hand(session_id: UUID) -> ResponseReturnValue:
    form = ScanForm()
    scan_id = _scan_id(form.scan_id.data)
    if not form.validate() or scan_id is None:
        with reading() as ctx:
            facts = session_for(ctx, session_id, CHECK_IN)
        form.scan_id.data = _fresh_scan(None)["scan_id"]
        return _scanner_page(facts, form), 422
    direction, gate = Direction(form.direction.data), form.gate.data or ""
    with unit_of_work() as ctx:
        code = form.code.data or ""
        scan = Scan(scan_id, code, direction, ctx.now(), method=_method(code), gate=gate)
        facts, answer = scans.record_scan(ctx, session_id, scan)
    again = ScanForm(formdata=None, data=_fresh_scan(direction.value, gate))
    return _scanner_page(facts, again, answer_words(answer, direction), _undoable(answer))


def _method(code: str) -> Method:
    return Method.CODE if is_short_code(read_code(code)) else Method.QR


def _undoable(answer: Answer) -> UUID | None:
    return answer.scan_id if answer.outcome is Outcome.ACCEPTED and answer.undo_until else None


def _scan_id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _scanner_page(
    facts: SessionFacts, form: ScanForm, said: Said | None = None, undo: UUID | None = None
) -> str:
    return render_template("attendance/scanner.html", facts=facts, form=form, said=said, undo=undo)


@bp.post("/organise/sessions/<uuid:session_id>/scans")
@requires(CHECK_IN)
def scan_batch(session_id: UUID) -> ResponseReturnValue:
    """For the camera page: answers one by one, whatever the others were."""
    body = request.get_json(silent=True)
    try:
        items = read_batch(body)
    except Invalid as refusal:
        return jsonify(error=refusal.code, text=say(refusal)), 422
    readable = [item for item in items if isinstance(item, Scan)]
    try:
        with unit_of_work() as ctx:
            sender = Sender(skew=read_skew(body, ctx.now()))
            answers = iter(scans.record_scans(ctx, session_id, readable, sender))
    except NotFound:
        return jsonify(error="not_found", text=_("This page is not here")), 404
    return jsonify(
        answers=[
            _unreadable(item) if isinstance(item, Unreadable) else _told(item, next(answers))
            for item in items
        ]
    )


def _unreadable(item: Unreadable) -> dict[str, Any]:
    return {
        "id": item.id,
        "outcome": "malformed",
        "kind": "danger",
        "reason": None,
        "text": _("We could not read this scan."),
        "name": "",
        "undo": False,
    }


def _told(scan: Scan, answer: Answer) -> dict[str, Any]:
    said = answer_words(answer, scan.direction)
    return {
        "id": str(scan.id),
        "outcome": answer.outcome.value if answer.outcome else "failed",
        "kind": said.kind,
        "reason": answer.reason.value if answer.reason else None,
        "text": said.text,
        "name": said.name,
        "undo": _undoable(answer) is not None,
    }
