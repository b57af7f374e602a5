"""Reading a pass as somebody else's scanner would, from wherever it is drawn."""

import base64
import io
import re
from collections.abc import Iterator
from typing import cast

import pypdfium2
import typst
import zxingcpp
from PIL import Image

SVG = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


def read_codes(picture: Image.Image) -> list[zxingcpp.Barcode]:
    """By another decoder than the one of our scanner page."""
    return [
        code
        for code in zxingcpp.read_barcodes(picture)
        if code.format == zxingcpp.BarcodeFormat.QRCode
    ]


def pages_of(pdf: bytes, scale: float = 2) -> list[Image.Image]:
    """Each page as a picture; 1 is 72 points an inch."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=scale).to_pil() for page in document]


def drawn_in(page: str) -> Iterator[Image.Image]:
    """The drawings that stand in a page, as pictures."""
    for found in SVG.findall(page):
        yield drawn(base64.b64decode(found))


def drawn(svg: bytes) -> Image.Image:
    source = """
        #set page(width: 100mm, height: 100mm, margin: 8mm)
        #image(bytes(sys.inputs.svg), format: "svg", width: 84mm)
    """
    png = typst.compile(source.encode(), format="png", ppi=100, sys_inputs={"svg": svg.decode()})
    return Image.open(io.BytesIO(png))


def modules_across(code: zxingcpp.Barcode) -> int:
    """Version 1 has 21, and each version after it four more."""
    told = cast("dict[str, str]", code.extra)
    return 17 + 4 * int(told["Version"])
