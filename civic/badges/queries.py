"""Which badges there are, who holds them, and what waits for an assessor.

Hours of one city count for that city's associations alone: no city looks into another's ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from civic.accounts.models import Person
from civic.badges.grounds import ledgers
from civic.badges.models import (
    Achievement,
    Award,
    AwardReview,
    BadgeCard,
    Credential,
    Endorsement,
    Proposal,
)
from civic.badges.rules import (
    Grounds,
    ProposalState,
    ReviewState,
    Rule,
    Tally,
    earned,
    tally,
)
from civic.catalogue.rules import Area
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place, Role
from civic.tenancy.models import Association
from civic.tenancy.queries import standings as tenancy


@dataclass(frozen=True)
class AchievementFacts:
    id: UUID
    code: str
    area: Area | None
    level: int
    names: dict[str, str]
    rule: Rule
    skills: tuple[str, ...]
    municipality_id: UUID | None = None
    """Whose badge it is; the network's when none."""
    descriptions: dict[str, str] = field(default_factory=dict)
    criteria: dict[str, str] = field(default_factory=dict)
    valid_months: int | None = None
    is_retired: bool = False
    picture: str = ""
    """Of its own, by the name of its file; empty for the one that is drawn."""
    picture_alt: str = ""

    def is_offered_in(self, municipality_id: UUID) -> bool:
        return not self.is_retired and self.municipality_id in (None, municipality_id)

    def named_in(self, language: str) -> tuple[str, str]:
        """Name and its language: the reader's, else English, else Italian, else the code."""
        for tag in (language, "en", "it"):
            if tag in self.names:
                return self.names[tag], tag
        return self.code, "en"

    def pictured(self, picture: str, alt: str) -> "AchievementFacts":
        """With another picture than its own of now."""
        return replace(self, picture=picture, picture_alt=alt)

    @property
    def language(self) -> str:
        """In which it was defined."""
        return next(iter(self.names), "it")


@dataclass(frozen=True)
class ProposalRow:
    id: UUID
    municipality_id: UUID
    person_id: UUID
    person_name: str
    achievement: AchievementFacts
    association_id: UUID
    association_name: str
    state: ProposalState
    worked: Tally
    """As the ledger stands now, not as it stood when the proposal was opened."""
    is_reached: bool
    """False once a correction took the hours below what the badge asks for."""
    opened_at: datetime


@dataclass(frozen=True)
class Badge:
    """A badge somebody holds."""

    award_id: UUID
    achievement: AchievementFacts
    skills: tuple[str, ...]
    minutes: int
    sessions: int
    association_name: str
    awarded_at: datetime
    valid_until: datetime | None = None
    is_under_review: bool = False
    """A correction took away what it rests on, and somebody is to look at it."""
    ratings: dict[str, str] = field(default_factory=dict)
    is_signed: bool = False
    """Whether software of others can check it already."""
    is_endorsed: bool = False
    """What the assessor saw is signed beside it."""
    has_card: bool = False


def achievements(ctx: Context, municipality_id: UUID | None = None) -> list[AchievementFacts]:
    """Those offered in a city: the network's and its own. Without a city the network's alone."""
    every = achievements_by_id(ctx).values()
    if municipality_id is None:
        return [about for about in every if about.municipality_id is None and not about.is_retired]
    return [about for about in every if about.is_offered_in(municipality_id)]


def achievements_by_id(ctx: Context) -> dict[UUID, AchievementFacts]:
    """Of all cities, retired ones too: what stands behind a badge stays."""
    rows = ctx.db.scalars(select(Achievement).order_by(Achievement.level, Achievement.code))
    return {row.id: facts_of(row) for row in rows}


def facts_of(row: Achievement) -> AchievementFacts:
    return AchievementFacts(
        row.id,
        row.code,
        row.area,
        row.level,
        dict(row.names),
        Rule.of(row.rule, row.area),
        tuple(row.skills),
        row.municipality_id,
        dict(row.descriptions),
        dict(row.criteria),
        row.valid_months,
        row.retired_at is not None,
        row.picture,
        row.picture_alt,
    )


def achievement(ctx: Context, achievement_id: UUID) -> AchievementFacts:
    row = ctx.db.scalars(select(Achievement).where(Achievement.id == achievement_id)).first()
    if row is None:
        raise NotFound
    return facts_of(row)


def held_by(ctx: Context, person_id: UUID) -> set[UUID]:
    """Ids of the achievements somebody holds, as far as the context reaches."""
    return set(
        ctx.db.scalars(
            select(Award.achievement_id).where(
                Award.person_id == person_id, Award.revoked_at.is_(None)
            )
        )
    )


def _own_associations(ctx: Context) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(
                Proposal.municipality_id == grant.municipality_id,
                Proposal.association_id == grant.association_id,
            )
            for grant in ctx.actor.grants
            if grant.role is Role.ORGANISER
        ),
    )


def open_proposals(ctx: Context) -> list[ProposalRow]:
    """What the organiser's associations are asked: the new ones first, oldest first, then those
    that were answered with "not yet"."""
    is_theirs = and_(_own_associations(ctx), Proposal.state != ProposalState.CONFIRMED)
    return _proposals(ctx, is_theirs)


def proposal_for(ctx: Context, proposal_id: UUID, permission: Permission) -> ProposalRow:
    """The gate: a proposal made to an association the actor may speak for."""
    found = _proposals(ctx, Proposal.id == proposal_id)
    if not found:
        raise NotFound
    permission.require(ctx.actor, Place(found[0].municipality_id, found[0].association_id))
    return found[0]


def _proposals(ctx: Context, which: ColumnElement[bool]) -> list[ProposalRow]:
    rows = ctx.db.execute(
        select(Proposal, Person.name, Association.name)
        .join(Person, Person.id == Proposal.person_id)
        .join(Association, Association.id == Proposal.association_id)
        .where(which)
        .order_by(Proposal.state.desc(), Proposal.opened_at, Proposal.id)
    ).all()
    if not rows:
        return []
    by_id = achievements_by_id(ctx)
    found = ledgers(ctx, (row.person_id for row, *_names in rows))
    shown = []
    for row, person_name, association_name in rows:
        about = by_id[row.achievement_id]
        grounds = found.get((row.person_id, row.municipality_id), Grounds())
        shown.append(
            ProposalRow(
                id=row.id,
                municipality_id=row.municipality_id,
                person_id=row.person_id,
                person_name=person_name,
                achievement=about,
                association_id=row.association_id,
                association_name=association_name,
                state=row.state,
                worked=tally(about.rule, grounds),
                is_reached=earned(about.rule, grounds),
                opened_at=row.opened_at,
            )
        )
    return shown


def badges_of(
    ctx: Context, person_id: UUID, about: Mapping[UUID, AchievementFacts] | None = None
) -> list[Badge]:
    """The badges somebody holds, newest first. No gate of its own: rooms above ask it behind
    theirs."""
    return _badges(ctx, Award.person_id == person_id, about)


def badges(ctx: Context, award_ids: Iterable[UUID]) -> dict[UUID, Badge]:
    """The same by award, for rooms above that remember awards by id."""
    return {badge.award_id: badge for badge in _badges(ctx, Award.id.in_(set(award_ids)))}


def _badges(
    ctx: Context, which: ColumnElement[bool], about: Mapping[UUID, AchievementFacts] | None = None
) -> list[Badge]:
    is_looked_at = and_(AwardReview.award_id == Award.id, AwardReview.state == ReviewState.OPEN)
    is_its_own = and_(Credential.award_id == Award.id, Credential.superseded_at.is_(None))
    is_about_it = and_(
        Endorsement.credential_id == Credential.id, Endorsement.superseded_at.is_(None)
    )
    rows = ctx.db.execute(
        select(
            Award,
            AwardReview.id.label("review_id"),
            Credential.id.label("credential_id"),
            Credential.picture,
            Credential.picture_alt,
            Endorsement.id.label("endorsement_id"),
            BadgeCard.credential_id.label("card_id"),
        )
        .outerjoin(AwardReview, is_looked_at)
        .outerjoin(Credential, is_its_own)
        .outerjoin(Endorsement, is_about_it)
        .outerjoin(BadgeCard, BadgeCard.credential_id == Credential.id)
        .where(which, Award.revoked_at.is_(None))
        .order_by(Award.awarded_at.desc(), Award.id)
    ).all()
    if not rows:
        return []
    about = achievements_by_id(ctx) if about is None else about
    associations = tenancy.association_names(ctx, (row.Award.association_id for row in rows))
    return [_badge(row, about[row.Award.achievement_id], associations) for row in rows]


def _badge(row: Any, about: AchievementFacts, associations: Mapping[UUID, str]) -> Badge:
    award: Award = row.Award
    is_signed = row.credential_id is not None
    return Badge(
        award_id=award.id,
        # Whoever holds it keeps what it looked like when it was signed.
        achievement=about.pictured(row.picture, row.picture_alt) if is_signed else about,
        skills=tuple(award.skills),
        minutes=award.minutes,
        sessions=award.sessions,
        association_name=associations.get(award.association_id, ""),
        awarded_at=award.awarded_at,
        valid_until=award.valid_until,
        is_under_review=row.review_id is not None,
        ratings=dict(award.ratings),
        is_signed=is_signed,
        is_endorsed=row.endorsement_id is not None,
        has_card=row.card_id is not None,
    )
