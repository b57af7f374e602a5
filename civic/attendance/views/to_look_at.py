"""Things to look at: scans on which the association says what becomes of them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.operations import decisions
from civic.attendance.operations.unknown_codes import give_to
from civic.attendance.policy import CORRECT_HOURS
from civic.attendance.queries import to_look_at as queries
from civic.attendance.roster_forms import GiveForm, LookForm
from civic.attendance.rules import Decision, Outcome
from civic.attendance.words import odd_words, refusal_words
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.enrolment.queries import bookings
from civic.enrolment.rules import BookingState
from civic.kernel.errors import Conflict
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

bp = Blueprint("attendance_looks", __name__, url_prefix="/<lang>/organise")

Choices = list[tuple[str, str]]


@bp.get("/to-look-at")
@requires(CORRECT_HOURS)
def everywhere() -> ResponseReturnValue:
    with reading() as ctx:
        found = queries.odd_scans(ctx)
    return render_template("attendance/to_look_at.html", sessions=found, words=odd_words)


@bp.get("/sessions/<uuid:session_id>/to-look-at")
@requires(CORRECT_HOURS)
def of_session(session_id: UUID) -> ResponseReturnValue:
    return _session_page(session_id, {})


def _session_page(session_id: UUID, wrong: dict[UUID, LookForm | GiveForm]) -> str:
    with reading() as ctx:
        facts, scans = queries.odd_scans_of(ctx, session_id)
        people: Choices = []
        if any(scan.person_id is None for scan in scans):
            lines = bookings.roster(ctx, session_id)
            people = [
                (str(line.person_id), line.name)
                for line in lines
                if line.state is BookingState.CONFIRMED
            ]
    return render_template(
        "attendance/to_look_at_session.html",
        facts=facts,
        scans=[(scan, *_forms(scan.id, people, wrong.get(scan.id))) for scan in scans],
        wrong=list(wrong.values()),
        words=odd_words,
    )


def _forms(
    scan_id: UUID, people: Choices, wrong: LookForm | GiveForm | None
) -> tuple[LookForm, GiveForm]:
    look = (
        wrong if isinstance(wrong, LookForm) else LookForm(formdata=None, prefix=_prefix(scan_id))
    )
    give = (
        wrong if isinstance(wrong, GiveForm) else GiveForm(formdata=None, prefix=_prefix(scan_id))
    )
    give.person.choices = [("", _("Choose a name")), *people]
    return look, give


def _prefix(scan_id: UUID) -> str:
    return f"s{scan_id.hex}-"


@bp.post("/sessions/<uuid:session_id>/to-look-at/<uuid:scan_id>")
@requires(CORRECT_HOURS)
def look(session_id: UUID, scan_id: UUID) -> ResponseReturnValue:
    form = LookForm(prefix=_prefix(scan_id))
    if not form.validate():
        return _session_page(session_id, {scan_id: form}), 422
    decision = Decision(form.decision.data or "")
    try:
        with unit_of_work() as ctx:
            session_for(ctx, session_id, CORRECT_HOURS)
            decisions.look_at_scan(ctx, scan_id, decision, form.reason.data or "")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    else:
        is_kept = decision is Decision.KEPT
        flash(_("It stays as it is.") if is_kept else _("Set aside: it counts no more."), "success")
    return redirect(url_for(".of_session", session_id=session_id))


@bp.post("/sessions/<uuid:session_id>/to-look-at/<uuid:scan_id>/give")
@requires(CORRECT_HOURS)
def give(session_id: UUID, scan_id: UUID) -> ResponseReturnValue:
    """An unknown code was somebody's of the list."""
    with reading() as ctx:
        facts: SessionFacts = session_for(ctx, session_id, CORRECT_HOURS)
        lines = bookings.roster(ctx, facts.id)
    form = GiveForm(prefix=_prefix(scan_id))
    form.person.choices = [(str(line.person_id), line.name) for line in lines]
    if not form.validate():
        return _session_page(session_id, {scan_id: form}), 422
    try:
        with unit_of_work() as ctx:
            answer = give_to(ctx, scan_id, UUID(form.person.data))
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(url_for(".of_session", session_id=session_id))
    if answer.outcome is Outcome.ACCEPTED:
        flash(_("Written down for %(name)s at that time.", name=answer.name), "success")
    else:
        flash(refusal_words(answer), "danger")
    return redirect(url_for(".of_session", session_id=session_id))
