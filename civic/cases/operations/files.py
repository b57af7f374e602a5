"""Opening a file, and writing its parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from civic.cases.access import Access, CaseRole, Data
from civic.cases.errors import VersionMoved
from civic.cases.facts import blocks, pairs, plain_facts
from civic.cases.models import CaseAccess, CaseConflict, CaseFact, CaseFile, CaseSection
from civic.cases.operations import entries, trail
from civic.cases.policy import OPEN_CASE
from civic.cases.queries.files import Keys, latest, version_of
from civic.cases.queries.gate import CaseFacts, case_for, facts_of
from civic.cases.states import CaseState
from civic.kernel.clock import rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.db.dialects import hold_together, insert_once
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place, Role
from civic.kernel.vault import Spot, blind


@dataclass(frozen=True)
class NewCase:
    municipality_id: UUID
    identity: Mapping[str, Any]
    language: str = "it"
    id: UUID | None = None
    """Made by the form or the phone, so that one sent twice is one."""
    person_id: UUID | None = None
    is_anonymous: bool = False
    at: datetime | None = None
    """When they were met, where that was before now."""


def open_case(ctx: Context, new: NewCase) -> UUID:
    """A file in its first state. Whoever opens it has it: the desk for the day, the mobile unit as a
    team, a case worker as its lead."""
    OPEN_CASE.require(ctx.actor, Place(municipality_id=new.municipality_id))
    case_id = new.id or ctx.new_id()
    at = new.at or ctx.now()
    is_new = insert_once(
        ctx.db,
        CaseFile,
        id=case_id,
        municipality_id=new.municipality_id,
        person_id=new.person_id,
        state=CaseState.CONTACT,
        state_since=at,
        language=new.language,
        is_anonymous=new.is_anonymous,
        opened_at=at,
        opened_by=ctx.actor.person_id,
    )
    if not is_new:
        return case_for(ctx, case_id).id
    ctx.vault.new_key(new.municipality_id, case_id)
    row = ctx.db.get_one(CaseFile, case_id)
    _give_to_opener(ctx, row)
    facts = facts_of(row)
    _write(ctx, facts, Data.IDENTITY, new.identity, 1, at)
    index_facts(ctx, facts)
    trail.note(ctx, facts, "opened")
    return case_id


def _give_to_opener(ctx: Context, row: CaseFile) -> None:
    for role, kind in (
        (Role.CASE_WORKER, CaseRole.CASE_LEAD),
        (Role.MOBILE_UNIT, CaseRole.MOBILE_UNIT),
        (Role.DESK, CaseRole.DESK),
    ):
        if ctx.actor.has_role(role):
            give(ctx, row.id, row.municipality_id, kind)
            return


def give(
    ctx: Context,
    case_id: UUID,
    municipality_id: UUID,
    role: CaseRole,
    person_id: UUID | None = None,
    *,
    today_only: bool = False,
) -> None:
    """A role on a case: to the actor if nobody is named. The desk has it until the day ends; the
    mobile unit's is everybody's of the unit, unless it is for today."""
    is_unit = role is CaseRole.MOBILE_UNIT and not today_only
    is_brief = role is CaseRole.DESK or today_only
    ctx.db.add(
        CaseAccess(
            id=ctx.new_id(),
            municipality_id=municipality_id,
            case_id=case_id,
            person_id=None if is_unit else person_id or ctx.actor.person_id,
            role=role,
            since=ctx.now(),
            until=rome_day_bounds(rome_day(ctx.now()))[1] if is_brief else None,
            given_by=ctx.actor.person_id,
        )
    )
    ctx.db.flush()


def write_section(
    ctx: Context, case_id: UUID, data: Data, values: Mapping[str, Any], base: int
) -> None:
    """A part as it is from now on. `base` is the version that the writer had before them: where
    another was written meanwhile, VersionMoved, and nothing is written over."""
    case = case_for(ctx, case_id, data, Access.WRITE)
    if version_of(ctx, case, data) != base:
        raise VersionMoved
    _write(ctx, case, data, values, base + 1, ctx.now())
    if data in (Data.IDENTITY, Data.LEGAL_STATUS):
        index_facts(ctx, case)
    if data is Data.IDENTITY and (values.get("given") or values.get("family")):
        ctx.db.get_one(CaseFile, case.id).is_anonymous = False
    if data is Data.LEGAL_STATUS:
        ends = str(values.get("permit_ends") or "")
        entries.set_permit_clock(ctx, case, date.fromisoformat(ends) if ends else None)
    trail.note(ctx, case, "changed", data=data.value)


def write_from_afar(
    ctx: Context,
    case: CaseFacts,
    data: Data,
    values: Mapping[str, Any],
    base: int,
    at: datetime,
) -> bool:
    """What somebody wrote without network, over the version they had. False where another stands
    meanwhile: theirs is kept beside it, for somebody to look at both."""
    case.require(data, Access.WRITE)
    if version_of(ctx, case, data) == base:
        _write(ctx, case, data, values, base + 1, at)
        if data is Data.IDENTITY:
            index_facts(ctx, case)
        return True
    conflict_id = ctx.new_id()
    key = ctx.vault.key_of(case.municipality_id, case.id)
    ctx.db.add(
        CaseConflict(
            id=conflict_id,
            municipality_id=case.municipality_id,
            case_id=case.id,
            data=data,
            base_version=base,
            written_by=ctx.actor.person_id,
            written_at=at,
            sealed=key.seal(Spot("case_conflict", conflict_id), dict(values)),
        )
    )
    ctx.db.flush()
    return False


def settle_conflict(ctx: Context, case_id: UUID, conflict_id: UUID, *, keep_theirs: bool) -> None:
    """Somebody looked at both and says what stands: the version that does, or the one beside it."""
    case = case_for(ctx, case_id)
    row = ctx.db.scalars(
        select(CaseConflict)
        .where(CaseConflict.id == conflict_id, CaseConflict.case_id == case.id)
        .where(CaseConflict.settled_at.is_(None))
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound
    case.require(row.data, Access.WRITE)
    if keep_theirs:
        values = Keys(ctx, case.municipality_id).open(
            "case_conflict", row.case_id, row.id, row.sealed
        )
        write_section(ctx, case.id, row.data, values, version_of(ctx, case, row.data))
    row.settled_at, row.settled_by = ctx.now(), ctx.actor.person_id
    ctx.db.flush()


def _write(
    ctx: Context,
    case: CaseFacts,
    data: Data,
    values: Mapping[str, Any],
    version: int,
    at: datetime,
) -> None:
    """Two who write the same version at the same moment: the unique key lets in one."""
    row_id = ctx.new_id()
    key = ctx.vault.key_of(case.municipality_id, case.id)
    is_first = insert_once(
        ctx.db,
        CaseSection,
        id=row_id,
        municipality_id=case.municipality_id,
        case_id=case.id,
        data=data,
        version=version,
        written_by=ctx.actor.person_id,
        written_at=at,
        received_at=ctx.now(),
        sealed=key.seal(Spot("case_section", row_id), dict(values)),
    )
    if not is_first:
        raise VersionMoved


def index_facts(ctx: Context, case: CaseFacts) -> None:
    """Hash anew by what this file is found, under the city's newest key. The system does it: whoever
    wrote one part need not be able to read the other."""
    hold_index(ctx, case.id)
    keys = Keys(ctx, case.municipality_id)
    kept = latest(ctx, [case.id], [Data.IDENTITY, Data.LEGAL_STATUS]).get(case.id, {})
    opened = {
        data: keys.open("case_section", case.id, row.id, row.sealed) for data, row in kept.items()
    }
    known = dict(opened.get(Data.IDENTITY, {}))
    known["permit"] = opened.get(Data.LEGAL_STATUS, {}).get("permit", "")
    version, key = _index_key(ctx, case.municipality_id)
    hashes = {blind(key, text) for text in (*pairs(plain_facts(known)), *blocks(known))}
    ctx.db.execute(delete(CaseFact).where(CaseFact.case_id == case.id))
    if hashes:
        ctx.db.execute(
            insert(CaseFact),
            [
                {
                    "hash": each,
                    "case_id": case.id,
                    "municipality_id": case.municipality_id,
                    "key_version": version,
                }
                for each in hashes
            ],
        )


def hold_index(ctx: Context, case_id: UUID) -> None:
    """Two who write by what one person is found do it one after the other."""
    ctx.db.execute(
        select(CaseFile.id).where(CaseFile.id == case_id).with_for_update(key_share=True)
    )


def turn_of(municipality_id: UUID, version: str) -> str:
    """What a writer holds who writes hashes under that key of the city."""
    return f"index {municipality_id} {version}"


def _index_key(ctx: Context, municipality_id: UUID) -> tuple[str, bytes]:
    """The newest key, which is not retired until this transaction ends."""
    while True:
        version, key = list(ctx.vault.index_keys(municipality_id).items())[-1]
        hold_together(ctx.db, turn_of(municipality_id, version))
        if version == list(ctx.vault.index_keys(municipality_id))[-1]:
            return version, key
