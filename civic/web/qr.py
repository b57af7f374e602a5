"""QR codes as pictures that stand in the page itself."""

import base64
from typing import Any

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET = 2
"""Modules of white around it; the white card it lies on makes up the four that readers want."""


def modules(token: str) -> list[list[bool]]:
    """Rows of dark and light. A quarter may be scratched or in shade and it still reads."""
    code: QRCode[Any] = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET)
    code.add_data(token)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def data_address(token: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(drawing(token).encode()).decode()


def drawing(token: str) -> str:
    """Black on white whatever the page's colours, sharp at any size, on paper too (SVG)."""
    rows = modules(token)
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
