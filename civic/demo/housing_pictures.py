"""Pictures of the demonstration, drawn rather than taken: a wall before and after, a signed sheet."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from civic.housing.rules.stock import FileKind

SIZE = (480, 360)
WALL, DAMP, FLOOR, WINDOW = "#e9e1d2", "#b9a98d", "#a5784f", "#bcd9ea"
PAPER_SIZE, WHITE, GREY, INK = (420, 594), "#fdfcf8", "#c9c7c0", "#22386e"


@cache
def photo(kind: FileKind) -> bytes:
    """A room with damp above its window, or the same room painted."""
    picture = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 290, *SIZE), fill=FLOOR)
    if kind is FileKind.BEFORE:
        pen.ellipse((120, 20, 330, 130), fill=DAMP)
        pen.ellipse((280, 60, 400, 150), fill=DAMP)
    pen.rectangle((170, 110, 310, 220), fill=WINDOW, outline="white", width=8)
    pen.line((240, 110, 240, 220), fill="white", width=6)
    return _jpeg(picture)


@cache
def signed_sheet() -> bytes:
    """Lines of a text nobody can read, and two names below."""
    picture = Image.new("RGB", PAPER_SIZE, WHITE)
    pen = ImageDraw.Draw(picture)
    for place, top in enumerate(range(60, 440, 18)):
        pen.line((50, top, 370 - (place * 37) % 110, top), fill=GREY, width=5)
    for left in (60, 240):
        waves = [(left + 6 * step, 510 + (14 if step % 2 else -14 + step)) for step in range(20)]
        pen.line(waves, fill=INK, width=3, joint="curve")
    return _jpeg(picture)


def _jpeg(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=70)
    return kept.getvalue()
