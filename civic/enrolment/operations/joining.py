"""Joining a project, or asking to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from civic.accounts import operations as accounts
from civic.accounts import queries as people
from civic.catalogue.rules import ProjectState
from civic.enrolment.errors import (
    AgeUnknown,
    AnsweredNotNow,
    ProjectNotOpen,
    RequirementMissing,
    TooYoung,
)
from civic.enrolment.events import JoiningRequested
from civic.enrolment.models import Enrolment
from civic.enrolment.obstacles import may_ask_again_on
from civic.enrolment.operations.register import enter_in_register
from civic.enrolment.operations.turns import take_turn
from civic.enrolment.queries import enrolments
from civic.enrolment.queries.requests import missing_requirements
from civic.enrolment.rules import (
    MUNICIPAL,
    EnrolmentState,
    LegalBasis,
    OpenProject,
    is_old_enough,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.outbox import emit


@dataclass(frozen=True)
class Asked:
    """What comes with a wish to join."""

    words: str = ""
    """To the organiser, in any language."""
    enrolled_by: UUID | None = None
    """Who does it for them at the desk."""
    basis: LegalBasis | None = None
    """Set by the municipality; else what the project says."""


ON_THEIR_OWN = Asked()


def enrol(ctx: Context, project_id: UUID, words: str = "") -> EnrolmentState:
    """The actor joins a project, or asks to with these words; a second time changes nothing."""
    person_id = take_turn(ctx)
    project = enrolments.project_to_join(ctx, project_id=project_id)
    return join(ctx, project, person_id, Asked(words))


def join(
    ctx: Context, project: OpenProject, person_id: UUID, asked: Asked = ON_THEIR_OWN
) -> EnrolmentState:
    """Somebody joins, or where the organiser says yes to each person asks to.

    Callers hold the person's row, so that one person's moves follow one another.
    """
    # Also for who works for one city and takes part in another: rows of theirs may be there.
    ctx.enter(project.municipality_id)
    enrolment = enrolment_of(ctx, project.id, person_id)
    is_in = enrolment is not None and enrolment.state is EnrolmentState.ACTIVE
    _check_open(project, is_in=is_in)
    _check_age(ctx, project, person_id)
    if enrolment is not None and enrolment.state is EnrolmentState.REQUESTED:
        return enrolment.state
    if not is_in:
        _check_newcomer(ctx, project, person_id, enrolment)
        accounts.note_in_city(ctx, person_id, project.municipality_id)
        enrolment = enrolment or _new_enrolment(ctx, project, person_id)
        _begin(ctx, project, enrolment, asked)
    assert enrolment is not None  # noqa: S101 - made above where there was none
    if enrolment.state is EnrolmentState.ACTIVE:
        enter_by_basis(ctx, project, enrolment)
    return enrolment.state


def _check_open(project: OpenProject, *, is_in: bool) -> None:
    """A project that takes a break takes nobody new."""
    is_open = project.state is ProjectState.PUBLISHED
    if not is_open and not (is_in and project.state is ProjectState.PAUSED):
        raise ProjectNotOpen


def _check_age(ctx: Context, project: OpenProject, person_id: UUID) -> None:
    birth_year = people.birth_year(ctx, person_id)
    if birth_year is None:
        raise AgeUnknown
    if not is_old_enough(birth_year, project.minimum_age, rome_day(ctx.now())):
        raise TooYoung(minimum=project.minimum_age)


def _check_newcomer(
    ctx: Context, project: OpenProject, person_id: UUID, before: Enrolment | None
) -> None:
    """What is asked of those who are not in: a "not now" has run out, and they can show what the
    project asks for."""
    if before is not None and before.state is EnrolmentState.REJECTED and before.decided_at:
        until = may_ask_again_on(before.decided_at)
        if rome_day(ctx.now()) < until:
            raise AnsweredNotNow(day=until)
    if project.has_requirements and missing_requirements(ctx, project.id, person_id):
        raise RequirementMissing


def _new_enrolment(ctx: Context, project: OpenProject, person_id: UUID) -> Enrolment:
    enrolment = Enrolment(
        id=ctx.new_id(),
        municipality_id=project.municipality_id,
        person_id=person_id,
        project_id=project.id,
        legal_basis=project.basis,
    )
    ctx.db.add(enrolment)
    return enrolment


def _begin(ctx: Context, project: OpenProject, enrolment: Enrolment, asked: Asked) -> None:
    """In, or asking; whatever was decided about an earlier time is over. Only a basis that the
    municipality set outlives a leave."""
    enrolment.joined_at = ctx.now()
    enrolment.decided_at = enrolment.decided_by = enrolment.escalated_at = None
    enrolment.decision_reason = ""
    if asked.basis or enrolment.legal_basis not in MUNICIPAL:
        enrolment.legal_basis = asked.basis or project.basis
    enrolment.asked_words, enrolment.enrolled_by = asked.words, asked.enrolled_by
    waits = project.needs_approval
    enrolment.state = EnrolmentState.REQUESTED if waits else EnrolmentState.ACTIVE
    ctx.db.flush()
    if not waits:
        return
    emit(
        ctx,
        JoiningRequested(
            municipality_id=project.municipality_id,
            enrolment_id=enrolment.id,
            project_id=project.id,
            person_id=enrolment.person_id,
            association_id=project.association_id,
        ),
    )


def enter_by_basis(ctx: Context, project: OpenProject, enrolment: Enrolment) -> None:
    """Only who takes part as a volunteer of the association stands in its register (art. 17)."""
    if enrolment.legal_basis is LegalBasis.VOLUNTEER:
        enter_in_register(ctx, project, enrolment.person_id, rome_day(ctx.now()))


def enrolment_of(ctx: Context, project_id: UUID, person_id: UUID) -> Enrolment | None:
    return ctx.db.scalar(
        select(Enrolment)
        .where(Enrolment.person_id == person_id)
        .where(Enrolment.project_id == project_id)
        # Read behind the lock on the person: what was seen before it may be old.
        .execution_options(populate_existing=True)
    )
