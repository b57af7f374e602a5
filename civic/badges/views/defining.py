"""Pages on which cities and associations define badges of their own."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.badges import queries
from civic.badges.defining import NewAchievement, define, own_achievements, retire
from civic.badges.forms import DefineForm
from civic.badges.policy import DEFINE
from civic.catalogue.rules import Area
from civic.catalogue.words import skill_choices
from civic.kernel.context import Context
from civic.kernel.errors import Invalid
from civic.kernel.policy import Role
from civic.tenancy.queries.standings import association_names, city_names
from civic.web.errors import status_of
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

bp = Blueprint("badges_defining", __name__, url_prefix="/<lang>/organise/own-badges")


@bp.get("")
@requires(DEFINE)
def own() -> ResponseReturnValue:
    with reading() as ctx:
        rows = own_achievements(ctx)
        places = dict(_places(ctx))
    return render_template("badges/own.html", rows=rows, places=places)


@bp.route("/new", methods=["GET", "POST"])
@requires(DEFINE)
def new() -> ResponseReturnValue:
    form = _form()
    if not form.is_submitted():
        return render_template("badges/define.html", form=form)
    if not form.validate():
        return render_template("badges/define.html", form=form), 422
    municipality_id, association_id = _place(form.place.data)
    try:
        with unit_of_work() as ctx:
            define(ctx, _read(form, municipality_id, association_id))
    except Invalid as refusal:
        form[refusal.field or "sessions"].errors = [say(refusal)]
        return render_template("badges/define.html", form=form), status_of(refusal)
    flash(
        _("Your badge is there. Whoever has the hours already is put before you soon."), "success"
    )
    return redirect(url_for("badges_defining.own"))


@bp.post("/<uuid:achievement_id>/retire")
@requires(DEFINE)
def end(achievement_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        retire(ctx, achievement_id)
    flash(_("This badge is given to nobody any more. Who holds it keeps it."), "info")
    return redirect(url_for("badges_defining.own"))


def _form() -> DefineForm:
    language = page_language().tag
    with reading() as ctx:
        places = _places(ctx)
        known = [
            about
            for city_id in ctx.actor.municipalities
            for about in queries.achievements(ctx, city_id)
        ]
    form = DefineForm(data={"language": language})
    form.place.choices = places
    form.skills.choices = skill_choices()
    form.badges.choices = list({a.code: (a.code, a.named_in(language)[0]) for a in known}.values())
    return form


def _places(ctx: Context) -> list[tuple[str, str]]:
    """For whom the actor may define one: cities of an officer, an organiser's associations there."""
    roles = (Role.OFFICER, Role.ORGANISER)
    grants = [grant for grant in ctx.actor.grants if grant.role in roles and grant.municipality_id]
    cities = city_names(ctx, (g.municipality_id for g in grants if g.municipality_id))
    names = association_names(ctx, (g.association_id for g in grants if g.association_id))
    places = {}
    for grant in grants:
        city = cities.get(grant.municipality_id, "") if grant.municipality_id else ""
        if grant.role is Role.OFFICER:
            places[f"{grant.municipality_id}"] = city
        elif grant.association_id:
            name = names.get(grant.association_id, "")
            places[f"{grant.municipality_id}:{grant.association_id}"] = f"{name} ({city})"
    return list(places.items())


def _place(text: str) -> tuple[UUID, UUID | None]:
    city, _colon, association = text.partition(":")
    return UUID(city), UUID(association) if association else None


def _read(form: DefineForm, municipality_id: UUID, association_id: UUID | None) -> NewAchievement:
    return NewAchievement(
        municipality_id,
        association_id,
        form.name.data or "",
        form.description.data or "",
        form.criteria.data or "",
        form.language.data,
        Area(form.area.data) if form.area.data else None,
        form.level.data,
        form.rule(association_id),
        tuple(form.skills.data or ()),
        form.valid_months.data,
    )
