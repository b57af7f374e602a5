"""What of a person decides which projects suit them: what they speak, when they have time, what
they can show. Their own eyes only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, String, Subquery, cast, func, select

from civic.accounts.models import FreeTime, Person
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import Requirement, RequirementKind, SessionState
from civic.enrolment.models import Booking, Qualification
from civic.enrolment.rules import HELD
from civic.kernel.context import Context

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Circumstances:
    languages: tuple[str, ...] = ()
    birth_year: int | None = None
    free: frozenset[int] = frozenset()
    busy: tuple[Span, ...] = ()
    """Sessions in which they have a place or wait for one."""
    held: frozenset[Requirement] = frozenset()


def circumstances(ctx: Context) -> Circumstances:
    """The actor's own, in one statement: a row for each session, at least one."""
    booked = _booked(ctx)
    rows = ctx.db.execute(
        select(
            Person.languages,
            Person.birth_year,
            _free().label("free"),
            _held().label("held"),
            booked.c.starts_at,
            booked.c.ends_at,
        )
        .outerjoin(booked, booked.c.person_id == Person.id)
        .where(Person.id == ctx.actor.person_id)
    ).all()
    if not rows:
        return Circumstances()
    own = rows[0]
    pairs = (word.split(":", 1) for word in (own.held or "").split())
    return Circumstances(
        tuple(own.languages),
        own.birth_year,
        frozenset(map(int, (own.free or "").split())),
        tuple((row.starts_at, row.ends_at) for row in rows if row.starts_at is not None),
        frozenset(Requirement(RequirementKind(kind), value) for kind, value in pairs),
    )


def _booked(ctx: Context) -> Subquery:
    return (
        select(Booking.person_id, ProjectSession.starts_at, ProjectSession.ends_at)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.person_id == ctx.actor.person_id)
        .where(Booking.state.in_(HELD))
        .where(ProjectSession.state == SessionState.SCHEDULED)
        .where(ProjectSession.ends_at > ctx.now())
        .subquery()
    )


def _free() -> ScalarSelect[str]:
    return (
        select(func.aggregate_strings(cast(FreeTime.slot, String), " "))
        .where(FreeTime.person_id == Person.id)
        .scalar_subquery()
    )


def _held() -> ScalarSelect[str]:
    shown = cast(Qualification.kind, String) + ":" + Qualification.value
    return (
        select(func.aggregate_strings(shown, " "))
        .where(Qualification.person_id == Person.id)
        .scalar_subquery()
    )
