"""What happened, as rows: who joined, who had a place, who came, and the hours that follow.

History is written in rows, because a year of it through the operations would take minutes; the
rules that operations ask are asked here too, and a test recomputes every figure from its events.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, select

from civic.accounts.models import Person
from civic.attendance.hours import worked
from civic.attendance.models import CheckEvent, HoursEntry, HoursLine
from civic.attendance.rules import Cause, Direction, Mark, Method, Outcome
from civic.badges.rules import Worked
from civic.catalogue.rules import Area
from civic.demo.ids import Kind, made_id
from civic.demo.rows import Rows
from civic.enrolment.models import Booking, Enrolment, RegisterEntry, RegisterLine
from civic.enrolment.register_chain import NOTHING_YET, End, Line, Who, content_of, line_hash
from civic.enrolment.rules import BookingState, EnrolmentState, LineKind
from civic.kernel.clock import rome_day

AFTERWARDS = timedelta(seconds=1)
"""From the scan to its arrival."""


@dataclass(frozen=True)
class MadeProject:
    id: UUID
    association_id: UUID
    organiser_id: UUID
    municipality_id: UUID
    area: Area


@dataclass(frozen=True)
class MadeSession:
    id: UUID
    project: MadeProject
    day: date
    starts_at: datetime
    ends_at: datetime
    places: int


@dataclass
class Journal:
    rows: Rows
    worked: dict[tuple[UUID, UUID], list[Worked]] = field(default_factory=lambda: defaultdict(list))
    """By city and person: what badges look at."""
    counted_at: dict[tuple[UUID, UUID], datetime] = field(default_factory=dict)
    """When the last of it came to stand there: no badge rests on hours that were not counted yet."""
    _registered: dict[tuple[UUID, UUID, UUID], tuple[int, datetime]] = field(default_factory=dict)

    def join(self, number: int, project: MadeProject, person_id: UUID, at: datetime) -> None:
        self.rows.add(
            Enrolment,
            id=made_id(Kind.ENROLMENT, number, at),
            municipality_id=project.municipality_id,
            person_id=person_id,
            project_id=project.id,
            state=EnrolmentState.ACTIVE,
            joined_at=at,
        )
        key = (project.municipality_id, project.association_id, person_id)
        known = self._registered.get(key)
        if known is None or at < known[1]:
            self._registered[key] = (number, at)

    def book(
        self,
        number: int,
        session: MadeSession,
        person_id: UUID,
        at: datetime,
        state: BookingState = BookingState.CONFIRMED,
    ) -> None:
        self.rows.add(
            Booking,
            id=made_id(Kind.BOOKING, number, at),
            municipality_id=session.project.municipality_id,
            session_id=session.id,
            person_id=person_id,
            state=state,
            queued_at=at,
            changed_at=at,
        )

    def attend(
        self,
        number: int,
        session: MadeSession,
        person_id: UUID,
        came_at: datetime,
        left_at: datetime | None,
    ) -> None:
        marks = [self._scan(Kind.ENTRY, Direction.ENTRY, number, session, person_id, came_at)]
        if left_at is None:
            return
        marks.append(self._scan(Kind.EXIT, Direction.EXIT, number, session, person_id, left_at))
        minutes = worked(marks, session.starts_at, session.ends_at).total or 0
        project = session.project
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
            updated_at=left_at + AFTERWARDS,
        )
        self.rows.add(
            HoursEntry,
            id=made_id(Kind.HOURS, number, left_at),
            municipality_id=project.municipality_id,
            session_id=session.id,
            association_id=project.association_id,
            person_id=person_id,
            day=session.day,
            minutes=minutes,
            month=session.day.replace(day=1),
            cause=Cause.SCAN,
            cause_id=marks[-1].id,
            made_by=project.organiser_id,
            made_at=left_at + AFTERWARDS,
        )
        whose = project.municipality_id, person_id
        self.counted_at[whose] = max(self.counted_at.get(whose, left_at), left_at + AFTERWARDS)
        self.worked[whose].append(
            Worked(
                project.area,
                minutes,
                project.association_id,
                session.id,
                project.id,
                session.day,
            )
        )

    def _scan(
        self,
        kind: Kind,
        direction: Direction,
        number: int,
        session: MadeSession,
        person_id: UUID,
        at: datetime,
    ) -> Mark:
        scan_id = made_id(kind, number, at)
        self.rows.add(
            CheckEvent,
            id=scan_id,
            municipality_id=session.project.municipality_id,
            session_id=session.id,
            person_id=person_id,
            direction=direction,
            method=Method.QR,
            scanned_at=at,
            told_at=at,
            received_at=at + AFTERWARDS,
            outcome=Outcome.ACCEPTED,
            reason=None,
            operator_id=session.project.organiser_id,
        )
        return Mark(scan_id, direction, at)

    def write_registers(self) -> None:
        """One line a person and association, from the day they first joined. Nobody stands in
        these registers yet: each begins with its first line."""
        self.rows.write()
        who = _who_they_are(self.rows.connection, {key[2] for key in self._registered})
        by_register: dict[tuple[UUID, UUID], list[tuple[datetime, int, UUID]]] = defaultdict(list)
        for (municipality_id, association_id, person_id), (number, at) in self._registered.items():
            by_register[municipality_id, association_id].append((at, number, person_id))
        for register, entered in by_register.items():
            end = NOTHING_YET
            for at, number, person_id in sorted(entered):
                end = self._enter(register, end, who[person_id], (at, number, person_id))
            self.rows.write_if_many()
        self._registered.clear()

    def _enter(
        self, register: tuple[UUID, UUID], end: End, who: Who, entered: tuple[datetime, int, UUID]
    ) -> End:
        (municipality_id, association_id), (at, number, person_id) = register, entered
        first_day = rome_day(at)
        line = Line(
            id=made_id(Kind.REGISTER_LINE, number, at),
            municipality_id=municipality_id,
            association_id=association_id,
            number=end.number + 1,
            kind=LineKind.ENTERED,
            person_id=person_id,
            content=content_of(who, first_day, None),
            corrects=None,
            recorded_at=at,
            recorded_by=person_id,
            previous_hash=end.hash,
        )
        hash_ = line_hash(line)
        self.rows.add(RegisterLine, **line._asdict(), hash=hash_)
        self.rows.add(
            RegisterEntry,
            id=made_id(Kind.REGISTER, number, at),
            municipality_id=municipality_id,
            person_id=person_id,
            association_id=association_id,
            first_day=first_day,
            last_day=None,
            last_line=line.number,
        )
        return End(line.number, hash_)


def _who_they_are(connection: Connection, person_ids: set[UUID]) -> dict[UUID, Who]:
    """What each register says of them; rows name everybody before anybody joins."""
    found = {}
    for some in batched(sorted(person_ids)):
        rows = connection.execute(
            select(Person.id, Person.name, Person.birth_year).where(Person.id.in_(some))
        )
        found.update({row.id: Who(row.name, row.birth_year) for row in rows})
    return found


def batched(ids: list[UUID], size: int = 5_000) -> Iterator[list[UUID]]:
    """A few thousand at a time: a statement takes only so many values."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
