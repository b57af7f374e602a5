"""Who takes part in the made-up projects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from civic.demo.bulk.offer import DealtProject, Offer
from civic.demo.journal import Journal, MadeSession
from civic.enrolment.rules import BookingState

POOL = 1.5
"""People who joined a project, for each who comes to one of its sessions."""
ROOM = 1_000
"""Numbers kept for the people of one project, and of one session."""


@dataclass(frozen=True)
class Visits:
    journal: Journal
    chance: Random
    offer: Offer
    now: datetime
    visits: int

    def fill(self, dealt: DealtProject, pool: Sequence[UUID]) -> None:
        for place, person_id in enumerate(pool):
            joined_at = dealt.published_at + timedelta(hours=place % 24, minutes=dealt.number % 60)
            self.journal.join(dealt.number * ROOM + place, dealt.project, person_id, joined_at)
        for number, session in dealt.sessions:
            if session.ends_at <= self.now:
                self._held(number, session, pool)
            else:
                self._coming(number, session, pool)

    def _held(self, number: int, session: MadeSession, pool: Sequence[UUID]) -> None:
        present = self.chance.sample(pool, self.visits)
        self.offer.write_session(session, len(present))
        for place, person_id in enumerate(present):
            asked_at = session.starts_at - timedelta(days=6, minutes=place)
            self.journal.book(number * ROOM + place, session, person_id, asked_at)
            came_at = session.starts_at + timedelta(minutes=self.chance.randrange(-10, 16))
            left_at = session.ends_at + timedelta(minutes=self.chance.randrange(-15, 11))
            self.journal.attend(number * ROOM + place, session, person_id, came_at, left_at)

    def _coming(self, number: int, session: MadeSession, pool: Sequence[UUID]) -> None:
        asking = self.chance.sample(pool, self.chance.randrange(len(pool) + 1))
        taken = min(len(asking), session.places)
        self.offer.write_session(session, taken)
        for place, person_id in enumerate(asking):
            asked_at = self.now - timedelta(days=1) + timedelta(minutes=place)
            state = BookingState.CONFIRMED if place < taken else BookingState.WAITING
            self.journal.book(number * ROOM + place, session, person_id, asked_at, state)
