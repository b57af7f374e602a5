"""What of the city's files goes soon: for the coordinator and the data-protection officer."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from civic.audit import operations as audit
from civic.cases.policy import READ_RETENTION
from civic.cases.queries.keeping import going
from civic.cases.retention import LISTED_FOR, LOOK_AHEAD
from civic.cases.views.blueprint import bp
from civic.kernel.policy import Role, city_of
from civic.web.guard import requires
from civic.web.transaction import actor, unit_of_work


@bp.get("/cases/retention")
@requires(READ_RETENTION)
def retention() -> ResponseReturnValue:
    who = actor()
    role = Role.CITY_COORDINATOR if who.has_role(Role.CITY_COORDINATOR) else Role.DATA_PROTECTION
    own = city_of(who, role, request.args.get("city", ""))
    with unit_of_work() as ctx:
        rows = going(ctx, own)
        audit.record(ctx, own, "case.retention_read", details={"shown": len(rows)})
    return render_template(
        "cases/retention.html", rows=rows, ahead=LOOK_AHEAD.days, listed=LISTED_FOR.days
    )
