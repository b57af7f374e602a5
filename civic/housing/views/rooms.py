"""Rooms, beds and leases of a dwelling."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.housing.dwelling_forms import (
    AddBedsForm,
    AwayForm,
    BedForm,
    LeaseForm,
    NewRoomForm,
    RoomForm,
    bed_called,
    day_of,
    held,
)
from civic.housing.operations import leases, rooms
from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.dwellings import tenants
from civic.housing.queries.unit_page import one_bed, one_lease, one_room, unit_facts
from civic.housing.views.blueprint import bp
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work

Shown = Callable[[], str]


def _answer(
    form: FlaskForm, write: Callable[[Context], object], shown: Shown, unit_id: UUID, said: str
) -> ResponseReturnValue:
    """Shows the form, writes what it says, or shows again what is wrong with it."""
    if not form.validate_on_submit():
        return shown(), 422 if form.is_submitted() else 200
    try:
        with unit_of_work() as ctx:
            write(ctx)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return shown(), status_of(refusal)
    flash(said, "success")
    return redirect(url_for("housing.unit", unit_id=unit_id, _anchor="rooms"))


@bp.route("/housing/units/<uuid:unit_id>/rooms/new", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def new_room(unit_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        unit = unit_facts(ctx, unit_id)
        today = rome_day(ctx.now())
    form = NewRoomForm(data={"from_night": today})
    form.offer()

    def write(ctx: Context) -> None:
        rooms.add_room(ctx, unit_id, form.to_room(), day_of(form.from_night))

    def shown() -> str:
        return render_template("housing/room_form.html", form=form, unit=unit)

    return _answer(form, write, shown, unit_id, _("The room is there."))


@bp.route("/housing/rooms/<uuid:room_id>", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def room(room_id: UUID) -> ResponseReturnValue:
    """Two forms: what the room is, and more beds in it. This one takes the first."""
    with reading() as ctx:
        found, unit = one_room(ctx, room_id)
        today = rome_day(ctx.now())
    form, more = RoomForm.holding(found), AddBedsForm(formdata=None, data={"from_night": today})
    form.offer()

    def shown() -> str:
        return render_template("housing/room.html", form=form, more=more, room=found, unit=unit)

    def write(ctx: Context) -> None:
        rooms.change_room(ctx, room_id, form.to_facts())

    return _answer(form, write, shown, unit.id, _("Your changes are kept."))


@bp.post("/housing/rooms/<uuid:room_id>/beds")
@requires(WORK_ON_HOUSING)
def add_beds(room_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found, unit = one_room(ctx, room_id)
    more = AddBedsForm()

    def shown() -> str:
        form = RoomForm(formdata=None, data=held(found))
        form.offer()
        return render_template("housing/room.html", form=form, more=more, room=found, unit=unit)

    def write(ctx: Context) -> None:
        rooms.add_beds(ctx, room_id, more.beds.data or 0, day_of(more.from_night), bed_called)

    return _answer(more, write, shown, unit.id, _("The beds are there."))


@bp.route("/housing/beds/<uuid:bed_id>", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def bed(bed_id: UUID) -> ResponseReturnValue:
    """Its name, and below it the day from which on it is there no more."""
    with reading() as ctx:
        found, in_room, unit = one_bed(ctx, bed_id)
    form, away = BedForm(data={"name": found.name}), AwayForm(formdata=None)

    def shown() -> str:
        return render_template(
            "housing/bed.html", form=form, away=away, bed=found, room=in_room, unit=unit
        )

    def write(ctx: Context) -> None:
        rooms.rename_bed(ctx, bed_id, form.name.data or "")

    return _answer(form, write, shown, unit.id, _("Your changes are kept."))


@bp.post("/housing/beds/<uuid:bed_id>/away")
@requires(WORK_ON_HOUSING)
def take_bed_away(bed_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found, in_room, unit = one_bed(ctx, bed_id)
    form, away = BedForm(formdata=None, data={"name": found.name}), AwayForm()

    def shown() -> str:
        return render_template(
            "housing/bed.html", form=form, away=away, bed=found, room=in_room, unit=unit
        )

    def write(ctx: Context) -> None:
        rooms.take_away(ctx, bed_id, day_of(away.day))

    return _answer(away, write, shown, unit.id, _("From that night on the bed is not there."))


@bp.post("/housing/beds/<uuid:bed_id>/keep")
@requires(WORK_ON_HOUSING)
def keep_bed(bed_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        rooms.keep_bed(ctx, bed_id)
        _found, _room, unit = one_bed(ctx, bed_id)
    flash(_("The bed stays."), "success")
    return redirect(url_for("housing.unit", unit_id=unit.id, _anchor="rooms"))


@bp.route("/housing/units/<uuid:unit_id>/leases/new", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def new_lease(unit_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        unit = unit_facts(ctx, unit_id)
        form = LeaseForm()
        form.offer(tenants(ctx, unit_id))

    def write(ctx: Context) -> None:
        leases.write_lease(ctx, unit_id, form.to_facts(), form.sent.to_id())

    def shown() -> str:
        return render_template("housing/lease.html", form=form, unit=unit)

    return _answer(form, write, shown, unit_id, _("The lease is written down."))


@bp.route("/housing/leases/<uuid:lease_id>", methods=["GET", "POST"])
@requires(WORK_ON_HOUSING)
def lease(lease_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found, unit = one_lease(ctx, lease_id)
        form = LeaseForm(
            data={
                "direction": found.direction.value,
                "resident": str(found.resident_id or ""),
                "starts_on": found.starts_on,
                "ends_on": found.ends_on,
                "rent": found.rent_cents,
                "deposit": found.deposit_cents,
                "registered_on": found.registered_on,
            }
        )
        form.offer(tenants(ctx, unit.id))

    def write(ctx: Context) -> None:
        leases.change_lease(ctx, lease_id, form.to_facts())

    def shown() -> str:
        return render_template("housing/lease.html", form=form, unit=unit)

    return _answer(form, write, shown, unit.id, _("Your changes are kept."))
