"""Signing in and out: participants with a code, staff with a password."""

from datetime import datetime, timedelta

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import codes, handing_over, login, operations, passwords, queries
from civic.accounts.contacts import ContactPoint, read_contact
from civic.accounts.errors import TooManyCodes, TooManyPasswords
from civic.accounts.forms import CodeForm, ContactForm, StaffForm, WelcomeForm
from civic.accounts.operations import NewPerson
from civic.accounts.rules import (
    CODE_WINDOW,
    VERIFIED_LIFE,
    CodeAnswer,
    ContactKind,
    network_of,
    plain_digits,
)
from civic.accounts.views.blueprint import bp, keys
from civic.kernel.errors import Invalid
from civic.kernel.policy import Actor
from civic.settings import Settings
from civic.web.guard import public
from civic.web.locale import page_language
from civic.web.transaction import actor, bindings, unit_of_work
from civic.web.words import say

PENDING = "sign_in"
"""Where the signed cookie keeps the contact between asking for a code and being somebody."""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["civic_settings"]
    return settings


def _network() -> str:
    return network_of(request.remote_addr)


def _now() -> datetime:
    return bindings().database.clock.now()


# What the cookie remembers on the way in


def _remember(contact: ContactPoint, life: timedelta, *, is_verified: bool) -> None:
    session[PENDING] = {
        "kind": contact.kind.value,
        "value": contact.value,
        "until": (_now() + life).isoformat(),
        "verified": is_verified,
    }


def _pending(*, is_verified: bool) -> ContactPoint | None:
    """The contact this browser gave, while it is fresh; verified or not, as asked for."""
    kept = session.get(PENDING)
    if not kept or kept["verified"] is not is_verified:
        return None
    if datetime.fromisoformat(kept["until"]) <= _now():
        return None
    return ContactPoint(ContactKind(kept["kind"]), kept["value"])


def _enter(token: str, who: Actor) -> ResponseReturnValue:
    page = login.next_page(who)
    login.enter(token, who)
    return redirect(page)


# Participants: a contact and a code


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    login.remember_next()
    if actor().is_signed_in:
        return redirect(login.next_page(actor()))
    if request.method == "GET" and login.was_led_here_from_work():
        flash(
            _("You were away for a while. Sign in again and you are back where you were."),
            "warning",
        )
        return redirect(url_for("accounts.staff_sign_in"))
    form = ContactForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.is_submitted() else 200)
    try:
        contact = read_contact(form.contact.data or "", can_text_phones=_settings().can_text_phones)
        with unit_of_work() as ctx:
            codes.request_code(ctx, keys(), contact, page_language().tag, _network())
    except (Invalid, TooManyCodes) as refusal:
        form.contact.errors = [say(refusal)]
        return _sign_in_page(form, 422 if isinstance(refusal, Invalid) else 429)
    _remember(contact, CODE_WINDOW, is_verified=False)
    return redirect(url_for("accounts.enter_code"))


def _sign_in_page(form: ContactForm, status: int) -> ResponseReturnValue:
    can_text_phones = _settings().can_text_phones
    if not can_text_phones:
        form.contact.label.text = _("E-mail")
    page = render_template("accounts/sign_in.html", form=form, can_text_phones=can_text_phones)
    return page, status


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code() -> ResponseReturnValue:
    if actor().is_signed_in:
        return redirect(login.next_page(actor()))
    contact = _pending(is_verified=False)
    if contact is None:
        return redirect(url_for("accounts.sign_in"))
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form, contact, 422 if form.is_submitted() else 200)
    token, who = None, None
    with unit_of_work() as ctx:
        answer = codes.check_code(ctx, keys(), contact, form.code.data or "")
        holder = None
        if answer is CodeAnswer.RIGHT:
            holder = queries.holder_of(ctx, contact.kind, contact.value)
        if holder is not None:
            who = queries.actor_of_person(ctx, holder)
            token = None if who.grants else operations.open_session(ctx, holder)
    if answer is not CodeAnswer.RIGHT:
        form.code.errors = [_refused_code(answer)]
        return _code_page(form, contact, 422)
    if who is None:
        _remember(contact, VERIFIED_LIFE, is_verified=True)
        return redirect(url_for("accounts.welcome"))
    if token is None:
        session.pop(PENDING, None)
        flash(_("You hold a role here: sign in with your name and password."), "warning")
        return redirect(url_for("accounts.staff_sign_in"))
    return _enter(token, who)


def _refused_code(answer: CodeAnswer) -> str:
    if answer is CodeAnswer.WRONG:
        return _("These are not the digits we sent. Look again.")
    return _("This code does not work any more. Ask for a new one.")


def _code_page(form: CodeForm, contact: ContactPoint, status: int) -> ResponseReturnValue:
    return render_template("accounts/enter_code.html", form=form, contact=contact), status


@bp.route("/welcome", methods=["GET", "POST"])
@public
def welcome() -> ResponseReturnValue:
    if actor().is_signed_in:
        return redirect(login.next_page(actor()))
    contact = _pending(is_verified=True)
    if contact is None:
        return redirect(url_for("accounts.sign_in"))
    form = WelcomeForm()
    if not form.validate_on_submit():
        return _welcome_page(form, contact, 422 if form.is_submitted() else 200)
    try:
        with unit_of_work() as ctx:
            new = NewPerson(
                name=form.name.data or "",
                birth_year=form.birth_year.data,
                languages=tuple(form.languages.data or ()),
                page_language=page_language().tag,
                contact=contact,
            )
            person_id = operations.register(ctx, new)
            token = operations.open_session(ctx, person_id)
            who = queries.actor_of_person(ctx, person_id)
    except Invalid as refusal:
        field = form[refusal.field or "name"]
        field.errors = [say(refusal)]
        return _welcome_page(form, contact, 422)
    return _enter(token, who)


def _welcome_page(form: WelcomeForm, contact: ContactPoint, status: int) -> ResponseReturnValue:
    return render_template("accounts/welcome.html", form=form, contact=contact), status


# Staff: a name and a password


@bp.route("/staff/sign-in", methods=["GET", "POST"])
@public
def staff_sign_in() -> ResponseReturnValue:
    login.remember_next()
    if actor().is_signed_in:
        return redirect(login.next_page(actor()))
    form = StaffForm()
    if not form.validate_on_submit():
        return _staff_page(form, 422 if form.is_submitted() else 200)
    name, password = form.sign_in_name.data or "", form.password.data or ""
    try:
        with unit_of_work() as ctx:
            credential = operations.begin_staff_sign_in(ctx, keys(), name, _network())
    except TooManyPasswords as refusal:
        form.password.errors = [say(refusal)]
        return _staff_page(form, 429)
    is_right = passwords.is_password(password, credential.password_hash if credential else None)
    if credential is None or not is_right:
        form.password.errors = [_("This name and this password do not belong together.")]
        return _staff_page(form, 422)
    is_outdated = passwords.is_outdated(credential.password_hash)
    new_hash = passwords.hash_password(password) if is_outdated else None
    with unit_of_work() as ctx:
        token = operations.finish_staff_sign_in(ctx, keys(), name, credential.person_id, new_hash)
        who = queries.actor_of_person(ctx, credential.person_id)
    return _enter(token, who)


def _staff_page(form: StaffForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/staff_sign_in.html", form=form), status


# Signed in already


@bp.route("/give-back", methods=["GET", "POST"])
@public
def give_back() -> ResponseReturnValue:
    """The way out of a page that a device of the staff was handed over to."""
    token = login.held_token()
    if token is None or not actor().handed_over_to:
        return redirect(url_for("portal.home"))
    if request.method == "GET":
        return render_template("accounts/give_back.html")
    with unit_of_work() as ctx:
        back_to = handing_over.hand_back(
            ctx, keys(), token, plain_digits(request.form.get("digits", "")[:20])
        )
        who = queries.actor_for_token(ctx, operations.token_hash(token))
    if back_to is not None:
        return redirect(back_to)
    if who is None:
        login.leave()
        flash(_("Too many wrong tries. Whoever works here signs in again."), "warning")
        return redirect(url_for("accounts.staff_sign_in"))
    return render_template("accounts/give_back.html", is_wrong=True), 422


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    token = login.held_token()
    if token:
        with unit_of_work() as ctx:
            operations.close_session(ctx, token)
    login.leave()
    # Of this kind, so that the page that says it also empties what was kept on the phone.
    flash(_("You are signed out."), "signed_out")
    return redirect(url_for("portal.home"))
