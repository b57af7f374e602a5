"""What every form does to typed text before anything looks at it, and where a refusal is shown."""

import unicodedata
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField

from civic.kernel.errors import Conflict, Invalid, Throttled
from civic.kernel.ids import uuid7
from civic.web.transaction import bindings
from civic.web.words import say


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


def show_refusal(form: FlaskForm, refusal: Invalid | Conflict | Throttled) -> None:
    """Put what an operation refused beside the field at fault, or above the form."""
    name = refusal.field if isinstance(refusal, Invalid) else None
    if name and name in form:
        form[name].errors = [*form[name].errors, say(refusal)]
    else:
        form.form_errors.append(say(refusal))


def _new_id() -> str:
    return str(uuid7(bindings().database.clock.now()))
