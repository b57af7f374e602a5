"""A refusal whose answer was lost: the phone judged by its roster, let them in, and said so later."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from civic.attendance.models import CheckDecision, CheckEvent
from civic.attendance.operations import passes
from civic.attendance.operations.passes import PassShown
from civic.attendance.operations.scans import further_id
from civic.attendance.rules import Decision, Outcome, Reason
from civic.enrolment.models import InsurancePolicy
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import system_in
from tests.conftest import Counted
from tests.factories.attendance import ONE, TEN, Ground, signed_in
from tests.integration.attendance.api import Gate, gate_of
from tests.integration.attendance.door import minutes, stored


@pytest.fixture
def gate(client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock) -> Gate:
    clock.instant = TEN + timedelta(minutes=1)
    return gate_of(client, database, ground)


@pytest.fixture
def uninsured(database: Database, ground: Ground, shown: PassShown) -> str:
    """The pass of somebody who would be refused."""
    insure(database, ground, until=date(2026, 3, 20))
    return shown.token


def insure(database: Database, ground: Ground, until: date) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=until))


def event_of(database: Database, ground: Ground, event_id: UUID) -> CheckEvent:
    with database.reading(system_in(ground.city.id)) as ctx:
        return ctx.db.scalars(select(CheckEvent).where(CheckEvent.id == event_id)).one()


def unheard(gate: Gate, code: str, direction: str = "entry", **more: Any) -> dict[str, Any]:
    """The same scan as it is sent again."""
    scan = gate.one(code, direction, **more)
    assert gate.send(scan)[0]["outcome"] == "refused"
    return scan | {"shown": "accepted"}


def test_what_happened_is_kept_beside_the_refusal_forced_and_to_be_looked_at(
    gate: Gate, database: Database, ground: Ground, uninsured: str
) -> None:
    again = unheard(gate, uninsured)
    [answer] = gate.send(again)
    assert answer["id"] == again["id"]
    assert (answer["outcome"], answer["reason"]) == ("accepted", "not_insured")
    assert "forced" in answer["flags"]

    first = event_of(database, ground, UUID(again["id"]))
    assert (first.outcome, first.is_forced) == (Outcome.REFUSED, False)
    kept = event_of(database, ground, further_id(UUID(again["id"])))
    assert (kept.outcome, kept.reason) == (Outcome.ACCEPTED, Reason.NOT_INSURED)
    assert kept.is_forced
    assert kept.to_look_at
    assert (kept.scanned_at, kept.told_at) == (TEN, TEN)


def test_it_gives_the_hours(
    gate: Gate, database: Database, ground: Ground, clock: FrozenClock, uninsured: str
) -> None:
    gate.send(unheard(gate, uninsured))
    clock.instant = TEN + timedelta(hours=2)
    assert gate.scan(uninsured, "exit", at=clock.instant)["outcome"] == "accepted"
    assert minutes(database, ground) == [120]


def test_sent_once_more_it_is_a_repeat_also_within_one_batch(
    gate: Gate, database: Database, ground: Ground, uninsured: str
) -> None:
    again = unheard(gate, uninsured)
    answers = [*gate.send(again, again), *gate.send(again)]
    assert [each["outcome"] for each in answers] == ["accepted", "repeated", "repeated"]
    assert {each["id"] for each in answers} == {again["id"]}
    assert {each["reason"] for each in answers} == {"not_insured"}
    assert len(stored(database, ground)) == 2


def test_the_refusal_and_what_followed_may_come_in_one_batch(
    gate: Gate, database: Database, ground: Ground, uninsured: str
) -> None:
    scan = gate.one(uninsured)
    answers = gate.send(scan, scan | {"shown": "accepted"}, scan)
    assert [each["outcome"] for each in answers] == ["refused", "accepted", "repeated"]
    assert len(stored(database, ground)) == 2


def test_it_stays_forced_when_nothing_speaks_against_it_any_more(
    gate: Gate, database: Database, ground: Ground, uninsured: str
) -> None:
    """It was refused at that moment, and somebody should know that they went in."""
    again = unheard(gate, uninsured)
    insure(database, ground, until=date(2026, 12, 31))
    [answer] = gate.send(again)
    assert (answer["outcome"], answer["reason"]) == ("accepted", "not_insured")
    assert event_of(database, ground, further_id(UUID(again["id"]))).to_look_at


def test_a_revoked_pass_let_in_all_the_same_is_kept(
    gate: Gate, database: Database, keys: Keys, ground: Ground, amina: UUID, shown: PassShown
) -> None:
    with database.unit_of_work(signed_in(database, amina)) as ctx:
        passes.replace_pass(ctx, keys, amina, ground.city.id)
    [answer] = gate.send(unheard(gate, shown.token))
    assert (answer["outcome"], answer["reason"]) == ("accepted", "revoked")


def test_an_unknown_code_let_in_all_the_same_stays_refused(
    gate: Gate, database: Database, ground: Ground
) -> None:
    again = unheard(gate, "nobody's")
    assert gate.send(again)[0]["outcome"] == "repeated"
    assert len(stored(database, ground)) == 1


def test_a_second_entry_let_in_all_the_same_counts_nothing_twice(
    gate: Gate, database: Database, ground: Ground, clock: FrozenClock, shown: PassShown
) -> None:
    gate.scan(shown.token, at=TEN)
    again = unheard(gate, shown.token, at=TEN + timedelta(seconds=30))
    [answer] = gate.send(again)
    assert (answer["outcome"], answer["reason"]) == ("accepted", "already_in")
    assert "duplicate" in answer["flags"]
    clock.instant = ONE
    gate.scan(shown.token, "exit", at=ONE)
    assert minutes(database, ground) == [180]


@pytest.mark.parametrize("shown_then", [None, "refused", "unmatched"])
def test_a_repeat_that_was_not_let_in_stays_a_repeat(
    gate: Gate, database: Database, ground: Ground, uninsured: str, shown_then: str | None
) -> None:
    again = unheard(gate, uninsured) | {"shown": shown_then}
    [answer] = gate.send(again)
    assert (answer["outcome"], answer["reason"]) == ("repeated", "not_insured")
    assert len(stored(database, ground)) == 1


def test_a_scan_that_was_accepted_stays_one_event(
    gate: Gate, database: Database, ground: Ground, shown: PassShown
) -> None:
    scan = gate.one(shown.token)
    gate.send(scan)
    assert gate.send(scan | {"shown": "accepted"})[0]["outcome"] == "repeated"
    assert len(stored(database, ground)) == 1


def test_undone_by_the_id_that_was_sent_it_counts_no_more(
    gate: Gate, database: Database, ground: Ground, clock: FrozenClock, uninsured: str
) -> None:
    again = unheard(gate, uninsured)
    gate.send(again)
    clock.instant = ONE
    gate.scan(uninsured, "exit", at=TEN + timedelta(minutes=30), shown="accepted")
    assert minutes(database, ground) == [30]
    clock.instant = TEN + timedelta(minutes=2)

    assert gate.undo(again["id"]).status_code == 200
    assert gate.undo(again["id"]).status_code == 200

    assert minutes(database, ground) == [0]
    with database.reading(system_in(ground.city.id)) as ctx:
        decided = ctx.db.execute(select(CheckDecision.event_id, CheckDecision.decision)).all()
    assert [tuple(each) for each in decided] == [(further_id(UUID(again["id"])), Decision.UNDONE)]


def test_a_scan_of_somebody_else_by_that_id_tells_nothing(
    gate: Gate, database: Database, ground: Ground, keys: Keys, uninsured: str
) -> None:
    again = unheard(gate, "nobody's") | {"code": uninsured}
    [answer] = gate.send(again)
    assert (answer["outcome"], answer["reason"]) == ("repeated", None)


def test_it_takes_no_more_statements_than_any_scan(
    gate: Gate,
    uninsured: str,
    statements: Callable[[], AbstractContextManager[Counted]],
) -> None:
    again = unheard(gate, uninsured)
    with statements() as of_any:
        gate.scan(uninsured, shown="accepted", at=TEN)
    with statements() as of_this:
        assert gate.send(again)[0]["outcome"] == "accepted"
    assert of_this.total == of_any.total
