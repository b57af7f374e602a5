"""Owners and their files: who they are, what they were offered, what they offer, their contract."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.offer_forms import OwnerForm
from civic.housing.operations import offers as answering
from civic.housing.operations.files import remove_file
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries import offers as stock
from civic.housing.queries.stock_gate import owner_papers_for
from civic.housing.rules.stock import FileKind
from civic.housing.views.blueprint import bp, own_city
from civic.housing.views.stock_files import files, sent_paper
from civic.kernel.errors import Invalid
from civic.kernel.policy import Role
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.uploads import takes_files
from civic.web.words import say


@bp.get("/housing/owners")
@requires(WORK_ON_HOUSING)
def owners() -> ResponseReturnValue:
    with reading() as ctx:
        rows = stock.owners(ctx, own_city(Role.HOUSING_OFFICER))
    return render_template("housing/owners.html", rows=rows)


@bp.get("/housing/owners/<uuid:owner_id>")
@requires(WORK_ON_HOUSING)
def owner(owner_id: UUID) -> ResponseReturnValue:
    return _page(owner_id)


def _page(owner_id: UUID, mistake: str = "") -> str:
    with reading() as ctx:
        page = stock.owner_page(ctx, owner_id)
    return render_template("housing/owner.html", page=page, mistake=mistake)


@bp.route("/housing/owners/<uuid:owner_id>/change", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def change_owner(owner_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        page = stock.owner_page(ctx, owner_id)
    form = OwnerForm.holding(page.owner)
    form.offer()
    if not form.validate_on_submit():
        shown = render_template("housing/owner_form.html", form=form, owner_id=owner_id)
        return shown, 422 if form.is_submitted() else 200
    with unit_of_work() as ctx:
        answering.change_owner(ctx, owner_id, form.to_facts())
    flash(_("Your changes are kept."), "success")
    return redirect(url_for("housing.owner", owner_id=owner_id))


@bp.post("/housing/owners/<uuid:owner_id>/contract")
@requires(WORK_ON_HOUSING)
@takes_files
def keep_contract(owner_id: UUID) -> ResponseReturnValue:
    try:
        paper = sent_paper(FileKind.CONTRACT)
    except Invalid as refusal:
        return _page(owner_id, say(refusal)), 422
    with unit_of_work() as ctx:
        answering.keep_contract(ctx, files(), owner_id, paper)
    flash(_("The paper is kept, sealed."), "success")
    return redirect(url_for("housing.owner", owner_id=owner_id, _anchor="papers"))


@bp.post("/housing/owners/<uuid:owner_id>/files/<uuid:file_id>/remove")
@requires(WORK_ON_HOUSING)
def remove_owner_file(owner_id: UUID, file_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        remove_file(ctx, files(), file_id, owner_papers_for(ctx, owner_id))
    flash(_("It is no longer kept."), "success")
    return redirect(url_for("housing.owner", owner_id=owner_id, _anchor="papers"))
