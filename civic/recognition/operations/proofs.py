"""What a tutor gathers from sessions while a path is under way."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from civic.badges.rules import Rating
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.recognition.errors import (
    GoalNotOfPath,
    NotUnderWay,
    PhotoNotAgreed,
    SessionNotTheirs,
    SkillNotOfGoal,
)
from civic.recognition.models import RecognitionEvidence
from civic.recognition.operations.trail import record_change
from civic.recognition.queries.gate import own_path, path_for
from civic.recognition.queries.paths import pages
from civic.recognition.rules import PathState, Proof


@dataclass(frozen=True)
class NewProof:
    kind: Proof
    goal_id: UUID
    session_id: UUID | None = None
    words: str = ""
    skill: str = ""
    rating: Rating | None = None
    stored_as: str = ""
    """Of a photo that is in the file store already."""
    is_agreed: bool = False
    """The person agreed to the photo, in front of the tutor."""
    id: UUID | None = None
    """Made with the form, so that one sent twice is one."""


def add_proof(ctx: Context, path_id: UUID, new: NewProof) -> bool:
    """False when the same form came before: then nothing of it is kept twice."""
    path = path_for(ctx, path_id, holding=True)
    if path.state is not PathState.UNDER_WAY:
        raise NotUnderWay
    (page,) = pages(ctx, [path])
    goal = next((each for each in page.goals if each.id == new.goal_id), None)
    if goal is None:
        raise GoalNotOfPath
    if new.session_id is not None and new.session_id not in {
        line.session_id for line in page.lines
    }:
        raise SessionNotTheirs
    if new.kind is Proof.ASSESSMENT and (new.skill not in goal.skills or new.rating is None):
        raise SkillNotOfGoal
    if new.kind is Proof.PHOTO and not (new.is_agreed and new.stored_as):
        raise PhotoNotAgreed
    proof_id = new.id or ctx.new_id()
    is_assessment = new.kind is Proof.ASSESSMENT
    is_new = insert_once(
        ctx.db,
        RecognitionEvidence,
        id=proof_id,
        municipality_id=path.municipality_id,
        path_id=path.id,
        goal_id=goal.id,
        session_id=new.session_id,
        kind=new.kind,
        words=new.words,
        skill=new.skill if is_assessment else "",
        rating=new.rating if is_assessment else None,
        stored_as=new.stored_as if new.kind is Proof.PHOTO else "",
        agreed_at=ctx.now() if new.kind is Proof.PHOTO else None,
        made_by=ctx.actor.own_id,
        made_at=ctx.now(),
    )
    if is_new:
        record_change(ctx, path, "evidence_added", evidence=proof_id)
        return True
    there = ctx.db.get(RecognitionEvidence, proof_id)
    if there is None or there.path_id != path.id:
        raise NotFound
    return False


def withdraw_photo(ctx: Context, path_id: UUID, proof_id: UUID) -> str | None:
    """By the person, at any time: returns the file that nothing names any more."""
    path = own_path(ctx, path_id)
    row = ctx.db.scalars(
        select(RecognitionEvidence)
        .where(RecognitionEvidence.id == proof_id, RecognitionEvidence.path_id == path.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None or row.kind is not Proof.PHOTO:
        raise NotFound
    stored_as = row.stored_as
    ctx.db.execute(
        update(RecognitionEvidence)
        .where(RecognitionEvidence.id == proof_id)
        .values(stored_as="")
        .execution_options(synchronize_session=False)
    )
    record_change(ctx, path, "photo_withdrawn", evidence=proof_id)
    return stored_as or None


def photo_of(ctx: Context, path_id: UUID, proof_id: UUID, *, is_own: bool) -> str:
    """Under which name the file store keeps a photo that the asker may see."""
    path = own_path(ctx, path_id) if is_own else path_for(ctx, path_id)
    stored_as = ctx.db.scalar(
        select(RecognitionEvidence.stored_as).where(
            RecognitionEvidence.id == proof_id, RecognitionEvidence.path_id == path.id
        )
    )
    if not stored_as:
        raise NotFound
    return stored_as
