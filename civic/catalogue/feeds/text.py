"""What people typed, made fit for formats that know no control characters."""

import unicodedata

UNFIT = frozenset({"Cc", "Cs"})
"""Control characters and halves of letters. Joiners and marks of direction stay."""
NEVER_LETTERS = frozenset("\ufffe\uffff")


def printable(text: str) -> str:
    """Lines and letters only: XML 1.0 has no way to carry anything else."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter == "\n" or _is_fit(letter))


def _is_fit(letter: str) -> bool:
    return letter not in NEVER_LETTERS and unicodedata.category(letter) not in UNFIT
