from dataclasses import dataclass, field

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class CodeIssued(Event):
    """A one-time code is to be sent. It happens in no city: nobody knows yet who asks."""

    kind: str
    value: str
    language: str
    code: str = field(repr=False)
