"""Who joined, who has a place, who came, and the hours that follow."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from civic.attendance.models import CheckEvent, HoursLine
from civic.attendance.rules import Direction, Outcome
from civic.badges.rules import Worked
from civic.demo.hours import minutes_between
from civic.demo.bulk.ids import Kind, made_id
from civic.demo.bulk.offer import MadeProject, MadeSession, Offer
from civic.demo.bulk.rows import Rows
from civic.enrolment.models import Booking, Enrolment, RegisterEntry
from civic.enrolment.rules import BookingState, EnrolmentState
from civic.kernel.clock import rome_day

POOL = 1.5
"""People who joined a project, for each who comes to one of its sessions."""


@dataclass
class Visits:
    """Writes the life of one city's projects; keeps what badges need to know of it."""

    rows: Rows
    chance: Random
    offer: Offer
    now: datetime
    visits: int
    worked: dict[UUID, list[Worked]] = field(default_factory=lambda: defaultdict(list))
    registered: dict[tuple[UUID, UUID], tuple[int, datetime]] = field(default_factory=dict)
    """First day of each person with each association, and a number for the line."""

    def fill(self, project: MadeProject, pool: Sequence[UUID]) -> None:
        for place, person_id in enumerate(pool):
            self._join(project, person_id, place)
        for session in project.sessions:
            if session.is_past(self.now):
                present = self.chance.sample(pool, self.visits)
                self.offer.write_session(project, session, len(present))
                for place, person_id in enumerate(present):
                    self._visit(project, session, person_id, place)
            else:
                self._book(project, session, pool)

    def _join(self, project: MadeProject, person_id: UUID, place: int) -> None:
        joined_at = project.published_at + timedelta(hours=place % 24, minutes=project.number % 60)
        number = project.number * 1_000 + place
        self.rows.add(
            Enrolment,
            id=made_id(Kind.ENROLMENT, number, joined_at),
            municipality_id=project.municipality_id,
            person_id=person_id,
            project_id=project.id,
            state=EnrolmentState.ACTIVE,
            joined_at=joined_at,
        )
        key = (person_id, project.association_id)
        known = self.registered.get(key)
        if known is None or joined_at < known[1]:
            self.registered[key] = (number, joined_at)

    def _booking(
        self,
        project: MadeProject,
        session: MadeSession,
        person_id: UUID,
        place: int,
        state: BookingState,
    ) -> None:
        asked_at = min(session.starts_at - timedelta(days=8), self.now - timedelta(days=8))
        asked_at += timedelta(minutes=place)
        self.rows.add(
            Booking,
            id=made_id(Kind.BOOKING, session.number * 1_000 + place, asked_at),
            municipality_id=project.municipality_id,
            session_id=session.id,
            person_id=person_id,
            state=state,
            queued_at=asked_at,
            changed_at=asked_at,
        )

    def _book(self, project: MadeProject, session: MadeSession, pool: Sequence[UUID]) -> None:
        asking = self.chance.sample(pool, self.chance.randrange(len(pool) + 1))
        taken = min(len(asking), session.places)
        self.offer.write_session(project, session, taken)
        for place, person_id in enumerate(asking):
            state = BookingState.CONFIRMED if place < taken else BookingState.WAITING
            self._booking(project, session, person_id, place, state)

    def _visit(
        self, project: MadeProject, session: MadeSession, person_id: UUID, place: int
    ) -> None:
        self._booking(project, session, person_id, place, BookingState.CONFIRMED)
        number = session.number * 1_000 + place
        came_at = session.starts_at + timedelta(minutes=self.chance.randrange(-10, 16))
        left_at = session.ends_at + timedelta(minutes=self.chance.randrange(-15, 11))
        for kind, direction, at in (
            (Kind.ENTRY, Direction.ENTRY, came_at),
            (Kind.EXIT, Direction.EXIT, left_at),
        ):
            self.rows.add(
                CheckEvent,
                id=made_id(kind, number, at),
                municipality_id=project.municipality_id,
                session_id=session.id,
                person_id=person_id,
                direction=direction,
                scanned_at=at,
                received_at=at + timedelta(seconds=1),
                outcome=Outcome.ACCEPTED,
                reason=None,
                operator_id=project.organiser_id,
            )
        minutes = minutes_between(came_at, left_at, session.starts_at, session.ends_at)
        self.rows.add(
            HoursLine,
            id=made_id(Kind.HOURS, number, left_at),
            municipality_id=project.municipality_id,
            session_id=session.id,
            project_id=project.id,
            association_id=project.association_id,
            person_id=person_id,
            area=project.area,
            day=session.day,
            minutes=minutes,
            updated_at=left_at + timedelta(seconds=1),
        )
        self.worked[person_id].append(Worked(project.area, minutes, project.association_id))

    def write_registers(self, municipality_id: UUID) -> None:
        for (person_id, association_id), (number, joined_at) in self.registered.items():
            first_day: date = rome_day(joined_at)
            self.rows.add(
                RegisterEntry,
                id=made_id(Kind.REGISTER, number, joined_at),
                municipality_id=municipality_id,
                person_id=person_id,
                association_id=association_id,
                first_day=first_day,
                last_day=None,
            )
