"""A demonstration that was loaded before there were homes in it."""

import pytest
from sqlalchemy import delete, func, select

from civic.accounts import queries as accounts
from civic.accounts.models import Contact, RoleGrant, StaffCredential
from civic.demo import housing
from civic.demo.loader import load
from civic.demo.staff import ON_HOUSING
from civic.housing.models import Bed
from civic.housing.nights_models import BedNight
from civic.kernel.db.database import Database
from civic.settings import Settings
from tests.integration.demo import truth


@pytest.fixture
def older(database: Database, demo_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Database:
    with monkeypatch.context() as before:
        before.setattr(housing, "begin", lambda *_: None)
        assert load(database, demo_settings)
    names = [person.sign_in_name for person in ON_HOUSING]
    with truth.everywhere(database) as ctx:
        staff = select(StaffCredential.person_id).where(StaffCredential.sign_in_name.in_(names))
        ids = ctx.db.scalars(staff).all()
        for model in (Contact, RoleGrant, StaffCredential):
            ctx.db.execute(delete(model).where(model.person_id.in_(ids)))
    return database


def test_it_gets_its_homes_and_who_keeps_them_once(
    older: Database, demo_settings: Settings
) -> None:
    assert not any(counts(older))
    assert not load(older, demo_settings)
    made = counts(older)
    with truth.everywhere(older) as ctx:
        beds = ctx.db.scalar(select(func.count()).select_from(Bed))
        nights = ctx.db.scalar(select(func.count()).select_from(BedNight))
        for who in ON_HOUSING:
            assert accounts.credential_of(ctx, who.sign_in_name) is not None
    assert beds == 101
    assert nights is not None
    assert nights > 10_000
    assert not load(older, demo_settings)
    assert counts(older) == made


def counts(database: Database) -> list[int | None]:
    with truth.everywhere(database) as ctx:
        return [
            ctx.db.scalar(select(func.count()).select_from(table))
            for table in truth.tables_of("housing")
        ]
