"""Guardians' consents, written down at the municipality's desk."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as people
from civic.enrolment.forms import ConsentForm
from civic.enrolment.operations.consents import record_consent
from civic.enrolment.policy import RECORD_CONSENT
from civic.enrolment.queries import standing
from civic.web.guard import requires
from civic.web.transaction import reading, unit_of_work

bp = Blueprint("enrolment_consents", __name__, url_prefix="/<lang>")


@bp.get("/city/consents")
@requires(RECORD_CONSENT)
def consents() -> ResponseReturnValue:
    with reading() as ctx:
        waiting = standing.awaited_consents(ctx)
    return render_template("enrolment/consents.html", waiting=waiting)


@bp.route("/city/people/<uuid:person_id>/consent", methods=["GET", "POST"])
@requires(RECORD_CONSENT)
def consent(person_id: UUID) -> ResponseReturnValue:
    form = ConsentForm()
    if form.validate_on_submit():
        with unit_of_work() as ctx:
            city_id = standing.city_of_participant(ctx, person_id, RECORD_CONSENT)
            record_consent(ctx, person_id, city_id, form.guardian_name.data or "")
            name = people.names(ctx, [person_id])[person_id]
        flash(_("Recorded. %(name)s can take a place now.", name=name), "success")
        return redirect(url_for("enrolment_consents.consents"))
    # A unit of work, because opening the page is a reading of the person's file.
    with unit_of_work() as ctx:
        file = people.person_for(ctx, person_id, RECORD_CONSENT, "desk")
    return render_template("enrolment/consent.html", form=form, file=file), (
        422 if form.errors else 200
    )
