"""What people say is wrong with their hours, for whoever answers them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, false, func, or_, select

from civic.accounts.models import Person
from civic.attendance.models import Contest, HoursLine
from civic.attendance.policy import ANSWER_QUESTION_IN_CITY
from civic.attendance.rules import QUESTION_CARRIED_AFTER
from civic.catalogue.queries.sessions import SessionFacts, session_facts
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place, Role

MOST_SHOWN = 100


@dataclass(frozen=True)
class Question:
    """One that nobody has answered yet."""

    id: UUID
    session_id: UUID
    person_id: UUID
    name: str
    languages: tuple[str, ...]
    day: date
    minutes: int | None
    """What the ledger says of that day; none while nothing counts."""
    words: str
    language: str
    made_at: datetime
    is_carried: bool
    """The municipality sees it too."""
    facts: SessionFacts


def questions(ctx: Context) -> list[Question]:
    """To the associations of the actor, the longest waiting first; two statements."""
    return _found(ctx, _open().where(_theirs(ctx)))


def questions_left(ctx: Context, municipality_id: UUID) -> list[Question]:
    """What associations of the city left unanswered; two statements."""
    ANSWER_QUESTION_IN_CITY.require(ctx.actor, Place(municipality_id))
    return _found(ctx, _open().where(_left_in(ctx, municipality_id)))


def number_of_questions(ctx: Context, municipality_id: UUID | None) -> ScalarSelect[int]:
    """How many wait for the actor's associations; or, at a city's desk, were left unanswered."""
    whose = _theirs(ctx) if municipality_id is None else _left_in(ctx, municipality_id)
    return (
        select(func.count(Contest.id)).where(Contest.answered_at.is_(None), whose).scalar_subquery()
    )


def question_for(ctx: Context, contest_id: UUID, permission: Permission) -> Contest:
    """The gate: a question, answered or not, where the actor may answer it."""
    contest = ctx.db.scalar(select(Contest).where(Contest.id == contest_id))
    if contest is None:
        raise NotFound
    permission.require(ctx.actor, Place(contest.municipality_id, contest.association_id))
    if permission is ANSWER_QUESTION_IN_CITY and contest.made_at > _carried_until(ctx):
        raise NotFound
    return contest


def _carried_until(ctx: Context) -> datetime:
    return ctx.now() - QUESTION_CARRIED_AFTER


def _left_in(ctx: Context, municipality_id: UUID) -> ColumnElement[bool]:
    return and_(Contest.municipality_id == municipality_id, Contest.made_at <= _carried_until(ctx))


def _theirs(ctx: Context) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(
                Contest.association_id == grant.association_id,
                Contest.municipality_id == grant.municipality_id,
            )
            for grant in ctx.actor.grants
            if grant.role is Role.ORGANISER
        ),
    )


def _open() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Contest.id,
            Contest.session_id,
            Contest.person_id,
            Person.name,
            Person.languages,
            Contest.day,
            HoursLine.minutes,
            Contest.words,
            Contest.language,
            Contest.made_at,
        )
        .join(Person, Person.id == Contest.person_id)
        .outerjoin(
            HoursLine,
            and_(
                HoursLine.session_id == Contest.session_id,
                HoursLine.person_id == Contest.person_id,
                HoursLine.day == Contest.day,
            ),
        )
        .where(Contest.answered_at.is_(None))
        .order_by(Contest.made_at, Contest.id)
        .limit(MOST_SHOWN)
    )


def _found(ctx: Context, statement: Select[*tuple[Any, ...]]) -> list[Question]:
    rows = ctx.db.execute(statement).all()
    facts = session_facts(ctx, [row.session_id for row in rows]) if rows else {}
    return [
        Question(
            **dict(row._mapping) | {"languages": tuple(row.languages)},
            is_carried=row.made_at <= _carried_until(ctx),
            facts=facts[row.session_id],
        )
        for row in rows
        if row.session_id in facts
    ]
