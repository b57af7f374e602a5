"""Moving in, staying longer, moving elsewhere, staying on, and moving out: one page for each."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.housing.operations import moving, overstays, reading_stays
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.gate import placement_for
from civic.housing.queries.stay_page import StayPage, reviews_to_choose
from civic.housing.queries.stays import FreeBed, free_beds, nights_until
from civic.housing.stay_forms import (
    CountingForm,
    ExtendForm,
    FromNightForm,
    LeavingForm,
    OverstayForm,
    transfer_form,
    typed_cents,
)
from civic.housing.views.blueprint import bp
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.plans.queries.review_days import ReviewDay
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import bindings, unit_of_work

ADDRESS = "/housing/stays/<uuid:placement_id>"
BOTH = ["GET", "POST"]


def _today() -> date:
    return rome_day(bindings().database.clock.now())


def _read(placement_id: UUID) -> StayPage:
    with unit_of_work() as ctx:
        return reading_stays.read_stay(ctx, placement_id)


def _sent(
    form: FlaskForm, placement_id: UUID, act: Callable[[Context], None], done: str
) -> ResponseReturnValue | int:
    """Back to the stay when it was done; else how the page with what was typed is to answer."""
    if request.method != "POST":
        return 200
    if not form.validate():
        return 422
    try:
        with unit_of_work() as ctx:
            act(ctx)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return status_of(refusal)
    flash(done, "success")
    return redirect(url_for("housing.stay", placement_id=placement_id))


@bp.route(f"{ADDRESS}/move-in", methods=BOTH)
@requires(WORK_ON_HOUSING)
def move_in(placement_id: UUID) -> ResponseReturnValue:
    page = _read(placement_id)
    form = CountingForm(day=_today())
    form.offer()
    answer = _sent(
        form,
        placement_id,
        lambda ctx: moving.move_in(ctx, placement_id, form.to_counting()),
        _("They have moved in. Welcome!"),
    )
    if not isinstance(answer, int):
        return answer
    return render_template("housing/move_in.html", page=page, form=form), answer


@bp.route(f"{ADDRESS}/move-out", methods=BOTH)
@requires(WORK_ON_HOUSING)
def move_out(placement_id: UUID) -> ResponseReturnValue:
    page = _read(placement_id)
    form = LeavingForm(day=_today(), deposit_back=typed_cents(page.stay.deposit_cents))
    form.offer()
    answer = _sent(
        form,
        placement_id,
        lambda ctx: moving.move_out(ctx, placement_id, form.to_leaving()),
        _("They have moved out, and the beds are free again once they are made ready."),
    )
    if not isinstance(answer, int):
        return answer
    return render_template("housing/move_out.html", page=page, form=form), answer


@bp.route(f"{ADDRESS}/extend", methods=BOTH)
@requires(WORK_ON_HOUSING)
def extend_stay(placement_id: UUID) -> ResponseReturnValue:
    page, reviews = _with_reviews(placement_id)
    form = ExtendForm()
    form.offer(reviews)
    answer = _sent(
        form,
        placement_id,
        lambda ctx: moving.extend_stay(ctx, placement_id, form.to_longer()),
        _("They can stay longer. Make a new agreement with the new day."),
    )
    if not isinstance(answer, int):
        return answer
    return render_template("housing/extend.html", page=page, form=form, reviews=reviews), answer


def _with_reviews(placement_id: UUID) -> tuple[StayPage, list[ReviewDay]]:
    with unit_of_work() as ctx:
        page = reading_stays.read_stay(ctx, placement_id)
        return page, reviews_to_choose(ctx, page.stay)


@bp.route(f"{ADDRESS}/transfer", methods=BOTH)
@requires(WORK_ON_HOUSING)
def transfer_stay(placement_id: UUID) -> ResponseReturnValue:
    """First from when and where to, then a bed for each of them."""
    asked = FromNightForm(request.args, from_night=_today() + timedelta(days=1))
    first = asked.from_night.data or _today() + timedelta(days=1)
    unit_id = request.args.get("unit", None, UUID)
    page, units, free = _free(placement_id, first, unit_id)
    asked.unit.choices = [("", _("Choose a dwelling")), *units]
    form = transfer_form(page.members, free)
    answer: ResponseReturnValue | int = 200
    if unit_id is not None:
        answer = _sent(
            form,
            placement_id,
            lambda ctx: moving.transfer_stay(ctx, placement_id, unit_id, form.to_beds(), first),
            _("They move. Make a new agreement for the new place."),
        )
    if not isinstance(answer, int):
        return answer
    return render_template(
        "housing/transfer.html", page=page, asked=asked, form=form, unit_id=unit_id, free=free
    ), answer


def _free(
    placement_id: UUID, first: date, unit_id: UUID | None
) -> tuple[StayPage, list[tuple[str, str]], list[FreeBed]]:
    """The dwellings that have a bed for each of them, and the free beds of the chosen one."""
    with unit_of_work() as ctx:
        page = reading_stays.read_stay(ctx, placement_id)
        placement = placement_for(ctx, placement_id)
        beds = free_beds(ctx, placement, *nights_until(placement, first))
    counted: dict[UUID, list[FreeBed]] = {}
    for bed in beds:
        counted.setdefault(bed.unit_id, []).append(bed)
    units = [
        (str(each), f"{found[0].unit_name} ({len(found)})")
        for each, found in counted.items()
        if len(found) >= len(page.members)
    ]
    return page, units, counted.get(unit_id, []) if unit_id else []


@bp.route(f"{ADDRESS}/overstay", methods=BOTH)
@requires(WORK_ON_HOUSING)
def overstay(placement_id: UUID) -> ResponseReturnValue:
    page = _read(placement_id)
    form = OverstayForm()
    form.offer()

    def decide(ctx: Context) -> None:
        reason = form.reason.data or ""
        if form.answer.data == "yes" and form.until.data is not None:
            overstays.allow_overstay(ctx, placement_id, form.until.data, reason)
        else:
            overstays.refuse_overstay(ctx, placement_id, reason)

    answer = _sent(form, placement_id, decide, _("It is written down."))
    if not isinstance(answer, int):
        return answer
    return render_template("housing/overstay.html", page=page, form=form), answer
