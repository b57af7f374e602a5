"""The attendance sheet as a PDF, for the table at the entrance."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.operations.sheets import Sheet, print_sheet
from civic.attendance.policy import CHECK_IN
from civic.catalogue.queries.sessions import SessionFacts
from civic.kernel.clock import rome_day
from civic.kernel.i18n import DEFAULT, direction
from civic.web import paper
from civic.web.guard import requires
from civic.web.locale import speaking
from civic.web.transaction import unit_of_work
from civic.web.words import local_date, local_day, local_span, shown_language

bp = Blueprint("attendance_sheets", __name__, url_prefix="/<lang>/organise/sessions")

EMPTY_LINES = 5
"""For those who come without a place."""


@bp.get("/<uuid:session_id>/sheet.pdf")
@requires(CHECK_IN)
def sheet(session_id: UUID) -> ResponseReturnValue:
    # A unit of work, because the trail says who took the names along.
    with unit_of_work() as ctx:
        printed = print_sheet(ctx, session_id)
    with speaking(DEFAULT):
        # The paper stays with the association, whatever language its reader's screen has.
        pdf = paper.typeset("attendance/sheet", _values(printed))
    name = f"presenze-{rome_day(printed.facts.starts_at).isoformat()}.pdf"
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _values(printed: Sheet) -> dict[str, Any]:
    facts = printed.facts
    named = [
        {
            "number": str(number),
            "name": line.name,
            "languages": ", ".join(shown_language(tag) for tag in line.languages),
        }
        for number, line in enumerate(printed.lines, start=1)
    ]
    return {
        "title": facts.title,
        "title_lang": facts.title_language,
        "title_dir": direction(facts.title_language),
        "association": facts.association_name,
        "when": _when(facts),
        "facts": [
            {"label": _("Meeting point"), "value": facts.meeting_point},
            {"label": _("Association"), "value": facts.association_name},
            {"label": _("People with a place"), "value": str(len(named))},
        ],
        "words": {
            "title": _("Attendance sheet"),
            "privacy": _("It holds people's names: do not leave it lying about."),
            # The braces are filled while the pages are counted.
            "page": _("Page {page} of {pages}"),
            "columns": [
                _("No."),
                _("Name"),
                _("Languages"),
                _("Present"),
                _("In at"),
                _("Out at"),
                _("Signature"),
            ],
        },
        "lines": named + [{"number": "", "name": "", "languages": ""}] * EMPTY_LINES,
    }


def _when(facts: SessionFacts) -> str:
    """The weekday too, and the year: the sheet goes into a folder."""
    weekday = local_day(facts.starts_at).split(" ", 1)[0]
    return f"{weekday} {local_date(facts.starts_at)}, {local_span(facts.starts_at, facts.ends_at)}"
