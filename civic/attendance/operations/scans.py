"""Passes handed out, scans taken in, hours that follow from them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from civic.accounts import queries as people
from civic.attendance.errors import CorrectionReasonMissing, MinutesOutOfRange, NotBegun
from civic.attendance.events import HoursCredited
from civic.attendance.models import CheckEvent, Correction, HoursLine, Pass
from civic.attendance.policy import CHECK_IN, CORRECT_HOURS, SHOW_PASS
from civic.attendance.queries import presence
from civic.attendance.queries.presence import ShownPass
from civic.attendance.rules import (
    COUNTED,
    MOST_MINUTES,
    SHORT_CODE_LENGTH,
    Direction,
    Gate,
    Mark,
    Outcome,
    PassState,
    Reason,
    judge_scan,
    pass_token,
    read_code,
    worked_minutes,
)
from civic.audit import operations as audit
from civic.catalogue.queries.sessions import SessionFacts, session_for
from civic.enrolment.queries import standing
from civic.enrolment.rules import BookingState, Standing, needs_guardian
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert, insert_once
from civic.kernel.errors import NotFound
from civic.kernel.ids import short_code
from civic.kernel.keys import Keys
from civic.kernel.outbox import emit
from civic.kernel.policy import Place


@dataclass(frozen=True)
class PassShown:
    """What the page draws. The token stands nowhere in the database."""

    municipality_id: UUID
    token: str
    short_code: str


@dataclass(frozen=True)
class Scan:
    id: UUID
    """Made by the device, so that sending it again counts nothing twice."""
    code: str
    """The token of a QR, or the short code under it."""
    direction: Direction
    scanned_at: datetime


@dataclass(frozen=True)
class Answer:
    scan_id: UUID
    outcome: Outcome | None
    """None when it could not be stored: the device keeps the scan and tries again."""
    reason: Reason | None = None
    """Of the refusal; for a repeat, of the first time."""
    name: str = ""
    """Only of people who have a place here."""


@dataclass(frozen=True)
class NewCorrection:
    session_id: UUID
    person_id: UUID
    minutes: int
    reason: str


# Passes


def pass_of(ctx: Context, keys: Keys, person_id: UUID, municipality_id: UUID) -> PassShown:
    """The living pass of a person in a city, handed out when first asked for."""
    SHOW_PASS.require(ctx.actor, Place(municipality_id, person_id=person_id))
    if not people.is_known_in(ctx, person_id, municipality_id):
        raise NotFound
    while True:
        living = presence.living_pass(ctx, person_id, municipality_id)
        if living is not None:
            return PassShown(municipality_id, _token(keys, living.id), living.short_code)
        # Refused by a constraint when another request was faster, or when chance gave out a
        # short code twice; both end at the next turn.
        pass_id = ctx.new_id()
        insert_once(
            ctx.db,
            Pass,
            id=pass_id,
            municipality_id=municipality_id,
            person_id=person_id,
            token_hash=_hashed(_token(keys, pass_id)),
            short_code=short_code(SHORT_CODE_LENGTH),
            issued_at=ctx.now(),
        )


def replace_pass(ctx: Context, keys: Keys, person_id: UUID, municipality_id: UUID) -> PassShown:
    """The old pass opens no gate from now on: it was lost, or somebody copied it."""
    SHOW_PASS.require(ctx.actor, Place(municipality_id, person_id=person_id))
    ctx.db.execute(
        update(Pass)
        .where(Pass.person_id == person_id)
        .where(Pass.municipality_id == municipality_id)
        .where(Pass.revoked_at.is_(None))
        .values(revoked_at=ctx.now())
    )
    shown = pass_of(ctx, keys, person_id, municipality_id)
    if ctx.actor.person_id != person_id:
        audit.record(ctx, municipality_id, "pass.replaced", subject_id=person_id)
    return shown


def _token(keys: Keys, pass_id: UUID) -> str:
    return pass_token(keys.digest("pass", str(pass_id)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# Scans


def record_scan(ctx: Context, session_id: UUID, scan: Scan) -> tuple[SessionFacts, Answer]:
    """One scan, with the session for the page that shows the answer."""
    facts = session_for(ctx, session_id, CHECK_IN)
    return facts, _record(ctx, facts, scan)


def record_scans(ctx: Context, session_id: UUID, scans: Sequence[Scan]) -> list[Answer]:
    """A batch that waited for the network: each item for itself, all in one commit."""
    facts = session_for(ctx, session_id, CHECK_IN)
    return [_record_apart(ctx, facts, scan) for scan in scans]


def _record_apart(ctx: Context, facts: SessionFacts, scan: Scan) -> Answer:
    try:
        with ctx.db.begin_nested():
            return _record(ctx, facts, scan)
    except DBAPIError:
        return Answer(scan.id, None)


def _record(ctx: Context, facts: SessionFacts, scan: Scan) -> Answer:
    code = read_code(scan.code)
    shown = presence.shown_pass(ctx, facts.municipality_id, code, _hashed(code))
    if shown is None:
        is_new = _store(ctx, facts, scan, None, Reason.INVALID)
        return Answer(scan.id, Outcome.REFUSED if is_new else Outcome.REPEATED, Reason.INVALID)
    stands = standing.standing_at(ctx, facts, shown.person_id, lock=True)
    known = presence.recorded(ctx, facts, shown.person_id, scan.id)
    name = shown.name if stands else ""
    if known.is_repeat:
        return Answer(scan.id, Outcome.REPEATED, known.first_reason, name)
    scanned_at = min(scan.scanned_at, ctx.now())
    reason = judge_scan(scan.direction, scanned_at, _gate(facts, shown, stands), known.marks)
    if not _store(ctx, facts, scan, shown.person_id, reason):
        return Answer(scan.id, Outcome.REPEATED)
    if reason in COUNTED:
        marks = (*known.marks, Mark(scan.id, scan.direction, scanned_at, reason))
        minutes = worked_minutes(marks, known.correction, facts.starts_at, facts.ends_at)
        if minutes is not None:
            _credit(ctx, facts, shown.person_id, minutes)
    return Answer(scan.id, Outcome.REFUSED if reason else Outcome.ACCEPTED, reason, name)


def _gate(facts: SessionFacts, shown: ShownPass, stands: Standing | None) -> Gate:
    day = rome_day(facts.starts_at)
    return Gate(
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        is_cancelled=facts.is_cancelled,
        is_revoked=shown.state is PassState.REVOKED,
        is_booked=stands is not None and stands.booking is BookingState.CONFIRMED,
        is_guardian_missing=stands is not None
        and needs_guardian(stands.birth_year, day)
        and not stands.is_consented,
        is_covered=stands is not None and stands.is_covered,
    )


def _store(
    ctx: Context, facts: SessionFacts, scan: Scan, person_id: UUID | None, reason: Reason | None
) -> bool:
    """Keep the scan, refused or not; False when its id is there already."""
    return insert_once(
        ctx.db,
        CheckEvent,
        id=scan.id,
        municipality_id=facts.municipality_id,
        session_id=facts.id,
        person_id=person_id,
        direction=scan.direction,
        scanned_at=min(scan.scanned_at, ctx.now()),
        received_at=ctx.now(),
        outcome=Outcome.REFUSED if reason else Outcome.ACCEPTED,
        reason=reason,
        operator_id=ctx.actor.person_id,
    )


# Hours


def _credit(ctx: Context, facts: SessionFacts, person_id: UUID, minutes: int) -> None:
    """Bring the ledger line to these minutes, and tell of it if it was another number before."""
    fresh = {"minutes": minutes, "updated_at": ctx.now()}
    statement = insert(ctx.db, HoursLine).values(
        id=ctx.new_id(),
        municipality_id=facts.municipality_id,
        session_id=facts.id,
        project_id=facts.project_id,
        association_id=facts.association_id,
        person_id=person_id,
        area=facts.area,
        day=rome_day(facts.starts_at),
        **fresh,
    )
    changed = ctx.db.connection().scalar(
        statement.on_conflict_do_update(
            index_elements=["session_id", "person_id"],
            set_=fresh,
            where=HoursLine.minutes != minutes,
        ).returning(HoursLine.id)
    )
    # Not the row count: none is kept of an INSERT.
    if changed is not None:
        emit(
            ctx,
            HoursCredited(
                municipality_id=facts.municipality_id,
                person_id=person_id,
                session_id=facts.id,
                association_id=facts.association_id,
                area=facts.area.value,
                minutes=minutes,
            ),
        )


def correct_hours(ctx: Context, new: NewCorrection) -> None:
    """Minutes set by hand for somebody who had a place: signed, with a reason, in the trail."""
    facts = session_for(ctx, new.session_id, CORRECT_HOURS)
    # Waits for a scan of the same person that is being taken in, so that neither is lost.
    if standing.standing_at(ctx, facts, new.person_id, lock=True) is None:
        raise NotFound
    if facts.starts_at > ctx.now():
        raise NotBegun
    if not 0 <= new.minutes <= MOST_MINUTES:
        raise MinutesOutOfRange(most=MOST_MINUTES)
    if not new.reason:
        raise CorrectionReasonMissing
    correction = Correction(
        id=ctx.new_id(),
        municipality_id=facts.municipality_id,
        session_id=facts.id,
        person_id=new.person_id,
        minutes=new.minutes,
        reason=new.reason,
        made_by=ctx.actor.own_id,
        made_at=ctx.now(),
    )
    ctx.db.add(correction)
    ctx.db.flush()
    _credit(ctx, facts, new.person_id, new.minutes)
    audit.record(
        ctx,
        facts.municipality_id,
        "hours.corrected",
        subject_id=new.person_id,
        thing_id=facts.id,
        reason=new.reason,
        details={"minutes": new.minutes},
    )
