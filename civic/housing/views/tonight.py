"""A bed for tonight, in three steps from a phone: who, which bed, yes. Then the way there."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.operations.tonight import (
    TonightStay,
    free_tonight,
    place_tonight,
    read_place,
)
from civic.housing.policy import PLACE_TONIGHT
from civic.housing.queries.fitting import Suggestion
from civic.housing.request_words import fit_words
from civic.housing.tonight_forms import TonightForm
from civic.housing.views.blueprint import bp, own_city
from civic.kernel.errors import Conflict, Invalid, NotFound
from civic.kernel.policy import Role
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

AT_NIGHT = (Role.HOUSING_OFFICER, Role.MOBILE_UNIT, Role.DESK)
WHO, BED, YES = "who", "bed", "yes"


@bp.get("/housing/tonight")
@requires(PLACE_TONIGHT)
def tonight() -> ResponseReturnValue:
    form = TonightForm(formdata=None)
    form.offer()
    return _who_page(form)


def _who_page(form: TonightForm) -> str:
    return render_template("housing/tonight.html", form=form)


@bp.post("/housing/tonight")
@requires(PLACE_TONIGHT)
def tonight_step() -> ResponseReturnValue:
    """Each step carries what was typed in the one before. The last one alone writes anything."""
    form = TonightForm()
    form.offer()
    if not form.validate():
        return _who_page(form), 422
    step = request.form.get("step", WHO)
    if step == "back":
        return _who_page(form)
    chosen = form.chosen()
    if step == WHO or chosen is None:
        refusal = _("Choose one of the beds.") if step != WHO else ""
        return _beds_page(form, 422 if refusal else 200, refusal)
    if step == YES:
        return _place(form, *chosen)
    found = next((each for each in _free(form) if _value(each) == form.choice.data), None)
    if found is None:
        return _beds_page(form, 409, _("Somebody was quicker. These are free now."))
    return render_template(
        "housing/tonight_confirm.html", form=form, found=found, until=found.nights.until
    )


def _free(form: TonightForm) -> list[Suggestion]:
    with reading() as ctx:
        return free_tonight(ctx, own_city(*AT_NIGHT), form.to_party(), _number(form))


def _number(form: TonightForm) -> int:
    return int(form.nights.data or 1)


def _value(each: Suggestion) -> str:
    """What the choice of a bed sends: ids of a dwelling and its beds, nobody's name."""
    seats = sorted(each.seats, key=lambda seat: seat.resident_id)
    return f"{each.unit_id}:{','.join(str(seat.bed_id) for seat in seats)}"


def _beds_page(form: TonightForm, status: int = 200, refusal: str = "") -> ResponseReturnValue:
    try:
        found = _free(form)
    except (Invalid, Conflict) as wrong:
        show_refusal(form, wrong)
        return _who_page(form), status_of(wrong)
    page = render_template(
        "housing/tonight_beds.html",
        form=form,
        found=[(_value(each), each) for each in found],
        refusal=refusal,
        fit_words=fit_words,
    )
    return page, status


def _place(form: TonightForm, unit_id: UUID, beds: list[UUID]) -> ResponseReturnValue:
    new = TonightStay(
        own_city(*AT_NIGHT),
        form.to_party(),
        _number(form),
        unit_id,
        beds,
        page_language().tag,
        form.sent.to_id(),
    )
    try:
        with unit_of_work() as ctx:
            placement_id = place_tonight(ctx, new)
    except (Invalid, Conflict, NotFound) as refusal:
        said = say(refusal) if refusal.sentence else _("Choose one of the beds.")
        return _beds_page(form, status_of(refusal), said)
    flash(_("The bed is theirs."), "success")
    return redirect(url_for("housing.tonight_place", placement_id=placement_id))


@bp.get("/housing/tonight/<uuid:placement_id>")
@requires(PLACE_TONIGHT)
def tonight_place(placement_id: UUID) -> ResponseReturnValue:
    """Where it is, how to get in, whom to call."""
    with unit_of_work() as ctx:
        found = read_place(ctx, placement_id)
    return render_template("housing/tonight_place.html", found=found)
