"""Checking oneself in: the code at the place, scanned with one's own phone or a lent one."""

from dataclasses import dataclass
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import login
from civic.accounts import operations as accounts
from civic.attendance.operations.own_scans import check_in_here
from civic.attendance.operations.scans import Answer
from civic.attendance.place_code import Claim, NotTaken, Told, code_of
from civic.attendance.queries.at_the_place import OwnPresence, own_presence
from civic.attendance.rules import Direction, Presence, Reason
from civic.attendance.words import Said, own_words
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.tenancy.queries.standings import municipalities
from civic.web.guard import public
from civic.web.locale import wanted_language
from civic.web.transaction import actor, bindings, reading, unit_of_work

bp = Blueprint("attendance_at_the_place", __name__, url_prefix="/<lang>")
scanned = Blueprint("attendance_scanned", __name__)

CARD_SIGN_IN = "attendance_card_sign_in.sign_in"
TO_DO = {
    Presence.NOT_YET: (Direction.ENTRY,),
    Presence.IN: (Direction.BREAK, Direction.EXIT),
    Presence.BREAK: (Direction.ENTRY, Direction.EXIT),
    Presence.LEFT: (Direction.ENTRY,),
}
TO_THE_PROJECT = frozenset({Reason.NOT_BOOKED, Reason.CANCELLED, Reason.TOO_LATE})
TO_OWN_PLACES = frozenset({Reason.WRONG_SESSION, Reason.NOT_APPROVED, Reason.OVERLAP})


def _keys() -> Keys:
    keys: Keys = current_app.extensions["civic_keys"]
    return keys


def _claim() -> Claim | None:
    return Claim.of(session.get(login.OF_THE_BROWSER), bindings().database.clock.now())


def _keep(claim: Claim) -> None:
    session[login.OF_THE_BROWSER] = claim.as_values()


@scanned.get("/in/<token>")
@public
def scan(token: str) -> ResponseReturnValue:
    """Judged now, whatever comes after. The token does not stay in the address: a photo of it or a
    message with it would be shared."""
    now = bindings().database.clock.now()
    code = code_of(_keys(), token, now)
    language = wanted_language().tag
    if isinstance(code, NotTaken):
        answer = redirect(url_for("attendance_at_the_place.page", lang=language, why=code.value))
    else:
        _keep(Claim.begun(code, now))
        answer = redirect(url_for("attendance_at_the_place.page", lang=language))
    answer.vary.add("Accept-Language")
    return answer


@bp.get("/here")
@public
def page() -> ResponseReturnValue:
    why = request.args.get("why")
    if why in (NotTaken.OLD, NotTaken.UNKNOWN):
        return _start(why, 410 if why == NotTaken.OLD else 404)
    claim = _claim()
    if claim is None:
        # One whose time is over may still hold a name.
        session.pop(login.OF_THE_BROWSER, None)
        return _start("none", 200)
    facts, own = _seen(claim)
    if facts is None:
        return _start(NotTaken.UNKNOWN, 404)
    if own is None:
        told = claim.told if claim.is_shared else None
        return _told_page(claim, facts, told) if told else _who_page(claim, facts)
    if claim.is_shared:
        # Should they walk off without checking in, closing the browser signs them out.
        session.permanent = False
    told = _own_told(claim, own)
    return _told_page(claim, facts, told) if told else _ask_page(claim, facts, own)


def _seen(claim: Claim) -> tuple[SessionFacts | None, OwnPresence | None]:
    with reading() as ctx:
        facts = session_facts(ctx, [claim.session_id]).get(claim.session_id)
        if facts is None or not ctx.actor.is_signed_in:
            return facts, None
        scan_id = claim.scan_id(_keys(), ctx.actor.own_id)
        return facts, own_presence(ctx, facts, scan_id)


def _own_told(claim: Claim, own: OwnPresence) -> Told | None:
    """What they were told of this very claim; not what the person before them was told."""
    scan_id = claim.scan_id(_keys(), actor().own_id)
    if claim.told and claim.told.scan_id == scan_id:
        return claim.told
    return own.recorded and Told(scan_id, actor().name, *own.recorded)


@bp.post("/here")
@public
def check_in() -> ResponseReturnValue:
    claim, direction = _claim(), _direction(request.form.get("direction"))
    back = redirect(url_for("attendance_at_the_place.page"))
    who = actor()
    if claim is None or direction is None or not who.is_signed_in:
        return back
    try:
        with unit_of_work() as ctx:
            answer = check_in_here(ctx, _keys(), claim, direction)
    except NotFound:
        return back
    if claim.is_shared:
        _sign_out()
    _keep(claim.answered(_as_told(answer, direction, who.name)))
    return back


def _direction(text: str | None) -> Direction | None:
    return next((each for each in Direction if each.value == text), None)


def _as_told(answer: Answer, direction: Direction, name: str) -> Told:
    return Told(answer.scan_id, name, direction, answer.outcome, answer.reason)


@bp.post("/here/next")
@public
def make_way() -> ResponseReturnValue:
    """For another person at this phone: whoever is signed in goes, the claim stays."""
    claim = _claim()
    if actor().is_signed_in:
        _sign_out()
    if claim is not None:
        _keep(claim.shared())
    return redirect(url_for("attendance_at_the_place.page"))


def _sign_out() -> None:
    token = login.held_token()
    if token:
        with unit_of_work() as ctx:
            accounts.close_session(ctx, token)
    login.leave()
    # Of this kind, so that the page that says it also empties what was kept on the phone.
    flash(_("You are signed out."), "signed_out")


# The pages


def _start(why: str, status: int) -> ResponseReturnValue:
    return render_template("attendance/at_the_place.html", stage="start", why=why), status


def _who_page(claim: Claim, facts: SessionFacts) -> ResponseReturnValue:
    wanted = url_for("attendance_at_the_place.page")
    by_card = None
    if CARD_SIGN_IN in current_app.view_functions:
        by_card = url_for(CARD_SIGN_IN, next=wanted, city=_city_slug(facts.municipality_id))
    return render_template(
        "attendance/at_the_place.html",
        stage="who",
        claim=claim,
        facts=facts,
        by_code=url_for("accounts.sign_in", next=wanted),
        by_card=by_card,
    )


def _city_slug(municipality_id: UUID) -> str | None:
    with reading() as ctx:
        return next((city.slug for city in municipalities(ctx) if city.id == municipality_id), None)


def _ask_page(claim: Claim, facts: SessionFacts, own: OwnPresence) -> ResponseReturnValue:
    return render_template(
        "attendance/at_the_place.html",
        stage="ask",
        claim=claim,
        facts=facts,
        own=own,
        buttons=[_button(direction, own.state) for direction in TO_DO[own.state]],
    )


@dataclass(frozen=True)
class Button:
    direction: Direction
    label: str


def _button(direction: Direction, state: Presence) -> Button:
    if direction is Direction.BREAK:
        return Button(direction, _("Break"))
    if direction is Direction.EXIT:
        return Button(direction, _("I am going"))
    return Button(direction, _("I am back") if state is Presence.BREAK else _("I am coming in"))


def _told_page(claim: Claim, facts: SessionFacts, told: Told) -> ResponseReturnValue:
    said: Said = own_words(told)
    return render_template(
        "attendance/at_the_place.html",
        stage="told",
        claim=claim,
        facts=facts,
        told=told,
        said=said,
        to_project=told.reason in TO_THE_PROJECT,
        to_places=told.reason in TO_OWN_PLACES,
    )
