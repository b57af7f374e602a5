from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as people
from civic.attendance.forms import CorrectionForm, ScanForm, Unreadable, read_batch
from civic.attendance.operations import scans
from civic.attendance.operations.scans import Answer, NewCorrection, PassShown, Scan
from civic.attendance.policy import CHECK_IN, CORRECT_HOURS, OWN_ATTENDANCE
from civic.attendance.queries import presence
from civic.attendance.rules import REASON_WORDS, Direction, Outcome, spaced
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.enrolment.policy import ANNOUNCE
from civic.enrolment.queries import announcements
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.kernel.ids import uuid7
from civic.kernel.keys import Keys
from civic.kernel.policy import Place
from civic.tenancy.queries import standings as tenancy
from civic.web.errors import status_of
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.qr import data_address
from civic.web.transaction import bindings, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("attendance", __name__, url_prefix="/<lang>")


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys


# The participant's own pages


@dataclass(frozen=True)
class PassCard:
    municipality_id: UUID
    city: str
    picture: str
    short_code: str


@bp.get("/me/pass")
@requires(OWN_ATTENDANCE)
def passes() -> ResponseReturnValue:
    # A unit of work, because the first look at the page hands out the pass.
    with unit_of_work() as ctx:
        shown = [
            scans.pass_of(ctx, _keys(), ctx.actor.own_id, city_id)
            for city_id in _cities_that_know(ctx)
        ]
        names = tenancy.city_names(ctx, [each.municipality_id for each in shown])
    cards = sorted((_card(each, names) for each in shown), key=lambda card: card.city)
    return render_template("attendance/passes.html", cards=cards)


def _cities_that_know(ctx: Context) -> list[UUID]:
    return [
        city_id
        for city_id in ctx.actor.municipalities
        if people.is_known_in(ctx, ctx.actor.own_id, city_id)
    ]


def _card(shown: PassShown, names: dict[UUID, str]) -> PassCard:
    return PassCard(
        shown.municipality_id,
        names[shown.municipality_id],
        data_address(shown.token),
        spaced(shown.short_code),
    )


@bp.post("/me/pass/<uuid:municipality_id>/replace")
@requires(OWN_ATTENDANCE)
def replace_pass(municipality_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        scans.replace_pass(ctx, _keys(), ctx.actor.own_id, municipality_id)
    flash(_("This is your new pass. The old one opens no gate any more."), "success")
    return redirect(url_for("attendance.passes"))


@bp.get("/me/hours")
@requires(OWN_ATTENDANCE)
def hours() -> ResponseReturnValue:
    with reading() as ctx:
        rows = presence.hours_of(ctx, ctx.actor.own_id, language=page_language().tag)
    return render_template(
        "attendance/hours.html", rows=rows, minutes=sum(row.minutes for row in rows)
    )


# The roster


@bp.get("/organise/sessions/<uuid:session_id>")
@requires(CHECK_IN)
def roster(session_id: UUID) -> ResponseReturnValue:
    return _roster_page(session_id)


def _roster_page(session_id: UUID, wrong: dict[UUID, CorrectionForm] | None = None) -> str:
    with reading() as ctx:
        facts = session_for(ctx, session_id, CHECK_IN)
        lines = presence.roster_with_presence(ctx, session_id)
        sent = announcements.sent_lines(ctx, session_id)
        here = Place(facts.municipality_id, facts.association_id)
        may_announce = ANNOUNCE.allows(ctx.actor, here)
        has_begun = facts.starts_at <= ctx.now()
    forms = wrong or {}
    return render_template(
        "attendance/roster.html",
        facts=facts,
        lines=[(line, forms.get(line.person_id) or _correction_form(line)) for line in lines],
        wrong=[form for form in forms.values() if form.errors],
        has_begun=has_begun,
        sent=sent,
        may_announce=may_announce,
    )


def roster_link(session: SessionFacts) -> str:
    """The panel of a session on its project's desk."""
    return render_template("attendance/roster_link.html", session=session)


def _correction_form(line: presence.PresenceLine) -> CorrectionForm:
    """A form a person, told apart by prefix."""
    data = {"minutes": line.minutes}
    return CorrectionForm(formdata=None, prefix=f"p{line.person_id.hex}-", data=data)


@bp.post("/organise/sessions/<uuid:session_id>/people/<uuid:person_id>/hours")
@requires(CORRECT_HOURS)
def correct(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    form = CorrectionForm(prefix=f"p{person_id.hex}-")
    if not form.validate():
        return _roster_page(session_id, {person_id: form}), 422
    new = NewCorrection(session_id, person_id, form.minutes.data or 0, form.reason.data or "")
    try:
        with unit_of_work() as ctx:
            scans.correct_hours(ctx, new)
    except (Invalid, Conflict) as refusal:
        field = getattr(refusal, "field", None) or "minutes"
        form[field].errors = [say(refusal)]
        return _roster_page(session_id, {person_id: form}), status_of(refusal)
    flash(_("The hours are corrected. Your name and the reason stand beside them."), "success")
    return redirect(url_for("attendance.roster", session_id=session_id))


# The gate


@dataclass(frozen=True)
class Said:
    """An answer in words and a colour that says the same."""

    kind: str
    text: str
    name: str


def _said(answer: Answer, direction: Direction) -> Said:
    if answer.outcome is None:
        return Said("warning", _("Not stored. Try again."), "")
    if answer.reason is not None:
        kind = "warning" if answer.outcome is Outcome.REPEATED else "danger"
        return Said(kind, _(REASON_WORDS[answer.reason]), answer.name)
    if answer.outcome is Outcome.REPEATED:
        return Said("warning", _("This scan was already recorded."), answer.name)
    text = _("Welcome. You are in.") if direction is Direction.ENTRY else _("Goodbye. You are out.")
    return Said("success", text, answer.name)


@bp.get("/organise/sessions/<uuid:session_id>/scan")
@requires(CHECK_IN)
def scanner(session_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        facts = session_for(ctx, session_id, CHECK_IN)
    form = ScanForm(formdata=None, data=_fresh_scan(request.args.get("direction")))
    return _scanner_page(facts, form)


def _fresh_scan(direction: str | None) -> dict[str, str]:
    """A new id a form: sent twice by two taps, it is one scan."""
    leaving = direction == Direction.EXIT.value
    return {
        "scan_id": str(uuid7(bindings().database.clock.now())),
        "direction": (Direction.EXIT if leaving else Direction.ENTRY).value,
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
    direction = Direction(form.direction.data)
    with unit_of_work() as ctx:
        scan = Scan(scan_id, form.code.data or "", direction, ctx.now())
        facts, answer = scans.record_scan(ctx, session_id, scan)
    again = ScanForm(formdata=None, data=_fresh_scan(direction.value))
    return _scanner_page(facts, again, _said(answer, direction))


def _scan_id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _scanner_page(facts: SessionFacts, form: ScanForm, said: Said | None = None) -> str:
    return render_template("attendance/scanner.html", facts=facts, form=form, said=said)


@bp.post("/organise/sessions/<uuid:session_id>/scans")
@requires(CHECK_IN)
def scan_batch(session_id: UUID) -> ResponseReturnValue:
    """For the camera page: answers one by one, whatever the others were."""
    try:
        items = read_batch(request.get_json(silent=True))
    except Invalid as refusal:
        return jsonify(error=refusal.code, text=say(refusal)), 422
    readable = [item for item in items if isinstance(item, Scan)]
    try:
        with unit_of_work() as ctx:
            answers = iter(scans.record_scans(ctx, session_id, readable))
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
    }


def _told(scan: Scan, answer: Answer) -> dict[str, Any]:
    said = _said(answer, scan.direction)
    return {
        "id": str(scan.id),
        "outcome": answer.outcome.value if answer.outcome else "failed",
        "kind": said.kind,
        "reason": answer.reason.value if answer.reason else None,
        "text": said.text,
        "name": said.name,
    }
