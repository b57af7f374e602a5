"""Ten years on nobody is left by name, and every night is still counted."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.housing.nights_models import BedNight
from civic.housing.operations.forgetting import forget_due
from civic.housing.operations.stays import leave_beds
from civic.housing.placing_models import HousingRequest, Resident
from civic.housing.queries.gate import member_of
from civic.housing.queries.sealed import seal_faults
from civic.housing.rules.placing import StayState
from civic.kernel.clock import FrozenClock, rome_day
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in
from civic.kernel.vault import KeyMissing
from tests.factories.housing import Lodge, make_lodge, make_request, make_resident, make_stay

TEN_YEARS = timedelta(days=10 * 365 + 40)


@pytest.fixture
def lodge(database: Database) -> Lodge:
    with database.unit_of_work(system_in()) as ctx:
        return make_lodge(ctx)


def _stayed(database: Database, lodge: Lodge, *, has_left: bool = True) -> UUID:
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        resident_id = make_resident(ctx, lodge.city, "Awa Sarr")
        stay_id = make_stay(ctx, lodge, make_request(ctx, lodge.city, [resident_id]), nights=20)
        if has_left:
            officer = ctx.acting(lodge.officer)
            placement = leave_beds(officer, stay_id, rome_day(ctx.now()) + timedelta(days=15))
            placement.state, placement.ended_at = StayState.ENDED, ctx.now()
            request = ctx.db.get_one(HousingRequest, placement.request_id)
            request.closed_at = ctx.now()
    return resident_id


def _forget(database: Database, lodge: Lodge, folder: Path) -> int:
    return forget_due(database, [lodge.city.id], folder)


def test_who_left_ten_years_ago_is_forgotten_and_the_nights_stay(
    database: Database, lodge: Lodge, clock: FrozenClock, tmp_path: Path
) -> None:
    resident_id = _stayed(database, lodge)
    with database.reading(lodge.officer) as ctx:
        before = ctx.db.scalar(select(func.count()).select_from(BedNight))
    assert _forget(database, lodge, tmp_path) == 0
    clock.advance(TEN_YEARS)
    assert _forget(database, lodge, tmp_path) == 1
    assert _forget(database, lodge, tmp_path) == 0
    with database.reading(lodge.officer) as ctx:
        row = ctx.db.get_one(Resident, resident_id)
        assert member_of(ctx, row).name == ""
        assert (row.birth_year, row.person_id) == (None, None)
        assert ctx.db.scalar(select(func.count()).select_from(BedNight)) == before
        with pytest.raises(KeyMissing):
            ctx.vault.key_of(lodge.city.id, resident_id)
        assert list(seal_faults(ctx, lodge.city.id, FileStore(tmp_path))) == []


def test_who_still_lives_there_or_waits_is_not_forgotten(
    database: Database, lodge: Lodge, clock: FrozenClock, tmp_path: Path
) -> None:
    _stayed(database, lodge, has_left=False)
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        make_request(ctx, lodge.city)
    clock.advance(TEN_YEARS)
    assert _forget(database, lodge, tmp_path) == 0


def test_a_key_left_by_a_process_that_ended_goes_at_the_next_turn(
    database: Database, lodge: Lodge, clock: FrozenClock, tmp_path: Path
) -> None:
    resident_id = _stayed(database, lodge)
    clock.advance(TEN_YEARS)
    _forget(database, lodge, tmp_path)
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        ctx.vault.new_key(lodge.city.id, resident_id)
    _forget(database, lodge, tmp_path)
    with database.reading(lodge.officer) as ctx:
        assert not ctx.vault.has_key(lodge.city.id, resident_id)
