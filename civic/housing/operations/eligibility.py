"""Whether a household may live somewhere, asked while its people and beds are held."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from civic.housing.errors import MinorAlone, NotForThem, PersonDead, PersonDeparted
from civic.housing.models import Bed, Room, Unit
from civic.housing.placing_models import Resident
from civic.housing.queries.gate import somebody_of
from civic.housing.rules.placing import kinds_of, may_live
from civic.housing.rules.stock import Who
from civic.kernel.context import Context


def check_household(
    ctx: Context,
    unit: Unit,
    chosen: Mapping[UUID, UUID],
    beds: Mapping[UUID, Bed],
    people: Mapping[UUID, Resident],
    first: date,
) -> None:
    """PersonDead, PersonDeparted, MinorAlone and NotForThem, in this order. `chosen` is the bed of
    each person."""
    for person in people.values():
        if person.died_on is not None:
            raise PersonDead
        if person.departed_on is not None:
            raise PersonDeparted
    household = [somebody_of(person) for person in people.values()]
    takes = [Who(each) for each in unit.takes]
    if not may_live(takes, household, first):
        if Who.MINORS in kinds_of(household, first):
            raise MinorAlone
        raise NotForThem
    _check_rooms(ctx, chosen, beds, people, first)


def _check_rooms(
    ctx: Context,
    chosen: Mapping[UUID, UUID],
    beds: Mapping[UUID, Bed],
    people: Mapping[UUID, Resident],
    first: date,
) -> None:
    """A room for women takes women, and the minors who come with them."""
    rooms = {bed.room_id for bed in beds.values()}
    rows = ctx.db.execute(
        select(Room.id, Room.only_for).where(Room.id.in_(rooms), Room.only_for.is_not(None))
    )
    only = {row.id: row.only_for for row in rows}
    for resident_id, bed_id in chosen.items():
        wanted = only.get(beds[bed_id].room_id)
        person = people[resident_id]
        if wanted in (None, person.gender) or somebody_of(person).is_minor_on(first):
            continue
        raise NotForThem
