"""Where a housing officer begins the day."""

from flask import render_template
from flask.typing import ResponseReturnValue

from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.today import today_of
from civic.housing.views.blueprint import bp, own_city
from civic.kernel.policy import Role
from civic.web.guard import requires
from civic.web.transaction import reading


@bp.get("/housing")
@requires(WORK_ON_HOUSING)
def home() -> ResponseReturnValue:
    with reading() as ctx:
        today = today_of(ctx, own_city(Role.HOUSING_OFFICER))
    return render_template("housing/home.html", today=today)
