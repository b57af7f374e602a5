"""Ten weeks of sessions held, and the places taken in those to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from sqlalchemy import bindparam, select, update

from civic.catalogue.models import ProjectSession
from civic.demo.ids import DEMO_NUMBERS
from civic.demo.journal import Journal, MadeProject, MadeSession
from civic.demo.participants import Participants, pool_of
from civic.demo.people import ALREADY_IN, WALKER
from civic.demo.projects.potenza_green import TODAYS_GARDEN
from civic.demo.shape import WEEK, DemoPerson, DemoProject
from civic.enrolment.rules import BookingState
from civic.kernel.clock import rome_day
from civic.kernel.context import Context

MINUTE = timedelta(minutes=1)
GUESTS = {WALKER: 240, ALREADY_IN: 230}
"""Minutes in each of the last three Saturdays in the garden: twelve hours and eleven and a half."""
SATURDAYS = 3
NO_SHOW = 0.07
WAITING = 3


@dataclass
class History:
    journal: Journal
    people: Participants
    chance: Random
    now: datetime
    joined_from: datetime

    def __post_init__(self) -> None:
        # Moved on by the moment, so that what a later day adds has other numbers.
        self._numbers = count(DEMO_NUMBERS + int(self.now.timestamp()))
        self._taken: dict[UUID, int] = {}

    def write(
        self, pairs: Sequence[tuple[DemoProject, MadeProject]], sessions: Sequence[MadeSession]
    ) -> None:
        """In the order of time, so that whoever is busy already goes nowhere else."""
        pools = {}
        for described, made in pairs:
            pools[made.id] = pool = self._pool(described)
            for place, person in enumerate(pool):
                at = self.joined_from + timedelta(hours=place)
                self.journal.join(next(self._numbers), made, self.people.ids[person], at)
        likings = {made.id: described.liking for described, made in pairs}
        gardens = {made.id for described, made in pairs if described is TODAYS_GARDEN}
        saturdays = [
            each for each in sessions if each.project.id in gardens and self._is_held(each)
        ]
        for session in sessions:
            if session in saturdays[-SATURDAYS:]:
                self._welcome_guests(session)
            pool = [person for person in pools[session.project.id] if person not in GUESTS]
            if self._is_held(session):
                self._hold(session, pool, likings[session.project.id])
            else:
                self.fill(session, pool, likings[session.project.id])
        self.journal.write_registers()

    def _pool(self, described: DemoProject) -> list[DemoPerson]:
        pool = [
            p for p in pool_of(described, self.people, self.chance, self.now) if p not in GUESTS
        ]
        return [*GUESTS, *pool] if described is TODAYS_GARDEN else pool

    def _is_held(self, session: MadeSession) -> bool:
        return session.ends_at <= self.now

    def _asking(self, session: MadeSession, pool: Sequence[DemoPerson], wanted: int) -> list[UUID]:
        ids = [self.people.ids[person] for person in pool]
        free = [
            each for each in ids if self.people.is_free(each, session.starts_at, session.ends_at)
        ]
        return self.chance.sample(free, min(wanted, len(free)))

    def _book(
        self,
        session: MadeSession,
        person_id: UUID,
        at: datetime,
        state: BookingState = BookingState.CONFIRMED,
    ) -> None:
        self.journal.book(next(self._numbers), session, person_id, at, state)
        self.people.occupy(person_id, session.starts_at, session.ends_at)
        if state is BookingState.CONFIRMED:
            self._taken[session.id] = self._taken.get(session.id, 0) + 1

    def _welcome_guests(self, session: MadeSession) -> None:
        for person, minutes in GUESTS.items():
            person_id = self.people.ids[person]
            self._book(session, person_id, session.starts_at - timedelta(days=3))
            came_at = session.ends_at - minutes * MINUTE
            self.journal.attend(
                next(self._numbers), session, person_id, came_at, session.ends_at + MINUTE
            )

    def _hold(self, session: MadeSession, pool: Sequence[DemoPerson], liking: float) -> None:
        wanted = round(session.places * liking * self.chance.uniform(0.6, 1.0))
        for place, person_id in enumerate(self._asking(session, pool, wanted)):
            self._book(session, person_id, session.starts_at - timedelta(days=2, minutes=place))
            if self.chance.random() > NO_SHOW:
                came_at = session.starts_at + self.chance.randrange(-12, 12) * MINUTE
                left_at = session.ends_at + self.chance.randrange(-10, 9) * MINUTE
                self.journal.attend(next(self._numbers), session, person_id, came_at, left_at)

    def fill(self, session: MadeSession, pool: Sequence[DemoPerson], liking: float) -> None:
        """Places taken before the day: nearer sessions are fuller; the favourite one is full."""
        weeks = (session.starts_at - self.now) // WEEK
        is_favourite = liking >= 1 and weeks == 0
        share = 1.0 if is_favourite else liking * max(0.15, 1 - 0.3 * weeks)
        wanted = round(session.places * share) + (WAITING if is_favourite else 0)
        for place, person_id in enumerate(self._asking(session, pool, wanted)):
            asked_at = self.now - timedelta(days=3) + 11 * place * MINUTE
            is_full = place >= session.places
            state = BookingState.WAITING if is_full else BookingState.CONFIRMED
            self._book(session, person_id, asked_at, state)

    def count_places(self, ctx: Context) -> None:
        """Confirmed bookings, written where the conditional UPDATE of a booking would count."""
        table = ProjectSession.__table__
        taken = [{"session": id_, "taken": taken} for id_, taken in self._taken.items()]
        if taken:
            ctx.db.connection().execute(
                update(table)  # type: ignore[arg-type]
                .where(table.c.id == bindparam("session"))
                .values(places_taken=table.c.places_taken + bindparam("taken")),
                taken,
            )
        self._taken.clear()


def sessions_of(ctx: Context, projects: Sequence[MadeProject]) -> list[MadeSession]:
    """Their sessions in the order of time."""
    by_id = {project.id: project for project in projects}
    rows = ctx.db.execute(
        select(
            ProjectSession.id,
            ProjectSession.project_id,
            ProjectSession.starts_at,
            ProjectSession.ends_at,
            ProjectSession.places,
        )
        .where(ProjectSession.project_id.in_(by_id))
        .order_by(ProjectSession.starts_at, ProjectSession.project_id)
    )
    return [
        MadeSession(
            row.id,
            by_id[row.project_id],
            rome_day(row.starts_at),
            row.starts_at,
            row.ends_at,
            row.places,
        )
        for row in rows
    ]
