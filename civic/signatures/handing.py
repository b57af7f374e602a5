"""The page on which a device of the staff is handed over to somebody, to score or to sign."""

from dataclasses import dataclass
from uuid import UUID

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from civic.accounts import handing_over
from civic.accounts import queries as accounts
from civic.accounts.login import held_token
from civic.accounts.rules import network_of
from civic.kernel.keys import Keys
from civic.signatures.in_person import Desk
from civic.web.transaction import unit_of_work


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


def signing_desk() -> Desk:
    """Where somebody signs on this device."""
    keys: Keys = current_app.extensions["civic_keys"]
    return Desk(unit_of_work, keys, network_of(request.remote_addr))


def pdf_answer(pdf: bytes, name: str) -> Response:
    """To be looked at, and kept by nobody on the way."""
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
