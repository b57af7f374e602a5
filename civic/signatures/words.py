"""What pages that show signatures say of them."""

from typing import Any

from flask import Flask
from flask_babel import gettext as _

from civic.signatures.rules import MEANS_NAMES, Means, Side


def means_name(means: Means) -> str:
    return _(MEANS_NAMES[means])


def awaited_words(side: Side, *, is_over: bool = False) -> str:
    if side is Side.PERSON:
        return _("The person did not sign.") if is_over else _("The person has yet to sign.")
    return _("The service did not sign.") if is_over else _("The service has yet to sign.")


def document_sides() -> list[Side]:
    return [Side.SERVICE, Side.PERSON]


def install(app: Flask) -> None:
    words: dict[str, Any] = {
        "means_name": means_name,
        "awaited_words": awaited_words,
        "document_sides": document_sides,
    }
    app.jinja_env.globals.update(words)
