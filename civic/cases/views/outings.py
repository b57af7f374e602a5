"""What the mobile unit's page loads and sends, and its outings for whoever is indoors."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.accounts import queries as accounts
from civic.audit import operations as audit
from civic.cases.errors import NotYours
from civic.cases.operations import outings
from civic.cases.operations.outings import Meeting, Walk
from civic.cases.policy import GO_OUT
from civic.cases.queries.street import met_people, recent_outings
from civic.cases.sections import AGE_BANDS, HELP, NEEDS
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, city_of
from civic.tenancy.queries import standings as tenancy
from civic.web.fields import clean_line, clean_text
from civic.web.guard import public, requires
from civic.web.transaction import actor, bindings, unit_of_work

bp = Blueprint("cases_outings", __name__, url_prefix="/<lang>/outing")


@bp.record
def _know_the_sender_otherwise(state: BlueprintSetupState) -> None:
    """A phone that sends with its pass brings no cookie that another site could use."""
    state.app.extensions["csrf"].exempt(send)


MOST_ITEMS = 50
LINE, TEXT = 120, 4000


def _city() -> UUID:
    return city_of(actor(), Role.MOBILE_UNIT, request.values.get("city", ""))


@bp.get("/load")
@requires(GO_OUT)
def load() -> ResponseReturnValue:
    """What a phone takes along: its own outings, whom the unit knows, and a pass to send with."""
    city_id = _city()
    with unit_of_work() as ctx:
        token = outings.make_pass(ctx, city_id)
        people = met_people(ctx, city_id)
        audit.record(ctx, city_id, "case.outing_loaded", details={"shown": len(people)})
        told = {
            "worker": {"id": str(ctx.actor.own_id), "name": ctx.actor.name},
            "city": {"id": str(city_id), "name": tenancy.city_names(ctx, {city_id})[city_id]},
            "token": token,
            "token_until": (ctx.now() + outings.PASS_LIFE).isoformat(),
            "outings": [_outing(row) for row in recent_outings(ctx, city_id, own=True)],
            "people": people,
        }
    response = jsonify(told)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _outing(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "team": row.team,
        "area": row.area,
        "started_at": row.started_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "tally": row.tally,
    }


@bp.post("/send")
@public
def send() -> ResponseReturnValue:
    """By the phone's pass, whoever is signed in there now or nobody: it writes and reads nothing."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    with bindings().database.unit_of_work(actor()) as ctx:
        holder = outings.holder_of_pass(ctx, token) if token else None
        who = accounts.actor_of_person(ctx, holder[0]) if holder else None
    if holder is None or who is None:
        return jsonify(error="pass_over", text=_("Sign in again: then what waits is sent.")), 401
    body = request.get_json(silent=True)
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        return jsonify(error="invalid", text=_("We did not understand.")), 422
    answers = []
    for item in items:
        with bindings().database.unit_of_work(who) as ctx:
            answers.append(_keep(ctx, holder[1], item))
    return jsonify(answers=answers)


SAID = {
    "kept": lambda: _("Kept."),
    "repeated": lambda: _("Kept."),
    "conflict": lambda: _(
        "Kept. Somebody else wrote about the same person: look at both at the desk."
    ),
    "refused": lambda: _("This could not be kept. Write it down again, or tell the desk."),
}


def _keep(ctx: Any, city_id: UUID, item: Any) -> dict[str, str]:
    told = item if isinstance(item, dict) else {}
    outcome = "refused"
    try:
        with ctx.db.begin_nested():
            if told.get("kind") == "outing":
                outcome = outings.keep_outing(ctx, city_id, _walk(told, ctx.now()))
            elif told.get("kind") == "contact":
                outcome = outings.keep_meeting(ctx, city_id, _meeting(told, ctx.now()))
    except (ValueError, TypeError, KeyError, NotFound, NotYours):
        outcome = "refused"
    return {"id": str(told.get("id", "")), "outcome": outcome, "text": SAID[outcome]()}


def _walk(told: Mapping[str, Any], now: datetime) -> Walk:
    ended = told.get("ended_at")
    tally = told.get("tally")
    return Walk(
        id=UUID(str(told["id"])),
        team=_line(told.get("team"), 80),
        area=_line(told.get("area"), LINE),
        at=_time(told["at"], now),
        ended_at=_time(ended, now) if ended else None,
        tally={str(name): int(count) for name, count in tally.items()}
        if isinstance(tally, dict)
        else {},
        sequence=int(told.get("sequence") or 0),
    )


def _meeting(told: Mapping[str, Any], now: datetime) -> Meeting:
    outing_id = told.get("outing_id")
    base = told.get("base_version")
    values = {
        "called": _line(told.get("called"), 80),
        "age_band": told.get("age_band") if told.get("age_band") in AGE_BANDS else "",
        "needs": _codes(told.get("needs"), NEEDS),
        "help": _codes(told.get("help"), HELP),
        "where": _line(told.get("where"), LINE),
        "follow_up": clean_text(str(told.get("follow_up") or ""))[:TEXT],
        "words": clean_text(str(told.get("words") or ""))[:TEXT],
    }
    return Meeting(
        id=UUID(str(told["id"])),
        person_id=UUID(str(told["person_id"])),
        at=_time(told["at"], now),
        values=values,
        outing_id=UUID(str(outing_id)) if outing_id else None,
        base_version=int(base) if base is not None else None,
        language=_line(told.get("language"), 12) or "it",
    )


def _line(value: Any, length: int) -> str:
    return str(clean_line(str(value or "")))[:length]


def _codes(value: Any, known: Mapping[str, str]) -> list[str]:
    return [code for code in value if code in known] if isinstance(value, list) else []


def _time(value: Any, now: datetime) -> datetime:
    """By the phone's clock; never after now, and never years ago."""
    at = datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError("no time zone")
    return max(outings.clear_times(at, now), now - timedelta(days=365))


@bp.get("/outings")
@requires(GO_OUT)
def walks() -> ResponseReturnValue:
    city_id = _city()
    with unit_of_work() as ctx:
        rows = recent_outings(ctx, city_id)
        names = accounts.names(ctx, {row.written_by for row in rows})
    return render_template("cases/outings.html", rows=rows, names=names)
