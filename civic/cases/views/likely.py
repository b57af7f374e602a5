"""Two files side by side: one person, or two?"""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.cases.access import Access, Data
from civic.cases.operations import merging
from civic.cases.operations.reading import read_likely, read_part
from civic.cases.policy import WORK_ON_CASES
from civic.cases.sections import SECTIONS
from civic.cases.views.blueprint import bp
from civic.kernel.errors import Conflict
from civic.web.guard import requires
from civic.web.transaction import unit_of_work
from civic.web.words import say


@bp.get("/cases/<uuid:case_id>/likely")
@requires(WORK_ON_CASES)
def likely(case_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        case, identity, found = read_likely(ctx, case_id)
    return render_template("cases/likely.html", case=case, identity=identity, found=found)


@bp.get("/cases/<uuid:case_id>/likely/<uuid:other_id>")
@requires(WORK_ON_CASES)
def side_by_side(case_id: UUID, other_id: UUID) -> ResponseReturnValue:
    """Who each of them is, as far as both are open to the reader."""
    with unit_of_work() as ctx:
        case, name, part = read_part(ctx, case_id, Data.IDENTITY)
        other, other_name, other_part = read_part(ctx, other_id, Data.IDENTITY)
        case.require(Data.IDENTITY, Access.WRITE)
        other.require(Data.IDENTITY, Access.WRITE)
    return render_template(
        "cases/side_by_side.html",
        case=case,
        other=other,
        name=name,
        other_name=other_name,
        part=part,
        other_part=other_part,
        section=SECTIONS[Data.IDENTITY],
    )


@bp.post("/cases/<uuid:case_id>/likely/<uuid:other_id>/<any(merge,apart):verdict>")
@requires(WORK_ON_CASES)
def decide(case_id: UUID, other_id: UUID, verdict: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            if verdict == "merge":
                merging.merge(ctx, case_id, other_id)
            else:
                merging.keep_apart(ctx, case_id, other_id)
    except Conflict as refusal:
        flash(say(refusal), "warning")
    else:
        told = _("Both are one file now. This can be undone."), _("They stay two files.")
        flash(told[0] if verdict == "merge" else told[1], "success")
    return redirect(url_for("cases.case", case_id=case_id))


@bp.post("/cases/<uuid:case_id>/merges/<uuid:merge_id>/undo")
@requires(WORK_ON_CASES)
def undo_merge(case_id: UUID, merge_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        merging.undo_merge(ctx, case_id, merge_id)
    flash(_("They are two files again."), "success")
    return redirect(url_for("cases.around", case_id=case_id))
