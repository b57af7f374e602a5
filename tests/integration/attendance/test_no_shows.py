"""Who had a place and was not seen is asked how they are, and loses nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.attendance.models import CheckDecision, CheckEvent, Correction, NoShow
from civic.attendance.operations.no_shows import follow_up, notice_no_shows
from civic.attendance.privacy import export
from civic.attendance.queries.no_shows import people_to_call
from civic.attendance.rules import CorrectionState, Decision, Direction, Outcome, Reason
from civic.audit.models import AuditEntry
from civic.enrolment.models import Booking
from civic.enrolment.operations import places
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Role, system_in
from civic.notifications.models import Message
from civic.notifications.rules import MessageKind
from tests.conftest import Counted
from tests.factories.accounts import make_staff
from tests.factories.attendance import (
    ONE,
    TEN,
    Ground,
    make_booked_person,
    make_no_show,
    on_ground,
    signed_in,
)
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_booking

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
HOURS = timedelta(hours=1)
MOST_FOR_LIST = 9
"""Statements of the list: two to know who asks, two for the rows, the rest records the reading."""


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city)


@pytest.fixture
def amina(database: Database, ground: Ground) -> UUID:
    return booked(database, ground, "Amina", phone="+393331234567")


@pytest.fixture
def bilal(database: Database, ground: Ground) -> UUID:
    """Who was there, so that attendance was taken."""
    person_id = booked(database, ground, "Bilal")
    scan(database, ground, person_id)
    return person_id


def booked(database: Database, ground: Ground, name: str, **person: object) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_booked_person(ctx, ground, name, **person)


def scan(database: Database, ground: Ground, person_id: UUID, reason: Reason | None = None) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.add(
            CheckEvent(
                id=uuid4(),
                municipality_id=ground.city.id,
                session_id=ground.session_id,
                person_id=person_id,
                direction=Direction.ENTRY,
                scanned_at=TEN,
                told_at=TEN,
                received_at=TEN,
                outcome=Outcome.REFUSED if reason else Outcome.ACCEPTED,
                reason=reason,
                operator_id=ground.organiser_id,
            )
        )


def take_back(database: Database, ground: Ground, person_id: UUID) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        event_id = ctx.db.scalars(
            select(CheckEvent.id).where(CheckEvent.person_id == person_id)
        ).one()
        ctx.db.add(
            CheckDecision(
                event_id=event_id,
                municipality_id=ground.city.id,
                decision=Decision.UNDONE,
                made_by=ground.organiser_id,
                made_at=ctx.now(),
            )
        )


def correct(
    database: Database,
    ground: Ground,
    person_id: UUID,
    minutes: int,
    state: CorrectionState = CorrectionState.CONFIRMED,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.add(
            Correction(
                id=uuid4(),
                municipality_id=ground.city.id,
                session_id=ground.session_id,
                person_id=person_id,
                day=TEN.date(),
                minutes=minutes,
                reason="Ha aiutato in magazzino",
                made_by=ground.organiser_id,
                made_at=ctx.now(),
                state=state,
                decided_at=None if state is CorrectionState.PROPOSED else ctx.now(),
            )
        )


def notice(database: Database) -> int:
    with database.unit_of_work(system_in()) as ctx:
        return notice_no_shows(ctx)


def noticed(database: Database, ground: Ground) -> list[UUID]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(NoShow.person_id)))


def to_call(database: Database, ground: Ground, officer: UUID) -> list[str]:
    with database.reading(signed_in(database, officer)) as ctx:
        return [person.name for person in people_to_call(ctx, ground.city.id)]


def test_whoever_was_not_seen_is_noticed_once_three_hours_after_the_end(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, bilal: UUID
) -> None:
    clock.instant = ONE + 3 * HOURS - timedelta(minutes=1)
    assert notice(database) == 0

    clock.advance(timedelta(minutes=1))
    assert [notice(database), notice(database)] == [1, 0]
    assert noticed(database, ground) == [amina]


@pytest.mark.usefixtures("amina")
def test_where_nobody_was_scanned_nobody_is_missed(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    """Perhaps they kept a list on paper: nothing is known of anybody."""
    clock.instant = ONE + 4 * HOURS

    assert notice(database) == 0


@pytest.mark.usefixtures("amina", "bilal")
def test_after_a_week_nobody_is_bothered_any_more(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    clock.instant = ONE + timedelta(days=7)

    assert notice(database) == 0


@pytest.mark.parametrize("reason", [Reason.NOT_INSURED, Reason.TOO_LATE])
@pytest.mark.usefixtures("bilal")
def test_who_was_turned_away_at_the_gate_did_come(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, reason: Reason
) -> None:
    scan(database, ground, amina, reason)
    clock.instant = ONE + 4 * HOURS

    assert notice(database) == 0


@pytest.mark.usefixtures("bilal")
def test_who_was_corrected_was_looked_at_already(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    correct(database, ground, amina, 0)
    clock.instant = ONE + 4 * HOURS

    assert notice(database) == 0


@pytest.mark.usefixtures("bilal")
def test_a_name_tapped_by_mistake_and_taken_back_is_no_sign_of_them(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID
) -> None:
    scan(database, ground, amina)
    take_back(database, ground, amina)
    clock.instant = ONE + 4 * HOURS

    assert notice(database) == 1
    assert noticed(database, ground) == [amina]


@pytest.mark.usefixtures("bilal")
def test_a_correction_that_nobody_confirmed_takes_nobody_off_the_list(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, officer: UUID
) -> None:
    clock.instant = ONE + 4 * HOURS
    notice(database)
    correct(database, ground, amina, 180, CorrectionState.PROPOSED)

    assert to_call(database, ground, officer) == ["Amina"]


@pytest.mark.parametrize(
    "state", [BookingState.WAITING, BookingState.OFFERED, BookingState.WITHDRAWN]
)
@pytest.mark.usefixtures("bilal")
def test_only_who_had_a_place_is_missed(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, state: BookingState
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.scalars(select(Booking).where(Booking.person_id == amina)).one().state = state
    clock.instant = ONE + 4 * HOURS

    assert notice(database) == 0


@pytest.mark.usefixtures("bilal")
def test_the_message_blames_nobody_and_offers_help(
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    amina: UUID,
    drain: Callable[[], int],
) -> None:
    clock.instant = ONE + 4 * HOURS
    notice(database)
    drain()
    drain()

    with database.reading(system_in()) as ctx:
        message = ctx.db.scalars(select(Message).where(Message.kind == MessageKind.MISSED)).one()
    assert message.person_id == amina
    assert "Siepe di alloro" in message.body


@pytest.mark.usefixtures("bilal")
def test_who_was_set_right_before_the_message_hears_nothing(
    database: Database,
    ground: Ground,
    clock: FrozenClock,
    amina: UUID,
    drain: Callable[[], int],
) -> None:
    clock.instant = ONE + 4 * HOURS
    notice(database)
    correct(database, ground, amina, 180)
    drain()

    with database.reading(system_in()) as ctx:
        assert ctx.db.scalars(select(Message)).all() == []


@pytest.mark.usefixtures("bilal")
def test_whoever_is_corrected_to_present_or_scanned_late_leaves_the_list(
    database: Database, ground: Ground, clock: FrozenClock, amina: UUID, officer: UUID
) -> None:
    chidi = booked(database, ground, "Chidi")
    dawit = booked(database, ground, "Dawit")
    clock.instant = ONE + 4 * HOURS
    notice(database)
    assert sorted(to_call(database, ground, officer)) == ["Amina", "Chidi", "Dawit"]

    correct(database, ground, amina, 180)
    scan(database, ground, chidi)
    correct(database, ground, dawit, 0)

    assert to_call(database, ground, officer) == ["Dawit"]


def test_five_no_shows_exclude_nobody_from_anything(
    database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for week in range(1, 6):
            ago = timedelta(weeks=week)
            session_id = make_session(ctx, ground.project_id, TEN - ago, ONE - ago)
            make_booking(ctx, amina, session_id)
            make_no_show(ctx, amina, session_id)
        later = timedelta(weeks=1)
        next_week = make_session(ctx, ground.project_id, TEN + later, ONE + later, places=1)

    with database.unit_of_work(signed_in(database, amina)) as ctx:
        assert places.book_place(ctx, next_week) is BookingState.CONFIRMED


def test_officer_calls_notes_and_the_person_is_off_the_list(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    officer: UUID,
    amina: UUID,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_no_show(ctx, amina, ground.session_id)
    sign_in(client, officer)
    listed = html(client.get("/en/city/no-shows"))
    assert "Amina" in listed
    assert "Saturday 21 March" in listed
    assert "+39" not in listed

    url = f"/en/city/no-shows/{amina}"
    assert "+393331234567" in html(client.get(url))
    too_long = client.post(url, data={"note": "x" * 501})
    assert too_long.status_code == 422
    done = client.post(url, data={"note": "Le manca il biglietto."}, follow_redirects=True)

    assert "Nobody to call" in html(done)
    assert client.get(url).status_code == 404
    with database.reading(signed_in(database, amina)) as ctx:
        (missed,) = export(ctx, amina)["not_seen_at"]
        assert missed["note"] == "Le manca il biglietto."
    with database.reading(system_in(ground.city.id)) as ctx:
        lines = ctx.db.execute(
            select(AuditEntry.action, AuditEntry.reason).where(AuditEntry.subject_id == amina)
        ).all()
    assert ("person.read", "no_show") in [tuple(line) for line in lines]
    assert ("no_show.followed_up", "") in [tuple(line) for line in lines]


def test_officer_of_another_city_neither_sees_nor_settles_it(
    database: Database, ground: Ground, amina: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_no_show(ctx, amina, ground.session_id)
    far = on_ground(database, slug="caserta")
    with database.unit_of_work(system_in()) as ctx:
        stranger = make_staff(ctx, Role.OFFICER, far.city)

    assert to_call(database, far, stranger) == []
    with (
        pytest.raises(NotFound),
        database.unit_of_work(signed_in(database, stranger)) as ctx,
    ):
        follow_up(ctx, amina, "")


def test_the_list_costs_the_same_however_many_are_on_it(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    officer: UUID,
    statements: Counting,
) -> None:
    people = [booked(database, ground, name) for name in ("Amina", "Bilal", "Chidi", "Dawit")]
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for person_id in people:
            make_no_show(ctx, person_id, ground.session_id)
    sign_in(client, officer)
    client.get("/en/city/no-shows")

    with statements() as counted:
        client.get("/en/city/no-shows")

    assert counted.total <= MOST_FOR_LIST, counted.statements
