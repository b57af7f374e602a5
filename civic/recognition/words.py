"""What pages and papers of the recognition path call things."""

from typing import Any

from flask import Flask
from flask_babel import gettext as _

from civic.badges.rules import Rating
from civic.kernel.i18n import N_
from civic.recognition.atlante import SECTORS
from civic.recognition.rules import HOW_NAMES, PROOF_NAMES, STATE_NAMES, How, PathState, Proof

RATING_NAMES = {
    Rating.OBSERVED: N_("seen"),
    Rating.WITH_HELP: N_("done with some help"),
    Rating.ALONE: N_("done alone"),
}


def rating_name(rating: str) -> str:
    return _(RATING_NAMES[Rating(rating)])


def sector_name(sector: int) -> str:
    return _(SECTORS[sector]) if sector in SECTORS else str(sector)


def proof_name(kind: str) -> str:
    return _(PROOF_NAMES[Proof(kind)])


def how_name(how: str) -> str:
    return _(HOW_NAMES[How(how)])


def path_state_name(state: PathState) -> str:
    return _(STATE_NAMES[state])


def install(app: Flask) -> None:
    words: dict[str, Any] = {
        "rating_name": rating_name,
        "sector_name": sector_name,
        "proof_name": proof_name,
        "how_name": how_name,
        "path_state_name": path_state_name,
    }
    app.jinja_env.globals.update(words)
