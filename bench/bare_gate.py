"""The check-in that ours is measured against: Flask and SQLAlchemy with nothing around them. One
SELECT finds the pass, one INSERT keeps the scan, one COMMIT; nobody signs in and nothing is judged.

It writes into a table of its own beside ours, in the same database, on the same server with the
same options, and asks for the same safety of its commits.
"""

import os
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Flask, jsonify, request
from sqlalchemy import DateTime, String, Uuid, create_engine, event, make_url, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from civic.accounts.models import Person
from civic.attendance.models import Pass
from civic.kernel.clock import SystemClock


class Base(DeclarativeBase):
    pass


class BareCheck(Base):
    __tablename__ = "bare_check"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    person_id: Mapped[UUID] = mapped_column(Uuid)
    direction: Mapped[str] = mapped_column(String(32))
    scanned_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def make_engine(address: str) -> Engine:
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        return create_engine(url.set(drivername="postgresql+psycopg"))
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def as_safe_as_ours(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine


assert Person.__table__ is not None, "the pass's column takes its type from the person's"
engine = make_engine(os.environ["BARE_DATABASE_URL"])
app = Flask(__name__)


@app.post("/scans")
def scan() -> Any:
    told = request.get_json()
    token_hash = sha256(told["code"].encode()).hexdigest()
    with Session(engine) as db, db.begin():
        person_id = db.scalar(select(Pass.person_id).where(Pass.token_hash == token_hash))
        if person_id is None:
            return jsonify(outcome="refused"), 404
        db.add(
            BareCheck(
                id=UUID(told["id"]),
                session_id=UUID(told["session_id"]),
                person_id=person_id,
                direction=told["direction"],
                scanned_at=datetime.fromisoformat(told["scanned_at"]),
                received_at=SystemClock().now(),
            )
        )
    return jsonify(outcome="accepted")


@app.get("/ready")
def ready() -> str:
    Base.metadata.create_all(engine)
    return "yes"
