"""Files that people send: how large they may be, what they really are, and pictures made anew.

A name and a declared type say nothing, so the first bytes decide. Pictures are decoded and
written again: whatever else was in the file (places in EXIF, a script, a second format) stays
behind.
"""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request
from PIL import Image, ImageOps, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from civic.kernel.errors import Invalid
from civic.kernel.i18n import N_

MEGABYTE = 1_000_000
LARGEST_FILE = 10 * MEGABYTE
FORM_AROUND_IT = 100_000
MOST_PIXELS = 40_000_000
"""About what the camera of a good phone makes; a small file can unfold into gigabytes."""
PICTURE_SIDE = 1600
PICTURES = ("PNG", "JPEG", "WEBP")
PDF_MARK = b"%PDF-"
LIMIT = "civic_largest_body"

V = TypeVar("V", bound=Callable[..., Any])


class FileMissing(Invalid):
    code = "file_missing"
    field = "file"
    sentence = N_("Choose a file first.")


class FileTooLarge(Invalid):
    code = "file_too_large"
    field = "file"
    sentence = N_("This file is too large: at most %(megabytes)s MB.")


class NotAPicture(Invalid):
    code = "not_a_picture"
    field = "file"
    sentence = N_("This is not a picture that we can show. Send a PNG or JPEG file.")


class TooManyPixels(Invalid):
    code = "too_many_pixels"
    field = "file"
    sentence = N_("This picture is too large to open. Make it smaller and send it again.")


class NotADocument(Invalid):
    code = "not_a_document"
    field = "file"
    sentence = N_(
        "This is not a PDF or a photo, whatever its name says. Send a PDF, PNG or JPEG file."
    )


@dataclass(frozen=True)
class Document:
    body: bytes
    media_type: str


def takes_files(view: V) -> V:
    """Let this view receive more than a form: one file of at most `LARGEST_FILE` bytes."""
    setattr(view, LIMIT, LARGEST_FILE + FORM_AROUND_IT)
    return view


def install(app: Flask) -> None:
    """Before anything reads the body, the check of a form's token among them."""

    @app.before_request
    def allow_size() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        limit = getattr(view, LIMIT, None)
        if limit is not None:
            request.max_content_length = limit


def read_file(sent: FileStorage | None) -> bytes:
    """The bytes of a form's file; refuses none and too many."""
    body = sent.read(LARGEST_FILE + 1) if sent else b""
    if not body:
        raise FileMissing
    if len(body) > LARGEST_FILE:
        raise FileTooLarge(megabytes=LARGEST_FILE // MEGABYTE)
    return body


def read_document(sent: FileStorage | None) -> Document:
    """A PDF as it is, or a photo of a paper made anew."""
    body = read_file(sent)
    if body.startswith(PDF_MARK):
        return Document(body, "application/pdf")
    try:
        return Document(remade_picture(body, "JPEG"), "image/jpeg")
    except NotAPicture:
        raise NotADocument from None


def remade_picture(
    body: bytes, kind: str = "PNG", side: int = PICTURE_SIDE, *, is_square: bool = False
) -> bytes:
    """The picture alone, upright, at most `side` pixels long, as PNG or JPEG; or its middle."""
    try:
        with warnings.catch_warnings():
            # Our own bound is lower than the one the library warns of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=PICTURES) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise TooManyPixels
                picture = ImageOps.exif_transpose(opened)
                if is_square:
                    picture = ImageOps.fit(picture, (side, side))
                picture.thumbnail((side, side))
                picture = picture.convert("RGB" if kind == "JPEG" else "RGBA")
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise NotAPicture from None
    out = io.BytesIO()
    picture.save(out, kind, optimize=True)
    return out.getvalue()
