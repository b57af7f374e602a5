"""What all of the demonstration's housing is done with: who acts when, and what was made so far."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from civic.accounts.queries import actor_of_person
from civic.demo.housing_shape import DemoHousing
from civic.demo.participants import Participants
from civic.demo.shape import DemoStaff
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.housing.models import Bed, Room
from civic.housing.nights_models import BedNight
from civic.housing.rules.nights import Nights
from civic.kernel.clock import rome_day, rome_instant
from civic.kernel.context import Context
from civic.kernel.files import FileStore

Step = tuple[datetime, Callable[[Context], None], DemoStaff | UUID | None]
"""When, what, and who did it: the housing officer unless a colleague or a participant is named."""


@dataclass
class HousingWork:
    timeline: Timeline
    stage: Stage
    people: Participants
    store: FileStore
    housing: DemoHousing
    grants: dict[str, UUID] = field(default_factory=dict)
    lines: dict[str, UUID] = field(default_factory=dict)
    """Budget lines by their code."""
    offers: dict[str, UUID] = field(default_factory=dict)
    owners: dict[str, UUID] = field(default_factory=dict)
    """By their names."""
    units: dict[str, UUID] = field(default_factory=dict)
    beds: dict[tuple[str, str], list[UUID]] = field(default_factory=dict)
    """Of a unit and a room."""
    requests: dict[str, UUID] = field(default_factory=dict)
    """By who asks, as all that follows."""
    residents: dict[str, UUID] = field(default_factory=dict)
    stays: dict[str, UUID] = field(default_factory=dict)
    leases: dict[str, UUID] = field(default_factory=dict)

    @property
    def city_id(self) -> UUID:
        return self.stage.cities[self.housing.city]

    @property
    def today(self) -> date:
        return rome_day(self.timeline.now)

    def day(self, days: int) -> date:
        """So many days ago; ahead, where it is below zero."""
        return self.today - timedelta(days=days)

    def at(self, days: int, clock: time) -> datetime:
        return rome_instant(self.day(days), clock)

    def run(self, steps: Iterable[Step]) -> None:
        """In the order in which they came."""
        for at, step, who in sorted(steps, key=lambda each: each[0]):
            with self._acting(who, at) as ctx:
                step(ctx)

    def _acting(
        self, who: DemoStaff | UUID | None, at: datetime
    ) -> AbstractContextManager[Context]:
        if isinstance(who, UUID):
            with self.timeline.acting(self.stage.everywhere) as ctx:
                person = actor_of_person(ctx, who)
            return self.timeline.acting(person, at)
        return self.timeline.acting(self.stage.staff[who or self.housing.officer], at)

    def account_of(self, name: str) -> UUID | None:
        """Of a participant of that city."""
        found = (
            person_id
            for person, person_id in self.people.ids.items()
            if person.name == name and person.city == self.housing.city
        )
        return next(found, None)

    def learn_beds(self, ctx: Context, key: str) -> None:
        rows = ctx.db.execute(
            select(Room.name, Bed.id)
            .join(Bed, Bed.room_id == Room.id)
            .where(Bed.unit_id == self.units[key])
            .order_by(Room.name, Bed.name)
        )
        for room, bed_id in rows:
            self.beds.setdefault((key, room), []).append(bed_id)

    def beds_in(self, unit: str, rooms: Iterable[str]) -> list[UUID]:
        return [bed_id for room in rooms for bed_id in self.beds[unit, room]]

    def free_beds(
        self, ctx: Context, unit: str, rooms: Iterable[str], nights: Nights, count: int
    ) -> list[UUID]:
        beds = self.beds_in(unit, rooms)
        taken = set(
            ctx.db.scalars(
                select(BedNight.bed_id)
                .where(BedNight.bed_id.in_(beds))
                .where(BedNight.night >= nights.first, BedNight.night < nights.until)
                .distinct()
            )
        )
        free = [bed_id for bed_id in beds if bed_id not in taken][:count]
        if len(free) < count:
            raise LookupError(f"no {count} beds free in {unit} {rooms}, {nights}")
        return free
