"""Is this person known? By two facts that fit exactly; every asking is written down."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from civic.audit.models import AuditEntry
from civic.cases.access import Data
from civic.cases.errors import NotYours, TooManySearches, TwoFactsNeeded
from civic.cases.models import CaseFact
from civic.cases.operations.files import NewCase, open_case, write_section
from civic.cases.operations.known import SEARCHES, find_known
from civic.cases.operations.merging import merge
from civic.cases.operations.reading import read_case
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, system_in
from tests.conftest import ON_POSTGRESQL
from tests.factories.cases import House, in_charge, make_house

Acting = Callable[[Actor], AbstractContextManager[Context]]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]
AWA = {"given": "Awa", "family": "Sarr", "born": "1998-05-30", "phone": "+39 333 1234567"}


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


@pytest.fixture
def awa(acting: Acting, house: House) -> object:
    with acting(system_in()) as ctx:
        return in_charge(ctx, house, AWA)


@pytest.mark.parametrize(
    "asked",
    [
        {"given": "Awa", "family": "Sarr"},
        {"given": "sarr", "family": "AWA"},
        {"given": "Awa", "born": "1998"},
        {"family": "Sarr", "born": "1998-05-30"},
        {"phone": "333 123 45 67", "given": "awa"},
        {"given": "Awa", "family": "Sarr", "born": "1998-05-30", "phone": "3331234567"},
    ],
)
def test_two_facts_find_a_person(
    asked: dict[str, str], acting: Acting, house: House, awa: object
) -> None:
    with acting(house.desk) as ctx:
        (found,) = find_known(ctx, house.city.id, asked)
    assert found.id == awa


@pytest.mark.parametrize(
    "asked",
    [
        {"given": "Awa", "family": "Diop"},
        {"given": "Aua", "family": "Sarr"},
        {"given": "Awa", "born": "1999"},
        {"given": "Awa", "family": "Sarr", "born": "1998-05-31"},
    ],
)
def test_a_fact_that_does_not_fit_finds_nobody(
    asked: dict[str, str], acting: Acting, house: House, awa: object
) -> None:
    with acting(house.desk) as ctx:
        assert find_known(ctx, house.city.id, asked) == []


@pytest.mark.parametrize("asked", [{}, {"given": "Awa"}, {"born": "1998-05-30"}, {"phone": "1"}])
def test_one_fact_is_not_enough(asked: dict[str, str], acting: Acting, house: House) -> None:
    with acting(house.desk) as ctx, pytest.raises(TwoFactsNeeded):
        find_known(ctx, house.city.id, asked)


def test_a_person_of_another_city_is_not_known_here(
    acting: Acting, house: House, awa: object
) -> None:
    with acting(system_in()) as ctx:
        abroad = make_house(ctx, "latina")
    with acting(abroad.desk) as ctx:
        assert find_known(ctx, abroad.city.id, AWA) == []
        with pytest.raises(NotFound):
            find_known(ctx, house.city.id, AWA)


def test_the_desk_has_the_file_for_today_and_a_case_worker_learns_that_it_exists(
    acting: Acting, house: House, awa: object, clock: FrozenClock
) -> None:
    with acting(system_in()) as ctx:
        other = make_house(ctx)
    with acting(other.lead) as ctx:
        (found,) = find_known(ctx, house.city.id, AWA)
        assert not found.is_open_to_me
        with pytest.raises(NotYours):
            read_case(ctx, found.id)
    with acting(house.desk) as ctx:
        (found,) = find_known(ctx, house.city.id, AWA)
        assert found.is_open_to_me
        view = read_case(ctx, found.id)
        assert view.parts[Data.SOCIAL].is_there is False
    clock.advance(timedelta(days=1))
    with acting(house.desk) as ctx, pytest.raises(NotYours):
        read_case(ctx, found.id)


def test_every_asking_is_written_down_and_says_nothing_of_what_was_asked(
    acting: Acting, house: House, awa: object
) -> None:
    with acting(house.desk) as ctx:
        find_known(ctx, house.city.id, {"given": "Awa", "family": "Sarr"})
        lines = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "case.searched")).all()
    assert [line.details for line in lines] == [{"by": ["family", "given"], "found": 1}]


def test_whoever_guesses_one_name_after_the_other_is_stopped(acting: Acting, house: House) -> None:
    with acting(house.desk) as ctx:
        for number in range(SEARCHES):
            find_known(ctx, house.city.id, {"given": f"Nome{number}", "born": "1998"})
        with pytest.raises(TooManySearches):
            find_known(ctx, house.city.id, {"given": "Ancora", "born": "1998"})


def test_a_name_that_was_corrected_is_found_by_the_new_one_alone(
    acting: Acting, house: House, awa: object
) -> None:
    with acting(house.lead) as ctx:
        write_section(ctx, awa, Data.IDENTITY, {**AWA, "family": "Sall"}, 1)  # type: ignore[arg-type]
    with acting(house.desk) as ctx:
        assert find_known(ctx, house.city.id, {"given": "Awa", "family": "Sarr"}) == []
        assert find_known(ctx, house.city.id, {"given": "Awa", "family": "Sall"})


def test_a_merged_file_leads_to_the_one_it_is_read_under(
    acting: Acting, house: House, awa: object
) -> None:
    with acting(house.lead) as ctx:
        other = open_case(ctx, NewCase(house.city.id, {"given": "Aua", "phone": "3209876543"}))
        merge(ctx, awa, other)  # type: ignore[arg-type]
    with acting(house.desk) as ctx:
        (found,) = find_known(ctx, house.city.id, {"given": "Aua", "phone": "3209876543"})
    assert found.id == awa


def test_no_hash_is_of_one_fact_and_none_is_the_same_in_two_cities(
    acting: Acting, house: House, awa: object
) -> None:
    with acting(system_in()) as ctx:
        abroad = make_house(ctx, "latina")
        in_charge(ctx, abroad, AWA)
    with acting(system_in(house.city.id, abroad.city.id)) as ctx:
        rows = ctx.db.execute(select(CaseFact.municipality_id, CaseFact.hash)).all()
    by_city = {
        city: {row.hash for row in rows if row[0] == city}
        for city in (house.city.id, abroad.city.id)
    }
    assert by_city[house.city.id]
    assert not by_city[house.city.id] & by_city[abroad.city.id]


def test_the_look_up_walks_the_index_and_not_the_table(
    acting: Acting, house: House, awa: object, statements: Statements
) -> None:
    with acting(house.desk) as ctx, statements() as counted:
        find_known(ctx, house.city.id, {"given": "Awa", "family": "Sarr"})
        look_ups = [each for each in counted.statements if "FROM case_fact" in each]
    assert len(look_ups) == 1
    if ON_POSTGRESQL:
        return
    with acting(house.desk) as ctx:
        plan = ctx.db.connection().execute(
            text("EXPLAIN QUERY PLAN SELECT case_id FROM case_fact WHERE hash IN (:one)"),
            {"one": b"0" * 16},
        )
        assert "SEARCH case_fact USING" in str(plan.all())
