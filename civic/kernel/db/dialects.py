"""Statements that the two databases spell differently."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

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
    return bool(db.connection().execute(statement).rowcount)
