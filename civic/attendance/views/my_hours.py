"""One's own hours, what is behind each line, and saying that one is wrong."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance import ledger_words
from civic.attendance.operations import contests
from civic.attendance.operations.contests import NewContest
from civic.attendance.policy import OWN_ATTENDANCE
from civic.attendance.queries import ledger_of_person
from civic.attendance.question_forms import ContestForm
from civic.attendance.views.blueprint import bp
from civic.attendance.words import is_written_by_us
from civic.kernel.errors import Conflict, NotFound
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say


@bp.get("/me/hours")
@requires(OWN_ATTENDANCE)
def hours() -> ResponseReturnValue:
    with reading() as ctx:
        found = ledger_of_person.own_hours(ctx, page_language().tag)
    return render_template("attendance/hours.html", hours=found)


@bp.get("/me/hours/<uuid:session_id>/<day>")
@requires(OWN_ATTENDANCE)
def hours_of_day(session_id: UUID, day: str) -> ResponseReturnValue:
    return _page(session_id, _day(day), ContestForm(formdata=None))


@bp.post("/me/hours/<uuid:session_id>/<day>")
@requires(OWN_ATTENDANCE)
def contest(session_id: UUID, day: str) -> ResponseReturnValue:
    form = ContestForm()
    if not form.validate():
        return _page(session_id, _day(day), form), 422
    new = NewContest(session_id, _day(day), form.words.data or "", page_language().tag)
    try:
        with unit_of_work() as ctx:
            contests.contest(ctx, new)
    except Conflict as refusal:
        flash(say(refusal), "warning")
    else:
        flash(_("Thank you. The association reads it, and you find the answer here."), "success")
    return redirect(url_for("attendance.hours_of_day", session_id=session_id, day=day))


def _page(session_id: UUID, day: date, form: ContestForm) -> str:
    with reading() as ctx:
        found = ledger_of_person.own_day(ctx, session_id, day, page_language().tag)
    return render_template(
        "attendance/hours_of_day.html",
        found=found,
        form=form,
        words=ledger_words,
        is_written_by_us=is_written_by_us,
    )


def _day(text: str) -> date:
    """As `2026-03-21`, and written in no other way."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if day.isoformat() != text:
        raise NotFound
    return day
