"""The page on which a device of the staff is handed over to somebody, to score or to sign."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import handing_over
from civic.accounts import queries as accounts
from civic.accounts.login import held_token
from civic.accounts.rules import network_of
from civic.kernel.errors import Conflict, Invalid, Throttled
from civic.kernel.keys import Keys
from civic.signatures import in_person
from civic.signatures.forms import PersonSignsForm
from civic.signatures.in_person import Desk, Find, Signed
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.transaction import unit_of_work
from civic.web.words import say


@dataclass(frozen=True)
class Handing:
    """Who gets the device into their hands, and for what."""

    person_id: UUID
    to: str
    """The one page, without its language."""
    back_url: str
    back_label: str
    lead: str
    open_words: str


def hand_over_page(there: Handing) -> ResponseReturnValue:
    """Asked for it says what will happen; sent, the device is marked and the digits are shown."""
    digits = ""
    with unit_of_work() as ctx:
        person = accounts.names(ctx, [there.person_id])
        language = accounts.page_language_of(ctx, there.person_id)
        token = held_token()
        if request.method == "POST" and token is not None:
            keys: Keys = current_app.extensions["civic_keys"]
            digits = handing_over.hand_over(ctx, keys, token, there.to, there.back_url)
    return render_template(
        "signatures/hand_over.html",
        person_name=person.get(there.person_id, ""),
        language=language,
        digits=digits,
        going_on=f"/{language}{there.to}",
        url=request.path,
        lead=there.lead,
        back_url=there.back_url,
        back_label=there.back_label,
        open_words=there.open_words,
    )


Show = Callable[[PersonSignsForm], str]
"""The page in the person's hands, with what was typed and what is wrong with it."""


def take_signature(find: Find, signed: Signed, show: Show) -> ResponseReturnValue:
    """What the person sent on this device: signed, or said what is wrong. Then it is given back."""
    form = PersonSignsForm()
    if not form.validate():
        return show(form), 422
    try:
        in_person.sign_in_person(_desk(), find, form.to_shown(), signed)
    except (Invalid, Conflict, Throttled) as refusal:
        show_refusal(form, refusal)
        return show(form), status_of(refusal)
    return redirect(url_for("accounts.give_back"))


def send_signing_code(find: Find, back_url: str) -> ResponseReturnValue:
    """Six digits to the person's own phone, for this paper alone."""
    try:
        in_person.send_code(_desk(), find)
        flash(_("We have sent you six digits. They work for ten minutes."), "success")
    except (Conflict, Throttled) as refusal:
        flash(say(refusal), "warning")
    return redirect(back_url)


def _desk() -> Desk:
    """Where somebody signs on this device."""
    keys: Keys = current_app.extensions["civic_keys"]
    return Desk(unit_of_work, keys, network_of(request.remote_addr))


def pdf_answer(pdf: bytes, name: str) -> Response:
    """To be looked at, and kept by nobody on the way."""
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
