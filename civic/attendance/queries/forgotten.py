"""Who came in and was never seen to leave, in all cities, and what was proposed for them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Result, and_, exists, or_, select
from sqlalchemy.orm import aliased

from civic.attendance.hours import FORGOTTEN_AFTER, FORGOTTEN_UNTIL, forgotten, worked
from civic.attendance.models import CheckDecision, CheckEvent, Correction
from civic.attendance.rules import (
    DISCOUNTED,
    ONLY_OUT_OF_ORDER,
    CorrectionKind,
    CorrectionState,
    Direction,
    Mark,
)
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import LONGEST_SESSION
from civic.kernel.context import Context

MOST_LOOKED_AT = 500
"""New people a turn; the next turn is a quarter of an hour later."""

Who = tuple[UUID, UUID]
"""Session and person."""


@dataclass(frozen=True)
class Ours:
    """What the system proposed for a day, and what became of it."""

    id: UUID
    minutes: int
    state: CorrectionState
    is_decided_by_somebody: bool


@dataclass
class Stay:
    """Of one person in one session: what was scanned, proposed and corrected."""

    session_id: UUID
    person_id: UUID
    municipality_id: UUID
    starts_at: datetime
    ends_at: datetime
    marks: list[Mark] = field(default_factory=list)
    ours: dict[date, Ours] = field(default_factory=dict)
    by_hand: set[date] = field(default_factory=set)
    """Days of which somebody has said how many minutes it were."""

    def wanted(self, now: datetime) -> dict[date, int]:
        """Minutes to be proposed, by day: where they differ from what stands already."""
        found = forgotten(self.marks, self.starts_at, self.ends_at, now) or {}
        standing = worked(self.marks, self.starts_at, self.ends_at).minutes
        return {
            day: minutes
            for day, minutes in found.items()
            if day not in self.by_hand and minutes != standing.get(day, 0)
        }


def open_stays(ctx: Context) -> list[Stay]:
    """Four statements, however many they are. Callers look at all cities."""
    stays = {**_never_seen_to_leave(ctx), **_proposed(ctx)}
    if stays:
        _add_marks(ctx, stays)
        _add_corrections(ctx, stays)
    return list(stays.values())


def _is_lately(ctx: Context) -> ColumnElement[bool]:
    now, session = ctx.now(), ProjectSession
    return (
        # The start alone stands in an index; no session is longer than this.
        (session.starts_at > now - FORGOTTEN_UNTIL - LONGEST_SESSION)
        & (session.ends_at > now - FORGOTTEN_UNTIL)
        & (session.ends_at <= now - FORGOTTEN_AFTER)
    )


def never_seen_to_leave() -> ColumnElement[bool]:
    """Of an entry that counts, that nothing follows it."""
    entry, out = CheckEvent, aliased(CheckEvent)
    left = exists().where(
        out.session_id == entry.session_id,
        out.person_id == entry.person_id,
        out.direction != Direction.ENTRY,
        out.scanned_at >= entry.scanned_at,
        _counts(out),
    )
    return and_(
        entry.person_id.is_not(None), entry.direction == Direction.ENTRY, _counts(entry), ~left
    )


def _never_seen_to_leave(ctx: Context) -> dict[Who, Stay]:
    """Those for whom nothing was proposed yet; the latest sessions first."""
    session, entry = ProjectSession, CheckEvent
    proposed = exists().where(
        Correction.session_id == entry.session_id,
        Correction.person_id == entry.person_id,
        Correction.kind == CorrectionKind.FORGOTTEN_EXIT,
    )
    rows: Result[*tuple[Any, ...]] = ctx.db.execute(
        select(
            session.id,
            entry.person_id,
            session.municipality_id,
            session.starts_at,
            session.ends_at,
        )
        .join(entry, entry.session_id == session.id)
        .where(_is_lately(ctx), never_seen_to_leave(), ~proposed)
        .distinct()
        .order_by(session.ends_at.desc(), session.id, entry.person_id)
        .limit(MOST_LOOKED_AT)
    )
    return {(row[0], row[1]): Stay(*row) for row in rows}


def _counts(event: type[CheckEvent]) -> ColumnElement[bool]:
    """As `Mark.counts`, of a scan that nobody took back."""
    taken_back = exists().where(
        CheckDecision.event_id == event.id, CheckDecision.decision.in_(DISCOUNTED)
    )
    tells = or_(
        event.reason.is_(None), event.reason.in_(ONLY_OUT_OF_ORDER), event.is_forced.is_(True)
    )
    return tells & ~taken_back


def _proposed(ctx: Context) -> dict[Who, Stay]:
    """Those for whom a proposal is open; and those whose proposal was withdrawn, perhaps for an
    exit that somebody set aside since."""
    session = ProjectSession
    withdrawn = Correction.decided_by.is_(None) & (Correction.state == CorrectionState.REFUSED)
    rows = ctx.db.execute(
        select(
            session.id,
            Correction.person_id,
            session.municipality_id,
            session.starts_at,
            session.ends_at,
        )
        .join(Correction, Correction.session_id == session.id)
        .where(Correction.kind == CorrectionKind.FORGOTTEN_EXIT)
        .where(
            or_(
                Correction.state == CorrectionState.PROPOSED,
                withdrawn & _is_lately(ctx),
            )
        )
        .distinct()
    )
    return {(row[0], row[1]): Stay(*row) for row in rows}


def _add_marks(ctx: Context, stays: Mapping[Who, Stay]) -> None:
    rows: Result[*tuple[Any, ...]] = ctx.db.execute(
        select(
            CheckEvent.session_id,
            CheckEvent.person_id,
            CheckEvent.id,
            CheckEvent.direction,
            CheckEvent.scanned_at,
            CheckEvent.reason,
            CheckEvent.is_forced,
        )
        .outerjoin(CheckDecision, CheckDecision.event_id == CheckEvent.id)
        .where(*_of_these(CheckEvent, stays))
        .where(or_(CheckDecision.decision.is_(None), CheckDecision.decision.not_in(DISCOUNTED)))
    )
    for session_id, person_id, *mark in rows:
        if (stay := stays.get((session_id, person_id))) is not None:
            stay.marks.append(Mark(*mark))


def _add_corrections(ctx: Context, stays: Mapping[Who, Stay]) -> None:
    rows = ctx.db.execute(
        select(
            Correction.session_id,
            Correction.person_id,
            Correction.day,
            Correction.kind,
            Correction.id,
            Correction.minutes,
            Correction.state,
            Correction.decided_by,
        ).where(*_of_these(Correction, stays))
    )
    for row in rows:
        stay = stays.get((row.session_id, row.person_id))
        if stay is None:
            continue
        if row.kind is CorrectionKind.FORGOTTEN_EXIT:
            is_decided = row.decided_by is not None
            stay.ours[row.day] = Ours(row.id, row.minutes, row.state, is_decided)
        elif row.state is not CorrectionState.REFUSED:
            stay.by_hand.add(row.day)


def _of_these(
    model: type[CheckEvent] | type[Correction], stays: Collection[Who]
) -> tuple[ColumnElement[bool], ...]:
    """Somewhat more than these pairs, in a statement that both databases take."""
    sessions = {session_id for session_id, _person in stays}
    people = {person_id for _session, person_id in stays}
    return (model.session_id.in_(sessions), model.person_id.in_(people))
