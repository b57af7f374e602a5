"""Registers of volunteers: pages, exports, and what the law asks of each volunteer."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from civic.audit import operations as audit
from civic.enrolment.cover_forms import DetailsForm
from civic.enrolment.operations import details
from civic.enrolment.policy import KEEP_REGISTER, OWN_DETAILS, READ_COVER
from civic.enrolment.queries import register
from civic.enrolment.queries.register import WrittenLine
from civic.enrolment.register_chain import Who
from civic.enrolment.rules import LINE_WORDS
from civic.kernel.clock import ROME, rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Invalid, NotFound
from civic.tenancy.queries import standings as tenancy
from civic.tenancy.queries.standings import AssociationRow, standing_for
from civic.web.guard import requires
from civic.web.paper import typeset
from civic.web.sheets import CSV_TYPE, csv_file
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

bp = Blueprint("enrolment_register", __name__, url_prefix="/<lang>")

ITALIAN = "it"
"""Of the papers: whoever inspects a register reads Italian, whatever the organiser reads."""


@bp.get("/organise/registers")
@requires(READ_COVER)
def registers() -> ResponseReturnValue:
    with reading() as ctx:
        shown = register.registers(ctx, READ_COVER)
        names = tenancy.city_names(ctx, {each.standing.municipality_id for each in shown})
    return render_template("enrolment/registers.html", registers=shown, names=names)


@bp.get("/organise/registers/<uuid:standing_id>")
@requires(READ_COVER)
def one_register(standing_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        shown = standing_for(ctx, standing_id, READ_COVER)
        people, following = register.volunteers(ctx, shown, _after())
        end = register.end_of(ctx, shown.id, shown.municipality_id)
        names = tenancy.city_names(ctx, [shown.municipality_id])
    return render_template(
        "enrolment/register.html",
        register=shown,
        city=names[shown.municipality_id],
        people=people,
        following=following,
        is_first=_after() is None,
        end=end,
    )


def _after() -> UUID | None:
    """The person that the page before ended with; a wrong address is no page."""
    typed = request.args.get("after", "")
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise NotFound from None


# Exports


@bp.get("/organise/registers/<uuid:standing_id>/register.csv")
@requires(READ_COVER)
def register_csv(standing_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        _shown, lines = _exported(ctx, standing_id, "csv")
    with force_locale(ITALIAN):
        header = [*_header(), _("Check code (SHA-256)")]
        rows = [[*_cells(line), line.hash] for line in lines]
    return _file(csv_file(header, rows), CSV_TYPE, "csv")


@bp.get("/organise/registers/<uuid:standing_id>/register.pdf")
@requires(READ_COVER)
def register_pdf(standing_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        shown, lines = _exported(ctx, standing_id, "pdf")
        city = tenancy.city_names(ctx, [shown.municipality_id])[shown.municipality_id]
        printed_on = rome_day(ctx.now())
    with force_locale(ITALIAN):
        last = lines[-1] if lines else None
        paper = typeset(
            "enrolment/register",
            {
                "title": _("Register of volunteers"),
                "law": _("Third-Sector Code, art. 17; decree of 6 October 2021, art. 3"),
                "association": shown.name,
                "city": _("Municipality of %(city)s", city=city),
                "printed": _("Printed on %(day)s", day=f"{printed_on:%d/%m/%Y}"),
                "page_of": _("page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
                "end": (
                    _("Last line: %(number)s. Check code (SHA-256):", number=last.number)
                    if last
                    else _("No line yet.")
                ),
                "hash": last.hash if last else "",
                "header": _header(),
                "rows": [[str(cell or "") for cell in _cells(line)] for line in lines],
            },
        )
    return _file(paper, "application/pdf", "pdf")


def _exported(
    ctx: Context, standing_id: UUID, kind: str
) -> tuple[AssociationRow, list[WrittenLine]]:
    """The register, and on record that it left the house."""
    shown = standing_for(ctx, standing_id, READ_COVER)
    lines = register.written_lines(ctx, shown)
    audit.record(
        ctx,
        shown.municipality_id,
        "register.exported",
        thing_id=standing_id,
        details={"as": kind, "lines": len(lines)},
    )
    return shown, lines


def _header() -> list[str]:
    return [
        _("No."),
        _("Written on"),
        _("What"),
        _("Name"),
        _("Fiscal code"),
        _("Born"),
        _("Place of birth"),
        _("Residence or domicile"),
        _("From"),
        _("To"),
    ]


def _cells(line: WrittenLine) -> list[str | int]:
    what = _(LINE_WORDS[line.kind])
    if line.corrects:
        what = _("%(what)s (line %(number)s)", what=what, number=line.corrects)
    content = line.content
    return [
        line.number,
        f"{line.recorded_at.astimezone(ROME):%d/%m/%Y %H:%M}",
        what,
        content["name"],
        content["fiscal_code"],
        _day(content["birth"]),
        content["birth_place"],
        content["residence"],
        _day(content["first_day"]),
        _day(content["last_day"] or ""),
    ]


def _day(iso: str) -> str:
    """28/11/2026; a year alone stays a year."""
    return "/".join(reversed(iso.split("-")))


def _file(body: bytes, kind: str, ending: str) -> Response:
    answer = Response(body, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="registro-volontari.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


# What the law asks of each


@bp.route("/me/register-details", methods=["GET", "POST"])
@requires(OWN_DETAILS)
def own_details() -> ResponseReturnValue:
    with reading() as ctx:
        who = register.volunteer(ctx, ctx.actor.own_id)
    form = _details_form(who)
    if form.validate_on_submit() and _changed(form, None):
        flash(_("Saved. Thank you."), "success")
        return redirect(url_for("enrolment_register.own_details"))
    answer = render_template("enrolment/details.html", form=form, own=True)
    return answer, 422 if form.is_submitted() else 200


@bp.route("/organise/registers/<uuid:standing_id>/people/<uuid:person_id>", methods=["GET", "POST"])
@requires(KEEP_REGISTER)
def volunteer_details(standing_id: UUID, person_id: UUID) -> ResponseReturnValue:
    # A unit of work, because whoever opens the page reads what a person told about themselves.
    with unit_of_work() as ctx:
        who = details.read_details(ctx, standing_id, person_id)
    form = _details_form(who)
    back = url_for("enrolment_register.one_register", standing_id=standing_id)
    if form.validate_on_submit() and _changed(form, (standing_id, person_id)):
        flash(_("Saved. The register has a new line that says so."), "success")
        return redirect(back)
    answer = render_template("enrolment/details_of.html", form=form, who=who, back=back)
    return answer, 422 if form.is_submitted() else 200


def _details_form(who: Who | None) -> DetailsForm:
    return DetailsForm(obj=who)


def _changed(form: DetailsForm, whose: tuple[UUID, UUID] | None) -> bool:
    try:
        with unit_of_work() as ctx:
            if whose is None:
                details.change_own_details(ctx, form.to_details())
            else:
                details.change_details(ctx, *whose, form.to_details())
    except Invalid as refusal:
        form[refusal.field or "fiscal_code"].errors = [say(refusal)]
        return False
    return True
