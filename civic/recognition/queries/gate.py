"""The way to a path: organisers of its association in its city, and the person it is about."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Place, Role
from civic.recognition.models import RecognitionPath
from civic.recognition.policy import OWN_PATHS, TUTOR
from civic.recognition.rules import LIVING, PathState


@dataclass(frozen=True)
class PathFacts:
    """A path behind its gate."""

    id: UUID
    municipality_id: UUID
    association_id: UUID
    person_id: UUID
    state: PathState
    is_own_wish: bool
    tutor_id: UUID | None
    minutes_planned: int
    starts_on: date | None
    ends_on: date | None
    opened_at: datetime
    ended_at: datetime | None
    end_reason: str

    @property
    def is_living(self) -> bool:
        return self.state in LIVING


@dataclass(frozen=True)
class Body:
    """An association in one city, as an organiser of it reaches it."""

    association_id: UUID
    municipality_id: UUID


def own_bodies(ctx: Context) -> list[Body]:
    TUTOR.require(ctx.actor)
    return list(
        dict.fromkeys(
            Body(grant.association_id, grant.municipality_id)
            for grant in ctx.actor.grants
            if grant.role is Role.ORGANISER and grant.association_id and grant.municipality_id
        )
    )


def body_for(ctx: Context, association_id: UUID, municipality_id: UUID) -> Body:
    TUTOR.require(ctx.actor, Place(municipality_id, association_id))
    return Body(association_id, municipality_id)


def path_for(ctx: Context, path_id: UUID, *, holding: bool = False) -> PathFacts:
    """The gate of the association. `holding` keeps the path from changing until the commit."""
    row = _row(ctx, path_id, holding=holding)
    TUTOR.require(ctx.actor, Place(row.municipality_id, row.association_id))
    return facts(row)


def own_path(ctx: Context, path_id: UUID, *, holding: bool = False) -> PathFacts:
    """The gate of the person."""
    row = _row(ctx, path_id, holding=holding)
    OWN_PATHS.require(ctx.actor, Place(person_id=row.person_id))
    return facts(row)


def _row(ctx: Context, path_id: UUID, *, holding: bool) -> RecognitionPath:
    statement = select(RecognitionPath).where(RecognitionPath.id == path_id)
    if holding:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = ctx.db.scalars(statement).first()
    if row is None:
        raise NotFound
    return row


def facts(row: RecognitionPath) -> PathFacts:
    return PathFacts(
        id=row.id,
        municipality_id=row.municipality_id,
        association_id=row.association_id,
        person_id=row.person_id,
        state=row.state,
        is_own_wish=row.is_own_wish,
        tutor_id=row.tutor_id,
        minutes_planned=row.minutes_planned,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
    )
