"""Sessions that moved, and several that were cancelled at once: one message for each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from civic.catalogue.events import SeriesMoved, SessionMoved
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.enrolment.events import PlacesCancelled
from civic.enrolment.queries.reconfirming import Held, clash_of, held_by, held_in
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind

MOST_LISTED = 12
"""Dates in one message; the page behind its link shows them all."""


@dataclass(frozen=True)
class Old:
    """When and where a session was."""

    starts_at: datetime
    ends_at: datetime
    meeting_point: str


def on_session_moved(ctx: Context, event: SessionMoved) -> None:
    """Old and new side by side, for those with a place and those who wait for one."""
    old = Old(event.old_starts_at, event.old_ends_at, event.old_meeting_point)
    _tell_moved(ctx, {event.session_id: old})


def on_series_moved(ctx: Context, event: SeriesMoved) -> None:
    before = zip(event.old_starts_at, event.old_ends_at, event.old_meeting_points, strict=True)
    olds = [Old(*old) for old in before]
    _tell_moved(ctx, dict(zip(event.session_ids, olds, strict=True)))


def _tell_moved(ctx: Context, before: dict[UUID, Old]) -> None:
    # Who is concerned and where things stand is read now: a session that was cancelled since, or
    # a place given back, is no news.
    held = sorted(held_in(ctx, list(before)), key=lambda booking: booking.person_id)
    now = session_facts(ctx, before)
    for person_id, group in groupby(held, key=lambda booking: booking.person_id):
        theirs = [booking for booking in group if booking.session_id in now]
        if theirs:
            what = [f"{b.session_id.hex}:{now[b.session_id].sequence}" for b in theirs]
            _tell_person(ctx, person_id, theirs, before, _once("session_changed", person_id, what))


def _tell_person(
    ctx: Context, person_id: UUID, theirs: Sequence[Held], before: dict[UUID, Old], once_key: str
) -> None:
    theirs = sorted(theirs, key=lambda booking: (booking.starts_at, booking.session_id))
    ids = [booking.session_id for booking in theirs]
    own = held_by(ctx, person_id)
    found = [clash_of(booking, own) for booking in theirs]
    # Two that both moved stand in the message as they are: each would name the other.
    clashes = [clash for clash in dict.fromkeys(found) if clash is not None and clash not in before]

    def values(language: str) -> dict[str, Any]:
        facts = session_facts(ctx, {*ids, *clashes}, language)
        moves = [_move(facts[b.session_id], _agreed(b, before[b.session_id])) for b in theirs]
        return _title(facts[ids[0]], language) | {
            "moves": moves[:MOST_LISTED],
            "more": len(moves[MOST_LISTED:]),
            "clashes": [
                _title(facts[clash], language) | _when(facts[clash])
                for clash in clashes
                if clash in facts
            ],
        }

    letters.send_to_person(ctx, person_id, MessageKind.SESSION_CHANGED, once_key, values)


def on_places_cancelled(ctx: Context, event: PlacesCancelled) -> None:
    """All the cancelled sessions of a person in one message."""

    def values(language: str) -> dict[str, Any]:
        facts = session_facts(ctx, event.session_ids, language)
        dates = sorted(facts.values(), key=lambda one: (one.starts_at, one.id))
        return _title(dates[0], language) | {
            "dates": [_when(one) for one in dates[:MOST_LISTED]],
            "more": len(dates[MOST_LISTED:]),
        }

    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.SESSION_CANCELLED,
        _once("session_cancelled", event.person_id, [one.hex for one in event.session_ids]),
        values,
    )


def _agreed(booking: Held, old: Old) -> Old:
    """What they last said yes to: after two moves in a row that is not where it was in between."""
    if booking.asked and booking.agreed_starts_at and booking.agreed_ends_at:
        point = booking.agreed_meeting_point or old.meeting_point
        return Old(booking.agreed_starts_at, booking.agreed_ends_at, point)
    return old


def _move(facts: SessionFacts, old: Old) -> dict[str, Any]:
    return _when(facts) | {
        "old_starts_at": old.starts_at,
        "old_ends_at": old.ends_at,
        "old_meeting_point": old.meeting_point,
    }


def _when(facts: SessionFacts) -> dict[str, Any]:
    return {
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "meeting_point": facts.meeting_point,
    }


def _title(facts: SessionFacts, language: str) -> dict[str, Any]:
    return {
        "title": letters.isolated(facts.title, facts.title_language, language),
        "slug": facts.slug,
    }


def _once(kind: str, person_id: UUID, what: Sequence[str]) -> str:
    """The same news about the same sessions goes to a person once, however often it is brought."""
    if len(what) == 1:
        session, _, sequence = what[0].partition(":")
        return ":".join(part for part in (kind, session, person_id.hex, sequence) if part)
    return f"{kind}:{person_id.hex}:{sha256(','.join(sorted(what)).encode()).hexdigest()}"
