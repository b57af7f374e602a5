"""Scans that somebody of the association should see, and nobody has decided of yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select

from civic.accounts.models import Person
from civic.attendance.models import CheckDecision, CheckEvent, Correction, ScannerDevice
from civic.attendance.policy import CORRECT_HOURS
from civic.attendance.queries.contests import number_of_questions
from civic.attendance.rules import CorrectionState, Direction, Flag, Mark, Outcome, Reason
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.queries.sessions import SessionFacts, session_facts, session_for
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role

MOST_SHOWN = 200


@dataclass(frozen=True)
class OddScan:
    """A scan with all that is needed to say what happened."""

    id: UUID
    session_id: UUID
    person_id: UUID | None
    name: str | None
    direction: Direction
    scanned_at: datetime
    """As it counts."""
    told_at: datetime
    """As the phone had it."""
    received_at: datetime
    outcome: Outcome
    reason: Reason | None
    flags: tuple[str, ...]
    is_forced: bool
    unknown_code: str | None
    gate: str
    device: str | None

    @property
    def is_clock_off(self) -> bool:
        return Flag.CLOCK_OFF in self.flags or Flag.CLAMPED in self.flags

    @property
    def counts(self) -> bool:
        """Whether it tells when somebody was there, so that setting it aside changes something."""
        mark = Mark(self.id, self.direction, self.scanned_at, self.reason, self.is_forced)
        return self.person_id is not None and mark.counts


def _undecided() -> ColumnElement[bool]:
    # `is_(True)` and not the bare column, so that the partial index is matched.
    return and_(
        CheckEvent.to_look_at.is_(True),
        ~exists().where(CheckDecision.event_id == CheckEvent.id),
    )


def _odd_scans() -> Select[*tuple[Any, ...]]:
    return (
        select(
            CheckEvent.id,
            CheckEvent.session_id,
            CheckEvent.person_id,
            Person.name,
            CheckEvent.direction,
            CheckEvent.scanned_at,
            CheckEvent.told_at,
            CheckEvent.received_at,
            CheckEvent.outcome,
            CheckEvent.reason,
            CheckEvent.flags,
            CheckEvent.is_forced,
            CheckEvent.unknown_code,
            CheckEvent.gate,
            ScannerDevice.name.label("device"),
        )
        .outerjoin(Person, Person.id == CheckEvent.person_id)
        .outerjoin(ScannerDevice, ScannerDevice.id == CheckEvent.device_id)
        .where(_undecided())
        .order_by(CheckEvent.received_at.desc(), CheckEvent.id)
        .limit(MOST_SHOWN)
    )


def theirs_to_correct(actor: Actor) -> ColumnElement[bool]:
    """Projects where the actor may correct hours, in a statement that joins them."""
    places = [
        Project.municipality_id == grant.municipality_id
        if grant.role is Role.OFFICER
        else and_(
            Project.association_id == grant.association_id,
            Project.municipality_id == grant.municipality_id,
        )
        for grant in actor.grants
        if grant.role in (Role.OFFICER, Role.ORGANISER)
    ]
    return or_(false(), *places)


def odd_scans_of(ctx: Context, session_id: UUID) -> tuple[SessionFacts, list[OddScan]]:
    """Of one session, the latest first; two statements."""
    facts = session_for(ctx, session_id, CORRECT_HOURS)
    rows = ctx.db.execute(_odd_scans().where(CheckEvent.session_id == session_id))
    return facts, [_odd_scan(row) for row in rows]


def odd_scans(ctx: Context) -> list[tuple[SessionFacts, list[OddScan]]]:
    """Of all sessions whose hours the actor may correct, the latest first; two statements."""
    rows = ctx.db.execute(
        _odd_scans()
        .join(ProjectSession, ProjectSession.id == CheckEvent.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(theirs_to_correct(ctx.actor))
    )
    by_session: dict[UUID, list[OddScan]] = {}
    for row in rows:
        scan = _odd_scan(row)
        by_session.setdefault(scan.session_id, []).append(scan)
    facts = session_facts(ctx, by_session) if by_session else {}
    return [(facts[key], found) for key, found in by_session.items() if key in facts]


def number_of_session(ctx: Context, session_id: UUID) -> int:
    return (
        ctx.db.scalar(
            select(func.count(CheckEvent.id))
            .where(CheckEvent.session_id == session_id)
            .where(_undecided())
        )
        or 0
    )


@dataclass(frozen=True)
class Waiting:
    """What of attendance waits for the actor, wherever they may correct hours."""

    odd_scans: int = 0
    corrections: int = 0
    questions: int = 0
    """About hours; at a city's desk those that were left unanswered."""


def waiting(ctx: Context, municipality_id: UUID | None = None) -> Waiting:
    """One statement, for the front page of a desk; of one city, where a desk is of one."""
    whose = theirs_to_correct(ctx.actor)
    if municipality_id is not None:
        whose = and_(whose, Project.municipality_id == municipality_id)
    own_id = ctx.actor.person_id
    odd = (
        select(func.count(CheckEvent.id))
        .join(ProjectSession, ProjectSession.id == CheckEvent.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(whose, _undecided())
        .scalar_subquery()
    )
    corrections = (
        select(func.count(Correction.id))
        .join(ProjectSession, ProjectSession.id == Correction.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .where(whose, Correction.state == CorrectionState.PROPOSED)
        .where(is_for_another_than(own_id))
        .scalar_subquery()
    )
    questions = number_of_questions(ctx, municipality_id)
    return Waiting(*ctx.db.execute(select(odd, corrections, questions)).one())


def is_for_another_than(person_id: UUID | None) -> ColumnElement[bool]:
    """Corrections that this person may confirm: neither written by them nor of their own hours."""
    return and_(
        Correction.person_id != person_id,
        or_(Correction.made_by.is_(None), Correction.made_by != person_id),
    )


def _odd_scan(row: Row[*tuple[Any, ...]]) -> OddScan:
    values = dict(row._mapping)
    return OddScan(**values | {"flags": tuple(values["flags"])})
