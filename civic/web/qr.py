"""QR codes as pictures that stand in the page itself."""

import base64
import io
from pathlib import Path
from typing import Any

import fontpkg_noto_sans
from PIL import Image, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET = 2
"""Modules of white around it; the white card it lies on makes up the four that readers want."""
SCREEN_WIDTH, SCREEN_HEIGHT = 1080, 1920
SCREEN_CODE = 900
SCREEN_LETTERS, SCREEN_GAP = 120, 20
"""Pixels."""


ON_SCREEN = ERROR_CORRECT_M
"""A screen held up has no scratches: an old camera gains more from larger modules."""


def modules(token: str, correction: int = ERROR_CORRECT_Q) -> list[list[bool]]:
    """Rows of dark and light. A quarter may be scratched or in shade and it still reads."""
    code: QRCode[Any] = QRCode(error_correction=correction, border=QUIET)
    code.add_data(token)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def data_address(token: str, correction: int = ERROR_CORRECT_Q) -> str:
    picture = drawing(token, correction).encode()
    return "data:image/svg+xml;base64," + base64.b64encode(picture).decode()


def drawing(token: str, correction: int = ERROR_CORRECT_Q) -> str:
    """Black on white whatever the page's colours, sharp at any size, on paper too (SVG)."""
    rows = modules(token, correction)
    path = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"'
        f' width="{size * 10}" height="{size * 10}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def screen(token: str, words: str) -> bytes:
    """A white PNG for a phone's screen at rest: the code in the middle, where neither the clock
    above nor the buttons below lie on it, and words under it."""
    rows = modules(token)
    code = Image.new("L", (len(rows), len(rows)), 255)
    code.putdata([0 if is_dark else 255 for row in rows for is_dark in row])
    # Whole pixels a module: an edge that is blurred reads worse.
    side = SCREEN_CODE // len(rows) * len(rows)
    picture = Image.new("L", (SCREEN_WIDTH, SCREEN_HEIGHT), 255)
    corner = (SCREEN_WIDTH - side) // 2, (SCREEN_HEIGHT - side) // 2
    picture.paste(code.resize((side, side), Image.Resampling.NEAREST), corner)
    ImageDraw.Draw(picture).text(
        (SCREEN_WIDTH // 2, corner[1] + side + SCREEN_GAP),
        words,
        fill=0,
        font=_bold(SCREEN_LETTERS),
        anchor="ma",
    )
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _bold(size: int) -> ImageFont.FreeTypeFont:
    [file] = Path(fontpkg_noto_sans.__path__[0], "files").glob("NotoSans[[]*.ttf")
    font = ImageFont.truetype(file, size)
    font.set_variation_by_name("Bold")
    return font
