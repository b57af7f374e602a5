from dataclasses import dataclass
from datetime import date
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as people
from civic.catalogue.queries import sessions
from civic.catalogue.queries.projects import ProjectPage
from civic.enrolment import operations, queries
from civic.enrolment.calendar import CONTENT_TYPE, calendar_file
from civic.enrolment.errors import ConsentMissing
from civic.enrolment.forms import ConsentForm, PolicyForm
from civic.enrolment.operations import NewPolicy
from civic.enrolment.policy import INSURE, JOIN, OWN_BOOKINGS, RECORD_CONSENT
from civic.enrolment.rules import BookingState, PolicyLine, RegisterLine, uncovered_days
from civic.kernel.context import Context
from civic.kernel.errors import Invalid
from civic.kernel.policy import Role
from civic.settings import Settings
from civic.tenancy import queries as tenancy
from civic.web.guard import is_own_path, requires
from civic.web.locale import page_language
from civic.web.transaction import actor, reading, unit_of_work
from civic.web.words import say

bp = Blueprint("enrolment", __name__, url_prefix="/<lang>")


@bp.post("/projects/<slug>/join")
@requires(JOIN)
def join(slug: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        project = queries.project_to_join(ctx, slug=slug)
        operations.enrol(ctx, project.id)
    flash(_("You are in. Now choose a date and take a place."), "success")
    return redirect(url_for("catalogue.project", slug=slug))


@bp.post("/projects/<slug>/leave")
@requires(JOIN)
def leave(slug: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        project = queries.project_to_join(ctx, slug=slug)
        operations.leave(ctx, project.id)
    flash(_("You have left the project. You can come back whenever you like."), "success")
    return redirect(url_for("catalogue.project", slug=slug))


@bp.post("/sessions/<uuid:session_id>/book")
@requires(JOIN)
def book(session_id: UUID) -> ResponseReturnValue:
    try:
        with unit_of_work() as ctx:
            state = operations.book_place(ctx, session_id)
            slug = sessions.session_for(ctx, session_id, JOIN).slug
    except ConsentMissing as refusal:
        # They have joined all the same: so the desk finds them among those it waits for.
        with unit_of_work() as ctx:
            facts = sessions.session_for(ctx, session_id, JOIN)
            operations.enrol(ctx, facts.project_id)
        flash(say(refusal), "warning")
        return redirect(url_for("catalogue.project", slug=facts.slug))
    if state is BookingState.CONFIRMED:
        flash(_("You have a place. Bring your pass: it opens the gate."), "success")
    else:
        flash(
            _(
                "All places are taken, so you are on the waiting list. We tell you if one comes free."
            ),
            "warning",
        )
    return redirect(url_for("catalogue.project", slug=slug))


@bp.post("/sessions/<uuid:session_id>/give-back")
@requires(JOIN)
def give_back(session_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        facts = sessions.session_for(ctx, session_id, JOIN)
        operations.give_back(ctx, session_id)
    flash(_("Thank you for telling us. Somebody else can have the place now."), "success")
    wanted = request.form.get("next")
    if wanted is not None and is_own_path(wanted):
        return redirect(wanted)
    return redirect(url_for("catalogue.project", slug=facts.slug))


@bp.get("/me/calendar.ics")
@requires(OWN_BOOKINGS)
def calendar() -> ResponseReturnValue:
    settings: Settings = current_app.extensions["civic_settings"]
    with reading() as ctx:
        entries = queries.my_calendar(ctx, page_language().tag)
    body = calendar_file(
        entries,
        urlsplit(settings.public_url).hostname or "civic",
        lambda slug: settings.public_url.rstrip("/") + url_for("catalogue.project", slug=slug),
    )
    answer = Response(body, content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = "attachment; filename=civic.ics"
    return answer


def sessions_panel(page: ProjectPage) -> str:
    """The panel of a project's page: each session to come with what the reader can do about it."""
    states: dict[UUID, BookingState] = {}
    has_joined = awaits_consent = False
    if actor().is_signed_in:
        with reading() as ctx:
            states = queries.my_states(ctx, [facts.id for facts in page.sessions])
            has_joined = queries.is_enrolled(ctx, page.id)
            awaits_consent = has_joined and queries.awaits_consent(ctx, page.municipality_id)
    return render_template(
        "enrolment/sessions.html",
        page=page,
        states=states,
        has_joined=has_joined,
        awaits_consent=awaits_consent,
    )


# Cover


@dataclass(frozen=True)
class InsurancePage:
    policies: list[PolicyLine]
    register: list[RegisterLine]
    uncovered: list[tuple[UUID, UUID, date]]
    names: dict[UUID, str]
    """Of associations and cities."""


@bp.route("/organise/insurance", methods=["GET", "POST"])
@requires(INSURE)
def insurance() -> ResponseReturnValue:
    own = [
        (grant.association_id, grant.municipality_id)
        for grant in actor().grants
        if grant.role is Role.ORGANISER and grant.association_id and grant.municipality_id
    ]
    with reading() as ctx:
        shown = _insurance_page(ctx, own)
    form = PolicyForm()
    keys = {f"{association}.{city}": (association, city) for association, city in own}
    form.association.choices = [
        (key, f"{shown.names[association]} · {shown.names[city]}")
        for key, (association, city) in keys.items()
    ]
    if not form.is_submitted():
        form.association.data = next(iter(keys), None)
        return render_template("enrolment/insurance.html", form=form, page=shown)
    if form.validate():
        chosen = keys.get(form.association.data)
        if chosen is None:
            form.association.errors = [_("Choose for which association.")]
        elif _added(form, *chosen):
            flash(_("The policy is in. The days it covers are open for check-in."), "success")
            return redirect(url_for("enrolment.insurance"))
    return render_template("enrolment/insurance.html", form=form, page=shown), 422


def _insurance_page(ctx: Context, own: list[tuple[UUID, UUID]]) -> InsurancePage:
    mine = set(own)
    associations = [association for association, _city in own]
    policies = [
        line
        for line in queries.policies(ctx, associations)
        if (line.association_id, line.municipality_id) in mine
    ]
    register = [
        line
        for line in queries.register_lines(ctx, associations)
        if (line.association_id, line.municipality_id) in mine
    ]
    days = [day for day in queries.days_to_come(ctx, associations) if day[:2] in mine]
    names = tenancy.association_names(ctx, associations)
    names |= tenancy.city_names(ctx, [city for _association, city in own])
    return InsurancePage(policies, register, uncovered_days(days, policies), names)


def _added(form: PolicyForm, association_id: UUID, municipality_id: UUID) -> bool:
    new = NewPolicy(
        association_id,
        municipality_id,
        form.insurer.data or "",
        form.number.data or "",
        cast("date", form.starts_on.data),  # the form demanded both
        cast("date", form.ends_on.data),
    )
    try:
        with unit_of_work() as ctx:
            operations.add_policy(ctx, new)
    except Invalid as refusal:
        form[refusal.field or "ends_on"].errors = [say(refusal)]
        return False
    return True


# Guardians


@bp.get("/city/consents")
@requires(RECORD_CONSENT)
def consents() -> ResponseReturnValue:
    with reading() as ctx:
        waiting = queries.awaited_consents(ctx)
    return render_template("enrolment/consents.html", waiting=waiting)


@bp.route("/city/people/<uuid:person_id>/consent", methods=["GET", "POST"])
@requires(RECORD_CONSENT)
def consent(person_id: UUID) -> ResponseReturnValue:
    form = ConsentForm()
    if form.validate_on_submit():
        with unit_of_work() as ctx:
            city_id = queries.city_of_participant(ctx, person_id, RECORD_CONSENT)
            operations.record_consent(ctx, person_id, city_id, form.guardian_name.data or "")
            name = people.names(ctx, [person_id])[person_id]
        flash(_("Recorded. %(name)s can take a place now.", name=name), "success")
        return redirect(url_for("enrolment.consents"))
    # A unit of work, because opening the page is a reading of the person's file.
    with unit_of_work() as ctx:
        file = people.person_for(ctx, person_id, RECORD_CONSENT, "desk")
    return render_template("enrolment/consent.html", form=form, file=file), (
        422 if form.errors else 200
    )
