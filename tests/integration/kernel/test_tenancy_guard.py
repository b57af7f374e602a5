"""No ORM statement reaches another city's rows, whatever its shape."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from civic.accounts.models import PersonInCity
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import ScopeBroken, ScopeMissing, ask_city, guard, unscoped
from civic.kernel.policy import VISITOR, Actor, system_in
from civic.tenancy.queries.standings import City
from tests.factories.accounts import make_person
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]


@pytest.fixture
def two_cities(acting: Acting) -> tuple[City, City]:
    """Potenza with three people, Caserta with one."""
    with acting(system_in()) as ctx:
        potenza, caserta = make_city(ctx, "potenza"), make_city(ctx, "caserta")
        for name in ("Awa", "Blessing", "Yusuf"):
            make_person(ctx, name, potenza)
        make_person(ctx, "Oksana", caserta)
    return potenza, caserta


def test_every_shape_of_select_stays_in_the_actors_city(
    acting: Acting, two_cities: tuple[City, City]
) -> None:
    caserta = two_cities[1]
    other = aliased(PersonInCity)
    with acting(system_in(caserta.id)) as ctx:
        db = ctx.db
        shapes = (
            db.scalars(select(PersonInCity)).all(),
            db.execute(select(PersonInCity.id)).all(),
            db.execute(select(PersonInCity.id).join(other, other.id == PersonInCity.id)).all(),
            db.execute(select(other.id)).all(),
        )
        assert [len(rows) for rows in shapes] == [1, 1, 1, 1]
        assert db.scalar(select(func.count()).select_from(PersonInCity)) == 1
        assert db.scalar(select(select(func.count(PersonInCity.id)).scalar_subquery())) == 1


def test_getting_a_foreign_row_by_its_id_finds_nothing(
    acting: Acting, two_cities: tuple[City, City]
) -> None:
    potenza, caserta = two_cities
    with acting(system_in(potenza.id)) as ctx:
        foreign_id = ctx.db.scalars(select(PersonInCity.id)).first()
    with acting(system_in(caserta.id)) as ctx:
        assert ctx.db.get(PersonInCity, foreign_id) is None


def test_changing_and_deleting_in_bulk_stays_in_the_actors_city(
    acting: Acting, two_cities: tuple[City, City]
) -> None:
    potenza, caserta = two_cities
    with acting(system_in(caserta.id)) as ctx:
        moved = ctx.db.execute(update(PersonInCity).values(since=ctx.now()))
        gone = ctx.db.execute(delete(PersonInCity))
        assert (moved.rowcount, gone.rowcount) == (1, 1)  # type: ignore[attr-defined]
    with acting(system_in(potenza.id)) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(PersonInCity)) == 3


def test_a_visitor_sees_no_row_of_any_city(acting: Acting, two_cities: tuple[City, City]) -> None:
    with acting(VISITOR) as ctx:
        assert ctx.db.scalars(select(PersonInCity)).all() == []


def test_a_row_for_another_city_is_refused_when_it_is_written(
    acting: Acting, two_cities: tuple[City, City]
) -> None:
    potenza, caserta = two_cities

    def write_abroad() -> None:
        with acting(system_in(caserta.id)) as ctx:
            person = make_person(ctx, "Ali")
            ctx.db.add(
                PersonInCity(
                    id=ctx.new_id(),
                    person_id=person,
                    municipality_id=potenza.id,
                    since=ctx.now(),
                )
            )

    with pytest.raises(ScopeBroken):
        write_abroad()


def test_unscoped_reaches_all_and_closes_behind_itself(
    acting: Acting, two_cities: tuple[City, City]
) -> None:
    with acting(VISITOR) as ctx:
        with unscoped(ctx.db, "a test looks everywhere"):
            assert ctx.db.scalar(select(func.count()).select_from(PersonInCity)) == 4
        assert ctx.db.scalar(select(func.count()).select_from(PersonInCity)) == 0


def test_a_session_that_names_no_reach_is_refused(database: Database, clock: FrozenClock) -> None:
    with database.reading(VISITOR) as ctx:
        bare = Session(ctx.db.get_bind())
    guard(bare)
    with pytest.raises(ScopeMissing):
        bare.scalars(select(PersonInCity)).all()
    bare.close()


def test_what_goes_past_the_guard_asks_within_the_reach_alone(
    acting: Acting, two_cities: tuple[City, City]
) -> None:
    """As the gate asks at every scan: the statement names its city, and only an own one is taken."""
    potenza, caserta = two_cities
    statement = select(PersonInCity.id).where(PersonInCity.municipality_id == bindparam("city"))
    with acting(system_in(caserta.id)) as ctx:
        assert len(ask_city(ctx.db, caserta.id, statement, {}).all()) == 1
        with pytest.raises(ScopeBroken):
            ask_city(ctx.db, potenza.id, statement, {})
