"""What somebody signed in sees and changes of their own account."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import login, operations, policy, queries
from civic.accounts.forms import FreeTimeForm, ProfileForm
from civic.accounts.rules import DAYS_A_WEEK, PARTS_A_DAY
from civic.accounts.views.blueprint import bp
from civic.accounts.words import role_name, weekday_name
from civic.audit import queries as audit
from civic.audit.rules import reason_words, words_for
from civic.tenancy.queries import standings as tenancy
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work


@bp.route("/me/profile", methods=["GET", "POST"])
@requires(policy.OWN_ACCOUNT)
def profile() -> ResponseReturnValue:
    with reading() as ctx:
        mine = queries.profile(ctx)
    form = ProfileForm(
        data={
            "name": mine.name,
            "languages": list(mine.languages),
            "page_language": mine.page_language,
        }
    )
    if not form.validate_on_submit():
        page = render_template("accounts/profile.html", form=form, profile=mine)
        return page, 422 if form.is_submitted() else 200
    with unit_of_work() as ctx:
        operations.change_profile(
            ctx, form.name.data or "", form.languages.data or (), form.page_language.data
        )
    flash(_("Your changes are kept."), "success")
    return redirect(url_for("accounts.profile", lang=form.page_language.data))


@bp.route("/me/free-time", methods=["GET", "POST"])
@requires(policy.OWN_ACCOUNT)
def free_time() -> ResponseReturnValue:
    with reading() as ctx:
        form = FreeTimeForm(data={"slots": queries.free_slots(ctx)})
    if not form.validate_on_submit():
        boxes = list(form.slots)
        days = [
            (weekday_name(day), boxes[day * PARTS_A_DAY : (day + 1) * PARTS_A_DAY])
            for day in range(DAYS_A_WEEK)
        ]
        page = render_template("accounts/free_time.html", form=form, days=days)
        return page, 422 if form.is_submitted() else 200
    with unit_of_work() as ctx:
        operations.keep_free_time(ctx, form.slots.data or ())
    flash(_("We will show you first what fits your free time."), "success")
    return redirect(url_for("catalogue.project_list", sort="fit"))


@bp.post("/me/profile/sign-out-everywhere")
@requires(policy.OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    person_id = actor().own_id
    with unit_of_work() as ctx:
        operations.close_all(ctx, person_id)
    login.leave()
    flash(_("You are signed out on every phone and computer."), "signed_out")
    return redirect(url_for("portal.home"))


@bp.get("/me/file")
@requires(policy.OWN_ACCOUNT)
def file_readings() -> ResponseReturnValue:
    person_id = actor().own_id
    with reading() as ctx:
        readings = audit.readings_of(ctx, person_id)
        readers = {row.actor_id for row in readings if row.actor_id}
        names = queries.names(ctx, readers)
        roles = queries.roles_of(ctx, readers)
        cities = tenancy.city_names(ctx, {row.municipality_id for row in readings})
    lines = [
        {
            "at": row.at,
            "name": names.get(row.actor_id, "") if row.actor_id else "",
            "roles": [role_name(role) for role in roles.get(row.actor_id, ())]
            if row.actor_id
            else [],
            "action": _(words_for(row.action)),
            "reason": _(reason_words(row.reason)) if row.reason else "",
            "city": cities[row.municipality_id],
        }
        for row in readings
    ]
    return render_template("accounts/file_readings.html", lines=lines)
