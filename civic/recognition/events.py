from dataclasses import dataclass
from uuid import UUID

from civic.kernel.outbox import Event


@dataclass(frozen=True, kw_only=True)
class RecognitionPaperFrozen(Event):
    """A project or a document of transparency waits to be signed by the person."""

    person_id: UUID
    document_id: UUID
