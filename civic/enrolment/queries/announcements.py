"""What organisers wrote to those who come to a session, and whom such a message reaches."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select

from civic.accounts.models import Contact, Person
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.enrolment.models import Announcement, Booking
from civic.enrolment.policy import ANNOUNCE
from civic.enrolment.rules import HELD, BookingState
from civic.kernel.context import Context
from civic.kernel.i18n import best_language

THROTTLED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class SentLine:
    made_at: datetime
    author_name: str
    language: str
    words: str
    with_waiting: bool
    people: int


@dataclass(frozen=True)
class Audience:
    """Those a message would go to, by the language in which they read it."""

    languages: tuple[tuple[str, int], ...]
    """Page language and how many people, the most frequent first."""
    out_of_reach: int
    """People without a phone number or an e-mail address."""

    @property
    def people(self) -> int:
        return sum(count for _, count in self.languages)


@dataclass(frozen=True)
class MessageDesk:
    """What the page for writing to a session's people needs."""

    facts: SessionFacts
    confirmed: Audience
    with_waiting: Audience
    sent: tuple[SentLine, ...]


@dataclass(frozen=True)
class StoredAnnouncement:
    session_id: UUID
    language: str
    words: str
    with_waiting: bool


def states_of(with_waiting: bool) -> tuple[BookingState, ...]:
    return HELD if with_waiting else (BookingState.CONFIRMED,)


def message_desk(ctx: Context, session_id: UUID) -> MessageDesk:
    facts = session_for(ctx, session_id, ANNOUNCE)
    return MessageDesk(
        facts,
        audience(ctx, session_id, with_waiting=False),
        audience(ctx, session_id, with_waiting=True),
        sent_lines(ctx, session_id),
    )


def audience(ctx: Context, session_id: UUID, *, with_waiting: bool) -> Audience:
    rows = ctx.db.execute(
        select(
            Person.page_language,
            exists().where(Contact.person_id == Person.id).label("is_reached"),
        )
        .join(Booking, Booking.person_id == Person.id)
        .where(Booking.session_id == session_id)
        .where(Booking.state.in_(states_of(with_waiting)))
    ).all()
    counted = Counter(best_language([row.page_language]).tag for row in rows if row.is_reached)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return Audience(tuple(ordered), sum(not row.is_reached for row in rows))


def sent_lines(ctx: Context, session_id: UUID) -> tuple[SentLine, ...]:
    """The newest first; callers hold a gate."""
    rows = ctx.db.execute(
        select(
            Announcement.made_at,
            Person.name,
            Announcement.language,
            Announcement.words,
            Announcement.with_waiting,
            Announcement.people,
        )
        .join(Person, Person.id == Announcement.author_id)
        .where(Announcement.session_id == session_id)
        .order_by(Announcement.made_at.desc(), Announcement.id.desc())
    )
    return tuple(SentLine(*row) for row in rows)


def sent_lately(ctx: Context, session_id: UUID) -> int:
    return (
        ctx.db.scalar(
            select(func.count(Announcement.id))
            .where(Announcement.session_id == session_id)
            .where(Announcement.made_at > ctx.now() - THROTTLED_FOR)
        )
        or 0
    )


def stored_announcement(ctx: Context, announcement_id: UUID) -> StoredAnnouncement | None:
    row = ctx.db.execute(
        select(
            Announcement.session_id,
            Announcement.language,
            Announcement.words,
            Announcement.with_waiting,
        ).where(Announcement.id == announcement_id)
    ).first()
    return StoredAnnouncement(*row) if row else None
