"""Proposing, confirming and putting off badges."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import select, update

from civic.audit import operations as audit
from civic.badges import queries, reviewed
from civic.badges.errors import (
    AlreadyConfirmed,
    AlreadyReviewed,
    HoursNoLongerReached,
    NoSkillChosen,
    NotSeenSo,
    OwnBadge,
    ReviewReasonMissing,
    SkillNotOfBadge,
    UnknownBadge,
)
from civic.badges.events import BadgeAwarded, BadgeReviewBegun, BadgeReviewDecided
from civic.badges.grounds import grounds_in
from civic.badges.models import Award, AwardReview, Proposal
from civic.badges.policy import ASSESS
from civic.badges.rules import (
    ProposalState,
    Rating,
    ReviewState,
    Tally,
    assessor,
    earned,
    tally,
    unseen,
)
from civic.catalogue.operations import requirements
from civic.catalogue.rules import Requirement, RequirementKind
from civic.enrolment.operations.requirements import note_qualification, withdraw_qualification
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.db.scope import unscoped
from civic.kernel.outbox import emit

NOTHING_RATED: Mapping[str, Rating] = MappingProxyType({})


def propose_earned(
    ctx: Context, person_id: UUID, municipality_id: UUID, last_association_id: UUID
) -> int:
    """Ask an assessor about each badge whose hours are now there; returns how many are new."""
    grounds = grounds_in(ctx, person_id, municipality_id)
    held = queries.held_by(ctx, person_id)
    opened = 0
    for achievement in queries.achievements(ctx, municipality_id):
        if achievement.id in held or not earned(achievement.rule, grounds):
            continue
        worked = tally(achievement.rule, grounds)
        opened += insert_once(
            ctx.db,
            Proposal,
            id=ctx.new_id(),
            municipality_id=municipality_id,
            person_id=person_id,
            achievement_id=achievement.id,
            association_id=assessor(achievement.rule, grounds.lines, last_association_id),
            state=ProposalState.OPEN,
            minutes=worked.minutes,
            sessions=worked.sessions,
            opened_at=ctx.now(),
        )
    return opened


def confirm(
    ctx: Context,
    proposal_id: UUID,
    skills: Sequence[str],
    ratings: Mapping[str, Rating] = NOTHING_RATED,
) -> UUID | None:
    """Award the badge with the skills the assessor saw, and how: as observed, unless rated. None when
    the person holds it already from another city: the proposal is settled and nothing is awarded
    twice."""
    proposal = queries.proposal_for(ctx, proposal_id, ASSESS)
    if proposal.person_id == ctx.actor.person_id:
        raise OwnBadge
    if not skills:
        raise NoSkillChosen
    if not set(skills) <= set(proposal.achievement.skills):
        raise SkillNotOfBadge
    if not proposal.is_reached:
        raise HoursNoLongerReached
    # In the achievement's order, each once, however the form sent them.
    seen = {
        skill: ratings.get(skill, Rating.OBSERVED)
        for skill in proposal.achievement.skills
        if skill in skills
    }
    if unseen(proposal.achievement.rule, seen):
        raise NotSeenSo
    _settle(ctx, proposal_id, ProposalState.CONFIRMED)
    return _award(ctx, proposal, seen)


def _award(ctx: Context, proposal: queries.ProposalRow, seen: Mapping[str, Rating]) -> UUID | None:
    assert ctx.actor.person_id is not None  # noqa: S101 - the permission asks for a grant
    shown, months = list(seen), proposal.achievement.valid_months
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
        ratings={skill: rating.value for skill, rating in seen.items()},
        minutes=proposal.worked.minutes,
        sessions=proposal.worked.sessions,
        awarded_at=ctx.now(),
        valid_until=ctx.now() + relativedelta(months=months) if months else None,
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


def look_again(ctx: Context, person_id: UUID, municipality_id: UUID) -> None:
    """After hours changed: a badge that no longer rests on them is to be looked at, one that does
    again needs it no more. Nothing is withdrawn by itself."""
    grounds = grounds_in(ctx, person_id, municipality_id)
    about = queries.achievements_by_id(ctx)
    under_review = {
        row.award_id: row
        for row in ctx.db.scalars(
            select(AwardReview)
            .join(Award, Award.id == AwardReview.award_id)
            .where(Award.person_id == person_id, AwardReview.state == ReviewState.OPEN)
        )
    }
    for award in ctx.db.scalars(
        select(Award)
        .where(Award.person_id == person_id, Award.municipality_id == municipality_id)
        .where(Award.revoked_at.is_(None))
    ):
        review = under_review.get(award.id)
        rule = about[award.achievement_id].rule
        if earned(rule, grounds):
            if review:
                review.state, review.decided_at = ReviewState.RESTORED, ctx.now()
        elif review is None and not _was_kept_with(ctx, award.id, tally(rule, grounds)):
            have = tally(rule, grounds)
            review_id = ctx.new_id()
            is_new = insert_once(
                ctx.db,
                AwardReview,
                id=review_id,
                municipality_id=municipality_id,
                award_id=award.id,
                state=ReviewState.OPEN,
                minutes=have.minutes,
                sessions=have.sessions,
                opened_at=ctx.now(),
                reason="",
            )
            if is_new:
                emit(
                    ctx,
                    BadgeReviewBegun(
                        municipality_id=municipality_id,
                        person_id=person_id,
                        award_id=award.id,
                        review_id=review_id,
                    ),
                )


def _was_kept_with(ctx: Context, award_id: UUID, have: Tally) -> bool:
    """Somebody looked at it and kept it with no more than these hours."""
    return bool(
        ctx.db.scalar(
            select(AwardReview.id)
            .where(AwardReview.award_id == award_id, AwardReview.state == ReviewState.KEPT)
            .where(AwardReview.minutes <= have.minutes, AwardReview.sessions <= have.sessions)
            .limit(1)
        )
    )


def decide_review(ctx: Context, review_id: UUID, *, keep: bool, reason: str) -> None:
    """Keep the badge all the same, or withdraw it: then it can be earned and confirmed anew."""
    review = reviewed.review_for(ctx, review_id)
    if review.person_id == ctx.actor.person_id:
        raise OwnBadge
    if not reason:
        raise ReviewReasonMissing
    state = ReviewState.KEPT if keep else ReviewState.WITHDRAWN
    decided = ctx.db.scalar(
        update(AwardReview)
        .where(AwardReview.id == review_id, AwardReview.state == ReviewState.OPEN)
        .values(
            state=state,
            decided_at=ctx.now(),
            decided_by=ctx.actor.person_id,
            reason=reason,
            minutes=review.worked.minutes,
            sessions=review.worked.sessions,
        )
        .returning(AwardReview.id)
    )
    if decided is None:
        raise AlreadyReviewed
    if not keep:
        _withdraw(ctx, review)
    audit.record(
        ctx,
        review.municipality_id,
        "badge.kept" if keep else "badge.withdrawn",
        subject_id=review.person_id,
        thing_id=review.award_id,
        details={"achievement": review.achievement.code},
    )
    emit(
        ctx,
        BadgeReviewDecided(
            municipality_id=review.municipality_id,
            person_id=review.person_id,
            award_id=review.award_id,
            review_id=review_id,
            is_kept=keep,
        ),
    )


def _withdraw(ctx: Context, review: reviewed.ReviewRow) -> None:
    ctx.db.execute(
        update(Award)
        .where(Award.id == review.award_id)
        .values(revoked_at=ctx.now(), revoked_by=ctx.actor.person_id)
    )
    ctx.db.execute(
        update(Proposal)
        .where(Proposal.person_id == review.person_id)
        .where(Proposal.municipality_id == review.municipality_id)
        .where(Proposal.achievement_id == review.achievement.id)
        .values(state=ProposalState.DECLINED)
    )
    with unscoped(ctx.db, "which skills other badges still show, of other cities too"):
        held = queries.badges_of(ctx, review.person_id)
    withdraw_qualification(
        ctx,
        review.person_id,
        [Requirement(RequirementKind.BADGE, review.achievement.code)]
        + [
            Requirement(RequirementKind.SKILL, skill)
            for skill in set(review.achievement.skills)
            - {skill for badge in held for skill in badge.skills}
        ],
    )
