"""What the mobile unit brings back: outings, and whom it met, with the author and the hour of the
field. Everything carries the id that the phone gave it, so that it may be sent any number of times."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.accounts.operations import token_hash
from civic.cases.access import Access, Data
from civic.cases.errors import NotYours
from civic.cases.models import CaseFile, Outing, OutingPass
from civic.cases.operations.entries import NewEntry, write_entry
from civic.cases.operations.files import NewCase, hold_index, open_case, write_from_afar
from civic.cases.policy import GO_OUT
from civic.cases.queries.files import Keys, latest
from civic.cases.queries.gate import case_for
from civic.cases.vocabulary import EntryKind
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place

PASS_LIFE = timedelta(hours=72)
"""As long as a phone keeps what it loaded."""
TALLY = ("women", "men", "minors", "unknown")
MOST_MET = 9999
OF_IDENTITY = ("called", "age_band")
OF_ENTRY = ("needs", "help", "where", "follow_up", "words")


def make_pass(ctx: Context, municipality_id: UUID) -> str:
    """A token by which this phone sends, for three days, as the one who is signed in now. It reads
    nothing."""
    GO_OUT.require(ctx.actor, Place(municipality_id=municipality_id))
    token = secrets.token_urlsafe(32)
    ctx.db.add(
        OutingPass(
            token_hash=token_hash(token),
            person_id=ctx.actor.own_id,
            municipality_id=municipality_id,
            expires_at=ctx.now() + PASS_LIFE,
        )
    )
    ctx.db.flush()
    return token


def holder_of_pass(ctx: Context, token: str) -> tuple[UUID, UUID] | None:
    """Who sends, and of which city; None once the pass is over."""
    row = ctx.db.scalars(
        select(OutingPass)
        .where(OutingPass.token_hash == token_hash(token))
        .where(OutingPass.expires_at > ctx.now())
    ).first()
    return (row.person_id, row.municipality_id) if row else None


@dataclass(frozen=True)
class Walk:
    """An outing as the phone has it by now."""

    id: UUID
    team: str
    area: str
    at: datetime
    ended_at: datetime | None
    tally: Mapping[str, int]
    sequence: int


def keep_outing(ctx: Context, municipality_id: UUID, walk: Walk) -> str:
    """`kept`, or `repeated` for a state that is known or older."""
    GO_OUT.require(ctx.actor, Place(municipality_id=municipality_id))
    tally = {name: min(max(int(walk.tally.get(name, 0)), 0), MOST_MET) for name in TALLY}
    is_new = insert_once(
        ctx.db,
        Outing,
        id=walk.id,
        municipality_id=municipality_id,
        team=walk.team,
        area=walk.area,
        started_at=walk.at,
        ended_at=walk.ended_at,
        tally=tally,
        sequence=walk.sequence,
        written_by=ctx.actor.own_id,
        received_at=ctx.now(),
    )
    if is_new:
        return "kept"
    row = ctx.db.scalars(select(Outing).where(Outing.id == walk.id).with_for_update()).first()
    if row is None or row.municipality_id != municipality_id:
        raise NotFound
    if row.written_by != ctx.actor.person_id:
        raise NotFound
    if walk.sequence <= row.sequence:
        return "repeated"
    row.team, row.area, row.ended_at = walk.team, walk.area, walk.ended_at
    row.tally, row.sequence, row.received_at = tally, walk.sequence, ctx.now()
    ctx.db.flush()
    return "kept"


@dataclass(frozen=True)
class Meeting:
    """Somebody was met in the street."""

    id: UUID
    person_id: UUID
    """The case's id, which the phone makes for somebody new."""
    at: datetime
    values: Mapping[str, Any]
    outing_id: UUID | None = None
    base_version: int | None = None
    language: str = "it"


def keep_meeting(ctx: Context, municipality_id: UUID, meeting: Meeting) -> str:
    """`kept`, `repeated`, or `conflict` where a colleague wrote about the same person meanwhile: then
    both versions are kept to be laid side by side. The meeting itself is never in conflict."""
    GO_OUT.require(ctx.actor, Place(municipality_id=municipality_id))
    identity: dict[str, Any] = {name: meeting.values.get(name) or "" for name in OF_IDENTITY}
    identity["languages"] = [meeting.language] if meeting.language else []
    row = ctx.db.scalars(select(CaseFile).where(CaseFile.id == meeting.person_id)).first()
    if row is None:
        new = NewCase(
            municipality_id, identity, meeting.language, meeting.person_id, None, True, meeting.at
        )
        open_case(ctx, new)
    elif row.municipality_id != municipality_id:
        raise NotYours
    case = case_for(ctx, meeting.person_id)
    # Before the trail: who writes a part at the desk takes the two in this order as well.
    hold_index(ctx, case.id)
    words = {name: meeting.values.get(name) for name in OF_ENTRY if meeting.values.get(name)}
    outing_id = meeting.outing_id if _has(ctx, meeting.outing_id) else None
    entry = NewEntry(
        Data.SOCIAL, EntryKind.CONTACT, words, meeting.at, meeting.at, meeting.id, outing_id
    )
    if not write_entry(ctx, case, entry):
        return "repeated"
    if row is None:
        return "kept"
    known = _identity(ctx, case.id, municipality_id)
    changed = {**known, **{name: identity[name] for name in OF_IDENTITY if identity[name]}}
    spoken = known.get("languages") or []
    changed["languages"] = [
        *spoken,
        *(each for each in identity["languages"] if each not in spoken),
    ]
    if changed == {"languages": [], **known} or not case.may(Data.IDENTITY, Access.WRITE):
        return "kept"
    is_clear = write_from_afar(
        ctx, case, Data.IDENTITY, changed, meeting.base_version or 0, meeting.at
    )
    return "kept" if is_clear else "conflict"


def _identity(ctx: Context, case_id: UUID, municipality_id: UUID) -> dict[str, Any]:
    kept = latest(ctx, [case_id], [Data.IDENTITY]).get(case_id, {}).get(Data.IDENTITY)
    if kept is None:
        return {}
    keys = Keys(ctx, municipality_id)
    return dict(keys.open("case_section", case_id, kept.id, kept.sealed))


def _has(ctx: Context, outing_id: UUID | None) -> bool:
    """The outing itself may come later, or be refused: the meeting is kept all the same."""
    if outing_id is None:
        return False
    return ctx.db.scalar(select(Outing.id).where(Outing.id == outing_id)) is not None


def clear_times(at: datetime, now: datetime) -> datetime:
    """A phone's clock may be wrong: nothing was met after now."""
    return min(at, now)
