"""Hours that people say are wrong, for whoever answers: the association, later the city too."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.operations import contests
from civic.attendance.operations.contests import Reply
from civic.attendance.policy import ANSWER_QUESTION, ANSWER_QUESTION_IN_CITY
from civic.attendance.queries.contests import question_for, questions, questions_left
from civic.attendance.question_forms import ReplyForm
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.policy import Permission, Role, city_of
from civic.web.errors import status_of
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("attendance_questions", __name__, url_prefix="/<lang>")


@bp.get("/organise/questions")
@requires(ANSWER_QUESTION)
def to_associations() -> ResponseReturnValue:
    return _page(ANSWER_QUESTION)


@bp.get("/city/questions")
@requires(ANSWER_QUESTION_IN_CITY)
def left() -> ResponseReturnValue:
    return _page(ANSWER_QUESTION_IN_CITY)


@bp.post("/organise/questions/<uuid:contest_id>")
@requires(ANSWER_QUESTION)
def answer(contest_id: UUID) -> ResponseReturnValue:
    return _answered(contest_id, ANSWER_QUESTION)


@bp.post("/city/questions/<uuid:contest_id>")
@requires(ANSWER_QUESTION_IN_CITY)
def answer_left(contest_id: UUID) -> ResponseReturnValue:
    return _answered(contest_id, ANSWER_QUESTION_IN_CITY)


def _answered(contest_id: UUID, permission: Permission) -> ResponseReturnValue:
    form = ReplyForm(prefix=_prefix(contest_id))
    if not form.validate():
        with reading() as ctx:
            question_for(ctx, contest_id, permission)
        return _page(permission, {contest_id: form}), 422
    reply = Reply(form.answer.data or "", form.minutes.data)
    try:
        with unit_of_work() as ctx:
            contests.answer_contest(ctx, contest_id, reply, permission)
    except Invalid as refusal:
        form.minutes.errors = [say(refusal)]
        return _page(permission, {contest_id: form}), status_of(refusal)
    except Conflict as refusal:
        flash(say(refusal), "warning")
    else:
        flash(_said(reply), "success")
    return redirect(_url(permission))


def _said(reply: Reply) -> str:
    if reply.minutes is None:
        return _("We told them, with your words.")
    return _("We told them. The hours count as soon as a second person confirms them.")


def _url(permission: Permission) -> str:
    is_city = permission is ANSWER_QUESTION_IN_CITY
    return url_for(".left" if is_city else ".to_associations")


def _prefix(contest_id: UUID) -> str:
    return f"q{contest_id.hex}-"


def _page(permission: Permission, typed: dict[UUID, ReplyForm] | None = None) -> str:
    is_city = permission is ANSWER_QUESTION_IN_CITY
    with reading() as ctx:
        if is_city:
            city_id = city_of(actor(), Role.OFFICER, request.args.get("city", ""))
            found = questions_left(ctx, city_id)
        else:
            found = questions(ctx)
        reader_id = ctx.actor.own_id
    forms = typed or {}
    return render_template(
        "attendance/questions.html",
        items=[
            (each, forms.get(each.id) or ReplyForm(formdata=None, prefix=_prefix(each.id)))
            for each in found
        ],
        wrong=list(forms.values()),
        is_city=is_city,
        reader_id=reader_id,
    )
