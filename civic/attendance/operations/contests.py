"""A line of the ledger that its person says is wrong, and what they are answered."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import update

from civic.attendance.errors import (
    AlreadyAnswered,
    AlreadyQuestioned,
    AnswerToQuestionMissing,
    OwnQuestion,
    QuestionMissing,
)
from civic.attendance.events import ContestAnswered
from civic.attendance.models import Contest
from civic.attendance.operations.corrections import NewCorrection, propose_correction
from civic.attendance.queries.contests import question_for
from civic.attendance.queries.ledger_of_person import own_session_with
from civic.audit import operations as audit
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.outbox import emit
from civic.kernel.policy import Permission


@dataclass(frozen=True)
class NewContest:
    session_id: UUID
    day: date
    words: str
    language: str
    """In which it is written, as far as the page can tell."""


@dataclass(frozen=True)
class Reply:
    words: str
    minutes: int | None = None
    """As they should be, when the person is right: to be confirmed by somebody else."""


def contest(ctx: Context, new: NewContest) -> UUID:
    """The actor says that a line of their own hours is wrong; one question at a time of each."""
    facts = own_session_with(ctx, new.session_id, new.day, new.language)
    if not new.words:
        raise QuestionMissing
    contest_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Contest,
        id=contest_id,
        municipality_id=facts.municipality_id,
        session_id=facts.id,
        association_id=facts.association_id,
        person_id=ctx.actor.own_id,
        day=new.day,
        words=new.words,
        language=new.language,
        made_at=ctx.now(),
        answer="",
    )
    if not is_new:
        raise AlreadyQuestioned
    return contest_id


def answer_contest(ctx: Context, contest_id: UUID, reply: Reply, permission: Permission) -> None:
    """Once, and never by the person whose hours they are. Other hours are proposed with the same
    words as their reason."""
    asked = question_for(ctx, contest_id, permission)
    if asked.person_id == ctx.actor.own_id:
        raise OwnQuestion
    if not reply.words:
        raise AnswerToQuestionMissing
    answered = ctx.db.scalar(
        update(Contest)
        .where(Contest.id == contest_id, Contest.answered_at.is_(None))
        .values(answer=reply.words, answered_by=ctx.actor.own_id, answered_at=ctx.now())
        .returning(Contest.id)
        .execution_options(synchronize_session=False)
    )
    if answered is None:
        raise AlreadyAnswered
    if reply.minutes is not None:
        reason = " ".join(reply.words.split())
        propose_correction(
            ctx,
            NewCorrection(asked.session_id, asked.person_id, reply.minutes, reason, asked.day),
        )
    audit.record(
        ctx,
        asked.municipality_id,
        "hours.question_answered",
        subject_id=asked.person_id,
        thing_id=contest_id,
        details={"day": asked.day.isoformat()},
    )
    emit(
        ctx,
        ContestAnswered(
            municipality_id=asked.municipality_id,
            contest_id=contest_id,
            person_id=asked.person_id,
            session_id=asked.session_id,
            proposed_minutes=reply.minutes,
        ),
    )
