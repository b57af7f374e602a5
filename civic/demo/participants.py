"""People sign up, and those of each city who like a project join it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from civic.accounts import operations as accounts
from civic.accounts.contacts import ContactPoint
from civic.accounts.rules import ContactKind
from civic.demo.ids import DEMO_NUMBERS
from civic.demo.passes import PassMaker
from civic.demo.people import PEOPLE, contact_of
from civic.demo.rows import Rows
from civic.demo.shape import DemoPerson, DemoProject
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.enrolment.operations import consents
from civic.enrolment.rules import is_old_enough
from civic.kernel.clock import rome_day

POOL = 1.5
"""People who join a project, for each of its places."""


@dataclass
class Participants:
    """The people of the demonstration, their ids, and when each of them is busy."""

    ids: dict[DemoPerson, UUID]
    birth_years: dict[DemoPerson, int]
    busy: dict[UUID, list[tuple[datetime, datetime]]] = field(default_factory=dict)

    def is_free(self, person_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
        return all(
            ends_at <= other_start or other_end <= starts_at
            for other_start, other_end in self.busy.get(person_id, ())
        )

    def occupy(self, person_id: UUID, starts_at: datetime, ends_at: datetime) -> None:
        self.busy.setdefault(person_id, []).append((starts_at, ends_at))


def numbers() -> Iterator[int]:
    return count(DEMO_NUMBERS)


def birth_year_of(person: DemoPerson, now: datetime) -> int:
    return rome_day(now).year - person.age


def sign_up(
    timeline: Timeline, stage: Stage, at: datetime, rows: Rows, pass_maker: PassMaker
) -> Participants:
    """Each registers, is known in their cities and holds a pass there."""
    made = Participants({}, {})
    numbered = numbers()
    for position, person in enumerate(PEOPLE):
        since = at + timedelta(minutes=7 * position)
        kind, value = contact_of(position)
        birth_year = birth_year_of(person, timeline.now)
        cities = [stage.cities[key] for key in (person.city, *person.also_in)]
        with timeline.acting(stage.everywhere, since) as ctx:
            person_id = accounts.register(
                ctx,
                accounts.NewPerson(
                    person.name,
                    birth_year,
                    person.languages,
                    person.page_language,
                    contact=ContactPoint(ContactKind(kind), value),
                    nationality=person.nationality,
                ),
            )
            for city_id in cities:
                accounts.note_in_city(ctx, person_id, city_id)
        for city_id in cities:
            pass_maker.hand_out(rows, next(numbered), person_id, city_id, since)
        if person.guardian:
            with timeline.acting(stage.officers[person.city], since) as ctx:
                consents.record_consent(ctx, person_id, stage.cities[person.city], person.guardian)
        made.ids[person], made.birth_years[person] = person_id, birth_year
    return made


def pool_of(
    project: DemoProject, people: Participants, chance: Random, now: datetime
) -> Sequence[DemoPerson]:
    """Who joins: old enough, of that city, those first who share a language with the project."""
    today = rome_day(now)
    able = [
        person
        for person in PEOPLE
        if project.city in (person.city, *person.also_in)
        and is_old_enough(people.birth_years[person], project.minimum_age, today)
    ]
    chance.shuffle(able)
    able.sort(key=lambda person: not set(person.languages) & set(project.languages))
    places = max(meeting.places for meeting in project.meetings)
    return able[: round(places * POOL)]
