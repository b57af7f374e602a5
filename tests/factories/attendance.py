"""A whole gate: a city, its association, a project with a session, and somebody who may enter."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from civic.attendance.models import HoursLine, NoShow
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import Area
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.catalogue import make_project, make_session
from tests.factories.enrolment import (
    make_booking,
    make_enrolment,
    make_policy,
    make_register_entry,
)
from tests.factories.tenancy import make_association, make_city

TEN = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
"""10:00 in Italy on the Saturday after the tests' clock."""
ONE = datetime(2026, 3, 21, 12, 0, tzinfo=UTC)
"""13:00."""


@dataclass(frozen=True)
class Ground:
    """What a session stands on."""

    city: City
    association: AssociationRow
    organiser_id: UUID
    project_id: UUID
    session_id: UUID


def make_ground(ctx: Context, slug: str = "potenza", **session: Any) -> Ground:
    """An insured association with one session of five places, from 10 to 13 on 21 March."""
    city = make_city(ctx, slug)
    association = make_association(ctx, city)
    organiser_id = make_staff(ctx, Role.ORGANISER, city, association)
    project_id = make_project(ctx, association.id, city.id, organiser_id)
    times = {"starts_at": TEN, "ends_at": ONE} | session
    session_id = make_session(ctx, project_id, **times)
    make_policy(ctx, association.id, city.id)
    return Ground(city, association, organiser_id, project_id, session_id)


def make_booked_person(ctx: Context, ground: Ground, name: str = "Amina", **person: Any) -> UUID:
    """In the register, with a place in the ground's session."""
    person_id = make_person(ctx, name, ground.city, **person)
    make_enrolment(ctx, person_id, ground.project_id)
    make_register_entry(ctx, person_id, ground.association.id, ground.city.id)
    make_booking(ctx, person_id, ground.session_id)
    return person_id


def make_no_show(ctx: Context, person_id: UUID, session_id: UUID, **over: Any) -> UUID:
    session = ctx.db.get_one(ProjectSession, session_id)
    row = NoShow(
        id=ctx.new_id(),
        municipality_id=session.municipality_id,
        session_id=session_id,
        person_id=person_id,
        **{"noticed_at": ctx.now()} | over,
    )
    ctx.db.add(row)
    ctx.db.flush()
    return row.id


def make_hours_line(ctx: Context, ground: Ground, person_id: UUID, minutes: int = 60) -> None:
    """Of the ground's day, without scans or entries behind it."""
    ctx.db.add(
        HoursLine(
            id=ctx.new_id(),
            municipality_id=ground.city.id,
            session_id=ground.session_id,
            project_id=ground.project_id,
            association_id=ground.association.id,
            person_id=person_id,
            area=Area.GREEN,
            day=rome_day(TEN),
            minutes=minutes,
            updated_at=ctx.now(),
        )
    )
    ctx.db.flush()


def on_ground(database: Database, **session: Any) -> Ground:
    with database.unit_of_work(system_in()) as ctx:
        return make_ground(ctx, **session)


def signed_in(database: Database, person_id: UUID) -> Actor:
    """The person with their present reach: asked again after they became known in a city."""
    with database.reading(system_in()) as ctx:
        return actor_of(ctx, person_id)
