"""Badges: what the hours earned was proposed, and half of it confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Connection, select

from civic.badges.models import Achievement, Award, Proposal
from civic.badges.rules import ProposalState, Rule, Worked, assessor, earned, tally
from civic.demo.ids import Kind, made_id
from civic.demo.rows import Rows


@dataclass(frozen=True)
class Standard:
    """An achievement as the database holds it."""

    id: UUID
    rule: Rule
    skills: tuple[str, ...]


def standards(connection: Connection) -> list[Standard]:
    table = Achievement.__table__
    found = connection.execute(
        select(table.c.id, table.c.rule, table.c.area, table.c.skills).order_by(table.c.code)
    )
    return [Standard(row.id, Rule.of(row.rule, row.area), tuple(row.skills)) for row in found]


@dataclass(frozen=True)
class Recognition:
    rows: Rows
    chance: Random
    municipality_id: UUID
    now: datetime
    organiser_of: Mapping[UUID, UUID]
    """By association: who confirms."""

    def propose(
        self,
        first_number: int,
        worked: Mapping[tuple[UUID, UUID], Sequence[Worked]],
        all_standards: Sequence[Standard],
    ) -> None:
        number = first_number
        for (_city_id, person_id), lines in worked.items():
            for standard in all_standards:
                if earned(standard.rule, lines):
                    self._settle(number, person_id, lines, standard)
                number += 1

    def _settle(
        self, number: int, person_id: UUID, lines: Sequence[Worked], standard: Standard
    ) -> None:
        last = lines[-1].association_id
        assert last is not None  # noqa: S101 - every line made here names its association
        association_id = assessor(standard.rule, lines, last)
        have = tally(standard.rule, lines)
        opened_at = self.now - timedelta(days=2, minutes=number % 1440)
        is_confirmed = self.chance.random() < 0.5
        decided_at = opened_at + timedelta(days=1) if is_confirmed else None
        organiser_id = self.organiser_of[association_id]
        shared = {
            "municipality_id": self.municipality_id,
            "person_id": person_id,
            "achievement_id": standard.id,
            "association_id": association_id,
            "minutes": have.minutes,
            "sessions": have.sessions,
        }
        self.rows.add(
            Proposal,
            id=made_id(Kind.PROPOSAL, number, opened_at),
            state=ProposalState.CONFIRMED if is_confirmed else ProposalState.OPEN,
            opened_at=opened_at,
            decided_at=decided_at,
            decided_by=organiser_id if is_confirmed else None,
            **shared,
        )
        if decided_at:
            self.rows.add(
                Award,
                id=made_id(Kind.AWARD, number, decided_at),
                assessor_id=organiser_id,
                skills=list(standard.skills),
                awarded_at=decided_at,
                **shared,
            )
