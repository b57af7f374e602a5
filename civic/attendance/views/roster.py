"""Who comes to a session: names to tap, hours to set right."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anyascii import anyascii
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.operations import corrections, decisions, taps
from civic.attendance.operations.corrections import NewCorrection
from civic.attendance.operations.taps import Tap
from civic.attendance.policy import CHECK_IN, CORRECT_HOURS
from civic.attendance.queries import presence, to_look_at
from civic.attendance.queries.presence import PresenceLine
from civic.attendance.queries.proposals import Proposed
from civic.attendance.queries.taps import Tapped, tap_of
from civic.attendance.roster_forms import ConfirmForm, CorrectionForm, TapForm, days_of
from civic.attendance.rules import DOORS_CLOSE, DOORS_OPEN, Direction, Presence
from civic.attendance.views.blueprint import bp
from civic.attendance.words import (
    holder_words,
    is_written_by_us,
    reason_of_correction,
    tap_words,
)
from civic.catalogue.lexicon import fold
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.enrolment.policy import ANNOUNCE
from civic.enrolment.queries import announcements
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.ids import uuid7
from civic.kernel.policy import Place
from civic.web.errors import status_of
from civic.web.fields import clean_line
from civic.web.guard import is_own_path, requires
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Shown:
    """A name on the list with what can be done about it."""

    line: PresenceLine
    taps: tuple[Direction, ...]
    scan_id: UUID
    """A new one for each form: sent twice by two taps, it is one scan."""
    form: CorrectionForm


@dataclass
class Wrong:
    """Forms that were refused, to be shown with what was typed."""

    corrections: dict[UUID, CorrectionForm]
    """By person."""
    confirmations: dict[UUID, ConfirmForm]
    """By correction."""
    tap: str = ""


def _nothing_wrong() -> Wrong:
    return Wrong({}, {})


@bp.get("/organise/sessions/<uuid:session_id>")
@requires(CHECK_IN)
def roster(session_id: UUID) -> ResponseReturnValue:
    return _roster_page(session_id)


def _roster_page(session_id: UUID, wrong: Wrong | None = None) -> str:
    wrong = wrong or _nothing_wrong()
    search = clean_line(request.values.get("q", ""))[:LONGEST_SEARCH]
    tapped_id = _uuid(request.args.get("tapped"))
    with reading() as ctx:
        facts = session_for(ctx, session_id, CHECK_IN)
        lines = presence.roster_with_presence(ctx, session_id)
        tapped = tap_of(ctx, session_id, tapped_id) if tapped_id else None
        sent = announcements.sent_lines(ctx, session_id)
        odd = to_look_at.number_of_session(ctx, session_id)
        here = Place(facts.municipality_id, facts.association_id)
        may_announce = ANNOUNCE.allows(ctx.actor, here)
        now, reader = ctx.now(), ctx.actor
    found = [line for line in lines if matches(line.name, search)]
    shown = [_shown(line, facts, wrong, now) for line in found]
    return render_template(
        "attendance/roster.html",
        facts=facts,
        everybody=lines,
        shown=shown,
        search=search,
        tapped=tapped,
        said=tap_words(tapped) if tapped else None,
        to_holder=holder_words(tapped) if tapped else None,
        is_tapped_shown=_is_among(tapped, found),
        wrong=wrong,
        has_begun=facts.starts_at <= now,
        is_over_midnight=len(days_of(facts)) > 1,
        odd=odd,
        sent=sent,
        may_announce=may_announce,
        reader=reader,
        confirm_form=confirm_form,
        reason_of_correction=reason_of_correction,
        is_written_by_us=is_written_by_us,
    )


def _is_among(tapped: Tapped | None, lines: list[PresenceLine]) -> bool:
    return tapped is not None and any(line.person_id == tapped.person_id for line in lines)


def matches(name: str, search: str) -> bool:
    """Whether each word typed begins a word of the name, in its own letters or in Latin ones."""
    in_latin = anyascii(name).replace("'", "")
    words = f"{fold(name)} {fold(in_latin)}".split()
    return all(any(word.startswith(typed) for word in words) for typed in fold(search).split())


def _shown(line: PresenceLine, facts: SessionFacts, wrong: Wrong, now: datetime) -> Shown:
    form = wrong.corrections.get(line.person_id) or _correction_form(line, facts)
    return Shown(line, ways_to_go(line, facts, now), uuid7(now), form)


def ways_to_go(line: PresenceLine, facts: SessionFacts, now: datetime) -> tuple[Direction, ...]:
    """Which buttons fit: what the gate would refuse for the hour or the place alone is left out."""
    if not facts.starts_at - DOORS_OPEN <= now <= facts.ends_at + DOORS_CLOSE:
        return ()
    is_on = now <= facts.ends_at
    if line.presence is Presence.IN:
        return (Direction.BREAK, Direction.EXIT) if is_on else (Direction.EXIT,)
    can_enter = is_on and line.is_booked and not facts.is_cancelled
    entry = (Direction.ENTRY,) if can_enter else ()
    return (*entry, Direction.EXIT) if line.presence is Presence.BREAK else entry


def roster_link(session: SessionFacts) -> str:
    """The panel of a session on its project's desk."""
    return render_template("attendance/roster_link.html", session=session)


# A name tapped


@bp.post("/organise/sessions/<uuid:session_id>/people/<uuid:person_id>/tap")
@requires(CHECK_IN)
def tap(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    form = TapForm()
    scan_id = _uuid(form.scan_id.data)
    if not form.validate() or scan_id is None:
        wrong = _nothing_wrong()
        wrong.tap = _("We could not read this. Tap the name once more.")
        return _roster_page(session_id, wrong), 422
    given = Tap(scan_id, person_id, Direction(form.direction.data or ""))
    with unit_of_work() as ctx:
        taps.tap(ctx, session_id, given)
    return redirect(_back_to(session_id, person_id, scan_id))


@bp.post("/organise/sessions/<uuid:session_id>/scans/<uuid:scan_id>/undo")
@requires(CHECK_IN)
def undo(session_id: UUID, scan_id: UUID) -> ResponseReturnValue:
    """Of the same phone or, on these pages, of the same person; within fifteen minutes."""
    is_script = request.accept_mimetypes.best == "application/json"
    try:
        with unit_of_work() as ctx:
            session_for(ctx, session_id, CHECK_IN)
            decisions.undo_scan(ctx, scan_id)
            tapped = tap_of(ctx, session_id, scan_id)
    except Conflict as refusal:
        if is_script:
            return {"error": refusal.code, "text": say(refusal)}, status_of(refusal)
        flash(say(refusal), "warning")
        return redirect(url_for("attendance.roster", session_id=session_id))
    if is_script:
        return {"id": str(scan_id), "outcome": "undone", "text": _("Taken back.")}
    return redirect(_back_to(session_id, tapped.person_id if tapped else None, scan_id))


def _back_to(session_id: UUID, person_id: UUID | None, scan_id: UUID) -> str:
    """To where the name stands, so that a long list is not begun again."""
    return url_for(
        "attendance.roster",
        session_id=session_id,
        q=clean_line(request.form.get("q", ""))[:LONGEST_SEARCH] or None,
        tapped=scan_id,
        _anchor=f"p{person_id.hex}" if person_id else None,
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


# Hours set right


def _correction_form(line: PresenceLine, facts: SessionFacts) -> CorrectionForm:
    """A form a person, told apart by prefix."""
    days = days_of(facts)
    minutes = line.by_day.get(days[0]) if len(days) > 1 else line.minutes
    prefix = _prefix(line.person_id)
    return CorrectionForm(days, formdata=None, prefix=prefix, data={"minutes": minutes})


def _prefix(some_id: UUID) -> str:
    return f"p{some_id.hex}-"


@bp.post("/organise/sessions/<uuid:session_id>/people/<uuid:person_id>/hours")
@requires(CORRECT_HOURS)
def correct(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        facts = session_for(ctx, session_id, CORRECT_HOURS)
    form = CorrectionForm(days_of(facts), prefix=_prefix(person_id))
    wrong = _nothing_wrong()
    wrong.corrections[person_id] = form
    if not form.validate():
        return _roster_page(session_id, wrong), 422
    new = NewCorrection(
        session_id, person_id, form.minutes.data or 0, form.reason.data or "", form.chosen_day
    )
    try:
        with unit_of_work() as ctx:
            corrections.propose_correction(ctx, new)
    except (Invalid, Conflict) as refusal:
        field = getattr(refusal, "field", None) or "minutes"
        form[field].errors = [say(refusal)]
        return _roster_page(session_id, wrong), status_of(refusal)
    flash(_("Written down. It counts as soon as a second person confirms it."), "success")
    anchor = f"p{person_id.hex}"
    return redirect(url_for("attendance.roster", session_id=session_id, _anchor=anchor))


def confirm_form(proposed: Proposed) -> ConfirmForm:
    return ConfirmForm(
        formdata=None, prefix=_prefix(proposed.id), data={"minutes": proposed.minutes}
    )


@bp.post("/organise/sessions/<uuid:session_id>/corrections/<uuid:correction_id>/confirm")
@requires(CORRECT_HOURS)
def confirm(session_id: UUID, correction_id: UUID) -> ResponseReturnValue:
    form = ConfirmForm(prefix=_prefix(correction_id))
    wrong = _nothing_wrong()
    wrong.confirmations[correction_id] = form
    if not form.validate():
        return _roster_page(session_id, wrong), 422
    try:
        with unit_of_work() as ctx:
            session_for(ctx, session_id, CORRECT_HOURS)
            corrections.confirm_correction(ctx, correction_id, form.minutes.data)
    except Invalid as refusal:
        form.minutes.errors = [say(refusal)]
        return _roster_page(session_id, wrong), status_of(refusal)
    except Conflict as refusal:
        flash(say(refusal), "warning")
    else:
        flash(_("Confirmed: it counts now."), "success")
    return redirect(_where_from(session_id))


@bp.post("/organise/sessions/<uuid:session_id>/corrections/<uuid:correction_id>/refuse")
@requires(CORRECT_HOURS)
def refuse(session_id: UUID, correction_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            session_for(ctx, session_id, CORRECT_HOURS)
            corrections.refuse_correction(ctx, correction_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
    else:
        flash(_("It does not count. The hours stay as they were."), "success")
    return redirect(_where_from(session_id))


def _where_from(session_id: UUID) -> str:
    wanted = request.form.get("next")
    if wanted and is_own_path(wanted):
        return wanted
    return url_for("attendance.roster", session_id=session_id)
