"""The pass of somebody without a phone, printed for them at the municipality's desk."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts.queries import person_for
from civic.attendance.operations import scans
from civic.attendance.policy import PRINT_PASS
from civic.attendance.rules import spaced
from civic.kernel.keys import Keys
from civic.tenancy.queries.standings import city_names
from civic.web.guard import requires
from civic.web.qr import data_address
from civic.web.transaction import actor, unit_of_work

bp = Blueprint("attendance_printed_pass", __name__, url_prefix="/<lang>/city/people")

REASON = "desk"


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys


@bp.get("/<uuid:person_id>/pass")
@requires(PRINT_PASS)
def printed(person_id: UUID) -> ResponseReturnValue:
    """A unit of work, because the first look hands the pass out, and it is a reading of the file."""
    with unit_of_work() as ctx:
        file = person_for(ctx, person_id, PRINT_PASS, REASON)
        shown = scans.pass_of(ctx, _keys(), person_id, file.municipality_id)
        city = city_names(ctx, [file.municipality_id])[file.municipality_id]
    return render_template(
        "attendance/printed_pass.html",
        file=file,
        city=city,
        picture=data_address(shown.token),
        code=spaced(shown.short_code),
    )


@bp.post("/<uuid:person_id>/pass/replace")
@requires(PRINT_PASS)
def replace(person_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        file = person_for(ctx, person_id, PRINT_PASS, REASON)
        scans.replace_pass(ctx, _keys(), person_id, file.municipality_id)
    flash(_("The old pass opens no gate any more. Print the new one."), "success")
    return redirect(url_for("attendance_printed_pass.printed", person_id=person_id))


def desk_panel(person_id: UUID, municipality_id: UUID) -> str:  # noqa: ARG001 - what the slot knows
    """On the desk's page of a person: the way to their pass, for those who may print it."""
    if not PRINT_PASS.allows(actor()):
        return ""
    return render_template("attendance/pass_link.html", person_id=person_id)
