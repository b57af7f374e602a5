"""What a person's own calendar shows, and the address at which it asks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from civic.accounts.models import Person
from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.enrolment.models import Booking, CalendarFeed
from civic.enrolment.rules import GIVEN_UP, WITH_PLACE, BookingState
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound

PAST_KEPT = timedelta(days=30)
CANCELLED_KEPT = timedelta(days=60)
"""A calendar that asks only now and then must still learn that a date is off."""


@dataclass(frozen=True)
class CalendarEntry:
    facts: SessionFacts
    state: BookingState
    booking_sequence: int
    changed_at: datetime

    @property
    def sequence(self) -> int:
        """Of the session and of the booking together: no change of either can lower it."""
        return self.facts.sequence + self.booking_sequence

    @property
    def status(self) -> str:
        """As RFC 5545 names it. A place that is only offered is not certain yet."""
        if self.facts.is_cancelled or self.state in GIVEN_UP:
            return "CANCELLED"
        return "TENTATIVE" if self.state is BookingState.OFFERED else "CONFIRMED"


def calendar_entries(ctx: Context, person_id: UUID, language: str) -> list[CalendarEntry]:
    """A person's places everywhere, those lately over and those lately given up too."""
    now = ctx.now()
    with unscoped(ctx.db, "a person's own calendar"):
        rows = ctx.db.execute(
            select(Booking.session_id, Booking.state, Booking.sequence, Booking.changed_at)
            .join(ProjectSession, ProjectSession.id == Booking.session_id)
            .where(Booking.person_id == person_id)
            .where(
                or_(
                    and_(
                        Booking.state.in_(WITH_PLACE),
                        ProjectSession.ends_at > now - PAST_KEPT,
                    ),
                    and_(
                        Booking.state.in_(GIVEN_UP),
                        Booking.changed_at > now - CANCELLED_KEPT,
                    ),
                )
            )
            .order_by(ProjectSession.starts_at, ProjectSession.id)
        ).all()
        facts = session_facts(ctx, [row.session_id for row in rows], language) if rows else {}
    return [CalendarEntry(facts[row[0]], row[1], row[2], row[3]) for row in rows]


def my_entries(ctx: Context, language: str) -> list[CalendarEntry]:
    return calendar_entries(ctx, ctx.actor.own_id, language)


@dataclass(frozen=True)
class OpenFeed:
    person_id: UUID
    language: str
    """What its person reads."""


def open_feed(ctx: Context, token_hash: str) -> OpenFeed:
    """Whose calendar asks; an address switched off is an address that never was."""
    row = ctx.db.execute(
        select(CalendarFeed.person_id, Person.page_language)
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(CalendarFeed.token_hash == token_hash)
        .where(CalendarFeed.revoked_at.is_(None))
    ).first()
    if row is None:
        raise NotFound
    return OpenFeed(row.person_id, row.page_language)


def my_feed_since(ctx: Context) -> datetime | None:
    """Since when the actor's address works; None when there is none."""
    return ctx.db.scalar(
        select(CalendarFeed.created_at)
        .where(CalendarFeed.person_id == ctx.actor.own_id)
        .where(CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.created_at.desc())
        .limit(1)
    )
