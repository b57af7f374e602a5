"""Names for public addresses."""

import re
import unicodedata

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_WORDS = 60


def slug_from(title: str, mark: str) -> str:
    """An address in plain letters: what the title keeps without its accents, and a random mark.

    A title in another script keeps nothing; the mark alone makes the address unique.
    """
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:SLUG_WORDS].strip("-")
    return f"{words or 'project'}-{mark.lower()}"


def is_slug(text: str) -> bool:
    return SLUG.fullmatch(text) is not None
