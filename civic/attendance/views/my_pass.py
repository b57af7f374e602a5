from dataclasses import dataclass
from uuid import UUID

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as people
from civic.attendance.operations import passes as passes_of_people
from civic.attendance.operations.passes import PassShown
from civic.attendance.policy import OWN_ATTENDANCE
from civic.attendance.rules import spaced
from civic.attendance.views.blueprint import bp
from civic.kernel.context import Context
from civic.kernel.keys import Keys
from civic.tenancy.queries import standings as tenancy
from civic.web.guard import requires
from civic.web.qr import data_address
from civic.web.transaction import unit_of_work


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys


@dataclass(frozen=True)
class PassCard:
    municipality_id: UUID
    city: str
    picture: str
    short_code: str


@bp.get("/me/pass")
@requires(OWN_ATTENDANCE)
def passes() -> ResponseReturnValue:
    # A unit of work, because the first look at the page hands out the pass.
    with unit_of_work() as ctx:
        shown = [
            passes_of_people.pass_of(ctx, _keys(), ctx.actor.own_id, city_id)
            for city_id in _cities_that_know(ctx)
        ]
        names = tenancy.city_names(ctx, [each.municipality_id for each in shown])
    cards = sorted((_card(each, names) for each in shown), key=lambda card: card.city)
    return render_template("attendance/passes.html", cards=cards)


def _cities_that_know(ctx: Context) -> list[UUID]:
    return [
        city_id
        for city_id in ctx.actor.municipalities
        if people.is_known_in(ctx, ctx.actor.own_id, city_id)
    ]


def _card(shown: PassShown, names: dict[UUID, str]) -> PassCard:
    return PassCard(
        shown.municipality_id,
        names[shown.municipality_id],
        data_address(shown.token),
        spaced(shown.short_code),
    )


@bp.post("/me/pass/<uuid:municipality_id>/replace")
@requires(OWN_ATTENDANCE)
def replace_pass(municipality_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        passes_of_people.replace_pass(ctx, _keys(), ctx.actor.own_id, municipality_id)
    flash(_("This is your new pass. The old one opens no gate any more."), "success")
    return redirect(url_for("attendance.passes"))
