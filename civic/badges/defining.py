"""Badges of a city or of an association: defined, and offered no more."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from civic.audit import operations as audit
from civic.badges import queries
from civic.badges.errors import RuleNotMeant, UnknownBadge
from civic.badges.events import AchievementDefined
from civic.badges.models import Achievement
from civic.badges.policy import DEFINE
from civic.badges.queries import AchievementFacts
from civic.badges.rules import Rule, RuleContradicts
from civic.catalogue.rules import Area
from civic.catalogue.skills import SKILLS
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit
from civic.kernel.policy import Place


@dataclass(frozen=True)
class NewAchievement:
    municipality_id: UUID
    association_id: UUID | None
    """None for a badge of the city, to which every association's hours count."""
    name: str
    description: str
    criteria: str
    """What it takes, in plain words."""
    language: str
    """Of these three."""
    area: Area | None
    level: int
    rule: Rule
    skills: tuple[str, ...]
    valid_months: int | None


def define(ctx: Context, new: NewAchievement) -> UUID:
    """From now on it is proposed to whoever has the hours, those of before too. An association's
    badge counts its own hours alone."""
    DEFINE.require(ctx.actor, Place(new.municipality_id, new.association_id))
    rule = new.rule
    try:
        rule.check()
    except RuleContradicts:
        raise RuleNotMeant from None
    known = {about.code for about in queries.achievements(ctx, new.municipality_id)}
    if not set(rule.badges) <= known:
        raise UnknownBadge
    if not new.skills or not set(new.skills) <= set(SKILLS):
        raise RuleNotMeant
    achievement_id = ctx.new_id()
    ctx.db.add(
        Achievement(
            id=achievement_id,
            code=f"own-{achievement_id.hex}",
            municipality_id=new.municipality_id,
            association_id=new.association_id,
            area=new.area,
            level=new.level,
            names={new.language: new.name},
            descriptions={new.language: new.description} if new.description else {},
            criteria={new.language: new.criteria} if new.criteria else {},
            rule=rule.to_json(),
            skills=list(new.skills),
            valid_months=new.valid_months,
            made_by=ctx.actor.own_id,
            made_at=ctx.now(),
        )
    )
    audit.record(ctx, new.municipality_id, "badge.defined", thing_id=achievement_id)
    emit(
        ctx,
        AchievementDefined(municipality_id=new.municipality_id, achievement_id=achievement_id),
    )
    return achievement_id


def own_achievements(ctx: Context) -> list[AchievementFacts]:
    """Those that the actor may retire, the newest first; retired ones last."""
    rows = ctx.db.scalars(
        select(Achievement)
        .where(Achievement.municipality_id.in_(ctx.actor.municipalities))
        .order_by(Achievement.retired_at.is_not(None), Achievement.made_at.desc())
    )
    return [queries.facts_of(row) for row in rows if DEFINE.allows(ctx.actor, _place(row))]


def retire(ctx: Context, achievement_id: UUID) -> None:
    """It is proposed to nobody any more; who holds it holds it."""
    row = ctx.db.get(Achievement, achievement_id)
    if row is None or row.municipality_id is None:
        raise NotFound
    DEFINE.require(ctx.actor, _place(row))
    ctx.db.execute(
        update(Achievement)
        .where(Achievement.id == achievement_id, Achievement.retired_at.is_(None))
        .values(retired_at=ctx.now())
    )
    audit.record(ctx, row.municipality_id, "badge.retired", thing_id=achievement_id)


def _place(row: Achievement) -> Place:
    return Place(row.municipality_id, row.association_id)
