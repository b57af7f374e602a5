"""Where I live: at a glance, on a phone, for everybody of the household."""

import re
from dataclasses import dataclass
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.housing.agreement_paper import sides
from civic.housing.operations import agreements
from civic.housing.operations.faults import report_fault
from civic.housing.operations.files import opened
from civic.housing.policy import OWN_HOME
from civic.housing.queries import own_home as queries
from civic.housing.rules.living import HOUSE_RULES
from civic.housing.stay_forms import FaultForm
from civic.housing.views.agreements import file_answer, file_store, paper_answer
from civic.housing.views.blueprint import bp
from civic.kernel.errors import Conflict, Invalid
from civic.web import uploads
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work
from civic.web.words import say

OWN_REQUEST = "housing.own_request"
NUMBER = re.compile(r"\+?[0-9][0-9 ./()-]{1,24}[0-9]")


@dataclass(frozen=True)
class Phone:
    """Whom to call, in the words of the officer, and the number in them that a phone can dial."""

    words: str
    number: str


def phone(words: str) -> Phone:
    found = NUMBER.search(words)
    number = re.sub(r"[^0-9+]", "", found.group()) if found else ""
    return Phone(words, number)


@bp.get("/me/home")
@requires(OWN_HOME)
def own_home() -> ResponseReturnValue:
    with reading() as ctx:
        home = queries.own_home(ctx)
    return render_template(
        "housing/own_home.html",
        home=home,
        phone=phone,
        house_rules=[_(rule) for rule in HOUSE_RULES],
        has_request_page=OWN_REQUEST in current_app.view_functions,
    )


@bp.route("/me/home/<uuid:placement_id>/fault", methods=["GET", "POST"])
@uploads.takes_files
@requires(OWN_HOME)
def own_fault(placement_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        stay = queries.own_living_stay(ctx, placement_id)
        unit_id, resident_id = stay.unit_id, queries.own_part(ctx, stay)
    form = FaultForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                photo = _photo()
                with unit_of_work() as ctx:
                    report_fault(
                        ctx,
                        unit_id,
                        resident_id,
                        form.words.data or "",
                        photo,
                        store=file_store(),
                        sent_id=form.sent.to_id(),
                    )
                flash(_("Thank you. We look at it and mend it."), "success")
                return redirect(url_for("housing.own_home"))
            except (Invalid, Conflict) as refusal:
                show_refusal(form, refusal)
                status = status_of(refusal)
    return render_template("housing/own_fault.html", form=form), status


def _photo() -> bytes | None:
    """Made anew, without the place in which it was taken; none where none was chosen."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    return uploads.remade_picture(uploads.read_file(sent), "JPEG")


@bp.get("/me/home/agreements/<uuid:agreement_id>")
@requires(OWN_HOME)
def own_agreement(agreement_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        found = agreements.own_agreement(ctx, agreement_id)
        can_sign = found.is_waiting and found.person_id == ctx.actor.own_id
    return render_template(
        "housing/own_agreement.html",
        paper=found,
        sides=sides(found),
        can_sign=can_sign and "person" not in found.signatures,
    )


@bp.post("/me/home/agreements/<uuid:agreement_id>/sign")
@requires(OWN_HOME)
def sign_own_agreement(agreement_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            agreements.sign_own(ctx, agreement_id)
        flash(_("You have signed."), "success")
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("housing.own_agreement", agreement_id=agreement_id))


@bp.get("/me/home/agreements/<uuid:agreement_id>/paper.pdf")
@requires(OWN_HOME)
def own_agreement_pdf(agreement_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        return paper_answer(ctx, agreements.own_agreement(ctx, agreement_id))


@bp.get("/me/home/<uuid:placement_id>/signed/<uuid:signed_file_id>")
@requires(OWN_HOME)
def own_signed_paper(placement_id: UUID, signed_file_id: UUID) -> ResponseReturnValue:
    """The agreement that was signed on paper by who signs for the household."""
    with reading() as ctx:
        stay = queries.own_stay(ctx, placement_id)
        return file_answer(opened(ctx, file_store(), queries.own_scan(ctx, stay, signed_file_id)))
