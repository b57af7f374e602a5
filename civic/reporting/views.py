from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from civic.audit import operations as audit
from civic.housing.figures_forms import FiguresForm as DwellingsForm
from civic.housing.policy import READ_NETWORK_FIGURES as READ_NETWORK_DWELLINGS
from civic.kernel.clock import rome_day
from civic.kernel.policy import Role, city_of
from civic.reporting import policy, queries
from civic.reporting.forms import FiguresForm
from civic.reporting.housing import network_dwellings
from civic.tenancy.queries.standings import municipalities
from civic.web.guard import requires
from civic.web.transaction import actor, reading, unit_of_work

YEARS_BACK = 4

bp = Blueprint("reporting", __name__, url_prefix="/<lang>")


@bp.get("/city/figures")
@requires(policy.READ_CITY_FIGURES)
def city_figures() -> ResponseReturnValue:
    form = FiguresForm(request.args)
    city = city_of(actor(), Role.OFFICER, request.args.get("city", ""))
    with reading() as ctx:
        form.offer(queries.recent_months(ctx))
        figures = queries.city_figures(ctx, city, form.period(), form.chosen_area())
        outcomes = queries.city_outcomes(ctx, city, form.period())
    return render_template(
        "reporting/city_figures.html", form=form, figures=figures, outcomes=outcomes
    )


@bp.get("/city/people/took-part")
@requires(policy.READ_WHO_TOOK_PART)
def who_took_part() -> ResponseReturnValue:
    """Names are read here, so the page leaves a line in the trail."""
    form = FiguresForm(request.args)
    city = city_of(actor(), Role.OFFICER, request.args.get("city", ""))
    with unit_of_work() as ctx:
        form.offer(queries.recent_months(ctx))
        people = queries.who_took_part(ctx, city, form.period(), form.chosen_area())
        audit.record(ctx, city, "reporting.who_took_part", details={"people": len(people)})
    return render_template(
        "reporting/who_took_part.html", form=form, people=people, most=queries.PEOPLE_SHOWN
    )


@bp.get("/network")
@requires(policy.READ_NETWORK_FIGURES)
def network() -> ResponseReturnValue:
    form = FiguresForm(request.args)
    with reading() as ctx:
        form.offer(queries.recent_months(ctx))
        cities = queries.network_figures(ctx, form.period())
        outcomes = queries.network_outcomes(ctx, form.period())
        count = len(municipalities(ctx))
    return render_template(
        "reporting/network.html", form=form, cities=cities, outcomes=outcomes, count=count
    )


@bp.get("/network/housing")
@requires(READ_NETWORK_DWELLINGS)
def network_housing() -> ResponseReturnValue:
    form = DwellingsForm(request.args)
    with reading() as ctx:
        today = rome_day(ctx.now())
        form.offer(today, today.year - YEARS_BACK)
        if not form.validate():
            return render_template("reporting/network_housing.html", form=form), 422
        cities = network_dwellings(ctx, form.period)
    return render_template("reporting/network_housing.html", form=form, cities=cities)
