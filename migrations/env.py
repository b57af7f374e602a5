"""Alembic's entry. The database is handed over by `civic.kernel.db.migrate`, or named by
CIVIC_DATABASE_URL when the `alembic` command is used by hand."""

import os
from importlib import import_module
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from civic.kernel.db.base import Base
from civic.kernel.db.engine import make_engine
from civic.settings import EMBEDDED_DATABASE, ROOT

for models in sorted(Path(ROOT, "civic").glob("*/models.py")):
    import_module(f"civic.{models.parent.name}.models")
import_module("civic.kernel.outbox")

TARGET = Base.metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=TARGET,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(os.environ.get("CIVIC_DATABASE_URL", EMBEDDED_DATABASE))
    with engine.connect() as connection:
        run(connection)
        connection.commit()
    engine.dispose()
