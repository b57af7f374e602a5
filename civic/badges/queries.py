"""Who holds which badge, who is near one, and what waits for an assessor.

Hours of one city count for that city's associations alone: no city looks into another's ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select

from civic.accounts import queries as accounts
from civic.attendance.models import HoursLine
from civic.badges.grounds import Ledgers, ledgers
from civic.badges.models import (
    Achievement,
    Award,
    AwardReview,
    BadgeCard,
    Credential,
    Endorsement,
    Proposal,
)
from civic.badges.policy import READ_SHELF
from civic.badges.rules import (
    Grounds,
    ProposalState,
    ReviewState,
    Rule,
    Tally,
    Turns,
    earned,
    missing,
    nearness,
    tally,
    turns_missing,
)
from civic.catalogue.rules import Area
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place, Role
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

    def is_offered_in(self, municipality_id: UUID) -> bool:
        return not self.is_retired and self.municipality_id in (None, municipality_id)

    def named_in(self, language: str) -> tuple[str, str]:
        """Name and its language: the reader's, else English, else Italian, else the code."""
        for tag in (language, "en", "it"):
            if tag in self.names:
                return self.names[tag], tag
        return self.code, "en"


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


@dataclass(frozen=True)
class Coming:
    """A badge somebody does not hold yet."""

    achievement: AchievementFacts
    missing: Tally
    done: int
    """Hundredths of the way."""
    is_proposed: bool
    """The hours are there and an association has been asked."""
    turns: Turns | None = None


@dataclass(frozen=True)
class Shelf:
    held: tuple[Badge, ...]
    coming: tuple[Coming, ...]


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
    rows = ctx.db.scalars(
        select(Proposal)
        .where(_own_associations(ctx), Proposal.state != ProposalState.CONFIRMED)
        .order_by(Proposal.state.desc(), Proposal.opened_at, Proposal.id)
    ).all()
    return _proposal_rows(ctx, rows)


def proposal_for(ctx: Context, proposal_id: UUID, permission: Permission) -> ProposalRow:
    """The gate: a proposal made to an association the actor may speak for."""
    found = ctx.db.scalars(select(Proposal).where(Proposal.id == proposal_id)).first()
    if found is None:
        raise NotFound
    permission.require(
        ctx.actor,
        Place(municipality_id=found.municipality_id, association_id=found.association_id),
    )
    return _proposal_rows(ctx, [found])[0]


def _proposal_rows(ctx: Context, rows: Iterable[Proposal]) -> list[ProposalRow]:
    rows = list(rows)
    if not rows:
        return []
    by_id = achievements_by_id(ctx)
    found = ledgers(ctx, (row.person_id for row in rows))
    people = accounts.names(ctx, (row.person_id for row in rows))
    associations = tenancy.association_names(ctx, (row.association_id for row in rows))
    shown = []
    for row in rows:
        about = by_id[row.achievement_id]
        grounds = found.get((row.person_id, row.municipality_id), Grounds())
        shown.append(
            ProposalRow(
                id=row.id,
                municipality_id=row.municipality_id,
                person_id=row.person_id,
                person_name=people.get(row.person_id, ""),
                achievement=about,
                association_id=row.association_id,
                association_name=associations.get(row.association_id, ""),
                state=row.state,
                worked=tally(about.rule, grounds),
                is_reached=earned(about.rule, grounds),
                opened_at=row.opened_at,
            )
        )
    return shown


def badges_of(ctx: Context, person_id: UUID) -> list[Badge]:
    """The badges somebody holds, newest first. No gate of its own: rooms above ask it behind
    theirs."""
    return _badges(ctx, Award.person_id == person_id)


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
        select(Award, AwardReview.id, Credential.id, Endorsement.id, BadgeCard.credential_id)
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
    associations = tenancy.association_names(ctx, (row.association_id for row, *_beside in rows))
    return [
        Badge(
            award_id=row.id,
            achievement=about[row.achievement_id],
            skills=tuple(row.skills),
            minutes=row.minutes,
            sessions=row.sessions,
            association_name=associations.get(row.association_id, ""),
            awarded_at=row.awarded_at,
            valid_until=row.valid_until,
            is_under_review=review_id is not None,
            ratings=dict(row.ratings),
            is_signed=credential_id is not None,
            is_endorsed=endorsement_id is not None,
            has_card=card_id is not None,
        )
        for row, review_id, credential_id, endorsement_id, card_id in rows
    ]


def shelf(ctx: Context, person_id: UUID) -> Shelf:
    """A person's badges and, of each area, the next one within sight."""
    READ_SHELF.require(ctx.actor, Place(person_id=person_id))
    every = achievements_by_id(ctx)
    held = tuple(_badges(ctx, Award.person_id == person_id, every))
    proposed = set(
        ctx.db.scalars(
            select(Proposal.achievement_id)
            .where(Proposal.person_id == person_id)
            .where(Proposal.state == ProposalState.OPEN)
        )
    )
    found = ledgers(ctx, [person_id])
    held_ids = {badge.achievement.id for badge in held}
    cities = {city_id for _person, city_id in found}
    offered = [
        about
        for about in achievements_by_id(ctx).values()
        if not about.is_retired
        and (about.municipality_id is None or about.municipality_id in cities)
    ]
    coming = [
        _coming(about, found, about.id in proposed)
        for about in _next_of_each_area(offered, held_ids, proposed)
    ]
    coming.sort(key=lambda badge: (-badge.done, badge.achievement.level, badge.achievement.code))
    return Shelf(held, tuple(coming))


def areas_under_way(ctx: Context) -> frozenset[Area]:
    """Where the actor has worked and a badge is still to be had. One statement."""
    person_id = ctx.actor.person_id
    open_there = (
        select(Achievement.id)
        .where(Achievement.area == HoursLine.area)
        .where(
            ~select(Award.id)
            .where(Award.achievement_id == Achievement.id, Award.person_id == person_id)
            .where(Award.revoked_at.is_(None))
            .exists()
        )
        .exists()
    )
    statement = select(HoursLine.area).where(HoursLine.person_id == person_id, open_there)
    return frozenset(ctx.db.scalars(statement.distinct()))


def toward(ctx: Context, person_id: UUID, about: AchievementFacts) -> Coming | None:
    """How far the person is from one badge; None for one that they hold."""
    READ_SHELF.require(ctx.actor, Place(person_id=person_id))
    held = ctx.db.scalar(
        select(Award.id)
        .where(Award.person_id == person_id, Award.achievement_id == about.id)
        .where(Award.revoked_at.is_(None))
    )
    if held is not None:
        return None
    found = ledgers(ctx, [person_id])
    proposal = ctx.db.scalar(
        select(Proposal.id)
        .where(Proposal.person_id == person_id)
        .where(Proposal.achievement_id == about.id)
        .where(Proposal.state == ProposalState.OPEN)
        .limit(1)
    )
    return _coming(about, found, proposal is not None)


def _next_of_each_area(
    every: list[AchievementFacts], held: set[UUID], proposed: set[UUID]
) -> Iterable[AchievementFacts]:
    """Those proposed, and the lowest level not held: five distant badges would only discourage."""
    seen: set[Area | None] = set()
    for about in every:
        if about.id in held:
            continue
        if about.id in proposed:
            yield about
        elif about.area not in seen:
            seen.add(about.area)
            yield about


def _coming(about: AchievementFacts, found: Ledgers, is_proposed: bool) -> Coming:
    """Measured in the city where least is missing: hours of two cities do not add up."""
    best = max(
        (
            grounds
            for (_person, city_id), grounds in found.items()
            if about.municipality_id in (None, city_id)
        ),
        key=lambda grounds: nearness(about.rule, grounds),
        default=Grounds(),
    )
    return Coming(
        about,
        missing(about.rule, best),
        nearness(about.rule, best),
        is_proposed,
        turns_missing(about.rule, best),
    )
