"""A badge as a picture that stands alone: the area's colour, its sign, and a star for each level; or
the picture that its city or association gave it."""

from base64 import b64encode
from functools import cache
from xml.etree import ElementTree as ET

from civic.badges.credentials.baking import bake
from civic.badges.queries import AchievementFacts
from civic.catalogue.rules import Area
from civic.settings import ROOT
from civic.web.paper import picture

SPRITE = ROOT / "static" / "shared" / "icons.svg"
SVG = "http://www.w3.org/2000/svg"
COLOURS = {Area.GREEN: "#1a6b3a", Area.CARE: "#9c2460", Area.TERRITORY: "#8a4600", None: "#17324d"}
"""As on the pages."""
STAR_COLOUR = "#ffd166"
DOTS_AN_INCH = 220


def as_svg(area: Area | None, level: int) -> str:
    stars = "".join(
        _sign("star", 48 - level * 8 + number * 16 + 1, 74, 14, STAR_COLOUR)
        for number in range(level)
    )
    return (
        f'<svg xmlns="{SVG}" viewBox="0 0 96 112" width="384" height="448">'
        f'<path fill="{COLOURS[area]}" d="M48 2 90 16v43c0 25-17 41-42 51C23 100 6 84 6 59V16Z"/>'
        '<path fill="none" stroke="#fff" stroke-width="2"'
        ' d="m48 9 35 12v38c0 20-13 34-35 43-22-9-35-23-35-43V21Z"/>'
        f"{_sign(f'area-{area.value}' if area else 'star', 26, 23, 44, '#fff')}{stars}</svg>"
    )


def _sign(name: str, x: int, y: int, size: int, colour: str) -> str:
    scale = size / 24
    return (
        f'<g transform="translate({x} {y}) scale({scale:.4f})" fill="{colour}">{_drawn(name)}</g>'
    )


@cache
def _drawn(name: str) -> str:
    """What the sprite draws under that name, on 24 by 24."""
    symbols = ET.parse(SPRITE).iter(f"{{{SVG}}}symbol")  # noqa: S314 - a file of our own
    for symbol in symbols:
        if symbol.get("id") == name:
            ET.register_namespace("", SVG)
            drawn = "".join(ET.tostring(each, encoding="unicode") for each in symbol)
            return drawn.replace(f' xmlns="{SVG}"', "")
    raise LookupError(name)


@cache
def as_png(area: Area | None, level: int) -> bytes:
    return picture("badges/badge", {"svg": as_svg(area, level)}, ppi=DOTS_AN_INCH)


def framed(png: bytes) -> str:
    """A square picture as a drawing, alone in a file."""
    inside = f"data:image/png;base64,{b64encode(png).decode()}"
    return (
        f'<svg xmlns="{SVG}" viewBox="0 0 96 96" width="384" height="384">'
        f'<image href="{inside}" width="96" height="96"/></svg>'
    )


def drawing_of(about: AchievementFacts, own: bytes) -> str:
    """`own` is the picture it was given, if any."""
    return framed(own) if own else as_svg(about.area, about.level)


def baked(kind: str, about: AchievementFacts, own: bytes, credential: str) -> bytes:
    """The picture, `png` or `svg`, with the credential in it."""
    if kind == "png":
        return bake(own or as_png(about.area, about.level), credential)
    return bake(drawing_of(about, own).encode(), credential)
