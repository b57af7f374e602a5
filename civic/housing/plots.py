"""Figures drawn: bars in SVG, made on the server, for eyes that have the table beside them.

Drawn 340 wide, so that on the narrowest phone nothing is made smaller and letters stay readable. Time
runs as the page's language is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDE, HIGH = 340, 240
STARTS, TOP, FOOT = 44, 12, 34
LETTERS = 13
"""Of the labels' height, in units that are pixels on a phone."""
LABEL_ROOM = 44
"""Wide enough for a month's short name in any of our languages."""
INK, LINE = "#17324d", "#c5d0db"


@dataclass(frozen=True)
class Part:
    """One of the things each bar is made of, from the foot up."""

    label: str
    colour: str
    stripes: bool = False
    """Drawn with stripes as well, for those who do not tell the colours apart."""


@dataclass(frozen=True)
class Bar:
    label: str
    values: tuple[int, ...]
    """Of each part."""


def stacked_bars(
    title: str, parts: Sequence[Part], bars: Sequence[Bar], number: Sequence[str], *, is_rtl: bool
) -> Markup:
    """`number` is the height of the tallest bar and its half, written as the page writes numbers."""
    tallest = max((sum(bar.values) for bar in bars), default=0)
    if not tallest:
        return Markup()
    room = (WIDE - STARTS - 4) / len(bars)
    drawn = [_grid(number, is_rtl=is_rtl)]
    step = max(1, -(-LABEL_ROOM // int(room or 1)))
    for place, bar in enumerate(bars):
        start = STARTS + place * room
        x = WIDE - start - room if is_rtl else start
        drawn.append(_bar(bar, parts, x + room * 0.1, room * 0.8, tallest))
        if place % step == 0:
            middle = x + room / 2
            drawn.append(_text(bar.label, min(max(middle, 20), WIDE - 20), HIGH - 12, "middle"))
    inside = Markup().join(drawn)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="img-fluid" role="img" direction="ltr"'
        ' viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-size="{letters}"'
        ' aria-label="{title}">{stripes}{inside}</svg>'
    ).format(w=WIDE, h=HIGH, letters=LETTERS, title=title, stripes=_stripes(parts), inside=inside)


def swatch(part: Part) -> Markup:
    """The colour alone, for the legend."""
    box = _box(part, 1, 1, 16, 16)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18" viewBox="0 0 18 18"'
        ' aria-hidden="true">{box}</svg>'
    ).format(box=box)


def _stripes(parts: Sequence[Part]) -> Markup:
    """The pattern's name stands once in a page: there is one drawing on it."""
    if not any(part.stripes for part in parts):
        return Markup()
    return Markup(
        '<defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect width="2" height="6" fill="#fff"/></pattern></defs>'
    )


def _grid(number: Sequence[str], *, is_rtl: bool) -> Markup:
    tall = HIGH - TOP - FOOT
    lines = []
    for place, label in enumerate((*number, "0")):
        y = TOP + tall * place / len(number)
        first, last = (0, WIDE - STARTS + 4) if is_rtl else (STARTS - 4, WIDE)
        lines.append(
            Markup('<path d="M{first} {y:.1f}H{last}" stroke="{line}"/>').format(
                first=first, y=y, last=last, line=LINE
            )
        )
        at, anchor = (WIDE - STARTS + 8, "start") if is_rtl else (STARTS - 8, "end")
        lines.append(_text(label, at, y + 4, anchor))
    return Markup().join(lines)


def _bar(bar: Bar, parts: Sequence[Part], x: float, wide: float, tallest: int) -> Markup:
    tall, y, boxes = HIGH - TOP - FOOT, float(HIGH - FOOT), []
    for part, value in zip(parts, bar.values, strict=True):
        high = tall * max(value, 0) / tallest
        y -= high
        if high:
            boxes.append(_box(part, x, y, wide, high))
    return Markup().join(boxes)


def _box(part: Part, x: float, y: float, wide: float, high: float) -> Markup:
    place = Markup('x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"').format(
        x=x, y=y, wide=wide, high=high
    )
    plain = Markup('<rect {place} fill="{colour}" stroke="{ink}" stroke-width=".5"/>').format(
        place=place, colour=part.colour, ink=INK
    )
    if not part.stripes:
        return plain
    return plain + Markup('<rect {place} fill="url(#stripes)"/>').format(place=place)


def _text(words: str, x: float, y: float, anchor: str) -> Markup:
    return Markup(
        '<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}">{words}</text>'
    ).format(x=x, y=y, anchor=anchor, ink=INK, words=words)
