"""Statements that the two databases spell differently."""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Integer,
    Result,
    Table,
    Text,
    any_,
    bindparam,
    case,
    column,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from civic.kernel.db.base import Base

Insert = postgresql.Insert | sqlite.Insert


def insert(db: Session, model: type[Base] | Table) -> Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    if db.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)


def insert_once(db: Session, model: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique constraint says it is there already; True if it was new."""
    statement = insert(db, model).values(**values).on_conflict_do_nothing()
    # The row count would not do: psycopg answers -1 for an INSERT, inserted or not.
    inserted: Result[Any] = db.connection().execute(statement.returning(literal_column("1")))
    return inserted.first() is not None


def insert_each_once(db: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> set[Any]:
    """Insert rows of the same columns unless their id is there already; the ids of those that were
    new. However many there are, PostgreSQL gets one short statement with a list for each column: of
    a thousand separate values the driver would have to find the places in the text each time."""
    if not rows:
        return set()
    on_postgresql = db.get_bind().dialect.name == "postgresql"
    if on_postgresql and len(rows) > 1:
        statement = _insert_lists(model, tuple(rows[0]))
        lists = {name: [row[name] for row in rows] for name in rows[0]}
        return set(db.connection().execute(statement, lists).scalars())
    given: Any = rows[0] if len(rows) == 1 else list(rows)
    statement = _insert_values(model, on_postgresql=on_postgresql)
    return set(db.connection().execute(statement, given).scalars())


@cache
def _insert_values(model: type[Base], *, on_postgresql: bool) -> Any:
    statement = postgresql.insert(model) if on_postgresql else sqlite.insert(model)
    return statement.on_conflict_do_nothing().returning(model.__table__.c.id)


@cache
def _insert_lists(model: type[Base], names: tuple[str, ...]) -> Any:
    table = model.__table__
    lists = [bindparam(name, type_=ARRAY(table.c[name].type, dimensions=1)) for name in names]
    columns = [column(name, table.c[name].type) for name in names]
    given = func.unnest(*lists).table_valued(*columns, name="given").render_derived()
    return (
        postgresql.insert(model)
        .from_select(names, select(*given.c), include_defaults=False)
        .on_conflict_do_nothing()
        .returning(table.c.id)
    )


def among(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], name: str, *, on_postgresql: bool
) -> ColumnElement[bool]:
    """Whether the column is one of the values given as the list `name`. On PostgreSQL one parameter
    however long the list is, so that the statement stays the same and its plan is kept."""
    if on_postgresql:
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    return column.in_(bindparam(name, expanding=True))


def gather(column: ColumnElement[int], *, on_postgresql: bool) -> ColumnElement[Any]:
    """All values of a column as one: a list that `any_of` takes without being read in between."""
    if on_postgresql:
        return func.array_agg(column)
    return func.json_group_array(column, type_=Text)


def any_of(
    column: ColumnElement[int] | InstrumentedAttribute[int], name: str, *, on_postgresql: bool
) -> ColumnElement[bool]:
    """Whether the column is in the list, gathered before, that is given as the parameter `name`."""
    if on_postgresql:
        return column == any_(bindparam(name, type_=ARRAY(Integer)))
    given = func.json_each(bindparam(name, type_=Text)).table_valued("value")
    return column.in_(select(given.c.value))


def one_by_one(condition: ColumnElement[bool], *, on_postgresql: bool) -> ColumnElement[bool]:
    """A condition to be asked of each row as a walk along an index comes to it.

    PostgreSQL takes its guess of how many rows will pass from the condition, and when that guess
    is far too small it gives the walk up and reads whole tables instead, or plans anew each time
    it is asked. Of a CASE it guesses one row in two and looks into no index for it."""
    return found_otherwise(condition) if on_postgresql else condition


def found_otherwise(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition for which no index is to be looked into: the rows are better found by another. Of
    a list of four passes SQLite thinks that reading the whole city is quicker."""
    return case((condition, true()), else_=false())


def hold_together(db: Session, what: str) -> None:
    """Until this transaction ends, `is_let_go` answers no. On SQLite there is one writer at a time,
    and whoever comes after it has nobody to wait for."""
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(select(func.pg_advisory_xact_lock_shared(_number(what))))


def is_let_go(db: Session, what: str) -> bool:
    """Whether nobody else holds it. Nobody is made to wait: whoever asks has to ask again."""
    if db.get_bind().dialect.name != "postgresql":
        return True
    return bool(db.connection().scalar(select(func.pg_try_advisory_xact_lock(_number(what)))))


def _number(what: str) -> int:
    return int.from_bytes(sha256(what.encode()).digest()[:8], signed=True)


def expect_many_rows(connection: Connection) -> None:
    """Give this connection memory for a large load: SQLite else writes the same pages many times."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size=-300000")


def count_again(connection: Connection) -> None:
    """After a large load. PostgreSQL plans by what it last counted; SQLite plans the list of
    projects worse once it has counted (it reads all projects instead of the index of open
    sessions), and nothing in the embedded edition ever makes it count."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE")
