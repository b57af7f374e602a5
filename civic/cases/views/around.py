"""What stands around a case: state, team, household, consents, appointments, papers, referrals."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic.accounts import queries as accounts
from civic.accounts.contacts import read_contact
from civic.cases.access import Access, CaseRole
from civic.cases.errors import MoveNotAllowed
from civic.cases.operations import accounts as account
from civic.cases.operations import (
    appointments,
    consents,
    emergency,
    households,
    referrals,
    states,
)
from civic.cases.operations.reading import Around, read_around
from civic.cases.policy import WORK_ON_CASES
from civic.cases.queries.finding import by_reference
from civic.cases.queries.gate import case_for
from civic.cases.queries.places import places_of
from civic.cases.queries.staff import Colleague, colleagues
from civic.cases.sections import SECTIONS
from civic.cases.states import MOVES, CaseState
from civic.cases.views.blueprint import bp
from civic.cases.vocabulary import (
    AppointmentState,
    Purpose,
    Recipient,
    ReferralState,
    RefusalReason,
    Relation,
)
from civic.cases.words import CASE_WORDS
from civic.cases.work_forms import (
    AccountForm,
    AppointmentForm,
    ConsentForm,
    DocumentForm,
    MemberForm,
    MoveForm,
    ReferralForm,
    TeamForm,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, Invalid
from civic.tenancy.queries.standings import municipalities
from civic.web.errors import status_of
from civic.web.fields import show_refusal
from civic.web.guard import requires
from civic.web.transaction import actor, unit_of_work
from civic.web.words import say


@bp.get("/cases/<uuid:case_id>/around")
@requires(WORK_ON_CASES)
def around(case_id: UUID) -> ResponseReturnValue:
    return around_page(case_id)


@bp.post("/cases/<uuid:case_id>/state/<any(intake,in_charge,suspended,closed,reopened):to>")
@requires(WORK_ON_CASES)
def move(case_id: UUID, to: str) -> ResponseReturnValue:
    form = MoveForm()
    form.offer()
    if not form.validate():
        return around_page(case_id, {to: form}), 422
    try:
        with unit_of_work() as ctx:
            states.move(ctx, case_id, CaseState(to), ending=form.chosen, why=form.why.data or "")
    except MoveNotAllowed as refusal:
        # From where it stands now the page has no such form: somebody else was quicker.
        flash(say(refusal), "warning")
        return redirect(url_for("cases.around", case_id=case_id))
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return around_page(case_id, {to: form}), status_of(refusal)
    flash(_("The case is now: %(state)s.", state=CASE_WORDS.state(CaseState(to))), "success")
    return redirect(url_for("cases.around", case_id=case_id))


@bp.post("/cases/<uuid:case_id>/team")
@requires(WORK_ON_CASES)
def join(case_id: UUID) -> ResponseReturnValue:
    form = TeamForm()
    with unit_of_work() as ctx:
        facts = case_for(ctx, case_id)
        form.offer(_people_to_ask(colleagues(ctx, facts.municipality_id)))
    if not form.validate():
        return around_page(case_id, {"team": form}), 422
    is_handed_on = form.case_role is CaseRole.CASE_LEAD
    person_id = UUID(form.person.data)
    try:
        with unit_of_work() as ctx:
            if is_handed_on:
                states.hand_to_lead(ctx, case_id, person_id)
            else:
                states.join_team(ctx, case_id, form.case_role, person_id)
    except Conflict as refusal:
        show_refusal(form, refusal)
        return around_page(case_id, {"team": form}), 409
    flash(_("The team knows."), "success")
    if is_handed_on and person_id != actor().person_id:
        return redirect(url_for("cases.case_list"))
    return redirect(url_for("cases.around", case_id=case_id, _anchor="team"))


@bp.post("/cases/<uuid:case_id>/team/<uuid:access_id>/leave")
@requires(WORK_ON_CASES)
def leave(case_id: UUID, access_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        states.leave_team(ctx, case_id, access_id)
    return redirect(url_for("cases.around", case_id=case_id, _anchor="team"))


@bp.post("/cases/<uuid:case_id>/emergencies/<uuid:access_id>/<any(right,wrong):judged>")
@requires(WORK_ON_CASES)
def review_emergency(case_id: UUID, access_id: UUID, judged: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        emergency.review(ctx, case_id, access_id, was_right=judged == "right")
    return redirect(url_for("cases.around", case_id=case_id, _anchor="team"))


@bp.post("/cases/<uuid:case_id>/account")
@requires(WORK_ON_CASES)
def link_account(case_id: UUID) -> ResponseReturnValue:
    form = AccountForm()

    def change(ctx: Context) -> None:
        account.link_account(ctx, case_id, read_contact(form.contact.data or ""))

    return _write(case_id, "account", form, change)


@bp.post("/cases/<uuid:case_id>/account/unlink")
@requires(WORK_ON_CASES)
def unlink_account(case_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        account.unlink_account(ctx, case_id)
    return redirect(url_for("cases.around", case_id=case_id))


@bp.post("/cases/<uuid:case_id>/household")
@requires(WORK_ON_CASES)
def add_member(case_id: UUID) -> ResponseReturnValue:
    form = MemberForm()
    form.offer()

    def change(ctx: Context) -> None:
        other = by_reference(ctx, case_id, form.reference.data or "")
        households.add_member(ctx, case_id, other, Relation(form.relation.data))

    return _write(case_id, "member", form, change)


@bp.post("/cases/<uuid:case_id>/household/<any(leave,split):how>")
@requires(WORK_ON_CASES)
def split(case_id: UUID, how: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        households.split(ctx, case_id, is_for_safety=how == "split")
    flash(_("They are no longer linked."), "success")
    return redirect(url_for("cases.around", case_id=case_id))


@bp.post("/cases/<uuid:case_id>/consents")
@requires(WORK_ON_CASES)
def give_consent(case_id: UUID) -> ResponseReturnValue:
    form = ConsentForm()
    with unit_of_work() as ctx:
        form.offer([(str(city.id), city.name) for city in municipalities(ctx)])
    return _write(
        case_id,
        "consent",
        form,
        lambda ctx: consents.record_consent(ctx, case_id, form.to_consent()),
    )


@bp.post("/cases/<uuid:case_id>/consents/<uuid:consent_id>/withdraw")
@requires(WORK_ON_CASES)
def withdraw_consent(case_id: UUID, consent_id: UUID) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        consents.withdraw(ctx, case_id, consent_id)
    flash(_("The consent is taken back."), "success")
    return redirect(url_for("cases.around", case_id=case_id))


@bp.post("/cases/<uuid:case_id>/appointments")
@requires(WORK_ON_CASES)
def make_appointment(case_id: UUID) -> ResponseReturnValue:
    form = AppointmentForm()
    with unit_of_work() as ctx:
        form.offer(places_of(ctx, case_id))
    return _write(
        case_id,
        "appointment",
        form,
        lambda ctx: appointments.make_appointment(ctx, case_id, form.to_appointment()),
    )


@bp.post(
    "/cases/<uuid:case_id>/appointments/<uuid:appointment_id>/<any(came,absent,cancelled):outcome>"
)
@requires(WORK_ON_CASES)
def mark_appointment(case_id: UUID, appointment_id: UUID, outcome: str) -> ResponseReturnValue:
    with unit_of_work() as ctx:
        appointments.mark_appointment(ctx, case_id, appointment_id, AppointmentState(outcome))
    return redirect(url_for("cases.around", case_id=case_id, _anchor="appointments"))


@bp.post("/cases/<uuid:case_id>/referrals")
@requires(WORK_ON_CASES)
def refer(case_id: UUID) -> ResponseReturnValue:
    form = ReferralForm()
    with unit_of_work() as ctx:
        found = read_around(ctx, case_id)
        form.offer(_sharing(found, {}), _carried(found), places_of(ctx, case_id))
    return _write(
        case_id, "referral", form, lambda ctx: referrals.refer(ctx, case_id, form.to_referral())
    )


@bp.post(
    "/cases/<uuid:case_id>/referrals/<uuid:referral_id>/<any(accepted,refused,done,called_back):step>"
)
@requires(WORK_ON_CASES)
def mark_referral(case_id: UUID, referral_id: UUID, step: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    refused_for = RefusalReason(reason) if reason in set(RefusalReason) else None
    try:
        with unit_of_work() as ctx:
            referrals.mark_referral(
                ctx, case_id, referral_id, ReferralState(step), refused_for or RefusalReason.OTHER
            )
    except Conflict as refusal:
        flash(say(refusal), "warning")
    return redirect(url_for("cases.around", case_id=case_id, _anchor="referrals"))


def _write(case_id: UUID, kind: str, form: FlaskForm, change: Any) -> ResponseReturnValue:
    if not form.validate():
        return around_page(case_id, {kind: form}), 422
    try:
        with unit_of_work() as ctx:
            change(ctx)
    except (Invalid, Conflict) as refusal:
        show_refusal(form, refusal)
        return around_page(case_id, {kind: form}), status_of(refusal)
    flash(_("It is written down."), "success")
    return redirect(url_for("cases.around", case_id=case_id))


def _sharing(found: Around, cities: dict[UUID, str]) -> list[tuple[str, str]]:
    """Consents to share that stand, by whom they name."""
    return [
        (
            str(row.id),
            cities.get(row.recipient_city_id, "")
            if row.recipient_city_id
            else "" or CASE_WORDS.of("recipient", row.recipient),
        )
        for row in found.consents
        if row.purpose is Purpose.SHARING
        and row.withdrawn_at is None
        and row.recipient is not Recipient.TEAM
    ]


def _carried(found: Around) -> list[tuple[str, str]]:
    return [
        (data.value, CASE_WORDS.data(data))
        for data in found.case.readable(Access.READ)
        if data in SECTIONS
    ]


def around_page(case_id: UUID, given: dict[str, FlaskForm] | None = None) -> str:
    with unit_of_work() as ctx:
        found = read_around(ctx, case_id)
        staff = colleagues(ctx, found.case.municipality_id)
        places = places_of(ctx, case_id)
        cities = {city.id: city.name for city in municipalities(ctx)}
        people = {row.person_id for row in found.team if row.person_id}
        people |= {row.with_id for row in found.appointments}
        people |= {row.moved_by for row in found.moves if row.moved_by}
        names = accounts.names(ctx, people)
        today = rome_day(ctx.now())
    forms = _forms(found, staff, places, cities)
    forms.update(given or {})
    for kind, form in forms.items():
        _set_apart(form, kind)
    return render_template(
        "cases/around.html",
        found=found,
        case=found.case,
        names=names,
        cities=cities,
        places=dict(places),
        forms=forms,
        moves=MOVES[found.case.state],
        today=today,
        reasons=list(RefusalReason),
    )


def _forms(
    found: Around,
    staff: Sequence[Colleague],
    places: list[tuple[str, str]],
    cities: dict[UUID, str],
) -> dict[str, FlaskForm]:
    case = found.case
    moves = {to.value: MoveForm(formdata=None) for to in MOVES[case.state]}
    for each in moves.values():
        each.offer()
    team, consent = TeamForm(formdata=None), ConsentForm(formdata=None)
    team.offer(_people_to_ask(staff))
    others = [(str(key), name) for key, name in cities.items() if key != case.municipality_id]
    consent.offer(others)
    appointment, member = AppointmentForm(formdata=None), MemberForm(formdata=None)
    appointment.offer(places)
    member.offer()
    paper, referral = DocumentForm(formdata=None), ReferralForm(formdata=None)
    paper.offer(case.readable(Access.WRITE))
    referral.offer(_sharing(found, cities), _carried(found), places)
    return {
        **moves,
        "team": team,
        "consent": consent,
        "appointment": appointment,
        "member": member,
        "document": paper,
        "referral": referral,
        "account": AccountForm(formdata=None),
    }


def _people_to_ask(staff: Sequence[Colleague]) -> list[tuple[str, str]]:
    return [
        (str(each.id), f"{each.name} · {CASE_WORDS.trade(each.role, each.discipline)}")
        for each in staff
    ]


def _set_apart(form: FlaskForm, kind: str) -> None:
    """Several forms on one page ask for a place or a language: a label leads to its own field."""
    for field in form:
        if field.name != "csrf_token":
            field.id = f"{kind}-{field.id}"
