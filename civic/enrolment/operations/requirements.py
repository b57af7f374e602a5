"""What people can show when a project asks for it. Rooms above, which confirm skills, write it."""

from collections.abc import Iterable
from uuid import UUID

from civic.catalogue.rules import Requirement
from civic.enrolment.models import Qualification
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once


def note_qualification(ctx: Context, person_id: UUID, shown: Iterable[Requirement]) -> None:
    """From now on they can show these, each once; nobody unlearns a skill."""
    for each in sorted(set(shown)):
        insert_once(ctx.db, Qualification, person_id=person_id, kind=each.kind, value=each.value)
