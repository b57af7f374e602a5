"""Corrections of before the ledger were made by one person, and the page does not say otherwise."""

from uuid import UUID

from sqlalchemy import update

from civic.attendance.models import HoursEntry
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_staff
from tests.factories.attendance import Ground
from tests.integration.attendance.door import Door
from tests.integration.attendance.test_my_ledger import (
    Html,
    SignIn,
    confirm,
    page_of,
    propose,
)


def test_a_correction_of_before_has_one_signature(
    door: Door, html: Html, sign_in: SignIn, database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        officer_id = make_staff(ctx, Role.OFFICER, ground.city)
    confirm(database, officer_id, propose(database, ground, amina, 90))
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(HoursEntry).values(made_by=ground.organiser_id))
    page = page_of(door, html, sign_in, amina, ground)
    assert "Corrected by hand." in page
    assert "second person" not in page
    assert "Written by" not in page
