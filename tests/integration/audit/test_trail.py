import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from civic.audit import queries, rules
from civic.audit.models import AuditEntry, AuditHead
from civic.audit.operations import record
from civic.audit.queries import readings_of, verify_chain
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.tenancy import make_city


def write_lines(database: Database, count: int = 5) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        for number in range(count):
            record(ctx, city.id, "test.line", reason=f"è la {number}", details={"number": number})
    return city.id


def first_broken(database: Database, city_id: UUID) -> int | None:
    with database.snapshot(system_in(city_id)) as ctx:
        return verify_chain(ctx, city_id)


def test_an_untouched_trail_is_whole(database: Database) -> None:
    assert first_broken(database, write_lines(database)) is None


def test_a_city_without_lines_is_whole(database: Database) -> None:
    assert first_broken(database, write_lines(database, 0)) is None


def past_the_refusal(ctx: Context) -> None:
    """As somebody with the database's own keys could."""
    if ctx.db.get_bind().dialect.name == "postgresql":
        ctx.db.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        return
    for trigger in ("audit_entry_stays_as_written", "audit_entry_stays"):
        ctx.db.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET reason = 'other'", "DELETE FROM audit_entry"]
)
def test_the_database_itself_refuses_to_change_or_remove_a_line(
    database: Database, statement: str
) -> None:
    city_id = write_lines(database)
    with (
        pytest.raises(DBAPIError, match="line of the trail"),
        database.unit_of_work(system_in(city_id)) as ctx,
    ):
        ctx.db.execute(text(statement))
    assert first_broken(database, city_id) is None


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "e la 2"},
        {"action": "test.lime"},
        {"details": {"number": 3}},
        {"actor_id": UUID(int=1)},
        {"hash": "0" * 64},
        {"previous_hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_one_changed_byte_is_found_at_its_line(
    database: Database, change: dict[str, object]
) -> None:
    city_id = write_lines(database)
    with database.unit_of_work(system_in(city_id)) as ctx:
        past_the_refusal(ctx)
        ctx.db.execute(update(AuditEntry).where(AuditEntry.number == 3).values(**change))
    assert first_broken(database, city_id) == 3


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_removed_line_is_found_even_at_the_end(database: Database, number: int) -> None:
    city_id = write_lines(database)
    with database.unit_of_work(system_in(city_id)) as ctx:
        past_the_refusal(ctx)
        ctx.db.execute(delete(AuditEntry).where(AuditEntry.number == number))
    assert first_broken(database, city_id) == number


def test_a_trail_without_its_head_is_not_whole(database: Database) -> None:
    city_id = write_lines(database)
    with database.unit_of_work(system_in(city_id)) as ctx:
        ctx.db.execute(delete(AuditHead))
    assert first_broken(database, city_id) == 6


def test_each_city_has_a_trail_of_its_own(database: Database) -> None:
    potenza = write_lines(database)
    with database.unit_of_work(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        record(ctx, caserta.id, "test.line")
    with database.reading(system_in(caserta.id)) as ctx:
        assert ctx.db.scalars(select(AuditEntry.number)).all() == [1]
    assert first_broken(database, potenza) is None
    assert first_broken(database, caserta.id) is None


def test_a_line_that_is_rolled_back_leaves_no_gap(database: Database) -> None:
    city_id = write_lines(database, 2)
    with (
        contextlib.suppress(NotFound),
        database.unit_of_work(system_in(city_id)) as ctx,
    ):
        record(ctx, city_id, "test.line")
        raise NotFound
    with database.unit_of_work(system_in(city_id)) as ctx:
        record(ctx, city_id, "test.line")
        numbers = ctx.db.scalars(select(AuditEntry.number).order_by(AuditEntry.number)).all()
    assert numbers == [1, 2, 3]
    assert first_broken(database, city_id) is None


def test_appends_at_the_same_time_keep_one_chain(real_database: Database) -> None:
    city_id = write_lines(real_database, 0)

    def append(_number: int) -> None:
        with real_database.unit_of_work(system_in(city_id)) as ctx:
            record(ctx, city_id, "test.race")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(40)))
    with real_database.reading(system_in(city_id)) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(AuditEntry)) == 40
    assert first_broken(real_database, city_id) is None


def test_a_line_written_while_the_trail_is_verified_is_no_fault(
    real_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    city_id = write_lines(real_database)

    def hashed_while_somebody_writes(line: rules.Line) -> str:
        with real_database.unit_of_work(system_in(city_id)) as ctx:
            record(ctx, city_id, "test.meanwhile")
        return rules.chained_hash(line)

    monkeypatch.setattr(queries, "chained_hash", hashed_while_somebody_writes)
    assert first_broken(real_database, city_id) is None


def test_a_person_reads_who_opened_their_file_in_every_city(
    database: Database, clock: FrozenClock
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        potenza, caserta = make_city(ctx), make_city(ctx, "caserta")
        amina = make_person(ctx, city=potenza)
        officer = make_staff(ctx, Role.OFFICER, potenza)
        officer_actor, amina_actor = actor_of(ctx, officer), actor_of(ctx, amina)
        record(ctx, caserta.id, "person.read", subject_id=amina, reason="first")
    with database.unit_of_work(amina_actor) as ctx:
        record(ctx, potenza.id, "person.changed", subject_id=amina, reason="by herself")
    clock.advance(timedelta(minutes=1))
    with database.unit_of_work(officer_actor) as ctx:
        record(ctx, potenza.id, "person.read", subject_id=amina, reason="second")
    with database.reading(amina_actor) as ctx:
        readings = readings_of(ctx, amina)
    assert {(r.reason, r.actor_id, r.municipality_id) for r in readings} == {
        ("second", officer, potenza.id),
        ("first", None, caserta.id),
    }
    assert [reading.reason for reading in readings] == ["second", "first"]


def test_nobody_else_reads_who_opened_a_file(database: Database) -> None:
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        amina = make_person(ctx, city=city)
        officer = actor_of(ctx, make_staff(ctx, Role.OFFICER, city))
    with database.reading(officer) as ctx, pytest.raises(NotFound):
        readings_of(ctx, amina)
