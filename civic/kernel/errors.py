"""What an operation may refuse with.

A refusal carries a stable `code`, a sentence marked for translation and the values it names.
Only `web.errors` knows how these become HTTP answers and translated text.
"""

from typing import ClassVar


class CivicError(Exception):
    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values


class NotFound(CivicError):
    """Absent, or not the reader's business: the two look alike from outside."""

    code = "not_found"


class Forbidden(CivicError):
    code = "forbidden"


class Invalid(CivicError):
    """What was typed cannot be accepted. `field` names the form field at fault, if one is."""

    code = "invalid"
    field: ClassVar[str | None] = None


class Conflict(CivicError):
    """The state of things does not allow it (full, cancelled, already done)."""

    code = "conflict"


class Throttled(CivicError):
    code = "throttled"


class Unavailable(CivicError):
    """Something this needs is not there now; nothing was changed."""

    code = "unavailable"
