"""Who may join, take a place, wait and step back."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from civic.catalogue.errors import SessionIsCancelled
from civic.catalogue.models import ProjectSession
from civic.catalogue.rules import ProjectState, SessionState
from civic.enrolment.errors import (
    AgeUnknown,
    ConsentMissing,
    OverlapsOwn,
    ProjectNotOpen,
    SessionBegun,
    SessionPast,
    TooYoung,
)
from civic.enrolment.models import Booking, Enrolment, RegisterEntry
from civic.enrolment.operations import consents, joining, leaving, places
from civic.enrolment.queries import bookings, enrolments, standing
from civic.enrolment.rules import BookingState, EnrolmentState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import VISITOR, Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import ONE, TEN, Ground, make_ground, on_ground, signed_in
from tests.factories.catalogue import make_project, make_session
from tests.factories.enrolment import make_consent

HOUR = timedelta(hours=1)


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database, places=1)


def newcomer(database: Database, name: str = "Amina", birth_year: int | None = 1995) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_person(ctx, name, birth_year=birth_year)


def book(database: Database, person_id: UUID, session_id: UUID) -> BookingState | None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        return places.book_place(ctx, session_id)


def give_back(database: Database, person_id: UUID, session_id: UUID) -> None:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        places.give_back(ctx, session_id)


def state_of(database: Database, ground: Ground, person_id: UUID) -> BookingState | None:
    with database.reading(system_in(ground.city.id)) as ctx:
        return ctx.db.scalar(
            select(Booking.state)
            .where(Booking.person_id == person_id)
            .where(Booking.session_id == ground.session_id)
        )


def events(database: Database) -> list[str]:
    with database.reading(system_in()) as ctx:
        return list(ctx.db.scalars(select(OutboxEvent.name).order_by(OutboxEvent.name)))


def test_booking_joins_the_project_and_the_city_in_one_step(
    database: Database, ground: Ground
) -> None:
    person_id = newcomer(database)

    assert book(database, person_id, ground.session_id) is BookingState.CONFIRMED

    assert signed_in(database, person_id).municipalities == {ground.city.id}
    with database.reading(signed_in(database, person_id)) as ctx:
        assert ctx.db.scalars(select(Enrolment.state)).all() == [EnrolmentState.ACTIVE]
        line = ctx.db.scalars(select(RegisterEntry)).one()
        assert (line.first_day, line.last_day) == (date(2026, 3, 14), None)
        assert [b.state for b in bookings.my_bookings(ctx)] == [BookingState.CONFIRMED]
    assert "enrolment.PlaceConfirmed" in events(database)


def test_full_session_gives_a_waiting_place_with_its_number(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    first, second, third = (newcomer(database, name) for name in ("Amina", "Bilal", "Chidi"))
    book(database, first, ground.session_id)

    assert book(database, second, ground.session_id) is BookingState.WAITING
    clock.advance(timedelta(seconds=1))
    assert book(database, third, ground.session_id) is BookingState.WAITING

    with database.reading(signed_in(database, third)) as ctx:
        assert [b.position for b in bookings.my_bookings(ctx)] == [2]
    assert events(database).count("enrolment.PlaceWaiting") == 2


def test_two_clicks_on_join_are_one_booking(database: Database, ground: Ground) -> None:
    person_id = newcomer(database)

    answers = [book(database, person_id, ground.session_id) for _click in range(2)]

    assert answers == [BookingState.CONFIRMED, BookingState.CONFIRMED]
    with database.reading(system_in(ground.city.id)) as ctx:
        assert len(ctx.db.scalars(select(Booking)).all()) == 1
        assert ctx.db.get_one(ProjectSession, ground.session_id).places_taken == 1
    assert events(database).count("enrolment.PlaceConfirmed") == 1


def test_given_back_place_goes_to_the_first_who_waits(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    first, second, third = (newcomer(database, name) for name in ("Amina", "Bilal", "Chidi"))
    for person_id in (first, second, third):
        book(database, person_id, ground.session_id)
        clock.advance(timedelta(minutes=1))

    give_back(database, first, ground.session_id)

    assert state_of(database, ground, first) is BookingState.WITHDRAWN
    assert state_of(database, ground, second) is BookingState.OFFERED
    assert state_of(database, ground, third) is BookingState.WAITING


def test_who_gives_back_and_asks_again_stands_at_the_end(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    first, second, third = (newcomer(database, name) for name in ("Amina", "Bilal", "Chidi"))
    for person_id in (first, second, third):
        book(database, person_id, ground.session_id)
        clock.advance(timedelta(minutes=1))
    give_back(database, second, ground.session_id)
    book(database, second, ground.session_id)

    give_back(database, first, ground.session_id)

    assert state_of(database, ground, third) is BookingState.OFFERED
    assert state_of(database, ground, second) is BookingState.WAITING


def test_place_the_organiser_adds_goes_to_the_queue_and_not_to_a_newcomer(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    first, second, late = (newcomer(database, name) for name in ("Amina", "Bilal", "Chidi"))
    for person_id in (first, second):
        book(database, person_id, ground.session_id)
        clock.advance(timedelta(minutes=1))
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).places = 2

    # The event that tells of it has not been delivered when somebody new asks.
    assert book(database, late, ground.session_id) is BookingState.WAITING
    assert state_of(database, ground, second) is BookingState.OFFERED


def test_leaving_a_project_gives_back_all_places_to_come(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    person_id, waiting = newcomer(database), newcomer(database, "Bilal")
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        later = make_session(ctx, ground.project_id, TEN + 24 * HOUR, ONE + 24 * HOUR)
    for session_id in (ground.session_id, later):
        book(database, person_id, session_id)
    book(database, waiting, ground.session_id)

    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        leaving.leave(ctx, ground.project_id)

    with database.reading(signed_in(database, person_id)) as ctx:
        assert bookings.my_bookings(ctx) == []
        assert not enrolments.is_enrolled(ctx, ground.project_id)
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.get_one(ProjectSession, later).places_taken == 0
        assert ctx.db.scalars(
            select(RegisterEntry.last_day).where(RegisterEntry.person_id == person_id)
        ).all() == [date(2026, 3, 14)]
    assert state_of(database, ground, waiting) is BookingState.OFFERED


def test_who_comes_back_later_gets_a_new_line_in_the_register(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    person_id = newcomer(database)
    book(database, person_id, ground.session_id)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        leaving.leave(ctx, ground.project_id)
    clock.advance(timedelta(days=3))

    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        joining.enrol(ctx, ground.project_id)

    covered = {}
    with database.reading(system_in(ground.city.id)) as ctx:
        project = enrolments.project_to_join(ctx, project_id=ground.project_id)
        for day in range(13, 19):
            covered[day] = standing.cover_on(ctx, person_id, project, date(2026, 3, day))
    assert covered == {13: False, 14: True, 15: False, 16: False, 17: True, 18: True}


def test_too_young_for_the_project_counts_from_the_last_day_of_the_birth_year(
    database: Database, ground: Ground
) -> None:
    # Born in 2012 somebody can be 14 in March 2026, but can also still be 13.
    with pytest.raises(TooYoung):
        book(database, newcomer(database, birth_year=2012), ground.session_id)
    # Old enough to join, yet perhaps a minor: the next test's rule.
    with pytest.raises(ConsentMissing):
        book(database, newcomer(database, birth_year=2011), ground.session_id)


def test_unknown_birth_year_is_told_where_to_get_help(database: Database, ground: Ground) -> None:
    with pytest.raises(AgeUnknown):
        book(database, newcomer(database, birth_year=None), ground.session_id)


def test_minor_may_join_but_gets_a_place_only_once_a_guardian_has_agreed(
    database: Database, ground: Ground
) -> None:
    person_id = newcomer(database, birth_year=2010)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        joining.enrol(ctx, ground.project_id)
    with pytest.raises(ConsentMissing):
        book(database, person_id, ground.session_id)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        officer_id = make_staff(ctx, Role.OFFICER, ground.city)
    with database.reading(signed_in(database, officer_id)) as ctx:
        assert [line.person_id for line in standing.awaited_consents(ctx)] == [person_id]

    with database.unit_of_work(signed_in(database, officer_id)) as ctx:
        consents.record_consent(ctx, person_id, ground.city.id, "Direzione della casa")

    assert book(database, person_id, ground.session_id) is BookingState.CONFIRMED
    with database.reading(signed_in(database, officer_id)) as ctx:
        assert standing.awaited_consents(ctx) == []


def test_consent_counts_in_the_city_that_recorded_it_only(
    database: Database, ground: Ground
) -> None:
    person_id = newcomer(database, birth_year=2010)
    with database.unit_of_work(system_in()) as ctx:
        elsewhere = make_ground(ctx, "caserta")
        officer_id = make_staff(ctx, Role.OFFICER, elsewhere.city)
        make_consent(ctx, person_id, elsewhere.city.id, officer_id)

    with pytest.raises(ConsentMissing):
        book(database, person_id, ground.session_id)
    assert book(database, person_id, elsewhere.session_id) is BookingState.CONFIRMED


def test_officer_of_another_city_cannot_record_a_consent(
    database: Database, ground: Ground
) -> None:
    person_id = newcomer(database, birth_year=2010)
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        joining.enrol(ctx, ground.project_id)
    with database.unit_of_work(system_in()) as ctx:
        caserta = make_ground(ctx, "caserta").city
        officer_id = make_staff(ctx, Role.OFFICER, caserta)
    officer = signed_in(database, officer_id)

    for city_id in (ground.city.id, caserta.id):
        with pytest.raises(NotFound), database.unit_of_work(officer) as ctx:
            consents.record_consent(ctx, person_id, city_id, "Chiunque")


def test_past_session_is_refused(database: Database, ground: Ground, clock: FrozenClock) -> None:
    clock.instant = ONE
    with pytest.raises(SessionPast):
        book(database, newcomer(database), ground.session_id)


def test_running_session_still_takes_a_latecomer(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    clock.instant = TEN + HOUR
    assert book(database, newcomer(database), ground.session_id) is BookingState.CONFIRMED


def test_cancelled_session_is_refused(database: Database, ground: Ground) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.get_one(ProjectSession, ground.session_id).state = SessionState.CANCELLED
    with pytest.raises(SessionIsCancelled):
        book(database, newcomer(database), ground.session_id)


@pytest.mark.parametrize("state", [ProjectState.DRAFT, ProjectState.SUBMITTED])
def test_session_of_an_unapproved_project_is_absent(
    database: Database, ground: Ground, state: ProjectState
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        project_id = make_project(
            ctx, ground.association.id, ground.city.id, ground.organiser_id, state=state
        )
        session_id = make_session(ctx, project_id, TEN, ONE)
    known = newcomer(database)
    book(database, known, ground.session_id)

    for person_id in (known, newcomer(database)):
        with pytest.raises(NotFound):
            book(database, person_id, session_id)


def test_closed_project_takes_nobody_new(database: Database, ground: Ground) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        project_id = make_project(
            ctx,
            ground.association.id,
            ground.city.id,
            ground.organiser_id,
            state=ProjectState.CLOSED,
        )
        session_id = make_session(ctx, project_id, TEN, ONE)
    with pytest.raises(ProjectNotOpen):
        book(database, newcomer(database), session_id)


def test_visitor_cannot_book(database: Database, ground: Ground) -> None:
    with pytest.raises(NotFound), database.unit_of_work(VISITOR) as ctx:
        places.book_place(ctx, ground.session_id)


def test_overlapping_session_is_refused_and_touching_ones_are_not(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        clashing = make_session(ctx, ground.project_id, ONE - HOUR, ONE + HOUR)
        after = make_session(ctx, ground.project_id, ONE, ONE + HOUR)
        before = make_session(ctx, ground.project_id, TEN - HOUR, TEN)
    person_id = newcomer(database)
    book(database, person_id, ground.session_id)

    with pytest.raises(OverlapsOwn):
        book(database, person_id, clashing)
    assert book(database, person_id, after) is BookingState.CONFIRMED
    assert book(database, person_id, before) is BookingState.CONFIRMED


def test_giving_back_after_the_start_is_for_the_organiser(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    person_id = newcomer(database)
    book(database, person_id, ground.session_id)
    clock.instant = TEN
    with pytest.raises(SessionBegun):
        give_back(database, person_id, ground.session_id)


def test_giving_back_what_was_never_taken_changes_nothing(
    database: Database, ground: Ground
) -> None:
    holder, stranger = newcomer(database), newcomer(database, "Bilal")
    book(database, holder, ground.session_id)
    give_back(database, stranger, ground.session_id)
    assert state_of(database, ground, holder) is BookingState.CONFIRMED
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.get_one(ProjectSession, ground.session_id).places_taken == 1
