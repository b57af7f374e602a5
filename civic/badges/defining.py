"""Badges of a city or of an association: defined, and offered no more."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from civic.audit import operations as audit
from civic.badges import queries
from civic.badges.errors import PictureMissing, RuleNotMeant, UnknownBadge
from civic.badges.events import AchievementDefined
from civic.badges.models import Achievement, Credential
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
    row = _locked(ctx, achievement_id)
    assert row.municipality_id is not None  # noqa: S101 - the gate lets no other pass
    row.retired_at = row.retired_at or ctx.now()
    audit.record(ctx, row.municipality_id, "badge.retired", thing_id=achievement_id)


def own_achievement(ctx: Context, achievement_id: UUID) -> AchievementFacts:
    """One that the actor may change."""
    return queries.facts_of(_own(ctx, select(Achievement).where(Achievement.id == achievement_id)))


def _locked(ctx: Context, achievement_id: UUID) -> Achievement:
    of_that_id = select(Achievement).where(Achievement.id == achievement_id)
    return _own(ctx, of_that_id.with_for_update())


def _own(ctx: Context, found: Select[Achievement]) -> Achievement:
    """The gate."""
    row = ctx.db.scalars(found).first()
    if row is None or row.municipality_id is None:
        raise NotFound
    DEFINE.require(ctx.actor, _place(row))
    return row


def change_picture(ctx: Context, achievement_id: UUID, picture: str, alt: str) -> str:
    """Its picture, by the name of its file (empty to keep the one there is), and what can be seen on
    it. Badges that are signed keep theirs. Returns the name of a file that nothing shows any more."""
    row = _locked(ctx, achievement_id)
    if not picture and not row.picture:
        raise PictureMissing
    return _change(ctx, row, picture or row.picture, alt)


def take_picture_off(ctx: Context, achievement_id: UUID) -> str:
    """From now on the drawn one is shown. Returns the same."""
    return _change(ctx, _locked(ctx, achievement_id), "", "")


def _change(ctx: Context, row: Achievement, picture: str, alt: str) -> str:
    assert row.municipality_id is not None  # noqa: S101 - the gate above lets no other pass
    before, row.picture, row.picture_alt = row.picture, picture, alt
    audit.record(ctx, row.municipality_id, "badge.pictured", thing_id=row.id)
    if before in ("", picture):
        return ""
    signed = ctx.db.scalar(select(Credential.id).where(Credential.picture == before).limit(1))
    return before if signed is None else ""


def _place(row: Achievement) -> Place:
    return Place(row.municipality_id, row.association_id)
