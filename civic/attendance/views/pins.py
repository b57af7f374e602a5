"""The PIN of somebody's card: set by the person alone, at home or with the desk's keyboard."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import login, passwords, pins
from civic.accounts.operations import open_session
from civic.accounts.policy import OWN_ACCOUNT, RESET_PIN
from civic.accounts.queries import person_for
from civic.attendance.card_forms import NewPinForm
from civic.kernel.i18n import BY_TAG
from civic.web.guard import requires
from civic.web.locale import page_language
from civic.web.transaction import actor, reading, unit_of_work

bp = Blueprint("attendance_pins", __name__, url_prefix="/<lang>")

REASON = "desk"


@bp.route("/me/pin", methods=["GET", "POST"])
@requires(OWN_ACCOUNT)
def own() -> ResponseReturnValue:
    who = actor()
    with reading() as ctx:
        pins.refuse_roles(ctx, who.own_id)
        state = pins.pin_state(ctx, who.own_id)
    form = NewPinForm(asks_present=who.by_pin)
    if not form.validate_on_submit() or not _knows_present(form):
        page = render_template("attendance/own_pin.html", form=form, state=state)
        return page, 422 if form.is_submitted() else 200
    pin_hash = passwords.hash_password(form.pin.data or "")
    with unit_of_work() as ctx:
        pins.set_own_pin(ctx, pin_hash)
        # All sessions of the old PIN are closed, this one too: it goes on under another token.
        token = open_session(ctx, who.own_id, by_pin=True) if who.by_pin else None
    if token:
        login.enter(token, who)
    flash(_("Your PIN is set. Keep it in your head, and tell it to nobody."), "success")
    return redirect(url_for("attendance.passes"))


def _knows_present(form: NewPinForm) -> bool:
    """Somebody may have found the screen of another: who came by a PIN shows it once more."""
    if not actor().by_pin:
        return True
    with unit_of_work() as ctx:
        tried = pins.take_try(ctx, ctx.actor.own_id)
    is_right = passwords.is_password(form.present.data or "", tried.pin_hash if tried else None)
    if tried is None or not is_right:
        form.present.errors = [_("This is not your PIN.")]
        return False
    with unit_of_work() as ctx:
        return pins.right_pin(ctx, tried, None)


@bp.route("/city/people/<uuid:person_id>/pin", methods=["GET", "POST"])
@requires(RESET_PIN)
def at_desk(person_id: UUID) -> ResponseReturnValue:
    """In the person's language, for it is they who read it; `desk` is the officer's."""
    with unit_of_work() as ctx:
        file = person_for(ctx, person_id, RESET_PIN, REASON)
        pins.refuse_roles(ctx, person_id)
    desk = BY_TAG.get(request.args.get("desk", ""), page_language()).tag
    form = NewPinForm()
    if not form.validate_on_submit():
        page = render_template("attendance/desk_pin.html", form=form, file=file, desk=desk)
        return page, 422 if form.is_submitted() else 200
    pin_hash = passwords.hash_password(form.pin.data or "")
    with unit_of_work() as ctx:
        pins.reset_pin(ctx, file, pin_hash)
    flash(_("The PIN is set. Give the keyboard back."), "success")
    return redirect(url_for("attendance_printed_pass.printed", person_id=person_id, lang=desk))
