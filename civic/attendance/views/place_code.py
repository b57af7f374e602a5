"""The organiser's page with the code at the place: new every half minute, for people to scan."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civic.attendance.place_code import (
    GATE_LENGTH,
    HOLDS_FOR,
    STEP,
    PlaceCode,
    code_at,
    token_of,
)
from civic.attendance.policy import CHECK_IN
from civic.attendance.queries.at_the_place import languages_read
from civic.attendance.rules import DOORS_CLOSE
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.kernel.i18n import BY_TAG, DEFAULT, PageLanguage
from civic.web.fields import clean_line
from civic.web.guard import requires
from civic.web.locale import speaking
from civic.web.qr import ON_SCREEN, data_address
from civic.web.transaction import reading

bp = Blueprint("attendance_place_code", __name__, url_prefix="/<lang>/organise/sessions")

MOST_LANGUAGES = 4
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Invitation:
    language: PageLanguage
    text: str


@bp.get("/<uuid:session_id>/code")
@requires(CHECK_IN)
def page(session_id: UUID) -> ResponseReturnValue:
    with reading() as ctx:
        facts = session_for(ctx, session_id, CHECK_IN)
        read, now = languages_read(ctx, session_id), ctx.now()
    code = code_at(session_id, _gate(), now)
    return render_template(
        "attendance/place_code.html",
        facts=facts,
        gate=code.gate,
        most_letters=GATE_LENGTH,
        is_shown=_is_shown(facts, now),
        picture=_picture(code),
        times=_times(code, now),
        invitations=_invitations(read),
    )


@bp.get("/<uuid:session_id>/code.json")
@requires(CHECK_IN)
def fresh(session_id: UUID) -> ResponseReturnValue:
    """The picture of now, and how long it is the newest and how long it holds, in milliseconds."""
    with reading() as ctx:
        facts, now = session_for(ctx, session_id, CHECK_IN), ctx.now()
    code = code_at(session_id, _gate(), now)
    picture = _picture(code) if _is_shown(facts, now) else None
    return jsonify(picture=picture, **_times(code, now))


def _gate() -> str:
    gate: str = clean_line(request.args.get("gate", ""))[:GATE_LENGTH]
    return gate


def _is_shown(facts: SessionFacts, now: datetime) -> bool:
    """While there is anybody to come in or to go."""
    return not facts.is_cancelled and now <= facts.ends_at + DOORS_CLOSE


def _times(code: PlaceCode, now: datetime) -> dict[str, int]:
    return {
        "next_in": (code.begins_at + STEP - now) // MILLISECOND,
        "holds_for": (code.begins_at + HOLDS_FOR - now) // MILLISECOND,
    }


def _picture(code: PlaceCode) -> str:
    token = token_of(current_app.extensions["civic_keys"], code)
    public: str = current_app.extensions["civic_settings"].public_url
    path = url_for("attendance_scanned.scan", token=token)
    return data_address(public.rstrip("/") + path, ON_SCREEN)


def _invitations(read: list[str]) -> list[Invitation]:
    """Italian first, then what those who have a place read."""
    languages = [DEFAULT, *(BY_TAG[tag] for tag in read if tag in BY_TAG)]
    invitations = []
    for language in list(dict.fromkeys(languages))[:MOST_LANGUAGES]:
        with speaking(language):
            invitations.append(Invitation(language, _("Scan me with your phone's camera")))
    return invitations


def code_link(session: SessionFacts) -> str:
    """The panel on the roster."""
    return render_template("attendance/place_code_link.html", session=session)
