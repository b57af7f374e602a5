"""Badges as rows: what the hours earned was proposed, and some of it confirmed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from civic.badges.models import Achievement, Award, Proposal
from civic.badges.rules import Grounds, ProposalState, Rating, Rule, Worked, assessor, earned, tally
from civic.demo.ids import Kind, made_id
from civic.demo.rows import Rows

Ledger = Mapping[tuple[UUID, UUID], Sequence[Worked]]
"""Lines by city and person."""


@dataclass(frozen=True)
class Standard:
    """An achievement as the database holds it."""

    id: UUID
    code: str
    rule: Rule
    skills: tuple[str, ...]

    @property
    def ratings(self) -> dict[str, Rating]:
        """What the rule asks for, and of the others that they were seen."""
        return dict.fromkeys(self.skills, Rating.OBSERVED) | dict(self.rule.ratings)


@dataclass(frozen=True)
class Earned:
    municipality_id: UUID
    person_id: UUID
    association_id: UUID
    """Whose organisers are asked."""
    standard: Standard
    minutes: int
    sessions: int


def standards(connection: Connection) -> list[Standard]:
    table = Achievement.__table__
    columns = (table.c.id, table.c.code, table.c.rule, table.c.area, table.c.skills)
    found = connection.execute(select(*columns).order_by(table.c.code))
    return [
        Standard(row.id, row.code, Rule.of(row.rule, row.area), tuple(row.skills)) for row in found
    ]


def earned_by(ledger: Ledger, all_standards: Sequence[Standard]) -> Iterator[Earned]:
    for (city_id, person_id), lines in ledger.items():
        last, grounds = lines[-1].association_id, Grounds(lines)
        for standard in all_standards:
            if last is not None and earned(standard.rule, grounds):
                have = tally(standard.rule, grounds)
                asked = assessor(standard.rule, lines, last)
                yield Earned(city_id, person_id, asked, standard, have.minutes, have.sessions)


@dataclass
class Recognition:
    rows: Rows
    _held: set[tuple[UUID, UUID]] = field(default_factory=set)

    def is_held(self, what: Earned) -> bool:
        """Awarded before, in another city."""
        return (what.person_id, what.standard.id) in self._held

    def propose(
        self,
        number: int,
        what: Earned,
        opened_at: datetime,
        decided_at: datetime | None = None,
        assessor_id: UUID | None = None,
    ) -> UUID:
        """With a moment and an assessor it was confirmed then; what is held is not awarded twice."""
        shared = {
            "municipality_id": what.municipality_id,
            "person_id": what.person_id,
            "achievement_id": what.standard.id,
            "association_id": what.association_id,
            "minutes": what.minutes,
            "sessions": what.sessions,
        }
        proposal_id = made_id(Kind.PROPOSAL, number, opened_at)
        self.rows.add(
            Proposal,
            id=proposal_id,
            state=ProposalState.CONFIRMED if decided_at else ProposalState.OPEN,
            opened_at=opened_at,
            decided_at=decided_at,
            decided_by=assessor_id,
            **shared,
        )
        if decided_at and not self.is_held(what):
            self._held.add((what.person_id, what.standard.id))
            self.rows.add(
                Award,
                id=made_id(Kind.AWARD, number, decided_at),
                assessor_id=assessor_id,
                skills=list(what.standard.skills),
                ratings={skill: rating.value for skill, rating in what.standard.ratings.items()},
                awarded_at=decided_at,
                **shared,
            )
        return proposal_id
