"""Grants and the budget lines that works are approved against."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.grant_forms import GrantForm, LineForm
from civic.housing.operations import grants as keeping
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries import grants as stock
from civic.housing.queries.stock_gate import line_for
from civic.housing.views.blueprint import bp, own_city
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.kernel.policy import Role
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work


@bp.get("/housing/grants")
@requires(WORK_ON_HOUSING)
def grants() -> ResponseReturnValue:
    with reading() as ctx:
        rows = stock.grants(ctx, own_city(Role.HOUSING_OFFICER))
    return render_template("housing/grants.html", rows=rows)


@bp.get("/housing/grants/<uuid:grant_id>")
@requires(WORK_ON_HOUSING)
def grant(grant_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = stock.grant_page(ctx, grant_id)
    return render_template("housing/grant.html", grant=found)


def _answer(
    form: LineForm,
    write: Callable[[Context], UUID],
    title: str,
    back: tuple[str, str],
) -> ResponseReturnValue:
    """Shows the form or writes what it says; leads to the grant, whose id `write` returns."""
    status = 422
    if form.validate_on_submit():
        try:
            with unit_of_work() as ctx:
                grant_id = write(ctx)
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
            status = status_of(refusal)
        else:
            flash(_("It is written down."), "success")
            return redirect(url_for("housing.grant", grant_id=grant_id))
    page = render_template("housing/grant_form.html", form=form, title=title, back=back)
    return page, status if form.is_submitted() else 200


@bp.route("/housing/grants/new", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def new_grant() -> ResponseReturnValue:
    form = GrantForm()

    def write(ctx: Context) -> UUID:
        city = own_city(Role.HOUSING_OFFICER)
        return keeping.write_grant(ctx, city, form.to_grant(), form.sent.to_id())

    return _answer(form, write, _("New grant"), (url_for("housing.grants"), _("Grants")))


@bp.route("/housing/grants/<uuid:grant_id>/change", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def change_grant(grant_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = stock.grant_page(ctx, grant_id)
    form = GrantForm.of_grant(found)

    def write(ctx: Context) -> UUID:
        keeping.change_grant(ctx, grant_id, form.to_grant())
        return grant_id

    return _answer(form, write, _("Change the grant"), _to_grant(found))


@bp.route("/housing/grants/<uuid:grant_id>/lines/new", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def new_line(grant_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = stock.grant_page(ctx, grant_id)
    form = LineForm()

    def write(ctx: Context) -> UUID:
        keeping.add_line(ctx, grant_id, form.to_line(), form.sent.to_id())
        return grant_id

    return _answer(form, write, _("New budget line"), _to_grant(found))


@bp.route("/housing/lines/<uuid:line_id>", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def line(line_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = stock.grant_page(ctx, line_for(ctx, line_id)[1].id)
    own = next((each for each in found.lines if each.id == line_id), None)
    if own is None:
        raise NotFound
    form = LineForm.holding(own)

    def write(ctx: Context) -> UUID:
        keeping.change_line(ctx, line_id, form.to_line())
        return found.id

    return _answer(form, write, _("Change the budget line"), _to_grant(found))


def _to_grant(found: stock.GrantRow) -> tuple[str, str]:
    return url_for("housing.grant", grant_id=found.id), found.name
