"""What this room knows of a person, for them to take away."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from civic.attendance.models import (
    CheckDecision,
    CheckEvent,
    Contest,
    Correction,
    HoursEntry,
    HoursLine,
    NoShow,
    Pass,
    PassPhoto,
    ScannerDevice,
)
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.tenancy.queries.standings import city_names


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    """Only the person may ask, and gets what every city holds of them."""
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        passes = ctx.db.execute(
            select(Pass.issued_at, Pass.revoked_at)
            .where(Pass.person_id == person_id)
            .order_by(Pass.issued_at, Pass.id)
        ).all()
        photos = ctx.db.execute(
            select(PassPhoto.municipality_id, PassPhoto.agreed_at)
            .where(PassPhoto.person_id == person_id)
            .order_by(PassPhoto.agreed_at, PassPhoto.id)
        ).all()
        scans = ctx.db.execute(
            select(
                CheckEvent.session_id,
                CheckEvent.direction,
                CheckEvent.scanned_at,
                CheckEvent.outcome,
                CheckEvent.reason,
            )
            .where(CheckEvent.person_id == person_id)
            .order_by(CheckEvent.scanned_at, CheckEvent.id)
        ).all()
        corrections = ctx.db.execute(
            select(
                Correction.session_id,
                Correction.day,
                Correction.minutes,
                Correction.reason,
                Correction.state,
                Correction.made_at,
                Correction.decided_at,
            )
            .where(Correction.person_id == person_id)
            .order_by(Correction.made_at, Correction.id)
        ).all()
        lines = ctx.db.execute(
            select(HoursLine.session_id, HoursLine.day, HoursLine.minutes)
            .where(HoursLine.person_id == person_id)
            .order_by(HoursLine.day, HoursLine.id)
        ).all()
        missed = ctx.db.execute(
            select(NoShow.session_id, NoShow.noticed_at, NoShow.followed_up_at, NoShow.note)
            .where(NoShow.person_id == person_id)
            .order_by(NoShow.noticed_at, NoShow.id)
        ).all()
        entries, decisions, contests = _ledger_rows(ctx, person_id)
        devices = ctx.db.execute(
            select(
                ScannerDevice.name,
                ScannerDevice.gate,
                ScannerDevice.made_at,
                ScannerDevice.expires_at,
                ScannerDevice.revoked_at,
            )
            .where(ScannerDevice.made_by == person_id)
            .order_by(ScannerDevice.made_at, ScannerDevice.id)
        ).all()
        with_titles = (scans, corrections, lines, missed, entries, decisions, contests)
        ids = {row.session_id for rows in with_titles for row in rows}
        titles = {key: facts.title for key, facts in session_facts(ctx, ids).items()}
    cities = city_names(ctx, {row.municipality_id for row in photos})
    return {
        # The photos themselves stand on the person's page of their pass.
        "photos": [
            {"municipality": cities[row.municipality_id], "agreed": row.agreed_at.isoformat()}
            for row in photos
        ],
        "passes": [
            {
                "issued": row.issued_at.isoformat(),
                "revoked": row.revoked_at and row.revoked_at.isoformat(),
            }
            for row in passes
        ],
        "scans": [
            {
                "project": titles[row.session_id],
                "direction": row.direction.value,
                "at": row.scanned_at.isoformat(),
                "outcome": row.outcome.value,
                "reason": row.reason and row.reason.value,
            }
            for row in scans
        ],
        "corrections": [
            {
                "project": titles[row.session_id],
                "day": row.day.isoformat(),
                "minutes": row.minutes,
                "reason": row.reason,
                "state": row.state.value,
                "made": row.made_at.isoformat(),
                "decided": row.decided_at and row.decided_at.isoformat(),
            }
            for row in corrections
        ],
        **_ledger(entries, decisions, contests, titles),
        "devices": [
            {
                "name": row.name,
                "gate": row.gate,
                "made": row.made_at.isoformat(),
                "expires": row.expires_at.isoformat(),
                "revoked": row.revoked_at and row.revoked_at.isoformat(),
            }
            for row in devices
        ],
        "not_seen_at": [
            {
                "project": titles[row.session_id],
                "noticed": row.noticed_at.isoformat(),
                "followed_up": row.followed_up_at and row.followed_up_at.isoformat(),
                "note": row.note,
            }
            for row in missed
        ],
        "hours": [
            {"project": titles[row.session_id], "day": row.day.isoformat(), "minutes": row.minutes}
            for row in lines
        ],
    }


Rows = Sequence[Row[*tuple[Any, ...]]]


def _ledger_rows(ctx: Context, person_id: UUID) -> tuple[Rows, Rows, Rows]:
    """What changed their hours, what was decided of their scans, and what they said was wrong."""
    entries = ctx.db.execute(
        select(
            HoursEntry.session_id,
            HoursEntry.day,
            HoursEntry.minutes,
            HoursEntry.cause,
            HoursEntry.reason,
            HoursEntry.made_at,
        )
        .where(HoursEntry.person_id == person_id)
        .order_by(HoursEntry.made_at, HoursEntry.id)
    ).all()
    decisions = ctx.db.execute(
        select(
            CheckEvent.session_id,
            CheckEvent.scanned_at,
            CheckDecision.decision,
            CheckDecision.reason,
            CheckDecision.made_at,
        )
        .join(CheckEvent, CheckEvent.id == CheckDecision.event_id)
        .where(CheckEvent.person_id == person_id)
        .order_by(CheckDecision.made_at, CheckDecision.event_id)
    ).all()
    contests = ctx.db.execute(
        select(
            Contest.session_id,
            Contest.day,
            Contest.words,
            Contest.made_at,
            Contest.answer,
            Contest.answered_at,
        )
        .where(Contest.person_id == person_id)
        .order_by(Contest.made_at, Contest.id)
    ).all()
    return entries, decisions, contests


def _ledger(
    entries: Rows, decisions: Rows, contests: Rows, titles: Mapping[UUID, str]
) -> dict[str, Any]:
    return {
        "changes_of_hours": [
            {
                "project": titles[row.session_id],
                "day": row.day.isoformat(),
                "minutes": row.minutes,
                "cause": row.cause.value,
                "reason": row.reason,
                "made": row.made_at.isoformat(),
            }
            for row in entries
        ],
        "decisions_on_scans": [
            {
                "project": titles[row.session_id],
                "scanned": row.scanned_at.isoformat(),
                "decision": row.decision.value,
                "reason": row.reason,
                "made": row.made_at.isoformat(),
            }
            for row in decisions
        ],
        "questions_about_hours": [
            {
                "project": titles[row.session_id],
                "day": row.day.isoformat(),
                "words": row.words,
                "made": row.made_at.isoformat(),
                "answer": row.answer,
                "answered": row.answered_at and row.answered_at.isoformat(),
            }
            for row in contests
        ],
    }
