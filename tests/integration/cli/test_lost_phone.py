"""`civic staff forget-second-factor`: the way out when somebody has lost their phone."""

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from civic.accounts import operations
from civic.accounts.models import LoginSession, SecondFactor
from civic.audit.models import AuditEntry
from civic.kernel.clock import SystemClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import migrate
from civic.kernel.policy import Grant, Role, system_in
from tests.factories.tenancy import make_city
from tests.integration.cli.test_register_verify import civic

ON_POSTGRESQL = os.environ.get("CIVIC_TEST_DATABASE") == "postgresql"
pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the command brings a database of its own")
COMMAND = ("staff", "forget-second-factor")


def test_the_phone_is_forgotten_and_every_session_ends(tmp_path: Path) -> None:
    file = tmp_path / "civic.sqlite3"
    engine = make_engine(f"sqlite:///{file}")
    migrate(engine)
    database = Database(engine, SystemClock())
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        rosa = operations.make_staff_account(
            ctx, "Rosa", "rosa@comune.example", "una lunga parola", [Grant(Role.OFFICER, city.id)]
        )
        operations.open_session(ctx, rosa)
    unknown = civic(file, *COMMAND, "nobody@comune.example")
    assert unknown.returncode == 1
    assert "Nobody signs in with this name." in unknown.stderr
    without = civic(file, *COMMAND, "rosa@comune.example")
    assert without.returncode == 1
    assert "There is no second step to forget" in without.stderr
    with database.unit_of_work(system_in()) as ctx:
        assert ctx.db.scalars(select(LoginSession.revoked_at)).all() == [None]
        now = ctx.now()
        ctx.db.add(SecondFactor(person_id=rosa, secret=b"sealed", set_at=now, confirmed_at=now))
    answer = civic(file, *COMMAND, " Rosa@Comune.example")
    assert answer.returncode == 0, answer.stderr
    assert "signed out everywhere" in answer.stdout
    with database.reading(system_in(city.id)) as ctx:
        assert ctx.db.scalars(select(SecondFactor)).all() == []
        assert None not in ctx.db.scalars(select(LoginSession.revoked_at)).all()
        (line,) = ctx.db.scalars(select(AuditEntry)).all()
        assert (line.action, line.subject_id) == ("second_factor.forgotten", rosa)
    engine.dispose()
    assert civic(file, "audit", "verify").returncode == 0
