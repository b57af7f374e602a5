"""Who is expected on a day at an association's sessions, reduced to what a gate needs that may have
no network."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select

from civic.accounts.models import Person
from civic.attendance.models import CheckDecision, CheckEvent, Pass
from civic.attendance.queries.devices import Device
from civic.attendance.rules import DISCOUNTED, Mark, Presence, in_order, presence
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.catalogue.rules import LONGEST_SESSION
from civic.enrolment.models import Booking, Enrolment
from civic.enrolment.queries.standing import standings_at
from civic.enrolment.rules import HELD, BookingState, EnrolmentState, Standing, needs_guardian
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.policy import Place

ABOUT_NOW = timedelta(days=45)


class Readiness(StrEnum):
    """What the gate would say of somebody who comes in time."""

    OK = "ok"
    WAITING = "waiting"
    """In line for a place."""
    NOT_APPROVED = "not_approved"
    """They asked to join, and nobody has answered."""
    NOT_INSURED = "not_insured"
    GUARDIAN_MISSING = "guardian_missing"


@dataclass(frozen=True)
class ExpectedPerson:
    person_id: UUID
    name: str
    pass_id: UUID | None
    """Of their living pass; None when none was ever handed out."""
    short_code: str
    readiness: Readiness
    presence: Presence = Presence.NOT_YET
    seen_at: datetime | None = None
    """Last, coming or going."""


@dataclass(frozen=True)
class DaySession:
    facts: SessionFacts
    people: tuple[ExpectedPerson, ...]
    """By name."""


def sessions_on(ctx: Context, device: Device, day: date) -> list[SessionFacts]:
    """Sessions of the device that touch the day, cancelled ones too, in the order of their start."""
    statement = _touching(_of_device(select(ProjectSession.id), device), day)
    found = session_facts(ctx, ctx.db.scalars(statement), device.language)
    return sorted(found.values(), key=lambda facts: (facts.starts_at, facts.title, facts.id))


def sessions_about_now(ctx: Context, device: Device) -> list[SessionFacts]:
    """Those that somebody could still send scans of, and those to come soon."""
    now = ctx.now()
    ids = ctx.db.scalars(
        _of_device(select(ProjectSession.id), device)
        .where(ProjectSession.starts_at > now - ABOUT_NOW)
        .where(ProjectSession.starts_at < now + ABOUT_NOW)
    )
    found = session_facts(ctx, ids, device.language)
    return sorted(found.values(), key=lambda facts: (facts.starts_at, facts.title, facts.id))


def _of_device(statement: Select[*tuple[Any, ...]], device: Device) -> Select[*tuple[Any, ...]]:
    found = (
        statement.join(Project, Project.id == ProjectSession.project_id)
        .where(Project.association_id == device.association_id)
        .where(ProjectSession.municipality_id == device.municipality_id)
    )
    if device.session_id is None:
        return found
    return found.where(ProjectSession.id == device.session_id)


def places_with_sessions(ctx: Context, day: date) -> set[Place]:
    """Within the actor's cities: which associations have a session on that day."""
    statement = select(ProjectSession.municipality_id, Project.association_id).distinct()
    rows = ctx.db.execute(
        _touching(statement.join(Project, Project.id == ProjectSession.project_id), day).where(
            ProjectSession.municipality_id.in_(ctx.actor.municipalities)
        )
    )
    return {Place(row[0], row[1]) for row in rows}


def _touching(statement: Select[*tuple[Any, ...]], day: date) -> Select[*tuple[Any, ...]]:
    since, until = rome_day_bounds(day)
    return (
        statement.where(ProjectSession.starts_at < until)
        # The start alone stands in an index; no session is longer than this.
        .where(ProjectSession.starts_at > since - LONGEST_SESSION)
        .where(ProjectSession.ends_at > since)
    )


def day_roster(ctx: Context, device: Device, day: date) -> list[DaySession]:
    """Five statements, and one more a session; callers are sure of the device."""
    return roster_of(ctx, sessions_on(ctx, device, day))


def roster_of(ctx: Context, sessions: Sequence[SessionFacts]) -> list[DaySession]:
    """The people of these sessions, of which callers are sure."""
    if not sessions:
        return []
    booked: dict[UUID, dict[UUID, Row[*tuple[Any, ...]]]] = defaultdict(dict)
    for row in ctx.db.execute(_booked(sessions)):
        booked[row.session_id][row.id] = row
    asking: dict[UUID, list[ExpectedPerson]] = defaultdict(list)
    for row in ctx.db.execute(_asking(sessions)):
        asking[row.project_id].append(_person(row, Readiness.NOT_APPROVED))
    marks = _marks(ctx, [facts.id for facts in sessions])
    shown = []
    for facts in sessions:
        theirs = booked[facts.id]
        people = _with_a_place(ctx, facts, theirs)
        people += [each for each in asking[facts.project_id] if each.person_id not in theirs]
        here = [_seen(each, marks[facts.id, each.person_id]) for each in people]
        shown.append(DaySession(facts, tuple(sorted(here, key=_by_name))))
    return shown


def _seen(each: ExpectedPerson, marks: Sequence[Mark]) -> ExpectedPerson:
    last = in_order(marks)[-1:]
    return replace(each, presence=presence(marks), seen_at=last[0].scanned_at if last else None)


def _booked(sessions: Sequence[SessionFacts]) -> Select[*tuple[Any, ...]]:
    return _people(Booking.session_id, Booking.state).join(
        Booking,
        and_(
            Booking.person_id == Person.id,
            Booking.session_id.in_([facts.id for facts in sessions]),
            Booking.state.in_(HELD),
        ),
    )


def _asking(sessions: Sequence[SessionFacts]) -> Select[*tuple[Any, ...]]:
    return _people(Enrolment.project_id).join(
        Enrolment,
        and_(
            Enrolment.person_id == Person.id,
            Enrolment.project_id.in_({facts.project_id for facts in sessions}),
            Enrolment.state == EnrolmentState.REQUESTED,
        ),
    )


def _people(*columns: Any) -> Select[*tuple[Any, ...]]:
    """With their living pass of the city, which is the only one in reach."""
    living = and_(Pass.person_id == Person.id, Pass.revoked_at.is_(None))
    return (
        select(Person.id, Person.name, Pass.id.label("pass_id"), Pass.short_code, *columns)
        .select_from(Person)
        .outerjoin(Pass, living)
    )


def _person(row: Row[*tuple[Any, ...]], readiness: Readiness) -> ExpectedPerson:
    return ExpectedPerson(row.id, row.name, row.pass_id, row.short_code or "", readiness)


def _with_a_place(
    ctx: Context, facts: SessionFacts, rows: Mapping[UUID, Row[*tuple[Any, ...]]]
) -> list[ExpectedPerson]:
    sure = [row.id for row in rows.values() if row.state is BookingState.CONFIRMED]
    standings = standings_at(ctx, facts, sure) if sure else {}
    return [_person(row, _readiness(facts, standings.get(row.id))) for row in rows.values()]


def _readiness(facts: SessionFacts, stands: Standing | None) -> Readiness:
    """In the order in which the gate looks (see `rules.judge_scan`)."""
    if stands is None:
        return Readiness.WAITING
    if needs_guardian(stands.birth_year, rome_day(facts.starts_at)) and not stands.is_consented:
        return Readiness.GUARDIAN_MISSING
    return Readiness.OK if stands.is_covered else Readiness.NOT_INSURED


def _marks(ctx: Context, session_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], list[Mark]]:
    """By session and person; what was undone or set aside is left out."""
    rows = ctx.db.execute(
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
        .where(CheckEvent.session_id.in_(session_ids))
        .where(CheckEvent.person_id.is_not(None))
        .where(or_(CheckDecision.decision.is_(None), CheckDecision.decision.not_in(DISCOUNTED)))
    )
    marks: dict[tuple[UUID, UUID], list[Mark]] = defaultdict(list)
    for row in rows:
        marks[row.session_id, row.person_id].append(Mark(*row[2:]))
    return marks


def _by_name(each: ExpectedPerson) -> tuple[str, int]:
    return each.name.casefold(), each.person_id.int
