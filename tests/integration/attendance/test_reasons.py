"""Each reason of the gate from real rows, and what is kept of scans that happened."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from civic.attendance.models import CheckEvent
from civic.attendance.rules import Outcome, Reason
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import SessionState
from civic.enrolment.models import Booking, Enrolment, GuardianConsent, InsurancePolicy
from civic.enrolment.rules import BookingState, EnrolmentState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import system_in
from tests.factories.accounts import make_person
from tests.factories.attendance import ONE, TEN, Ground, make_booked_person
from tests.factories.catalogue import make_project, make_session
from tests.factories.enrolment import make_booking, make_enrolment
from tests.integration.attendance.api import Gate, gate_of
from tests.integration.attendance.door import minutes, pass_of, stored

Told = tuple[str, str | None]


@pytest.fixture
def gate(client: FlaskClient, database: Database, ground: Ground, clock: FrozenClock) -> Gate:
    clock.instant = TEN
    return gate_of(client, database, ground, days=3)


@pytest.fixture
def bilal(database: Database, ground: Ground) -> UUID:
    """Known in the city, without a place."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_person(ctx, "Bilal", ground.city)


@pytest.fixture
def scanned(gate: Gate, database: Database, keys: Keys, ground: Ground) -> Callable[..., Told]:
    def told(person_id: UUID, direction: str = "entry", **more: Any) -> Told:
        code = pass_of(database, keys, person_id, ground.city.id).token
        answer = gate.scan(code, direction, **more)
        return answer["outcome"], answer["reason"]

    return told


def do(database: Database, ground: Ground, statement: Any) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(statement)


def only(database: Database, ground: Ground) -> CheckEvent:
    [event] = stored(database, ground)
    return event


# Who is expected


def test_who_asked_to_join_and_waits_for_an_answer_is_not_approved(
    scanned: Callable[..., Told], database: Database, ground: Ground, bilal: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_enrolment(ctx, bilal, ground.project_id, state=EnrolmentState.REQUESTED)
    assert scanned(bilal) == ("refused", "not_approved")
    do(database, ground, update(Enrolment).values(state=EnrolmentState.ACTIVE))
    assert scanned(bilal) == ("refused", "not_booked")


def test_who_asked_to_join_another_project_is_only_not_booked(
    scanned: Callable[..., Told], database: Database, ground: Ground, bilal: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        other = make_project(ctx, ground.association.id, ground.city.id, ground.organiser_id)
        make_enrolment(ctx, bilal, other, state=EnrolmentState.REQUESTED)
    assert scanned(bilal) == ("refused", "not_booked")


@pytest.mark.parametrize(
    ("starts_at", "state", "reason"),
    [
        (ONE, BookingState.CONFIRMED, "wrong_session"),
        (TEN - timedelta(hours=5), BookingState.CONFIRMED, "wrong_session"),
        (TEN + timedelta(days=1), BookingState.CONFIRMED, "not_booked"),
        (ONE, BookingState.WAITING, "not_booked"),
    ],
)
def test_who_has_a_place_in_another_session_of_that_day_is_at_the_wrong_one(
    scanned: Callable[..., Told],
    database: Database,
    ground: Ground,
    bilal: UUID,
    starts_at: datetime,
    state: BookingState,
    reason: str,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ends_at = starts_at + timedelta(hours=2)
        make_booking(ctx, bilal, make_session(ctx, ground.project_id, starts_at, ends_at), state)
    assert scanned(bilal) == ("refused", reason)


# In two places


@pytest.fixture
def beside(database: Database, ground: Ground, amina: UUID) -> UUID:
    """Another session of about the same hours, in which Amina has a place too."""
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        session_id = make_session(ctx, ground.project_id, TEN - timedelta(minutes=15), ONE)
        make_booking(ctx, amina, session_id)
    return session_id


def test_who_is_in_at_another_session_overlaps_until_they_leave_it(
    scanned: Callable[..., Told], clock: FrozenClock, amina: UUID, beside: UUID
) -> None:
    there = {"session_id": str(beside)}
    assert scanned(amina, **there) == ("accepted", None)
    clock.advance(timedelta(minutes=10))
    assert scanned(amina, at=clock.now()) == ("refused", "overlap")
    assert scanned(amina, "exit", at=clock.now(), **there) == ("accepted", None)
    assert scanned(amina, at=clock.now()) == ("accepted", None)


def test_who_is_on_a_break_elsewhere_may_come_in(
    scanned: Callable[..., Told], clock: FrozenClock, amina: UUID, beside: UUID
) -> None:
    there = {"session_id": str(beside)}
    scanned(amina, **there)
    clock.advance(timedelta(minutes=10))
    assert scanned(amina, "break", at=clock.now(), **there) == ("accepted", None)
    assert scanned(amina, at=clock.now()) == ("accepted", None)


def test_who_never_left_a_session_of_the_morning_is_not_held_to_it_in_the_afternoon(
    scanned: Callable[..., Told],
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    amina: UUID,
) -> None:
    assert scanned(amina) == ("accepted", None)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        afternoon = make_session(ctx, ground.project_id, ONE, ONE + timedelta(hours=2))
        make_booking(ctx, amina, afternoon)
    clock.instant = ONE
    assert scanned(amina, at=ONE, session_id=str(afternoon)) == ("accepted", None)


# Guardians


@pytest.fixture
def yusuf(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_booked_person(ctx, ground, "Yusuf", birth_year=2010)


def test_a_minor_comes_in_with_the_guardian_s_consent_and_not_once_it_is_withdrawn(
    scanned: Callable[..., Told],
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    yusuf: UUID,
) -> None:
    assert scanned(yusuf) == ("refused", "guardian_missing")
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.add(
            GuardianConsent(
                id=ctx.new_id(),
                municipality_id=ground.city.id,
                person_id=yusuf,
                guardian_name="Salma",
                recorded_by=ground.organiser_id,
                recorded_at=ctx.now(),
            )
        )
    assert scanned(yusuf) == ("accepted", None)
    scanned(yusuf, "exit")
    do(database, ground, update(GuardianConsent).values(withdrawn_at=clock.now()))
    clock.advance(timedelta(minutes=1))
    assert scanned(yusuf, at=clock.now()) == ("refused", "guardian_missing")


# The window, on both sides


@pytest.mark.parametrize(
    ("after_start", "told"),
    [
        (timedelta(minutes=-30, seconds=-1), ("refused", "too_early")),
        (timedelta(minutes=-30), ("accepted", None)),
        (timedelta(hours=3), ("accepted", None)),
        (timedelta(hours=3, seconds=1), ("refused", "too_late")),
    ],
)
def test_the_doors_are_open_from_half_an_hour_before_the_start_to_the_end(
    scanned: Callable[..., Told],
    clock: FrozenClock,
    amina: UUID,
    after_start: timedelta,
    told: Told,
) -> None:
    clock.instant = TEN + after_start
    assert scanned(amina, at=clock.now()) == told


def test_the_window_is_that_of_the_moment_of_the_scan_and_not_of_its_arrival(
    scanned: Callable[..., Told], clock: FrozenClock, amina: UUID
) -> None:
    clock.instant = ONE + timedelta(days=2)
    assert scanned(amina, at=ONE) == ("accepted", None)


@pytest.mark.parametrize(
    ("after_end", "told"),
    [
        (timedelta(hours=12), ("accepted", None)),
        (timedelta(hours=12, seconds=1), ("refused", "too_late")),
    ],
)
def test_leaving_is_possible_until_twelve_hours_after_the_end(
    scanned: Callable[..., Told],
    clock: FrozenClock,
    amina: UUID,
    after_end: timedelta,
    told: Told,
) -> None:
    scanned(amina)
    clock.instant = ONE + after_end
    assert scanned(amina, "exit", at=clock.now()) == told


# Let in without network


def not_insured(_amina: UUID) -> Any:
    return update(InsurancePolicy).values(ends_on=date(2026, 1, 1))


def cancelled(_amina: UUID) -> Any:
    return update(ProjectSession).values(state=SessionState.CANCELLED)


def without_a_place(amina: UUID) -> Any:
    return update(Booking).where(Booking.person_id == amina).values(state=BookingState.WITHDRAWN)


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (not_insured, Reason.NOT_INSURED),
        (cancelled, Reason.CANCELLED),
        (without_a_place, Reason.NOT_BOOKED),
    ],
)
def test_what_happened_is_kept_forced_to_be_looked_at_and_gives_the_hours(
    scanned: Callable[..., Told],
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    amina: UUID,
    meanwhile: Callable[[UUID], Any],
    reason: Reason,
) -> None:
    clock.instant = ONE
    do(database, ground, meanwhile(amina))
    assert scanned(amina, shown="accepted") == ("accepted", reason)
    event = only(database, ground)
    assert (event.outcome, event.reason) == (Outcome.ACCEPTED, reason)
    assert (event.is_forced, event.to_look_at) == (True, True)
    assert "forced" in event.flags
    scanned(amina, "exit", at=TEN + timedelta(hours=1), shown="accepted")
    assert minutes(database, ground) == [60]


def test_who_was_in_elsewhere_and_let_in_here_without_network_stays_let_in(
    scanned: Callable[..., Told], database: Database, amina: UUID, beside: UUID
) -> None:
    scanned(amina, session_id=str(beside))
    assert scanned(amina, shown="accepted") == ("accepted", "overlap")


def test_two_devices_that_met_the_same_person_leave_the_earlier_scan_counting(
    scanned: Callable[..., Told], database: Database, ground: Ground, clock: FrozenClock,
    amina: UUID,
) -> None:  # fmt: skip
    """However they arrive: the one that arrived first was scanned later."""
    clock.instant = ONE
    later, leaving = TEN + timedelta(minutes=20), TEN + timedelta(hours=2)
    assert scanned(amina, at=later, shown="accepted") == ("accepted", None)
    assert scanned(amina, "exit", at=leaving, shown="accepted") == ("accepted", None)
    assert minutes(database, ground) == [100]
    assert scanned(amina, at=TEN, shown="accepted") == ("accepted", "already_in")
    assert minutes(database, ground) == [120]
    flags = {event.scanned_at: event.flags for event in stored(database, ground)}
    assert "duplicate" in flags[TEN]
    assert "duplicate" not in flags[later]


# Clocks


def test_a_clock_ahead_is_clamped_and_both_times_are_kept(
    scanned: Callable[..., Told], database: Database, ground: Ground, amina: UUID
) -> None:
    ahead = TEN + timedelta(hours=3)
    assert scanned(amina, at=ahead) == ("accepted", None)
    event = only(database, ground)
    assert (event.scanned_at, event.told_at, event.received_at) == (TEN, ahead, TEN)
    assert event.flags == ["clamped"]
    assert event.to_look_at


def test_a_clock_whose_offset_is_known_is_set_right_and_what_it_showed_is_kept(
    scanned: Callable[..., Told], database: Database, ground: Ground, amina: UUID
) -> None:
    slow = TEN - timedelta(hours=3)
    scanned(amina, at=slow, offset_ms=3 * 3600 * 1000)
    event = only(database, ground)
    assert (event.scanned_at, event.told_at, event.offset_ms) == (TEN, slow, 10_800_000)
    assert event.flags == ["clock_off"]
    assert event.to_look_at


def test_a_few_minutes_ahead_are_no_fault_of_anybody(
    scanned: Callable[..., Told], database: Database, ground: Ground, amina: UUID
) -> None:
    scanned(amina, at=TEN + timedelta(minutes=10))
    event = only(database, ground)
    assert (event.scanned_at, event.flags, event.to_look_at) == (TEN, [], False)


# Unknown codes


@pytest.mark.parametrize("shown", [None, "accepted", "unmatched", "refused"])
def test_an_unknown_code_is_kept_with_its_text(
    gate: Gate, database: Database, ground: Ground, shown: str | None
) -> None:
    answer = gate.scan("abc-def 123\u202e", shown=shown)
    assert (answer["outcome"], answer["reason"]) == ("refused", "invalid")
    event = only(database, ground)
    assert (event.person_id, event.unknown_code) == (None, "ABCDEF123")
    assert event.to_look_at is (shown in ("accepted", "unmatched"))


def test_of_a_known_pass_no_code_is_kept(
    scanned: Callable[..., Told], database: Database, ground: Ground, amina: UUID
) -> None:
    scanned(amina)
    assert only(database, ground).unknown_code is None
