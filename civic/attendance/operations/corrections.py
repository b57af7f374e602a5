"""Hours set right by hand: one person says so with a reason, another confirms."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update

from civic.attendance.errors import (
    AlreadyDecided,
    CorrectionReasonMissing,
    MinutesOutOfRange,
    NotADayOfIt,
    NotBegun,
    SecondPersonMissing,
    SeenToLeave,
)
from civic.attendance.hours import worked
from civic.attendance.models import Correction
from civic.attendance.operations import ledger
from civic.attendance.operations.ledger import Why
from civic.attendance.policy import CORRECT_HOURS
from civic.attendance.queries import gate
from civic.attendance.queries.taps import is_on_the_list
from civic.attendance.rules import (
    MOST_MINUTES,
    Cause,
    CorrectionKind,
    CorrectionState,
)
from civic.audit import operations as audit
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


@dataclass(frozen=True)
class NewCorrection:
    session_id: UUID
    person_id: UUID
    minutes: int
    reason: str
    day: date | None = None
    """Of a session over midnight; the day it starts on, when none."""


def propose_correction(ctx: Context, new: NewCorrection) -> UUID:
    """Minutes set by hand for somebody who had a place or was let in: signed, with a reason, in the
    trail. They count once a second person has confirmed them."""
    facts = session_for(ctx, new.session_id, CORRECT_HOURS)
    if not is_on_the_list(ctx, facts.id, new.person_id):
        raise NotFound
    if facts.starts_at > ctx.now():
        raise NotBegun
    day = new.day or rome_day(facts.starts_at)
    if not rome_day(facts.starts_at) <= day <= rome_day(facts.ends_at):
        raise NotADayOfIt
    if not 0 <= new.minutes <= MOST_MINUTES:
        raise MinutesOutOfRange(most=MOST_MINUTES)
    if not new.reason:
        raise CorrectionReasonMissing
    correction = Correction(
        id=ctx.new_id(),
        municipality_id=facts.municipality_id,
        session_id=facts.id,
        person_id=new.person_id,
        day=day,
        minutes=new.minutes,
        reason=new.reason,
        made_by=ctx.actor.own_id,
        made_at=ctx.now(),
    )
    ctx.db.add(correction)
    ctx.db.flush()
    _note(ctx, facts, correction, "hours.correction_proposed")
    return correction.id


def confirm_correction(ctx: Context, correction_id: UUID, minutes: int | None = None) -> None:
    """By somebody else than whoever wrote it, and never by the person whose hours they are. What
    the system proposed for a forgotten exit needs one person only, who may know that it was less.
    """
    facts, correction = _open_for(ctx, correction_id)
    if ctx.actor.own_id in (correction.made_by, correction.person_id):
        raise SecondPersonMissing
    proposed = correction.minutes
    if minutes is not None and minutes != proposed:
        is_forgotten = correction.kind is CorrectionKind.FORGOTTEN_EXIT
        if not is_forgotten or not 0 <= minutes < proposed:
            raise MinutesOutOfRange(most=proposed)
    _decide(ctx, correction, CorrectionState.CONFIRMED, minutes)
    person_id = correction.person_id
    marks = gate.known(ctx, facts, [person_id]).marks[person_id]
    found = worked(marks, facts.starts_at, facts.ends_at)
    cause = Cause.CORRECTION
    if correction.kind is CorrectionKind.FORGOTTEN_EXIT:
        cause = Cause.FORGOTTEN_EXIT
        if found.open_since is None:
            # A phone has sent their exit since, and the proposal was not withdrawn yet.
            raise SeenToLeave
    why = Why(cause, correction_id, ctx.actor.own_id, correction.reason)
    ledger.settle(ctx, facts, {person_id: (found, why)})
    _note(ctx, facts, correction, "hours.corrected", minutes)


def refuse_correction(ctx: Context, correction_id: UUID) -> None:
    """It will not count; whoever wrote it may take it back this way too."""
    facts, correction = _open_for(ctx, correction_id)
    if ctx.actor.own_id == correction.person_id:
        raise SecondPersonMissing
    _decide(ctx, correction, CorrectionState.REFUSED)
    _note(ctx, facts, correction, "hours.correction_refused")


def _open_for(ctx: Context, correction_id: UUID) -> tuple[SessionFacts, Correction]:
    correction = ctx.db.scalar(select(Correction).where(Correction.id == correction_id))
    if correction is None:
        raise NotFound
    facts = session_for(ctx, correction.session_id, CORRECT_HOURS)
    # Waits for a scan of the same person that is being taken in, so that neither is lost.
    gate.hold(ctx, [correction.person_id])
    return facts, correction


def _decide(
    ctx: Context, correction: Correction, state: CorrectionState, minutes: int | None = None
) -> None:
    changes = {} if minutes is None else {"minutes": minutes}
    decided = ctx.db.scalar(
        update(Correction)
        .where(Correction.id == correction.id)
        .where(Correction.state == CorrectionState.PROPOSED)
        .values(state=state, decided_by=ctx.actor.own_id, decided_at=ctx.now(), **changes)
        .returning(Correction.id)
        .execution_options(synchronize_session=False)
    )
    if decided is None:
        raise AlreadyDecided


def _note(
    ctx: Context,
    facts: SessionFacts,
    correction: Correction,
    action: str,
    minutes: int | None = None,
) -> None:
    audit.record(
        ctx,
        facts.municipality_id,
        action,
        subject_id=correction.person_id,
        thing_id=facts.id,
        reason=correction.reason,
        details={
            "minutes": correction.minutes if minutes is None else minutes,
            "day": correction.day.isoformat(),
        },
    )
