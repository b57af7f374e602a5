"""One scan at the gate, counted as the organiser's phone sends it: the whole request."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bench import databases
from bench.counting import Asked, counting
from bench.figures import Figure, Measure, at_most, exactly
from civic.accounts import operations as accounts
from civic.accounts.models import Person, StaffCredential
from civic.app import create_app
from civic.attendance.models import CheckEvent, Pass
from civic.catalogue.models import ProjectSession
from civic.demo.people import ALREADY_IN, WALKER
from civic.demo.shape import DemoPerson
from civic.demo.staff import ORGANISER
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.ids import uuid7
from civic.kernel.policy import system_in
from civic.settings import Settings
from civic.web.transaction import EXTENSION

MOST_STATEMENTS = 8


@dataclass(frozen=True)
class Gate:
    session_id: UUID
    codes: dict[DemoPerson, str]
    token: str
    """Of the organiser's browser."""


def _gate(ctx: Context) -> Gate:
    """The session of the demonstration that is under way, and two who stand before it."""
    with unscoped(ctx.db, "the bench looks for a session to scan at"):
        session_id = ctx.db.scalars(
            select(CheckEvent.session_id)
            .join(ProjectSession, ProjectSession.id == CheckEvent.session_id)
            .where(ProjectSession.starts_at <= ctx.now(), ProjectSession.ends_at > ctx.now())
            .limit(1)
        ).one()
        codes = dict(
            ctx.db.execute(
                select(Person.name, Pass.short_code)
                .join(Pass, Pass.person_id == Person.id)
                .where(Person.name.in_([WALKER.name, ALREADY_IN.name]))
            ).all()
        )
        organiser_id = ctx.db.scalars(
            select(StaffCredential.person_id).where(
                StaffCredential.sign_in_name == ORGANISER.sign_in_name
            )
        ).one()
        return Gate(
            session_id,
            {person: codes[person.name] for person in (WALKER, ALREADY_IN)},
            accounts.open_session(ctx, organiser_id),
        )


def _client(app: Flask, token: str) -> FlaskClient:
    # The token against forged requests asks nothing of the database.
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def scan() -> Iterator[Figure]:
    app = create_app(Settings.from_env(databases.settings(databases.small("scan"))))
    database = app.extensions[EXTENSION].database
    with database.unit_of_work(system_in()) as ctx:
        gate = _gate(ctx)
    client = _client(app, gate.token)
    client.get(f"/it/organise/sessions/{gate.session_id}/scan")
    scans = [
        _scan(client, gate, person, direction, database.clock.now())
        for person, direction in ((WALKER, "entry"), (ALREADY_IN, "exit"))
    ]
    statements = max(len(asked.statements) for asked in scans)
    commits = max(asked.commits for asked in scans)
    yield at_most("attendance.scan_statements", statements, "statements", MOST_STATEMENTS)
    yield exactly("attendance.scan_commits", commits, "commits", 1)


def _scan(
    client: FlaskClient, gate: Gate, person: DemoPerson, direction: str, now: datetime
) -> Asked:
    item = {
        "id": str(uuid7(now)),
        "code": gate.codes[person],
        "direction": direction,
        "scanned_at": now.isoformat(),
    }
    with counting() as asked:
        answer = client.post(
            f"/it/organise/sessions/{gate.session_id}/scans", json={"scans": [item]}
        )
    told = answer.get_json()
    if answer.status_code != 200 or told["answers"][0]["outcome"] != "accepted":
        raise RuntimeError(f"the scan was not accepted: {told}")
    return asked


MEASURES = (Measure(("attendance.scan_statements", "attendance.scan_commits"), scan),)
