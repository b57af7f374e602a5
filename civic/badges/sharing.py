"""Links by which a person shows a badge: what they ticked and no more, for as long as they say."""

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select, update

from civic.badges import queries
from civic.badges.addresses import Addresses
from civic.badges.checking import check
from civic.badges.credentials.verify import Outcome
from civic.badges.errors import LifeUnknown
from civic.badges.models import Achievement, Award, BadgeLink, Credential, Endorsement
from civic.badges.queries import AchievementFacts
from civic.badges.rules import LIVES
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.kernel.keys import Keys
from civic.tenancy.models import Association, Municipality

TOKEN_BYTES = 16


@dataclass(frozen=True)
class NewLink:
    days: int
    for_whom: str
    shown_name: str
    shows_skills: bool
    shows_hours: bool
    shows_place: bool
    shows_endorsement: bool = False


@dataclass(frozen=True)
class OwnLink:
    id: UUID
    token: str
    for_whom: str
    expires_at: datetime
    shows_skills: bool
    shows_hours: bool
    shows_place: bool
    shows_endorsement: bool
    shown_name: str


@dataclass(frozen=True)
class Shared:
    """What whoever opens the link sees; what was not ticked is not in here at all."""

    outcome: Outcome
    achievement: AchievementFacts
    awarded_at: datetime
    valid_until: datetime | None
    shown_name: str
    skills: tuple[str, ...] = ()
    minutes: int | None = None
    sessions: int | None = None
    association_name: str = ""
    city_name: str = ""
    seen: tuple[tuple[str, str | None], ...] = ()
    """Each skill with how the assessor saw it, while what they said of it stands."""
    endorsement: str = ""
    """The signed file of it."""


def token_of(keys: Keys, link_id: UUID) -> str:
    """Derived and not kept: a copy of the database opens no link."""
    digest = keys.digest("badge-link", str(link_id))[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(ctx: Context, keys: Keys, award_id: UUID, new: NewLink) -> str:
    """Its token. The name of the badge always shows, whatever was ticked."""
    award = _own(ctx, award_id)
    if new.days not in LIVES:
        raise LifeUnknown
    link_id = ctx.new_id()
    token = token_of(keys, link_id)
    ctx.db.add(
        BadgeLink(
            id=link_id,
            municipality_id=award.municipality_id,
            award_id=award_id,
            token_hash=hashed(token),
            for_whom=new.for_whom,
            shown_name=new.shown_name,
            shows_skills=new.shows_skills,
            shows_hours=new.shows_hours,
            shows_place=new.shows_place,
            shows_endorsement=new.shows_endorsement,
            made_at=ctx.now(),
            expires_at=ctx.now() + timedelta(days=new.days),
        )
    )
    return token


def withdraw_link(ctx: Context, award_id: UUID, link_id: UUID) -> None:
    """It shows nothing any more, from this moment on."""
    _own(ctx, award_id)
    ctx.db.execute(
        update(BadgeLink)
        .where(BadgeLink.id == link_id, BadgeLink.award_id == award_id)
        .where(BadgeLink.withdrawn_at.is_(None))
        .values(withdrawn_at=ctx.now())
    )


def own_links(ctx: Context, keys: Keys, award_id: UUID) -> list[OwnLink]:
    """Those that still show something, the newest first."""
    _own(ctx, award_id)
    rows = ctx.db.scalars(
        select(BadgeLink)
        .where(BadgeLink.award_id == award_id, BadgeLink.withdrawn_at.is_(None))
        .where(BadgeLink.expires_at > ctx.now())
        .order_by(BadgeLink.made_at.desc(), BadgeLink.id)
    )
    return [
        OwnLink(
            row.id,
            token_of(keys, row.id),
            row.for_whom,
            row.expires_at,
            row.shows_skills,
            row.shows_hours,
            row.shows_place,
            row.shows_endorsement,
            row.shown_name,
        )
        for row in rows
    ]


def _own(ctx: Context, award_id: UUID) -> Award:
    """The gate: a living badge of the actor's own."""
    award = ctx.db.scalars(select(Award).where(Award.id == award_id)).first()
    if award is None or award.person_id != ctx.actor.own_id or award.revoked_at is not None:
        raise NotFound
    return award


def shared(ctx: Context, addresses: Addresses, token: str) -> Shared:
    """What a link shows; the signature, the lists and the dates are checked anew each time. NotFound
    for a link that is over, was withdrawn or never was: nobody can tell which."""
    with unscoped(ctx.db, "a person's link shows their badge to whoever has it"):
        asked = {"token_hash": hashed(token), "now": ctx.now()}
        row = ctx.db.execute(_by_token(), asked).first()
        if row is None:
            raise NotFound
        outcome = check(ctx, addresses, row.document.encode()).outcome
        is_endorsed = (
            row.shows_endorsement
            and row.endorsement is not None
            and check(ctx, addresses, row.endorsement.encode()).outcome is Outcome.VALID
        )
    about = queries.facts_of(row.Achievement).pictured(row.picture, row.picture_alt)
    found = Shared(outcome, about, row.awarded_at, row.valid_until, row.shown_name)
    if row.shows_skills:
        found = replace(found, skills=tuple(row.skills))
    if row.shows_hours:
        found = replace(found, minutes=row.minutes, sessions=row.sessions)
    if row.shows_place:
        found = replace(found, association_name=row.association, city_name=row.city)
    if is_endorsed:
        seen = tuple((skill, row.ratings.get(skill)) for skill in row.skills)
        found = replace(found, seen=seen, endorsement=row.endorsement)
    return found


@cache
def _by_token() -> Select[*tuple[Any, ...]]:
    """Put together once: a link may be opened by many."""
    return (
        select(
            BadgeLink.shown_name,
            BadgeLink.shows_skills,
            BadgeLink.shows_hours,
            BadgeLink.shows_place,
            BadgeLink.shows_endorsement,
            Award.awarded_at,
            Award.valid_until,
            Award.skills,
            Award.ratings,
            Award.minutes,
            Award.sessions,
            Credential.document,
            Credential.picture,
            Credential.picture_alt,
            Endorsement.document.label("endorsement"),
            Achievement,
            Association.name.label("association"),
            Municipality.name.label("city"),
        )
        .join(Award, Award.id == BadgeLink.award_id)
        .join(Credential, Credential.award_id == Award.id)
        .outerjoin(
            Endorsement,
            (Endorsement.credential_id == Credential.id) & Endorsement.superseded_at.is_(None),
        )
        .join(Achievement, Achievement.id == Award.achievement_id)
        .join(Association, Association.id == Award.association_id)
        .join(Municipality, Municipality.id == Award.municipality_id)
        .where(BadgeLink.token_hash == bindparam("token_hash"))
        .where(BadgeLink.withdrawn_at.is_(None), BadgeLink.expires_at > bindparam("now"))
        .order_by(Credential.issued_at.desc())
        .limit(1)
    )
