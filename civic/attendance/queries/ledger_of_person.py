"""One's own hours with all that is behind them: who changed them, when and why, and the scans.

Every statement asks for rows of the actor alone; there is no other person to name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, select

from civic.accounts.models import Person, RoleGrant
from civic.attendance.models import (
    CheckDecision,
    CheckEvent,
    Contest,
    Correction,
    HoursEntry,
    HoursLine,
)
from civic.attendance.rules import (
    DISCOUNTED,
    Cause,
    CorrectionKind,
    CorrectionState,
    Decision,
    Direction,
    Mark,
    Outcome,
    Reason,
)
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role

MOST_SCANS = 200
Line = tuple[UUID, date]


@dataclass(frozen=True)
class OwnLine:
    """A day of a session, as it stands in the list."""

    facts: SessionFacts
    day: date
    minutes: int | None
    """None when nothing counts yet."""
    proposed: tuple[int, ...]
    """Minutes that somebody, or the system, says they were; not confirmed yet."""
    is_questioned: bool
    """The person has said that it is wrong, and nobody has answered."""
    is_answered: bool


@dataclass(frozen=True)
class OwnHours:
    lines: tuple[OwnLine, ...]
    """The newest first."""

    @property
    def counted(self) -> list[OwnLine]:
        return [line for line in self.lines if line.minutes is not None]

    @property
    def waiting(self) -> list[OwnLine]:
        return [line for line in self.lines if line.proposed]

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines if line.minutes is not None)


@dataclass(frozen=True)
class Maker:
    """Whoever wrote something, as the person reads it."""

    name: str
    roles: tuple[Role, ...]
    """There and now: of organisers and officers of that city alone."""
    is_reader: bool


@dataclass(frozen=True)
class OwnEntry:
    minutes: int
    month: date
    cause: Cause
    reason: str
    made_at: datetime
    maker: Maker | None
    """Nobody: the system."""
    writer: Maker | None
    """Of a correction, which somebody else has confirmed."""
    is_in_later_month: bool


@dataclass(frozen=True)
class OwnScan:
    direction: Direction
    scanned_at: datetime
    received_at: datetime
    outcome: Outcome
    reason: Reason | None
    flags: tuple[str, ...]
    is_forced: bool
    gate: str
    decision: Decision | None
    decision_reason: str

    @property
    def counts(self) -> bool:
        mark = Mark(UUID(int=0), self.direction, self.scanned_at, self.reason, self.is_forced)
        return mark.counts and self.decision not in DISCOUNTED


@dataclass(frozen=True)
class OwnProposal:
    minutes: int
    kind: CorrectionKind
    reason: str
    made_at: datetime
    writer: Maker | None


@dataclass(frozen=True)
class OwnQuestion:
    words: str
    language: str
    made_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by: Maker | None


@dataclass(frozen=True)
class OwnDay:
    facts: SessionFacts
    day: date
    minutes: int | None
    entries: tuple[OwnEntry, ...]
    proposals: tuple[OwnProposal, ...]
    scans: tuple[OwnScan, ...]
    questions: tuple[OwnQuestion, ...]

    @property
    def is_questioned(self) -> bool:
        return any(each.answered_at is None for each in self.questions)

    @property
    def is_over_midnight(self) -> bool:
        return len({rome_day(scan.scanned_at) for scan in self.scans}) > 1


def own_hours(ctx: Context, language: str) -> OwnHours:
    """Four statements, however many lines."""
    own_id = ctx.actor.own_id
    minutes: dict[Line, int] = {
        (row.session_id, row.day): row.minutes
        for row in ctx.db.execute(
            select(HoursLine.session_id, HoursLine.day, HoursLine.minutes).where(
                HoursLine.person_id == own_id
            )
        )
    }
    proposed: dict[Line, list[int]] = {}
    for row in ctx.db.execute(
        select(Correction.session_id, Correction.day, Correction.minutes)
        .where(Correction.person_id == own_id, Correction.state == CorrectionState.PROPOSED)
        .order_by(Correction.made_at, Correction.id)
    ):
        proposed.setdefault((row.session_id, row.day), []).append(row.minutes)
    questions: dict[Line, bool] = {}
    for asked in ctx.db.execute(
        select(Contest.session_id, Contest.day, Contest.answered_at)
        .where(Contest.person_id == own_id)
        .order_by(Contest.made_at, Contest.id)
    ):
        questions[asked.session_id, asked.day] = asked.answered_at is not None
    keys = minutes.keys() | proposed.keys() | questions.keys()
    facts = session_facts(ctx, [key[0] for key in keys], language) if keys else {}
    lines = [
        OwnLine(
            facts[session_id],
            day,
            minutes.get((session_id, day)),
            tuple(proposed.get((session_id, day), ())),
            questions.get((session_id, day)) is False,
            questions.get((session_id, day)) is True,
        )
        for session_id, day in keys
        if session_id in facts
    ]
    lines.sort(key=lambda line: (line.day, line.facts.starts_at, line.facts.id), reverse=True)
    return OwnHours(tuple(lines))


def own_session_with(ctx: Context, session_id: UUID, day: date, language: str) -> SessionFacts:
    """The gate: a session and day of which the ledger, or somebody, says something of the actor.
    Two statements."""
    facts = session_facts(ctx, [session_id], language).get(session_id)
    theirs = [
        select(model.id).where(
            model.session_id == session_id,
            model.person_id == ctx.actor.own_id,
            model.day == day,
        )
        for model in (HoursLine, Contest)
    ]
    theirs.append(
        select(Correction.id).where(
            Correction.session_id == session_id,
            Correction.person_id == ctx.actor.own_id,
            Correction.day == day,
            Correction.state == CorrectionState.PROPOSED,
        )
    )
    if facts is None or not any(ctx.db.execute(select(*(each.exists() for each in theirs))).one()):
        raise NotFound
    return facts


def own_day(ctx: Context, session_id: UUID, day: date, language: str) -> OwnDay:
    """All that is behind a line. Eight statements at most, however much that is."""
    facts = own_session_with(ctx, session_id, day, language)
    own_id = ctx.actor.own_id
    minutes = ctx.db.scalar(
        select(HoursLine.minutes).where(
            HoursLine.session_id == session_id, HoursLine.person_id == own_id, HoursLine.day == day
        )
    )
    entries = ctx.db.execute(
        select(
            HoursEntry.minutes,
            HoursEntry.month,
            HoursEntry.cause,
            HoursEntry.reason,
            HoursEntry.made_at,
            HoursEntry.made_by,
            Correction.made_by.label("written_by"),
        )
        .outerjoin(Correction, Correction.id == HoursEntry.cause_id)
        .where(HoursEntry.session_id == session_id, HoursEntry.person_id == own_id)
        .where(HoursEntry.day == day)
        .order_by(HoursEntry.made_at, HoursEntry.id)
    ).all()
    proposals = ctx.db.execute(
        select(
            Correction.minutes,
            Correction.kind,
            Correction.reason,
            Correction.made_at,
            Correction.made_by,
        )
        .where(Correction.session_id == session_id, Correction.person_id == own_id)
        .where(Correction.day == day, Correction.state == CorrectionState.PROPOSED)
        .order_by(Correction.made_at, Correction.id)
    ).all()
    contests = ctx.db.execute(
        select(
            Contest.words,
            Contest.language,
            Contest.made_at,
            Contest.answer,
            Contest.answered_at,
            Contest.answered_by,
        )
        .where(Contest.session_id == session_id, Contest.person_id == own_id)
        .where(Contest.day == day)
        .order_by(Contest.made_at, Contest.id)
    ).all()
    scans = _scans(ctx, session_id)
    makers = _makers(
        ctx,
        facts,
        [
            *(row.made_by for row in entries),
            *(row.written_by for row in entries),
            *(row.made_by for row in proposals),
            *(row.answered_by for row in contests),
        ],
    )
    month = day.replace(day=1)
    return OwnDay(
        facts,
        day,
        minutes,
        tuple(
            OwnEntry(
                row.minutes,
                row.month,
                row.cause,
                row.reason,
                row.made_at,
                makers.get(row.made_by),
                makers.get(row.written_by),
                row.month > month,
            )
            for row in entries
        ),
        tuple(
            OwnProposal(row.minutes, row.kind, row.reason, row.made_at, makers.get(row.made_by))
            for row in proposals
        ),
        scans,
        tuple(
            OwnQuestion(
                row.words,
                row.language,
                row.made_at,
                row.answer,
                row.answered_at,
                makers.get(row.answered_by),
            )
            for row in contests
        ),
    )


def _scans(ctx: Context, session_id: UUID) -> tuple[OwnScan, ...]:
    """Of the whole session: over midnight, the exit of one day tells of the other too."""
    rows = ctx.db.execute(
        select(
            CheckEvent.direction,
            CheckEvent.scanned_at,
            CheckEvent.received_at,
            CheckEvent.outcome,
            CheckEvent.reason,
            CheckEvent.flags,
            CheckEvent.is_forced,
            CheckEvent.gate,
            CheckDecision.decision,
            CheckDecision.reason.label("decision_reason"),
        )
        .outerjoin(CheckDecision, CheckDecision.event_id == CheckEvent.id)
        .where(CheckEvent.session_id == session_id, CheckEvent.person_id == ctx.actor.own_id)
        .order_by(CheckEvent.scanned_at, CheckEvent.received_at, CheckEvent.id)
        .limit(MOST_SCANS)
    )
    return tuple(
        OwnScan(
            **dict(row._mapping)
            | {"flags": tuple(row.flags), "decision_reason": row.decision_reason or ""}
        )
        for row in rows
    )


def _makers(
    ctx: Context, facts: SessionFacts, ids: Iterable[UUID | None]
) -> dict[UUID | None, Maker]:
    """With the roles that let them do so there: of others, held elsewhere, nothing is told."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    names: dict[UUID, str] = {}
    roles: dict[UUID, dict[Role, None]] = {}
    for row in ctx.db.execute(
        select(Person.id, Person.name, RoleGrant.role, RoleGrant.association_id)
        .outerjoin(
            RoleGrant,
            and_(
                RoleGrant.person_id == Person.id,
                RoleGrant.municipality_id == facts.municipality_id,
                RoleGrant.role.in_((Role.ORGANISER, Role.OFFICER)),
            ),
        )
        .where(Person.id.in_(wanted))
        .order_by(RoleGrant.role, RoleGrant.id)
    ):
        names[row.id] = row.name
        held = roles.setdefault(row.id, {})
        if row.role is Role.OFFICER or row.association_id == facts.association_id:
            held[row.role] = None
    return {
        each: Maker(name, tuple(roles[each]), each == ctx.actor.person_id)
        for each, name in names.items()
    }
