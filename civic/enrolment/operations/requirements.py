"""What people can show when a project asks for it. Rooms above, which confirm skills, write it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete

from civic.catalogue.rules import Requirement
from civic.enrolment.models import Qualification
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once


def note_qualification(ctx: Context, person_id: UUID, shown: Iterable[Requirement]) -> None:
    """From now on they can show these, each once."""
    for each in sorted(set(shown)):
        insert_once(ctx.db, Qualification, person_id=person_id, kind=each.kind, value=each.value)


def withdraw_qualification(ctx: Context, person_id: UUID, no_more: Iterable[Requirement]) -> None:
    """The badge that showed these was withdrawn. Who is in stays in."""
    for each in set(no_more):
        ctx.db.execute(
            delete(Qualification)
            .where(Qualification.person_id == person_id)
            .where(Qualification.kind == each.kind, Qualification.value == each.value)
        )
