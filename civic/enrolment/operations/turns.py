"""One person's own moves, one after the other."""

from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person
from civic.enrolment.policy import JOIN
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def take_turn(ctx: Context) -> UUID:
    """What one person does at once on two screens happens one after the other."""
    JOIN.require(ctx.actor)
    mine = select(Person.id).where(Person.id == ctx.actor.person_id)
    person_id = ctx.db.scalar(mine.with_for_update(key_share=True))
    if person_id is None:
        raise NotFound
    return person_id
