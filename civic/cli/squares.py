"""What stands in the square of a card that somebody photographed."""

import io
import warnings

import zxingcpp
from PIL import Image, UnidentifiedImageError

from civic.badges.credentials.baking import PNG_SIGNATURE, NotABadge, has_credential

MOST_PICTURE_BYTES = 30_000_000
MOST_PIXELS = 50_000_000
BEGINNINGS = (PNG_SIGNATURE, b"\xff\xd8\xff", b"RIFF", b"GIF8", b"BM", b"II*\0", b"MM\0*")


def is_picture(data: bytes) -> bool:
    return data.startswith(BEGINNINGS)


def square_in(picture: bytes) -> bytes | None:
    """None for a picture without one; a badge that is a picture itself comes before any square on it."""
    try:
        if picture.startswith(PNG_SIGNATURE) and has_credential(picture):
            return None
    except NotABadge:
        pass  # a photo is allowed to be larger than a badge
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return None
                codes = zxingcpp.read_barcodes(opened.convert("L"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombWarning, ValueError):
        return None
    return next((code.text.encode() for code in codes if code.text), None)
