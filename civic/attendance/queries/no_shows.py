"""Who had a place and was not seen: people to call, never to leave out."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from civic.accounts.models import Person
from civic.accounts.queries import PersonFile, Reach, person_for, reachable
from civic.attendance.models import CheckEvent, Correction, NoShow
from civic.attendance.policy import FOLLOW_UP
from civic.attendance.queries.taken_back import is_taken_back
from civic.attendance.rules import (
    NOTICED_AFTER,
    NOTICED_UNTIL,
    ONLY_OUT_OF_ORDER,
    CorrectionState,
    Direction,
    Outcome,
)
from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.rules import LONGEST_SESSION, SessionState
from civic.enrolment.models import Booking
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place

MOST_NOTICED = 500
MOST_SHOWN = 200
REASON = "no_show"
"""Why the file was opened, as the person reads it."""


@dataclass(frozen=True)
class Missed:
    """Somebody who was not seen at a session."""

    municipality_id: UUID
    session_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class ToCall:
    """Somebody to call, with all they missed: one call, not one for each."""

    person_id: UUID
    name: str
    languages: tuple[str, ...]
    sessions: tuple[SessionFacts, ...]


@dataclass(frozen=True)
class CallPage:
    file: PersonFile
    reach: Reach | None
    sessions: tuple[SessionFacts, ...]


def missed_lately(ctx: Context) -> list[Missed]:
    """Confirmed people of sessions that ended hours to days ago, whose attendance was taken, and of
    whom nothing at all was recorded there.

    A refused scan is a sign of them too: they were at the gate, and perhaps not insured.
    """
    now, session = ctx.now(), ProjectSession
    came_in = (CheckEvent.direction == Direction.ENTRY) & (CheckEvent.outcome == Outcome.ACCEPTED)
    was_taken = exists().where(CheckEvent.session_id == session.id, came_in, ~is_taken_back())
    # Taken back, it was somebody else's name that was tapped.
    seen = exists().where(
        CheckEvent.session_id == session.id,
        CheckEvent.person_id == Booking.person_id,
        ~is_taken_back(),
    )
    corrected = exists().where(
        Correction.session_id == session.id, Correction.person_id == Booking.person_id
    )
    noticed = exists().where(NoShow.session_id == session.id, NoShow.person_id == Booking.person_id)
    rows = ctx.db.execute(
        select(session.municipality_id, session.id, Booking.person_id)
        .join(Booking, Booking.session_id == session.id)
        .where(session.state == SessionState.SCHEDULED)
        # The start alone stands in an index; no session is longer than this.
        .where(session.starts_at > now - NOTICED_UNTIL - LONGEST_SESSION)
        .where(session.ends_at > now - NOTICED_UNTIL, session.ends_at <= now - NOTICED_AFTER)
        .where(Booking.state == BookingState.CONFIRMED)
        .where(was_taken, ~seen, ~corrected, ~noticed)
        .order_by(session.starts_at, session.id, Booking.person_id)
        .limit(MOST_NOTICED)
    )
    return [Missed(*row) for row in rows]


def _was_there() -> ColumnElement[bool]:
    """Seen or corrected to present after all: nothing to call about."""
    entered = exists().where(
        CheckEvent.session_id == NoShow.session_id,
        CheckEvent.person_id == NoShow.person_id,
        CheckEvent.direction == Direction.ENTRY,
        or_(
            CheckEvent.reason.is_(None),
            CheckEvent.reason.in_(ONLY_OUT_OF_ORDER),
            CheckEvent.is_forced.is_(True),
        ),
        ~is_taken_back(),
    )
    newest = (
        select(Correction.minutes)
        .where(Correction.session_id == NoShow.session_id)
        .where(Correction.person_id == NoShow.person_id)
        .where(Correction.state == CorrectionState.CONFIRMED)
        .order_by(Correction.decided_at.desc(), Correction.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    # Without a correction there is no number: and neither yes nor no would hide everybody.
    return or_(entered, func.coalesce(newest, 0) > 0)


def still_missed(ctx: Context, session_id: UUID, person_id: UUID) -> bool:
    """Whether it is still so, and nobody has followed it up."""
    return bool(
        ctx.db.scalar(
            select(NoShow.id)
            .where(NoShow.session_id == session_id)
            .where(NoShow.person_id == person_id)
            .where(NoShow.followed_up_at.is_(None))
            .where(~_was_there())
        )
    )


def people_to_call(ctx: Context, municipality_id: UUID) -> list[ToCall]:
    """The latest first. Two statements."""
    FOLLOW_UP.require(ctx.actor, Place(municipality_id))
    rows = ctx.db.execute(
        select(NoShow.session_id, Person.id, Person.name, Person.languages)
        .join(Person, Person.id == NoShow.person_id)
        .where(NoShow.municipality_id == municipality_id)
        .where(NoShow.followed_up_at.is_(None))
        .where(~_was_there())
        .order_by(NoShow.noticed_at.desc(), NoShow.id)
        .limit(MOST_SHOWN)
    ).all()
    facts = session_facts(ctx, [row.session_id for row in rows]) if rows else {}
    missed: dict[UUID, list[SessionFacts]] = {}
    for row in rows:
        if row.session_id in facts:
            missed.setdefault(row.id, []).append(facts[row.session_id])
    about = {row.id: row for row in rows}
    return [
        ToCall(
            person_id,
            about[person_id].name,
            tuple(about[person_id].languages),
            _by_day(sessions),
        )
        for person_id, sessions in missed.items()
    ]


def _by_day(sessions: Iterable[SessionFacts]) -> tuple[SessionFacts, ...]:
    return tuple(sorted(sessions, key=lambda facts: (facts.starts_at, facts.id)))


def city_to_call_from(ctx: Context, person_id: UUID) -> UUID:
    """A city of the actor's in which the person missed something that nobody followed up."""
    cities = ctx.db.scalars(
        select(NoShow.municipality_id)
        .where(NoShow.person_id == person_id)
        .where(NoShow.followed_up_at.is_(None))
        .where(~_was_there())
        .order_by(NoShow.noticed_at, NoShow.id)
    )
    for municipality_id in cities:
        if FOLLOW_UP.allows(ctx.actor, Place(municipality_id)):
            return municipality_id
    raise NotFound


def call_page(ctx: Context, person_id: UUID) -> CallPage:
    """Whom to call and how: their file, so that the reading is recorded."""
    city_id = city_to_call_from(ctx, person_id)
    file = person_for(ctx, person_id, FOLLOW_UP, REASON, municipality_id=city_id)
    missed = ctx.db.scalars(
        select(NoShow.session_id)
        .where(NoShow.person_id == person_id)
        .where(NoShow.municipality_id == city_id)
        .where(NoShow.followed_up_at.is_(None))
        .where(~_was_there())
    ).all()
    facts = session_facts(ctx, missed)
    return CallPage(file, reachable(ctx, person_id), _by_day(facts.values()))
