"""Signing in with a printed card: its short code and the PIN that its holder chose."""

from dataclasses import replace

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import login, passwords, pins
from civic.accounts.errors import TooManyPins
from civic.accounts.pins import TriedPin
from civic.accounts.queries import actor_of_person
from civic.accounts.rules import network_of
from civic.attendance.card_forms import CardSignInForm
from civic.attendance.queries.cards import holder_of_card
from civic.attendance.rules import read_code
from civic.kernel.keys import Keys
from civic.tenancy.queries.standings import City, municipalities
from civic.web.guard import public
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("attendance_card_sign_in", __name__, url_prefix="/<lang>")


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys


@bp.route("/sign-in/card", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    login.remember_next()
    if actor().is_signed_in:
        return redirect(login.next_page(actor()))
    with reading() as ctx:
        cities = municipalities(ctx)
    # The desk's tablet keeps its city in the address it was opened with.
    form = CardSignInForm(cities, data={"city": request.args.get("city", "")})
    if not form.validate_on_submit():
        return _page(form, 422 if form.is_submitted() else 200)
    city = _chosen(form, cities)
    if city is None:
        return _page(form, 422)
    card = f"{city.id} {read_code(form.code.data or '')}"
    try:
        with unit_of_work() as ctx:
            holder = holder_of_card(ctx, city.id, form.code.data or "")
            tried = pins.begin_pin_sign_in(
                ctx, _keys(), card, holder, network_of(request.remote_addr)
            )
    except TooManyPins as refusal:
        form.pin.errors = [say(refusal)]
        return _page(form, 429)
    # Outside of any transaction, and for a card that nobody has as well: it takes as long.
    is_right = passwords.is_password(form.pin.data or "", tried.pin_hash if tried else None)
    if tried is not None and is_right:
        answer = _entered(card, tried, form.pin.data or "")
        if answer is not None:
            return answer
    form.pin.errors = [
        _(
            "This code and this PIN do not belong together, or the PIN is locked."
            " If you are sure of both, ask at the desk."
        )
    ]
    return _page(form, 422)


def _chosen(form: CardSignInForm, cities: list[City]) -> City | None:
    if "city" not in form:
        return next(iter(cities), None)
    return next((city for city in cities if city.slug == form.city.data), None)


def _entered(card: str, tried: TriedPin, pin: str) -> ResponseReturnValue | None:
    new_hash = passwords.hash_password(pin) if passwords.is_outdated(tried.pin_hash) else None
    with unit_of_work() as ctx:
        token = pins.finish_pin_sign_in(ctx, _keys(), card, tried, new_hash)
        who = replace(actor_of_person(ctx, tried.person_id), by_pin=True)
    if token is None:
        return None
    page = login.next_page(who)
    login.enter(token, who)
    return redirect(page)


def _page(form: CardSignInForm, status: int) -> ResponseReturnValue:
    return render_template("attendance/card_sign_in.html", form=form), status
