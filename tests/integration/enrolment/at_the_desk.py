"""What a desk does, each in a transaction of its own, and what it left behind."""

from uuid import UUID

from sqlalchemy import select

from civic.enrolment.models import Enrolment, RegisterEntry
from civic.enrolment.operations import desk
from civic.enrolment.operations.desk import DeskAnswer, DeskWish
from civic.enrolment.rules import LegalBasis
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.attendance import Ground, signed_in


def write_into(database: Database, staff_id: UUID, wish: DeskWish) -> DeskAnswer:
    with database.unit_of_work(signed_in(database, staff_id)) as ctx:
        return desk.write_into(ctx, wish)


def enrolment(database: Database, ground: Ground, person_id: UUID) -> Enrolment:
    with database.reading(system_in(ground.city.id)) as ctx:
        row = ctx.db.scalars(select(Enrolment).where(Enrolment.person_id == person_id)).one()
        ctx.db.expunge(row)
        return row


def register(database: Database, ground: Ground) -> list[tuple[UUID, bool]]:
    """Who stands in it, and whether their line is still open."""
    with database.reading(system_in(ground.city.id)) as ctx:
        rows = ctx.db.execute(select(RegisterEntry.person_id, RegisterEntry.last_day))
        return [(row.person_id, row.last_day is None) for row in rows]


def change_basis(
    database: Database, staff_id: UUID, person_id: UUID, enrolment_id: UUID, basis: LegalBasis
) -> None:
    with database.unit_of_work(signed_in(database, staff_id)) as ctx:
        desk.change_basis(ctx, person_id, enrolment_id, basis)
