"""Friends or a family who come together."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.enrolment.operations import groups
from civic.enrolment.policy import JOIN
from civic.enrolment.queries.groups import group_page, group_with, read_group_code
from civic.enrolment.rules import BookingState
from civic.kernel.errors import NotFound
from civic.settings import Settings
from civic.web.guard import requires
from civic.web.qr import data_address
from civic.web.transaction import reading, unit_of_work

bp = Blueprint("enrolment_groups", __name__, url_prefix="/<lang>")


@bp.post("/sessions/<uuid:session_id>/group")
@requires(JOIN)
def gather(session_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        code = groups.gather(ctx, session_id)
    return redirect(url_for("enrolment_groups.group", code=code))


@bp.get("/groups")
@requires(JOIN)
def find() -> ResponseReturnValue:
    """Somebody was told a code, on paper or by voice."""
    typed = request.args.get("code", "").strip()
    if not typed:
        return render_template("enrolment/group_code.html", typed="", is_unknown=False)
    try:
        with reading() as ctx:
            code = group_with(ctx, typed).code
    except NotFound:
        page = render_template(
            "enrolment/group_code.html", typed=read_group_code(typed), is_unknown=True
        )
        return page, 422
    return redirect(url_for("enrolment_groups.group", code=code))


@bp.get("/groups/<code>")
@requires(JOIN)
def group(code: str) -> ResponseReturnValue:
    with reading() as ctx:
        page = group_page(ctx, code)
    settings: Settings = current_app.extensions["civic_settings"]
    path = url_for("enrolment_groups.group", code=page.group.code)
    link = settings.public_url.rstrip("/") + path
    return render_template(
        "enrolment/group.html",
        page=page,
        link=link,
        picture=data_address(link) if page.mine and page.has_room else None,
    )


@bp.post("/groups/<code>/join")
@requires(JOIN)
def come_along(code: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        groups.come_along(ctx, code)
    flash(_("You are in the group."), "success")
    return redirect(url_for("enrolment_groups.group", code=code))


@bp.post("/groups/<code>/ask")
@requires(JOIN)
def ask(code: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        state = groups.ask_together(ctx, code)
    if state is BookingState.CONFIRMED:
        flash(_("You all have a place. Each of you brings their own pass."), "success")
    else:
        flash(_("There are not enough places for all of you now, so you wait together."), "warning")
    return redirect(url_for("enrolment_groups.group", code=code))


@bp.post("/groups/<code>/one-by-one")
@requires(JOIN)
def one_by_one(code: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        groups.take_one_by_one(ctx, code)
    flash(_("From now on each of you has their own place in the line."), "success")
    return redirect(url_for("portal.me"))
