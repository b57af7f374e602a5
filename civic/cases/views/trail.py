"""The trail of a city's cases: for the data-protection officer, and for the person, who opened their file."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from civic.accounts.words import role_name
from civic.audit import operations as audit
from civic.cases.archive_paper import typeset_openings
from civic.cases.operations import trail as lines
from civic.cases.policy import READ_TRAIL, WORK_ON_CASES
from civic.cases.queries.files import ids_of
from civic.cases.queries.gate import case_for
from civic.cases.queries.openings import openings_of, outliers, trail_page
from civic.cases.trail_words import KIND_NAMES, TRAIL_WORDS, TrailKind
from civic.cases.views.blueprint import bp
from civic.kernel.i18n import best_language
from civic.kernel.policy import Role, city_of
from civic.tenancy.queries.standings import city_names
from civic.web.guard import requires
from civic.web.locale import speaking
from civic.web.transaction import actor, unit_of_work


@bp.get("/cases/trail")
@requires(READ_TRAIL)
def trail() -> ResponseReturnValue:
    own = city_of(actor(), Role.DATA_PROTECTION, request.args.get("city", ""))
    asked = request.args.get("kind", "")
    kind = TrailKind(asked) if asked in set(TrailKind) else None
    reference = request.args.get("reference", "").strip()[:12]
    page = max(1, request.args.get("page", 1, type=int))
    with unit_of_work() as ctx:
        found = trail_page(ctx, own, kind, reference, page)
        unusual = outliers(ctx, own)
        audit.record(
            ctx, own, "case.trail_read", details={"kind": asked if kind else "", "page": page}
        )
    return render_template(
        "cases/trail.html",
        found=found,
        unusual=unusual,
        kind=kind,
        kinds=KIND_NAMES,
        words=TRAIL_WORDS,
        role_name=role_name,
        reference=reference,
        page=page,
    )


@bp.get("/cases/<uuid:case_id>/openings.pdf")
@requires(WORK_ON_CASES)
def openings(case_id: UUID) -> ResponseReturnValue:
    """Printed by the lead for the person, in the person's language."""
    with unit_of_work() as ctx:
        case = case_for(ctx, case_id)
        case.require_lead()
        found = openings_of(ctx, case.municipality_id, ids_of(ctx, case))
        city = city_names(ctx, {case.municipality_id})[case.municipality_id]
        lines.note(ctx, case, "openings_printed")
    with speaking(best_language([case.language])):
        body = typeset_openings(case.reference, city, found)
    name = f'inline; filename="{case.reference}-openings.pdf"'
    return body, 200, {"Content-Type": "application/pdf", "Content-Disposition": name}
