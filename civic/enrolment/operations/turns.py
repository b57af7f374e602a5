"""People's moves, one after the other.

Who changes bookings locks in this order, so that nobody waits in a circle: people, sorted by id;
the association's register; sessions, sorted by id; bookings and groups of a session.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import Person
from civic.enrolment.policy import JOIN
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def take_turn(ctx: Context) -> UUID:
    """What one person does at once on two screens happens one after the other."""
    JOIN.require(ctx.actor)
    hold_people(ctx, [ctx.actor.own_id])
    return ctx.actor.own_id


def hold_people(ctx: Context, person_ids: Iterable[UUID]) -> None:
    """Nothing else is decided about these people until the transaction ends."""
    wanted = set(person_ids)
    held = ctx.db.scalars(
        select(Person.id)
        .where(Person.id.in_(wanted))
        .order_by(Person.id)
        .with_for_update(key_share=True)
    ).all()
    if len(held) < len(wanted):
        raise NotFound
