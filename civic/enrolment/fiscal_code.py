"""Whether what somebody typed can be an Italian fiscal code (codice fiscale)."""

import re
from string import ascii_uppercase, digits

_COUNTS = (
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
)  # fmt: skip
"""What A to Z, and 0 to 9 as well, count in the first, third, fifth … place."""
_IN_ODD_PLACES = dict(zip(ascii_uppercase, _COUNTS, strict=True)) | dict(
    zip(digits, _COUNTS[:10], strict=True)
)
_IN_EVEN_PLACES = {letter: place for place, letter in enumerate(ascii_uppercase)} | {
    digit: int(digit) for digit in digits
}
# Where digits stand, letters from L to V may: so the revenue agency tells two people apart.
_FULL = re.compile("[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]")
_PROVISIONAL = re.compile("[0-9]{11}")


def is_fiscal_code(code: str) -> bool:
    """Sixteen letters and digits that fit their last letter, or the eleven of a provisional one."""
    if _PROVISIONAL.fullmatch(code):
        return True
    if not _FULL.fullmatch(code):
        return False
    odd = sum(_IN_ODD_PLACES[letter] for letter in code[:15:2])
    even = sum(_IN_EVEN_PLACES[letter] for letter in code[1:15:2])
    return code[15] == ascii_uppercase[(odd + even) % 26]
