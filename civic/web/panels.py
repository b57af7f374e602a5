"""Slots that a lower room's page leaves open and `app.py` fills from a higher room."""

from collections.abc import Callable

from flask import Flask, current_app
from markupsafe import Markup

Panel = Callable[..., str]


def hang(app: Flask, slot: str, panel: Panel) -> None:
    app.extensions.setdefault("civic_panels", {}).setdefault(slot, []).append(panel)


def panels(slot: str, **values: object) -> Markup:
    """What the higher rooms put in this slot, in the order they were hung."""
    found: list[Panel] = current_app.extensions.get("civic_panels", {}).get(slot, [])
    return Markup("").join(Markup(panel(**values)) for panel in found)  # noqa: S704 - panels render templates


def install(app: Flask) -> None:
    app.jinja_env.globals["panels"] = panels
