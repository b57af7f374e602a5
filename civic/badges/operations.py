"""Proposing, confirming and putting off badges."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update

from civic.audit import operations as audit
from civic.badges import queries
from civic.badges.errors import (
    AlreadyConfirmed,
    HoursNoLongerReached,
    NoSkillChosen,
    OwnBadge,
    SkillNotOfBadge,
    UnknownBadge,
)
from civic.badges.events import BadgeAwarded
from civic.badges.models import Award, Proposal
from civic.badges.policy import ASSESS
from civic.badges.rules import ProposalState, assessor, earned, tally
from civic.catalogue.operations import requirements
from civic.catalogue.rules import Requirement, RequirementKind
from civic.enrolment.operations.requirements import note_qualification
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.outbox import emit


def propose_earned(
    ctx: Context, person_id: UUID, municipality_id: UUID, last_association_id: UUID
) -> int:
    """Ask an assessor about each badge whose hours are now there; returns how many are new."""
    lines = queries.worked_in(ctx, person_id, municipality_id)
    held = queries.held_by(ctx, person_id)
    opened = 0
    for achievement in queries.achievements(ctx):
        if achievement.id in held or not earned(achievement.rule, lines):
            continue
        worked = tally(achievement.rule, lines)
        opened += insert_once(
            ctx.db,
            Proposal,
            id=ctx.new_id(),
            municipality_id=municipality_id,
            person_id=person_id,
            achievement_id=achievement.id,
            association_id=assessor(achievement.rule, lines, last_association_id),
            state=ProposalState.OPEN,
            minutes=worked.minutes,
            sessions=worked.sessions,
            opened_at=ctx.now(),
        )
    return opened


def confirm(ctx: Context, proposal_id: UUID, skills: Sequence[str]) -> UUID | None:
    """Award the badge with the skills the assessor saw. None when the person holds it already
    from another city: the proposal is settled and nothing is awarded twice."""
    proposal = queries.proposal_for(ctx, proposal_id, ASSESS)
    if proposal.person_id == ctx.actor.person_id:
        raise OwnBadge
    if not skills:
        raise NoSkillChosen
    if not set(skills) <= set(proposal.achievement.skills):
        raise SkillNotOfBadge
    if not proposal.is_reached:
        raise HoursNoLongerReached
    _settle(ctx, proposal_id, ProposalState.CONFIRMED)
    return _award(ctx, proposal, skills)


def _award(ctx: Context, proposal: queries.ProposalRow, skills: Sequence[str]) -> UUID | None:
    assert ctx.actor.person_id is not None  # noqa: S101 - the permission asks for a grant
    # In the achievement's order, each once, however the form sent them.
    shown = [skill for skill in proposal.achievement.skills if skill in skills]
    award_id = ctx.new_id()
    is_new = insert_once(
        ctx.db,
        Award,
        id=award_id,
        municipality_id=proposal.municipality_id,
        person_id=proposal.person_id,
        achievement_id=proposal.achievement.id,
        association_id=proposal.association_id,
        assessor_id=ctx.actor.person_id,
        skills=shown,
        minutes=proposal.worked.minutes,
        sessions=proposal.worked.sessions,
        awarded_at=ctx.now(),
    )
    audit.record(
        ctx,
        proposal.municipality_id,
        "badge.confirmed",
        subject_id=proposal.person_id,
        thing_id=award_id if is_new else proposal.id,
        details={"achievement": proposal.achievement.code, "skills": shown, "is_new": is_new},
    )
    if not is_new:
        return None
    note_qualification(
        ctx,
        proposal.person_id,
        [
            Requirement(RequirementKind.BADGE, proposal.achievement.code),
            *(Requirement(RequirementKind.SKILL, skill) for skill in shown),
        ],
    )
    emit(
        ctx,
        BadgeAwarded(
            municipality_id=proposal.municipality_id,
            person_id=proposal.person_id,
            award_id=award_id,
            achievement_id=proposal.achievement.id,
            skills=tuple(shown),
        ),
    )
    return award_id


def ask_for_badges(ctx: Context, project_id: UUID, codes: Sequence[str]) -> None:
    """An organiser says which badges people show before they join a project."""
    known = {achievement.code for achievement in queries.achievements(ctx)}
    if not set(codes) <= known:
        raise UnknownBadge
    requirements.ask_for_badges(ctx, project_id, codes)


def decline(ctx: Context, proposal_id: UUID) -> None:
    """Not yet: the proposal stays where the organiser finds it again."""
    proposal = queries.proposal_for(ctx, proposal_id, ASSESS)
    _settle(ctx, proposal_id, ProposalState.DECLINED)
    audit.record(
        ctx,
        proposal.municipality_id,
        "badge.declined",
        subject_id=proposal.person_id,
        thing_id=proposal.id,
        details={"achievement": proposal.achievement.code},
    )


def _settle(ctx: Context, proposal_id: UUID, state: ProposalState) -> None:
    settled = ctx.db.scalar(
        update(Proposal)
        .where(Proposal.id == proposal_id, Proposal.state != ProposalState.CONFIRMED)
        .values(state=state, decided_at=ctx.now(), decided_by=ctx.actor.person_id)
        .returning(Proposal.id)
    )
    if settled is None:
        raise AlreadyConfirmed
