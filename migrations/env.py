"""Alembic's entry. The database is handed over by `civic.kernel.db.migrate`, or named by
CIVIC_DATABASE_URL when the `alembic` command is used by hand."""

import os
from importlib import import_module
from pathlib import Path

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem

from civic.kernel.db.base import Base
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import rebuilding
from civic.settings import EMBEDDED_DATABASE, ROOT

for models in sorted(Path(ROOT, "civic").glob("*/*models.py")):
    import_module(f"civic.{models.parent.name}.{models.stem}")
import_module("civic.kernel.outbox")

TARGET = Base.metadata
FULL_TEXT = "project_search_index"
"""SQLite's virtual table, with tables of its own behind it, where PostgreSQL has a GIN index."""


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=TARGET,
        compare_type=True,
        include_object=_is_compared if connection.dialect.name == "sqlite" else None,
    )
    with context.begin_transaction():
        context.run_migrations()


def _is_compared(
    _what: SchemaItem, name: str | None, kind: str, _is_found: bool, _other: SchemaItem | None
) -> bool:
    if kind == "table":
        return not str(name).startswith(FULL_TEXT)
    return name != "ix_project_search_document"


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(os.environ.get("CIVIC_DATABASE_URL", EMBEDDED_DATABASE))
    with rebuilding(engine) as connection:
        run(connection)
    engine.dispose()
