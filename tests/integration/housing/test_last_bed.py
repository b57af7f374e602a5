"""Fifty officers and one bed: one household has it, the others are told. With real commits.

Two things see to it: whoever places somebody holds the bed's row, and the primary key of `bed_night` has
one row for each bed and night. Taken out one after the other, here and only here, they show what each of
them is worth.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.housing.errors import BedTaken, RequestClosed
from civic.housing.models import Bed
from civic.housing.nights_models import BedNight
from civic.housing.operations import nights as night_book
from civic.housing.operations import stays
from civic.housing.operations.proposals import NewProposal, accept, propose
from civic.housing.operations.requests import change_criteria
from civic.housing.operations.stays import NewStay, place
from civic.housing.placing_models import HousingRequest, Placement, PriorityChange, Proposal
from civic.housing.rules.nights import Nights
from civic.housing.rules.placing import Criterion, ProposalState, RequestState
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_staff
from tests.factories.housing import Lodge, make_lodge, make_request, members_of

OFFICERS = 50
FIRST = date(2026, 3, 14)
UNTIL = FIRST + timedelta(days=10)


@pytest.fixture
def lodge(real_database: Database) -> Lodge:
    with real_database.unit_of_work(system_in()) as ctx:
        return make_lodge(ctx, beds=1)


@pytest.fixture
def officers(real_database: Database, lodge: Lodge) -> list[Actor]:
    with real_database.unit_of_work(system_in(lodge.city.id)) as ctx:
        return [
            actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, lodge.city))
            for _ in range(OFFICERS)
        ]


@pytest.fixture
def requests(real_database: Database, lodge: Lodge) -> list[UUID]:
    """Fifty people who wait, one for each officer."""
    with real_database.unit_of_work(system_in(lodge.city.id)) as ctx:
        return [make_request(ctx, lodge.city) for _ in range(OFFICERS)]


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Each in a thread of its own, all let go together; what each answered or was refused with."""
    gate = Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        gate.wait(timeout=20)
        try:
            return work()
        except CivicError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(begin, works))


def placing(database: Database, lodge: Lodge, officer: Actor, request_id: UUID) -> str:
    with database.unit_of_work(officer) as ctx:
        (who,) = members_of(ctx, request_id)
        place(ctx, NewStay(request_id, lodge.unit_id, {who: lodge.beds[0]}, FIRST, UNTIL))
    return "placed"


def all_place(
    database: Database, lodge: Lodge, officers: list[Actor], requests: list[UUID]
) -> list[object]:
    return at_once(
        [
            lambda officer=officer, each=each: placing(database, lodge, officer, each)  # type: ignore[misc]
            for officer, each in zip(officers, requests, strict=True)
        ]
    )


def one_has_it(database: Database, lodge: Lodge, answers: list[object]) -> None:
    assert answers.count("placed") == 1
    assert answers.count(BedTaken) == OFFICERS - 1
    with database.reading(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Placement)) == 1
        # Eleven: after the ten nights of the stay comes one in which the bed is made ready.
        assert ctx.db.scalar(select(func.count()).select_from(BedNight)) == 11
        waiting = select(func.count()).where(HousingRequest.state == RequestState.WAITING)
        assert ctx.db.scalar(waiting) == OFFICERS - 1


def test_of_fifty_who_place_into_the_last_bed_one_does(
    real_database: Database, lodge: Lodge, officers: list[Actor], requests: list[UUID]
) -> None:
    one_has_it(real_database, lodge, all_place(real_database, lodge, officers, requests))


def without_holding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The beds are read, and nobody waits for anybody."""

    def only_read(ctx: Context, bed_ids: object) -> dict[UUID, Bed]:
        rows = ctx.db.scalars(select(Bed).where(Bed.id.in_(bed_ids)))  # type: ignore[arg-type]
        return {row.id: row for row in rows}

    monkeypatch.setattr(night_book, "hold_beds", only_read)
    monkeypatch.setattr(stays, "hold_beds", only_read)


def test_without_the_hold_on_the_bed_the_key_of_its_nights_lets_one_in(
    real_database: Database, lodge: Lodge, officers: list[Actor], requests: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    without_holding(monkeypatch)
    one_has_it(real_database, lodge, all_place(real_database, lodge, officers, requests))


def test_without_the_key_as_well_they_share_a_bed(
    real_database: Database, lodge: Lodge, officers: list[Actor], requests: list[UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """So the test above can fail, and it is the key that keeps them apart."""
    without_holding(monkeypatch)
    drop_key(real_database)
    answers = all_place(real_database, lodge, officers, requests)
    assert answers.count("placed") > 1
    with real_database.reading(lodge.officer) as ctx:
        doubled = (
            select(BedNight.bed_id, BedNight.night)
            .group_by(BedNight.bed_id, BedNight.night)
            .having(func.count() > 1)
        )
        assert ctx.db.execute(doubled).first() is not None


def drop_key(database: Database) -> None:
    """In this test's own database. SQLite cannot drop a key: the table is made anew without it."""
    with database.unit_of_work(system_in()) as ctx:
        connection = ctx.db.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE bed_night DROP CONSTRAINT pk_bed_night")
            return
        connection.exec_driver_sql("DROP TABLE bed_night")
        connection.exec_driver_sql(
            "CREATE TABLE bed_night (bed_id CHAR(32) NOT NULL, night DATE NOT NULL,"
            " span_id CHAR(32) NOT NULL, resident_id CHAR(32), municipality_id CHAR(32) NOT NULL)"
        )


def test_of_fifty_who_place_the_same_household_one_does(
    real_database: Database, lodge: Lodge, officers: list[Actor], requests: list[UUID]
) -> None:
    answers = all_place(real_database, lodge, officers, [requests[0]] * OFFICERS)
    assert answers.count("placed") == 1
    assert answers.count(RequestClosed) == OFFICERS - 1


def test_of_all_who_say_yes_to_the_same_bed_one_has_it_and_the_others_are_told(
    real_database: Database, lodge: Lodge, officers: list[Actor], requests: list[UUID]
) -> None:
    proposals = []
    with real_database.unit_of_work(lodge.officer) as ctx:
        for each in requests[:12]:
            (who,) = members_of(ctx, each)
            beds = {who: lodge.beds[0]}
            new = NewProposal(each, lodge.unit_id, beds, Nights(FIRST, UNTIL), is_open_ended=False)
            proposals.append(propose(ctx, new))

    def say_yes(officer: Actor, proposal_id: UUID) -> object:
        with real_database.unit_of_work(officer) as ctx:
            told = accept(ctx, proposal_id)
        return type(told.refusal) if told.refusal else "placed"

    answers = at_once(
        [
            lambda officer=officer, each=each: say_yes(officer, each)  # type: ignore[misc]
            for officer, each in zip(officers, proposals, strict=False)
        ]
    )
    assert answers.count("placed") == 1
    with real_database.reading(lodge.officer) as ctx:
        states = list(ctx.db.scalars(select(Proposal.state)))
        assert states.count(ProposalState.ACCEPTED) == 1
        assert states.count(ProposalState.FREED) == len(proposals) - 1
        assert ctx.db.scalar(select(func.count()).select_from(Placement)) == 1


def test_two_who_change_the_reasons_at_once_both_stand_in_the_log(
    real_database: Database, lodge: Lodge, officers: list[Actor], requests: list[UUID]
) -> None:
    """Each of them on what the other one left."""

    def change(officer: Actor, criterion: Criterion) -> str:
        with real_database.unit_of_work(officer) as ctx:
            change_criteria(ctx, requests[0], [criterion], "Told me today")
        return "changed"

    chosen = list(Criterion)[:6]
    answers = at_once(
        [
            lambda officer=officer, each=each: change(officer, each)  # type: ignore[misc]
            for officer, each in zip(officers, chosen, strict=False)
        ]
    )
    assert answers == ["changed"] * len(chosen)
    with real_database.reading(lodge.officer) as ctx:
        row = ctx.db.get_one(HousingRequest, requests[0])
        steps = {
            tuple(each.before): tuple(each.after) for each in ctx.db.scalars(select(PriorityChange))
        }
    assert len(steps) == len(chosen)
    stands: tuple[str, ...] = ()
    for _ in chosen:
        stands = steps.pop(stands)
    assert stands == tuple(row.criteria)
