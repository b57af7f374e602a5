"""Tenancy: no ORM statement reaches another city's rows.

The reach of a session (a set of municipality ids) is set when it is opened. Every SELECT, UPDATE
and DELETE built from mapped classes gets the criteria below, always: looking for the mappers of
a statement would miss `select(func.count()).select_from(Model)`. Core tables and `text()` slip
past it; `reporting` alone may use them, with a city filter of its own and a test.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Result, event, or_
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from civic.kernel.db.base import CityCatalogue, TenantOwned

REACH = "municipalities"
EVERYWHERE = "everywhere"

log = logging.getLogger(__name__)


class ScopeMissing(RuntimeError):
    """A session was opened without saying whose rows it may touch: always a defect."""


class ScopeBroken(RuntimeError):
    """A row was about to be written into a city outside the session's reach."""


def limit(db: Session, municipalities: frozenset[UUID]) -> None:
    db.info[REACH] = municipalities


def widen(db: Session, municipality_id: UUID) -> None:
    db.info[REACH] = reach(db) | {municipality_id}


def reach(db: Session) -> frozenset[UUID]:
    municipalities: frozenset[UUID] | None = db.info.get(REACH)
    if municipalities is None:
        raise ScopeMissing
    return municipalities


@contextmanager
def unscoped(db: Session, reason: str) -> Iterator[None]:
    """Lift the limit for work that belongs to no city (sign-in, the worker); the reason is kept."""
    log.info("unscoped", extra={"reason": reason})
    before = db.info.get(EVERYWHERE, False)
    db.info[EVERYWHERE] = True
    try:
        yield
    finally:
        db.flush()
        db.info[EVERYWHERE] = before


def _limit_statement(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load or state.session.info.get(EVERYWHERE):
        return
    state.statement = _kept(state.statement, reach(state.session))


def ask_city(
    db: Session, municipality_id: UUID, statement: Executable, values: Mapping[str, Any]
) -> Result[*tuple[Any, ...]]:
    """Ask what is asked at every scan, without the guard and at half its cost: the statement itself
    holds its rows to the parameter `city`, which must lie within the session's reach."""
    if not db.info.get(EVERYWHERE) and municipality_id not in reach(db):
        raise ScopeBroken
    return db.connection().execute(statement, {**values, "city": municipality_id})


KEPT_REACHES = 100
"""Of each statement: about as many as there are cities, and people known in several."""
_by_statement: WeakKeyDictionary[Executable, dict[frozenset[UUID], Executable]] = (
    WeakKeyDictionary()
)


def _kept(statement: Executable, cities: frozenset[UUID]) -> Executable:
    """The limited statement, kept beside one that is asked again and again: with it is kept the key
    under which its SQL is found, and finding that anew takes as long as running it."""
    by_reach = _by_statement.setdefault(statement, {})
    kept = by_reach.get(cities)
    if kept is None:
        if len(by_reach) >= KEPT_REACHES:
            by_reach.clear()
        kept = by_reach[cities] = _limited(statement, cities)
    return kept


def _limited(statement: Executable, cities: frozenset[UUID]) -> Executable:
    return statement.options(
        with_loader_criteria(
            TenantOwned,
            lambda model: model.municipality_id.in_(cities),
            include_aliases=True,
        ),
        with_loader_criteria(
            CityCatalogue,
            # `is_(True)` and not the bare column, so that partial indexes are matched.
            (lambda model: or_(model.is_public.is_(True), model.municipality_id.in_(cities)))
            if cities
            else (lambda model: model.is_public.is_(True)),
            include_aliases=True,
        ),
    )


def _limit_flush(db: Session, _flush_context: Any, _instances: Any) -> None:
    if db.info.get(EVERYWHERE):
        return
    for row in (*db.new, *db.dirty, *db.deleted):
        if isinstance(row, TenantOwned | CityCatalogue) and row.municipality_id not in reach(db):
            raise ScopeBroken(type(row).__name__)


def guard(sessions: Any) -> None:
    """Hang the tenancy guard on a sessionmaker."""
    event.listen(sessions, "do_orm_execute", _limit_statement)
    event.listen(sessions, "before_flush", _limit_flush)
