"""Two files that may be about one person: laid side by side, merged by a pointer, undone by taking it
away. No row moves, so nothing can be lost on the way there or back."""

from uuid import UUID

from sqlalchemy import select

from civic.cases.access import Access, Data
from civic.cases.errors import SameFile
from civic.cases.models import CaseFile, CaseMerge
from civic.cases.operations import trail
from civic.cases.queries.gate import CaseFacts, case_for, facts_of
from civic.kernel.context import Context
from civic.kernel.errors import NotFound


def merge(ctx: Context, kept_id: UUID, other_id: UUID) -> UUID:
    """From now on the other is read under the kept one, with its timeline. Both are the actor's to
    write. Whoever had only the other one sees nothing more than before: nothing."""
    kept, other = _both(ctx, kept_id, other_id)
    row = ctx.db.scalars(select(CaseFile).where(CaseFile.id == other.id).with_for_update()).one()
    _follow(ctx, other.id, kept.id)
    row.merged_into_id = kept.id
    is_carried = kept.person_id is None and row.person_id is not None
    if is_carried:
        ctx.db.get_one(CaseFile, kept.id).person_id = row.person_id
    merge_id = _decide(ctx, kept, other, is_same=True, carried_person=is_carried)
    trail.note(ctx, kept, "merged", thing_id=other.id)
    trail.note(ctx, other, "merged", thing_id=kept.id)
    return merge_id


def _follow(ctx: Context, other_id: UUID, kept_id: UUID) -> None:
    """What was merged into the other before follows it: one step leads from any file to its kept one."""
    for row in ctx.db.scalars(select(CaseFile).where(CaseFile.merged_into_id == other_id)):
        row.merged_into_id = kept_id


def keep_apart(ctx: Context, one_id: UUID, other_id: UUID) -> None:
    """Somebody looked: they are two people. Nobody is asked about them again."""
    one, other = _both(ctx, one_id, other_id)
    _decide(ctx, one, other, is_same=False)
    trail.note(ctx, one, "kept_apart", thing_id=other.id)


def undo_merge(ctx: Context, kept_id: UUID, merge_id: UUID) -> None:
    """Both are as they were; what was written since stays where it was written, with the kept one."""
    kept = case_for(ctx, kept_id, Data.IDENTITY, Access.WRITE)
    row = ctx.db.scalars(
        select(CaseMerge)
        .where(CaseMerge.id == merge_id, CaseMerge.undone_at.is_(None))
        .where(CaseMerge.is_same.is_(True))
        .with_for_update()
    ).first()
    other = ctx.db.get(CaseFile, row.other_id) if row else None
    if row is None or other is None or other.merged_into_id != kept.id:
        raise NotFound
    other.merged_into_id = None
    if row.carried_person:
        ctx.db.get_one(CaseFile, kept.id).person_id = None
    row.undone_at, row.undone_by = ctx.now(), ctx.actor.person_id
    ctx.db.flush()
    trail.note(ctx, kept, "merge_undone", thing_id=other.id)
    trail.note(ctx, facts_of(other), "merge_undone", thing_id=kept.id)


def _both(ctx: Context, one_id: UUID, other_id: UUID) -> tuple[CaseFacts, CaseFacts]:
    one = case_for(ctx, one_id, Data.IDENTITY, Access.WRITE)
    other = case_for(ctx, other_id, Data.IDENTITY, Access.WRITE)
    if one.id == other.id:
        raise SameFile
    if one.municipality_id != other.municipality_id:
        raise NotFound
    return one, other


def _decide(
    ctx: Context,
    kept: CaseFacts,
    other: CaseFacts,
    *,
    is_same: bool,
    carried_person: bool = False,
) -> UUID:
    merge_id = ctx.new_id()
    ctx.db.add(
        CaseMerge(
            id=merge_id,
            municipality_id=kept.municipality_id,
            kept_id=kept.id,
            other_id=other.id,
            is_same=is_same,
            carried_person=carried_person,
            decided_at=ctx.now(),
            decided_by=ctx.actor.person_id,
        )
    )
    ctx.db.flush()
    return merge_id
