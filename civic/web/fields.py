"""What every form does to typed text before anything looks at it."""

import unicodedata
from typing import Any
from uuid import UUID

from wtforms import HiddenField

from civic.kernel.ids import uuid7
from civic.web.transaction import bindings


def clean_line(value: Any) -> Any:
    """One line: normal form C, no control or direction-override letters, single spaces."""
    if not isinstance(value, str):
        return value
    kept = "".join(letter for letter in unicodedata.normalize("NFC", value) if _stays(letter))
    return " ".join(kept.split())


def clean_text(value: Any) -> Any:
    """Several lines: as `clean_line`, but paragraphs stay."""
    if not isinstance(value, str):
        return value
    lines = [clean_line(line) for line in value.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip()


def _stays(letter: str) -> bool:
    # The two joiners belong to Persian, Bengali and Sinhala spelling.
    if letter in "\u200c\u200d\t":
        return True
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co")


class SentField(HiddenField):
    """The id of what the form makes, made with the blank form: sent twice, it makes one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=_new_id, **kwargs)

    def to_id(self) -> UUID | None:
        """None for what no form of ours has sent: then the thing gets an id when it is made."""
        try:
            return UUID(self.data or "")
        except ValueError:
            return None


def _new_id() -> str:
    return str(uuid7(bindings().database.clock.now()))
