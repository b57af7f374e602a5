"""Hours, proposals and awards as rows, for tests of badges and of the rooms above them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from civic.attendance.models import HoursLine
from civic.badges.models import Achievement, Award, Proposal
from civic.badges.rules import ProposalState
from civic.catalogue.rules import Area
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.catalogue import make_project, make_session


def work_hours(
    ctx: Context,
    city: City,
    association: AssociationRow,
    person_id: UUID,
    minutes: Sequence[int] = (180, 180, 180, 180),
    area: Area = Area.GREEN,
) -> list[UUID]:
    """Lines of the ledger, one session each, on past Saturdays; returns the sessions."""
    ctx.enter(city.id)
    project_id = make_project(ctx, association.id, city.id, person_id, area=area)
    sessions = []
    for number, worked in enumerate(minutes):
        starts_at = ctx.now() - timedelta(days=7 * (number + 1))
        session_id = make_session(ctx, project_id, starts_at, starts_at + timedelta(hours=3))
        ctx.db.add(
            HoursLine(
                id=ctx.new_id(),
                municipality_id=city.id,
                session_id=session_id,
                project_id=project_id,
                association_id=association.id,
                person_id=person_id,
                area=area,
                day=rome_day(starts_at),
                minutes=worked,
                updated_at=ctx.now(),
            )
        )
        sessions.append(session_id)
    ctx.db.flush()
    return sessions


def correct_line(ctx: Context, session_id: UUID, person_id: UUID, minutes: int) -> None:
    """As a correction leaves the ledger."""
    line = ctx.db.scalars(
        select(HoursLine)
        .where(HoursLine.session_id == session_id)
        .where(HoursLine.person_id == person_id)
    ).one()
    line.minutes = minutes
    ctx.db.flush()


def achievement_id(ctx: Context, code: str = "green-12") -> UUID:
    return ctx.db.scalars(select(Achievement.id).where(Achievement.code == code)).one()


def make_proposal(
    ctx: Context,
    city: City,
    association: AssociationRow,
    person_id: UUID,
    code: str = "green-12",
    state: ProposalState = ProposalState.OPEN,
) -> UUID:
    """A proposal as if the hours were there; `work_hours` puts them into the ledger."""
    ctx.enter(city.id)
    proposal = Proposal(
        id=ctx.new_id(),
        municipality_id=city.id,
        person_id=person_id,
        achievement_id=achievement_id(ctx, code),
        association_id=association.id,
        state=state,
        minutes=720,
        sessions=4,
        opened_at=ctx.now(),
    )
    ctx.db.add(proposal)
    ctx.db.flush()
    return proposal.id


def make_award(
    ctx: Context,
    city: City,
    association: AssociationRow,
    person_id: UUID,
    assessor_id: UUID,
    code: str = "green-12",
    skills: Sequence[str] | None = None,
) -> UUID:
    """A badge somebody holds, with all its skills unless some are named."""
    ctx.enter(city.id)
    about = ctx.db.scalars(select(Achievement).where(Achievement.code == code)).one()
    award = Award(
        id=ctx.new_id(),
        municipality_id=city.id,
        person_id=person_id,
        achievement_id=about.id,
        association_id=association.id,
        assessor_id=assessor_id,
        skills=list(about.skills if skills is None else skills),
        minutes=720,
        sessions=4,
        awarded_at=ctx.now(),
    )
    ctx.db.add(award)
    ctx.db.flush()
    return award.id
