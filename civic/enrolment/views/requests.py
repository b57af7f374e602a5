"""Requests to join: asked, taken back, answered."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.enrolment.forms import AnswerForm
from civic.enrolment.operations import requests
from civic.enrolment.policy import ANSWER_CARRIED, ANSWER_REQUEST, JOIN
from civic.enrolment.queries import enrolments
from civic.enrolment.queries.requests import (
    RequestPage,
    request_for,
    requests_carried,
    requests_to_associations,
)
from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.kernel.policy import Permission, Role, city_of
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("enrolment_requests", __name__, url_prefix="/<lang>")

APPROVE, PUT_OFF = "approve", "put-off"


@bp.post("/projects/<slug>/request/take-back")
@requires(JOIN)
def take_back(slug: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        project = enrolments.project_to_join(ctx, slug=slug)
        requests.take_back(ctx, project.id)
    flash(_("Your request is taken back. You can ask again whenever you like."), "success")
    return redirect(url_for("catalogue.project", slug=slug))


@bp.get("/organise/requests")
@requires(ANSWER_REQUEST)
def to_associations() -> ResponseReturnValue:
    return _page(ANSWER_REQUEST)


@bp.get("/city/requests")
@requires(ANSWER_CARRIED)
def carried() -> ResponseReturnValue:
    return _page(ANSWER_CARRIED)


@bp.post("/organise/requests/<uuid:enrolment_id>/<any('approve', 'put-off'):answer>")
@requires(ANSWER_REQUEST)
def answer(enrolment_id: UUID, answer: str) -> ResponseReturnValue:
    return _answered(enrolment_id, answer, ANSWER_REQUEST)


@bp.post("/city/requests/<uuid:enrolment_id>/<any('approve', 'put-off'):answer>")
@requires(ANSWER_CARRIED)
def answer_carried(enrolment_id: UUID, answer: str) -> ResponseReturnValue:
    return _answered(enrolment_id, answer, ANSWER_CARRIED)


def _answered(enrolment_id: UUID, answer: str, permission: Permission) -> ResponseReturnValue:
    form = AnswerForm(prefix=_prefix(enrolment_id))
    if answer == PUT_OFF and not form.validate():
        with reading() as ctx:
            request_for(ctx, enrolment_id, permission)
        return _page(permission, {enrolment_id: form}), 422
    try:
        with unit_of_work() as ctx:
            if answer == APPROVE:
                requests.approve(ctx, enrolment_id, permission)
            else:
                requests.put_off(ctx, enrolment_id, permission, form.reason.data or "")
    except Conflict as refusal:
        flash(say(refusal), "warning")
        return redirect(_url(permission))
    if answer == APPROVE:
        flash(_("They are in. We told them, and they can take a place now."), "success")
    else:
        flash(_("We told them, with your words."), "success")
    return redirect(_url(permission))


def _url(permission: Permission) -> str:
    is_city = permission is ANSWER_CARRIED
    return url_for(
        "enrolment_requests.carried" if is_city else "enrolment_requests.to_associations"
    )


def _prefix(enrolment_id: UUID) -> str:
    """A form of each request, told apart by its name."""
    return f"r{enrolment_id.hex}-"


def _page(permission: Permission, typed: dict[UUID, AnswerForm] | None = None) -> str:
    with reading() as ctx:
        page = _requests(ctx, permission)
    forms = typed or {}
    return render_template(
        "enrolment/requests.html",
        page=page,
        items=[
            (row, forms.get(row.id) or AnswerForm(formdata=None, prefix=_prefix(row.id)))
            for row in page.rows
        ],
        wrong=[form for form in forms.values() if form.errors],
        is_city=permission is ANSWER_CARRIED,
    )


def _requests(ctx: Context, permission: Permission) -> RequestPage:
    if permission is ANSWER_REQUEST:
        return requests_to_associations(ctx)
    return requests_carried(ctx, city_of(actor(), Role.OFFICER, request.args.get("city", "")))
