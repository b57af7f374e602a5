"""Whoever lives there tells of what is broken, and nobody else does."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from civic.housing.models import Lease
from civic.housing.operations.faults import MOST_A_DAY, report_fault
from civic.housing.operations.files import read_file
from civic.housing.queries.works import work_page
from civic.housing.rules.stock import Direction, FileKind, WorkKind
from civic.housing.works_errors import (
    FaultEmpty,
    TooManyFaults,
)
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.policy import system_in
from tests.factories.accounts import actor_of, make_person
from tests.factories.housing import (
    Lodge,
    make_lodge,
    make_request,
    make_resident,
    make_stay,
    make_unit,
)
from tests.integration.housing.works_ground import TODAY, refused


@pytest.fixture
def ctx(database: Database) -> Iterator[Context]:
    with database.unit_of_work(system_in()) as ctx:
        yield ctx


@pytest.fixture
def lodge(ctx: Context) -> Lodge:
    return make_lodge(ctx, beds=3)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def home(ctx: Context, lodge: Lodge) -> tuple[UUID, Context]:
    """Somebody with an account who sleeps in the lodge, and the context in which they act."""
    person_id = make_person(ctx, "Awa", lodge.city)
    resident_id = make_resident(ctx, lodge.city, person_id=person_id)
    make_stay(ctx, lodge, make_request(ctx, lodge.city, [resident_id]), nights=5)
    return resident_id, ctx.acting(actor_of(ctx, person_id))


def test_whoever_lives_there_tells_of_a_fault_with_a_photo_and_it_is_a_work(
    ctx: Context, lodge: Lodge, home: tuple[UUID, Context], store: FileStore
) -> None:
    resident_id, own = home
    sent = ctx.new_id()
    told = [
        report_fault(own, lodge.unit_id, resident_id, " Perde l'acqua ", b"jpeg", store=store, sent_id=sent)
        for _twice in range(2)
    ]  # fmt: skip
    assert told == [sent, sent]
    officer = ctx.acting(lodge.officer)
    page = work_page(officer, sent)
    assert (page.words, page.row.kind, page.row.is_from_resident) == (
        "Perde l'acqua",
        WorkKind.FAULT,
        True,
    )
    (photo,) = page.photos_of(FileKind.FAULT)
    assert read_file(officer, store, photo.id).body == b"jpeg"


def test_whoever_does_not_live_there_cannot_tell_of_a_fault(
    ctx: Context, lodge: Lodge, home: tuple[UUID, Context], clock: FrozenClock
) -> None:
    resident_id, own = home
    elsewhere, _beds = make_unit(ctx, lodge.city, "Casa Acanto")
    stranger = ctx.acting(actor_of(ctx, make_person(ctx, "Bo", lodge.city)))
    child = make_resident(ctx, lodge.city, "Child", birth_year=2020)
    for who, unit_id, resident in (
        (own, elsewhere, resident_id),
        (stranger, lodge.unit_id, resident_id),
        (own, lodge.unit_id, child),
        (own, lodge.unit_id, ctx.new_id()),
        (ctx.acting(lodge.officer), lodge.unit_id, resident_id),
    ):
        refused(
            ctx,
            NotFound,
            lambda who=who, unit_id=unit_id, resident=resident: report_fault(  # type: ignore[misc]
                who, unit_id, resident, "Rotto"
            ),
        )
    refused(ctx, FaultEmpty, lambda: report_fault(own, lodge.unit_id, resident_id, "  "))
    clock.advance(timedelta(days=5))
    report_fault(own, lodge.unit_id, resident_id, "Il giorno in cui esco")
    clock.advance(timedelta(days=1))
    refused(ctx, NotFound, lambda: report_fault(own, lodge.unit_id, resident_id, "Ormai fuori"))


def test_whoever_has_a_lease_of_their_own_there_tells_of_a_fault_too(
    ctx: Context, lodge: Lodge, home: tuple[UUID, Context]
) -> None:
    resident_id, own = home
    flat, _beds = make_unit(ctx, lodge.city, "Casa Acanto")
    ctx.db.add(
        Lease(
            id=ctx.new_id(), municipality_id=lodge.city.id, unit_id=flat, direction=Direction.OUT,
            resident_id=resident_id, starts_on=TODAY, rent_cents=1, deposit_cents=0,
            written_at=ctx.now(),
        )
    )  # fmt: skip
    ctx.db.flush()
    report_fault(own, flat, resident_id, "La serratura")


def test_whoever_lives_in_a_safe_house_tells_of_a_fault_there(ctx: Context, lodge: Lodge) -> None:
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Celata", team=[lodge.officer.own_id])
    person_id = make_person(ctx, "Awa", lodge.city)
    resident_id = make_resident(ctx, lodge.city, person_id=person_id)
    safe = Lodge(lodge.city, lodge.officer, unit_id, beds)
    make_stay(ctx, safe, make_request(ctx, lodge.city, [resident_id]))
    own = ctx.acting(actor_of(ctx, person_id))
    work_id = report_fault(own, unit_id, resident_id, "La serratura")
    assert work_page(ctx.acting(lodge.officer), work_id).words == "La serratura"


def test_after_ten_faults_in_a_day_somebody_looks_first(
    ctx: Context, lodge: Lodge, home: tuple[UUID, Context], clock: FrozenClock
) -> None:
    resident_id, own = home
    for number in range(MOST_A_DAY):
        report_fault(own, lodge.unit_id, resident_id, f"Guasto {number}")
    refused(ctx, TooManyFaults, lambda: report_fault(own, lodge.unit_id, resident_id, "Ancora"))
    clock.advance(timedelta(days=1, minutes=1))
    report_fault(own, lodge.unit_id, resident_id, "Il giorno dopo")
