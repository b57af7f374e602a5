"""One city of the large data, from its associations to its badges."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from random import Random
from uuid import UUID

from sqlalchemy import Connection, select

from civic.demo.bulk.offer import SLOTS, Offer
from civic.demo.bulk.people import People
from civic.demo.bulk.scale import CITIES, CITY_NAMES, PROJECTS_PER_ASSOCIATION, Scale, shares
from civic.demo.bulk.visits import POOL, Visits
from civic.demo.bulk.words import ASSOCIATION_NAMES
from civic.demo.ids import Kind, made_id
from civic.demo.journal import Journal
from civic.demo.passes import PassMaker
from civic.demo.recognition import Recognition, earned_by, standards
from civic.demo.rows import Rows
from civic.enrolment.models import InsurancePolicy, PolicyBasis
from civic.enrolment.rules import LegalBasis
from civic.kernel.clock import rome_day
from civic.kernel.policy import Role
from civic.tenancy.models import Association, AssociationInCity, Municipality
from civic.tenancy.rules import Verification

CONFIRMED = 0.5


@dataclass(frozen=True)
class CityMaker:
    connection: Connection
    scale: Scale
    position: int
    now: datetime
    pass_maker: PassMaker

    @property
    def slug(self) -> str:
        return CITY_NAMES[self.position].lower()

    @property
    def middle(self) -> tuple[float, float]:
        return CITIES[CITY_NAMES[self.position]]

    @property
    def mark(self) -> str:
        """How the slugs of this city's associations begin."""
        return f"made-{self.scale.name}-{self.slug}-"

    @property
    def projects(self) -> range:
        return shares(self.scale.projects, self.scale.cities)[self.position]

    @property
    def participants(self) -> range:
        return shares(self.scale.participants, self.scale.cities)[self.position]

    def make(self, done: Callable[[int], object]) -> None:
        rows = Rows(self.connection)
        # Seeded by the city, so that one city comes out the same whatever was made before it.
        chance = Random(f"{self.scale.name} {self.position}")
        city_id = self._municipality(rows)
        people = People(rows, chance, city_id, self.now, self.pass_maker)
        organiser_of = self._associations(rows, people, city_id)
        associations = list(organiser_of)
        persons = [people.participant(number) for number in self.participants]
        visits_each = self.scale.visits_per_session
        offer = Offer(rows, chance, city_id, self.middle, self.now, visits_each)
        journal = Journal(rows)
        visits = Visits(journal, chance, offer, self.now, visits_each)
        pools = _Pools(persons, ceil(visits_each * POOL), chance)
        for place, number in enumerate(self.projects):
            slot = place % len(SLOTS)
            association_id = associations[place % len(associations)]
            project = offer.project(number, slot, association_id, organiser_of[association_id])
            visits.fill(project, pools.next_of(slot))
            rows.write_if_many()
            done(1)
        journal.write_registers()
        self._recognise(Recognition(rows), journal, organiser_of, chance)
        rows.write()

    def _recognise(
        self,
        recognition: Recognition,
        journal: Journal,
        organiser_of: dict[UUID, UUID],
        chance: Random,
    ) -> None:
        """Half of what was earned is confirmed; nobody has an account in two of these cities."""
        all_standards = standards(self.connection)
        first = self.participants.start * len(all_standards)
        for number, what in enumerate(earned_by(journal.worked, all_standards), first):
            opened_at = self.now - timedelta(days=2, minutes=number % 1440)
            if chance.random() < CONFIRMED:
                decided_at = opened_at + timedelta(days=1)
                assessor_id = organiser_of[what.association_id]
                recognition.propose(number, what, opened_at, decided_at, assessor_id)
            else:
                recognition.propose(number, what, opened_at)

    def _municipality(self, rows: Rows) -> UUID:
        table = Municipality.__table__
        known = self.connection.scalar(select(table.c.id).where(table.c.slug == self.slug))
        if known is not None:
            return UUID(str(known))
        city_id = made_id(Kind.MUNICIPALITY, self.position, self.now)
        rows.add(Municipality, id=city_id, slug=self.slug, name=CITY_NAMES[self.position])
        return city_id

    def _associations(self, rows: Rows, people: People, city_id: UUID) -> dict[UUID, UUID]:
        """Associations of the city, each with its organiser."""
        total = max(1, self.scale.projects // PROJECTS_PER_ASSOCIATION)
        organiser_of = {}
        founded = self.now - timedelta(days=500)
        officer_id = people.staff(total + self.position, Role.OFFICER, None)
        for number in shares(max(total, self.scale.cities), self.scale.cities)[self.position]:
            association_id = made_id(Kind.ASSOCIATION, number, founded)
            name = f"{ASSOCIATION_NAMES[number % len(ASSOCIATION_NAMES)]} {self.slug.capitalize()}"
            rows.add(
                Association,
                id=association_id,
                slug=f"{self.mark}{number:05}",
                name=f"{name} {number:03} APS",
            )
            rows.add(
                AssociationInCity,
                id=made_id(Kind.STANDING, number, founded),
                municipality_id=city_id,
                association_id=association_id,
                verification=Verification.VERIFIED,
                decided_at=founded,
                decided_by=officer_id,
            )
            policy_id = made_id(Kind.POLICY, number, founded)
            rows.add(
                InsurancePolicy,
                id=policy_id,
                municipality_id=city_id,
                association_id=association_id,
                insurer="Mutua della Rete",
                number=f"RC-{number:06}",
                starts_on=rome_day(self.now) - timedelta(days=400),
                ends_on=rome_day(self.now) + timedelta(days=330),
            )
            for basis in (LegalBasis.VOLUNTEER, LegalBasis.OCCASIONAL):
                rows.add(PolicyBasis, policy_id=policy_id, legal_basis=basis)
            organiser_of[association_id] = people.staff(
                total + self.scale.cities + number, Role.ORGANISER, association_id
            )
        return organiser_of


class _Pools:
    """Deals people to projects: within one slot of the week nobody is dealt twice before all were."""

    def __init__(self, persons: list[UUID], size: int, chance: Random) -> None:
        self._persons = persons
        self._size = size
        self._decks = {slot: chance.sample(persons, len(persons)) for slot in range(len(SLOTS))}

    def next_of(self, slot: int) -> list[UUID]:
        deck = self._decks[slot]
        if len(deck) < self._size:
            raise ValueError("too few participants for so many visits at one hour")
        pool, self._decks[slot] = deck[: self._size], deck[self._size :]
        return pool
