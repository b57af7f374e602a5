"""Participants of a city, and the staff behind its associations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from civic.accounts.models import Contact, Person, PersonInCity, RoleGrant
from civic.accounts.rules import ContactKind
from civic.demo.bulk.words import FAMILY_INITIALS, GIVEN_NAMES, ORIGINS
from civic.demo.ids import Kind, made_id
from civic.demo.passes import PassMaker
from civic.demo.rows import Rows
from civic.kernel.policy import Role

YOUNGEST, OLDEST = 20, 62
"""Adults only: minors come with a guardian's consent, which an officer records by hand."""


@dataclass(frozen=True)
class People:
    """Writes persons into one city."""

    rows: Rows
    chance: Random
    municipality_id: UUID
    now: datetime
    pass_maker: PassMaker

    def participant(self, number: int) -> UUID:
        since = self.now - timedelta(days=self.chance.randrange(70, 400), minutes=number % 1440)
        person_id = made_id(Kind.PERSON, number, since)
        nationality, languages, page_language = self.chance.choice(ORIGINS)
        name = self.chance.choice(GIVEN_NAMES)
        if self.chance.random() < 0.7:
            name = f"{name} {self.chance.choice(FAMILY_INITIALS)}."
        self.rows.add(
            Person,
            id=person_id,
            name=name,
            birth_year=self.now.year - self.chance.randrange(YOUNGEST, OLDEST),
            nationality=nationality,
            languages=list(languages),
            page_language=page_language,
            created_at=since,
        )
        self.rows.add(
            PersonInCity,
            id=made_id(Kind.IN_CITY, number, since),
            person_id=person_id,
            municipality_id=self.municipality_id,
            since=since,
        )
        self.rows.add(
            Contact,
            id=made_id(Kind.CONTACT, number, since),
            person_id=person_id,
            kind=ContactKind.EMAIL,
            value=f"person{number:06}@example.org",
        )
        self.pass_maker.hand_out(self.rows, number, person_id, self.municipality_id, since)
        return person_id

    def staff(self, number: int, role: Role, association_id: UUID | None) -> UUID:
        """Without a password: they stand in the rows, nobody signs in as them."""
        since = self.now - timedelta(days=500)
        person_id = made_id(Kind.STAFF, number, since)
        self.rows.add(
            Person,
            id=person_id,
            name=f"{self.chance.choice(GIVEN_NAMES)} {self.chance.choice(FAMILY_INITIALS)}.",
            birth_year=None,
            nationality=None,
            languages=["it"],
            page_language="it",
            created_at=since,
        )
        self.rows.add(
            RoleGrant,
            id=made_id(Kind.GRANT, number, since),
            person_id=person_id,
            role=role,
            municipality_id=self.municipality_id,
            association_id=association_id,
            discipline=None,
        )
        return person_id
