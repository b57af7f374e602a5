"""The calls of pretix by which scanner apps redeem, search and annul, in meaning and reason codes, and
the few that an app asks first. The meaning is from pretix's documentation (docs.pretix.eu)."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance import pretix
from civic.attendance.operations import devices
from civic.attendance.operations.decisions import undo_scan
from civic.attendance.operations.redeeming import meant
from civic.attendance.operations.scans import Answer, Scan, Sender, take
from civic.attendance.pretix import (
    LEAST_LETTERS,
    MOST_FOUND,
    REASONS,
    Misread,
    Redeem,
    number_of,
    read_annul,
    read_redeem,
    scan_id_of,
)
from civic.attendance.queries.bearers import Bearer
from civic.attendance.queries.day_roster import (
    DaySession,
    ExpectedPerson,
    Readiness,
    roster_of,
    sessions_about_now,
)
from civic.attendance.queries.devices import association_slug
from civic.attendance.rules import Method, Outcome, Presence, Reason, Shown, read_code
from civic.attendance.tokens import Scope
from civic.attendance.views.api import bp
from civic.attendance.views.bearing import bearer, device, find_bearer_of, read_json, refused
from civic.attendance.words import answer_words
from civic.catalogue.queries.sessions import SessionFacts
from civic.kernel.context import Context
from civic.kernel.errors import Conflict, NotFound
from civic.web.errors import error_for_machines
from civic.web.guard import public
from civic.web.transaction import reading, unit_of_work
from civic.web.words import local_day, local_span, say

ORGANIZER = "/organizers/<slug>"
RPC = f"{ORGANIZER}/checkinrpc"


# Scans


@bp.post(f"{RPC}/redeem/")
@device(Scope.SCAN)
def redeem(slug: str) -> ResponseReturnValue:
    try:
        wanted = read_redeem(read_json())
    except Misread as fault:
        return _misread(fault)
    with unit_of_work() as ctx:
        _check(ctx, slug)
        sessions = _of(wanted.lists, sessions_about_now(ctx, bearer().device))
        if len(sessions) != len(set(wanted.lists)):
            return _misread(Misread("lists"))
        facts = meant(ctx, bearer().device, sessions, wanted.secret)
        answer = _record(ctx, facts, wanted) if facts and wanted.is_barcode else None
    if not wanted.is_barcode:
        return _redeemed(
            "error", "invalid", _("Only QR codes and short codes are known here.")
        ), 404
    if facts is None:
        return _redeemed("error", pretix.AMBIGUOUS, _("They have places in several sessions.")), 200
    return _told(answer, facts, wanted)


def _record(ctx: Context, facts: SessionFacts, wanted: Redeem) -> Answer:
    sender = bearer().device
    scan = Scan(
        scan_id_of(sender.id, wanted.nonce) if wanted.nonce else ctx.new_id(),
        wanted.secret,
        wanted.direction,
        wanted.at or ctx.now(),
        method=Method.OTHER,
        shown=Shown.ACCEPTED if wanted.is_forced else None,
    )
    return take(ctx, facts, [(scan, Sender(sender.id, sender.gate))])[0]


def _told(answer: Answer | None, facts: SessionFacts, wanted: Redeem) -> ResponseReturnValue:
    if answer is None or answer.outcome is None:
        return _redeemed("error", "error", _("Not stored. Try again."), facts), 200
    known: dict[str, Any] = {}
    if answer.name:
        known["position"] = _position(answer.name, wanted.secret, [])
    if answer.reason is None or answer.outcome is Outcome.ACCEPTED or _stood(answer, wanted):
        return _redeemed("ok", None, None, facts, **known), 201
    words = answer_words(answer, wanted.direction).text
    if answer.reason is Reason.INVALID:
        return _redeemed("error", "invalid", words, facts, detail="Not found."), 404
    return _redeemed("error", REASONS[answer.reason], words, facts, **known), 200


def _stood(answer: Answer, wanted: Redeem) -> bool:
    """Sent again, a scan that stood although something spoke against it stands still."""
    is_known = answer.reason is not Reason.INVALID
    return answer.outcome is Outcome.REPEATED and wanted.is_forced and is_known


def _redeemed(
    status: str,
    reason: str | None,
    explanation: str | None,
    facts: SessionFacts | None = None,
    **more: Any,
) -> Response:
    told = {"status": status, "require_attention": False, "checkin_texts": [], **more}
    if reason is not None:
        told |= {"reason": reason, "reason_explanation": explanation}
    if facts is not None:
        told["list"] = _list_named(facts)
    return jsonify(told)


@bp.post(f"{RPC}/annul/")
@device(Scope.SCAN)
def annul(slug: str) -> ResponseReturnValue:
    try:
        wanted = read_annul(read_json())
        with unit_of_work() as ctx:
            _check(ctx, slug)
            undo_scan(ctx, scan_id_of(bearer().device.id, wanted.nonce), bearer().device.id)
    except Misread as fault:
        return _misread(fault)
    except Conflict as refusal:
        return error_for_machines(400, refusal.code, say(refusal))
    return jsonify(status="ok")


@bp.get(f"{RPC}/search/")
@device(Scope.ROSTER)
def search(slug: str) -> ResponseReturnValue:
    wanted = request.args.get("search", "").casefold().strip()
    if sum(letter.isalnum() for letter in wanted) < LEAST_LETTERS:
        text = _("Type at least three letters of the name or of the code.")
        return error_for_machines(400, "search", text)
    numbers = request.args.getlist("list", type=int)
    # A unit of work, because the trail says who read names.
    with unit_of_work() as ctx:
        _check(ctx, slug)
        sessions = _of(numbers, sessions_about_now(ctx, bearer().device))
        if not numbers or len(sessions) != len(set(numbers)):
            raise NotFound
        found = [
            _position(each.name, each.short_code, _checkins(session, each))
            for session in roster_of(ctx, sessions)
            for each in session.people
            if each.readiness is not Readiness.WAITING and _is_meant(each, wanted)
        ][:MOST_FOUND]
        devices.note_names_read(ctx, bearer().device, len(found))
    return jsonify(_page(found))


def _is_meant(each: ExpectedPerson, wanted: str) -> bool:
    code = read_code(wanted)
    return wanted in each.name.casefold() or (
        len(code) >= LEAST_LETTERS and each.short_code.startswith(code)
    )


def _checkins(session: DaySession, each: ExpectedPerson) -> list[dict[str, Any]]:
    if each.seen_at is None:
        return []
    kind = "entry" if each.presence in (Presence.IN, Presence.BREAK) else "exit"
    number = number_of(session.facts.id)
    return [{"list": number, "type": kind, "datetime": each.seen_at.isoformat(), "gate": None}]


def _position(name: str, secret: str, checkins: list[dict[str, Any]]) -> dict[str, Any]:
    """The least that an app shows: who, and by what code to redeem. No e-mail, no order."""
    return {
        "positionid": 1,
        "attendee_name": name,
        "attendee_name_parts": {"full_name": name},
        "attendee_email": None,
        "secret": secret,
        "subevent": None,
        "checkins": checkins,
        "require_attention": False,
    }


# What an app asks first


@bp.post("/device/initialize")
@public
def initialize() -> ResponseReturnValue:
    """The token that the organiser was shown, once, for one that only the app knows."""
    body = read_json()
    token = body.get("token") if isinstance(body, dict) else None
    found = find_bearer_of(token if isinstance(token, str) else None)
    if not isinstance(found, Bearer):
        answer, status = refused(found, is_shown=bool(token))
        if status == 429:
            return answer, status
        return jsonify(token=[_("This token is not known, or was used before.")]), 400
    with unit_of_work() as ctx:
        new = devices.roll(ctx, found.device)
        slug = association_slug(ctx, found.device.association_id)
    number = number_of(found.device.id)
    return jsonify(
        organizer=slug,
        device_id=number,
        unique_serial=found.device.id.hex[-16:].upper(),
        api_token=new,
        name=found.device.name,
    )


@bp.post("/device/revoke")
@device(Scope.SCAN)
def sign_out() -> ResponseReturnValue:
    with unit_of_work() as ctx:
        devices.leave(ctx, bearer().device)
    return jsonify(revoked=True)


@bp.get("/organizers/")
@device(Scope.SCAN)
def organizers() -> ResponseReturnValue:
    with reading() as ctx:
        slug = association_slug(ctx, bearer().device.association_id)
        names = {facts.association_name for facts in sessions_about_now(ctx, bearer().device)}
    return jsonify(_page([{"slug": slug, "name": next(iter(names), slug)}]))


@bp.get(f"{ORGANIZER}/events/")
@device(Scope.SCAN)
def events(slug: str) -> ResponseReturnValue:
    projects: dict[str, list[SessionFacts]] = {}
    for facts in _sessions(slug):
        projects.setdefault(facts.slug, []).append(facts)
    return jsonify(_page([_event(sessions) for sessions in projects.values()]))


@bp.get(f"{ORGANIZER}/events/<event>/")
@device(Scope.SCAN)
def event(slug: str, event: str) -> ResponseReturnValue:
    return jsonify(_event(_of_event(slug, event)))


@bp.get(f"{ORGANIZER}/events/<event>/checkinlists/")
@device(Scope.SCAN)
def lists(slug: str, event: str) -> ResponseReturnValue:
    return jsonify(_page([_list(facts) for facts in _of_event(slug, event)]))


@bp.get(f"{ORGANIZER}/events/<event>/checkinlists/<int:number>/")
@device(Scope.SCAN)
def one_list(slug: str, event: str, number: int) -> ResponseReturnValue:
    found = _of([number], _of_event(slug, event))
    if not found:
        raise NotFound
    return jsonify(_list(found[0]))


@bp.get(f"{ORGANIZER}/events/<event>/checkinlists/<int:number>/status/")
@device(Scope.ROSTER)
def status_of_list(slug: str, event: str, number: int) -> ResponseReturnValue:
    with reading() as ctx:
        _check(ctx, slug)
        about = [facts for facts in sessions_about_now(ctx, bearer().device) if facts.slug == event]
        found = roster_of(ctx, _of([number], about))
        if not found:
            raise NotFound
    people = found[0].people
    return jsonify(
        checkin_count=sum(each.presence is not Presence.NOT_YET for each in people),
        position_count=sum(each.readiness is not Readiness.WAITING for each in people),
        inside_count=sum(each.presence is Presence.IN for each in people),
        event={"name": found[0].facts.title},
        items=[],
    )


def _sessions(slug: str) -> list[SessionFacts]:
    with reading() as ctx:
        _check(ctx, slug)
        return sessions_about_now(ctx, bearer().device)


def _of_event(slug: str, event: str) -> list[SessionFacts]:
    found = [facts for facts in _sessions(slug) if facts.slug == event]
    if not found:
        raise NotFound
    return found


def _check(ctx: Context, slug: str) -> None:
    """Other organizers are absent, as for everything that is not one's own."""
    if association_slug(ctx, bearer().device.association_id) != slug:
        raise NotFound


def _of(numbers: Iterable[int], sessions: Sequence[SessionFacts]) -> list[SessionFacts]:
    wanted = set(numbers)
    return [facts for facts in sessions if number_of(facts.id) in wanted]


def _event(sessions: Sequence[SessionFacts]) -> dict[str, Any]:
    first, last = sessions[0], sessions[-1]
    return {
        "slug": first.slug,
        "name": {first.title_language: first.title},
        "live": True,
        "testmode": False,
        "currency": "EUR",
        "date_from": first.starts_at.isoformat(),
        "date_to": last.ends_at.isoformat(),
        "location": None,
        "has_subevents": False,
        "timezone": "Europe/Rome",
    }


def _list(facts: SessionFacts) -> dict[str, Any]:
    return {
        "id": number_of(facts.id),
        "name": _list_name(facts),
        "all_products": True,
        "limit_products": [],
        "subevent": None,
        "position_count": facts.places_taken,
        "include_pending": False,
        "allow_multiple_entries": False,
        "allow_entry_after_exit": True,
        "rules": {},
    }


def _list_named(facts: SessionFacts) -> dict[str, Any]:
    return {
        "id": number_of(facts.id),
        "name": _list_name(facts),
        "event": facts.slug,
        "subevent": None,
        "include_pending": False,
    }


def _list_name(facts: SessionFacts) -> str:
    return f"{local_day(facts.starts_at)} {local_span(facts.starts_at, facts.ends_at)}"


def _page(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(results), "next": None, "previous": None, "results": list(results)}


def _misread(fault: Misread) -> ResponseReturnValue:
    text = _("This field could not be read: %(field)s", field=fault.field)
    return error_for_machines(400, fault.field, text)
