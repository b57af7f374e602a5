from dataclasses import dataclass, field

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class CodeIssued(Event):
    """A one-time code is to be sent. It happens in no city: nobody knows yet who asks."""

    kind: str
    value: str
    language: str
    code: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SigningCodeIssued(Event):
    """A code to sign one paper with is to be sent. Of which city is nobody's business on the way."""

    kind: str
    value: str
    language: str
    code: str = field(repr=False)
