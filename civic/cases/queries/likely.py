"""Files that may be about the same person as this one."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from civic.cases.access import Access, Data
from civic.cases.errors import NotYours
from civic.cases.facts import blocks
from civic.cases.likeness import LIKELY, Likeness, likeness
from civic.cases.models import CaseFact, CaseFile, CaseMerge
from civic.cases.queries.files import Keys, latest, name_in
from civic.cases.queries.gate import CaseFacts, case_for, reference_of
from civic.cases.queries.indexed import under_every_key
from civic.kernel.context import Context
from civic.kernel.vault import blind

MOST = 60
"""Candidates that are opened: those that share most of how the names sound come first."""


@dataclass(frozen=True)
class Likely:
    case_id: UUID
    reference: str
    name: str
    """Only its reference where the reader may not open it."""
    likeness: Likeness
    is_open_to_me: bool


def likely_same(ctx: Context, case: CaseFacts) -> list[Likely]:
    """By how names sound, then by everything known; the likeliest first. Four statements. A file that
    the reader may not open is named by its reference and the grounds alone."""
    case.require(Data.IDENTITY, Access.WRITE)
    keys = Keys(ctx, case.municipality_id)
    mine = latest(ctx, [case.id], [Data.IDENTITY]).get(case.id, {}).get(Data.IDENTITY)
    if mine is None:
        return []
    identity = keys.open("case_section", case.id, mine.id, mine.sealed)
    candidates = _candidates(ctx, case, identity)
    kept = latest(ctx, candidates, [Data.IDENTITY])
    found = []
    for other_id, sections in kept.items():
        row = sections[Data.IDENTITY]
        other = keys.open("case_section", other_id, row.id, row.sealed)
        alike = likeness(identity, other)
        if alike.score >= LIKELY:
            is_open = _is_open(ctx, other_id)
            name = name_in(other, other_id) if is_open else reference_of(other_id)
            found.append(Likely(other_id, reference_of(other_id), name, alike, is_open))
    return sorted(found, key=lambda each: (-each.likeness.score, each.reference))


def _candidates(ctx: Context, case: CaseFacts, identity: dict[str, object]) -> list[UUID]:
    return under_every_key(
        ctx, case.municipality_id, lambda keys: _sharing(ctx, case, identity, keys)
    )


def _sharing(
    ctx: Context, case: CaseFacts, identity: dict[str, object], keys: Collection[bytes]
) -> list[UUID]:
    hashes = [blind(key, block) for key in keys for block in blocks(identity)]
    if not hashes:
        return []
    decided = select(CaseMerge.other_id).where(CaseMerge.kept_id == case.id)
    decided = decided.where(CaseMerge.undone_at.is_(None))
    decided_too = select(CaseMerge.kept_id).where(CaseMerge.other_id == case.id)
    decided_too = decided_too.where(CaseMerge.undone_at.is_(None))
    return list(
        ctx.db.scalars(
            select(CaseFact.case_id)
            .join(CaseFile, CaseFile.id == CaseFact.case_id)
            .where(CaseFact.hash.in_(hashes), CaseFact.case_id != case.id)
            .where(CaseFact.municipality_id == case.municipality_id)
            .where(CaseFile.merged_into_id.is_(None), CaseFile.erased_at.is_(None))
            .where(~or_(CaseFact.case_id.in_(decided), CaseFact.case_id.in_(decided_too)))
            .group_by(CaseFact.case_id)
            .order_by(func.count().desc(), CaseFact.case_id)
            .limit(MOST)
        )
    )


def _is_open(ctx: Context, case_id: UUID) -> bool:
    try:
        case_for(ctx, case_id, Data.IDENTITY, Access.READ)
    except NotYours:
        return False
    return True
