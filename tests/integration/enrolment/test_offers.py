"""A place that comes free is held for the first in line, taken with one tap, or passed on."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from civic.catalogue.operations.sessions import cancel_session
from civic.enrolment.errors import OverlapsOwn, SessionBegun
from civic.enrolment.models import Enrolment
from civic.enrolment.operations import offers, places
from civic.enrolment.queries import bookings
from civic.enrolment.rules import BookingState, EnrolmentState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import system_in
from tests.factories.attendance import TEN, Ground, on_ground, signed_in
from tests.integration.enrolment.asking import (
    a_line,
    book,
    booking,
    events,
    give_back,
    newcomer,
    newcomers,
    release,
    set_places,
    states,
    take,
    taken,
    uninsure,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database, places=1)


@pytest.fixture
def line(database: Database, ground: Ground, clock: FrozenClock) -> list[UUID]:
    return a_line(database, ground, clock)


def pass_time(database: Database, clock: FrozenClock, step: timedelta) -> int:
    clock.advance(step)
    return offers.expire_offers(database)


def test_an_offer_is_held_and_counts_as_taken(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    holder, first, _ = line
    give_back(database, holder, ground.session_id)

    assert states(database, ground, *line) == ["withdrawn", "offered", "waiting"]
    assert taken(database, ground) == 1
    with database.reading(signed_in(database, first)) as ctx:
        (mine,) = bookings.my_bookings(ctx)
        # Seven days less three minutes are left: a quarter would be longer than a day.
        assert mine.offered_until == clock.now() + timedelta(days=1)
    assert book(database, newcomer(database, "Dawit"), ground.session_id) is BookingState.WAITING
    assert events(database).count("PlaceOffered") == 1
    assert events(database).count("PlaceWaiting") == 3


def test_an_offer_is_taken_with_one_tap_and_twice_is_once(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    holder, first, _ = line
    give_back(database, holder, ground.session_id)

    assert [take(database, first, ground.session_id) for _tap in range(2)] == ["confirmed"] * 2

    assert taken(database, ground) == 1
    assert events(database).count("PlaceConfirmed") == 2  # the holder's and this one
    with database.reading(system_in(ground.city.id)) as ctx:
        row = booking(ctx, ground, first)
        assert (row.sequence, row.offered_until) == (3, None)


def test_declining_passes_the_place_on_at_once(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    holder, first, _ = line
    give_back(database, holder, ground.session_id)
    give_back(database, first, ground.session_id)
    assert states(database, ground, *line) == ["withdrawn", "withdrawn", "offered"]
    assert taken(database, ground) == 1


def test_an_offer_that_nobody_took_goes_on_when_its_time_is_over(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    holder, first, second = line
    give_back(database, holder, ground.session_id)

    assert pass_time(database, clock, timedelta(days=1) - timedelta(seconds=1)) == 0
    assert states(database, ground, first) == ["offered"]
    assert pass_time(database, clock, timedelta(seconds=1)) == 1
    assert states(database, ground, first, second) == ["lapsed", "offered"]
    assert taken(database, ground) == 1
    # A second worker, or the same a moment later, finds nothing to do.
    assert offers.expire_offers(database) == 0
    assert events(database).count("OfferLapsed") == 1


def test_too_late_is_too_late_even_when_no_worker_came_by(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    holder, first, second = line
    give_back(database, holder, ground.session_id)
    clock.advance(timedelta(days=1))
    assert take(database, first, ground.session_id) is BookingState.LAPSED
    assert states(database, ground, second) == ["offered"]


def test_who_let_an_offer_lapse_can_join_the_line_again_at_its_end(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    holder, first, _ = line
    give_back(database, holder, ground.session_id)
    pass_time(database, clock, timedelta(days=1))

    assert book(database, first, ground.session_id) is BookingState.WAITING

    late = newcomer(database, "Dawit")
    book(database, late, ground.session_id)
    with database.reading(signed_in(database, first)) as ctx:
        assert [mine.position for mine in bookings.my_bookings(ctx)] == [1]
    with database.reading(signed_in(database, late)) as ctx:
        assert [mine.position for mine in bookings.my_bookings(ctx)] == [2]


def test_the_last_offer_leaves_the_place_to_whoever_asks_next(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    for person_id in line:
        give_back(database, person_id, ground.session_id)
    assert taken(database, ground) == 0
    assert book(database, newcomer(database), ground.session_id) is BookingState.CONFIRMED


def test_nobody_jumps_the_line_even_when_a_place_looks_free(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    set_places(database, ground, 2)
    late = newcomer(database, "Dawit")
    assert book(database, late, ground.session_id) is BookingState.WAITING
    assert states(database, ground, *line) == ["confirmed", "offered", "waiting"]


def test_nothing_can_be_taken_by_who_was_offered_nothing(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    assert take(database, line[1], ground.session_id) is BookingState.WAITING
    with pytest.raises(NotFound):
        take(database, newcomer(database), ground.session_id)


def test_each_change_counts_for_calendars(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    first = line[1]
    give_back(database, line[0], ground.session_id)
    seen = []
    for step in (
        lambda: None,
        lambda: pass_time(database, clock, timedelta(days=1)),
        lambda: book(database, first, ground.session_id),
        lambda: give_back(database, first, ground.session_id),
    ):
        step()
        with database.reading(system_in(ground.city.id)) as ctx:
            row = booking(ctx, ground, first)
            seen.append((row.state.value, row.sequence))
    assert seen == [("offered", 2), ("lapsed", 3), ("waiting", 4), ("withdrawn", 5)]


# Shortly before the start


def test_shortly_before_the_start_a_free_place_goes_to_whoever_asks_first(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    holder, first, second = line
    clock.instant = TEN - 40 * MINUTE
    give_back(database, holder, ground.session_id)
    assert states(database, ground, first, second) == ["waiting", "waiting"]
    assert events(database).count("PlaceOpened") == 1
    with database.reading(signed_in(database, second)) as ctx:
        assert [mine.is_theirs_to_take for mine in bookings.my_bookings(ctx)] == [True]

    assert take(database, second, ground.session_id) is BookingState.CONFIRMED
    assert take(database, first, ground.session_id) is BookingState.WAITING
    assert taken(database, ground) == 1


def test_somebody_at_the_page_shortly_before_the_start_has_the_free_place(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    clock.instant = TEN - 40 * MINUTE
    give_back(database, line[0], ground.session_id)
    assert book(database, newcomer(database), ground.session_id) is BookingState.CONFIRMED


def test_an_offer_lapses_before_the_start_and_then_the_place_is_open(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    clock.instant = TEN - 50 * MINUTE
    give_back(database, line[0], ground.session_id)
    assert pass_time(database, clock, 30 * MINUTE) == 1
    assert states(database, ground, *line) == ["withdrawn", "lapsed", "waiting"]
    assert taken(database, ground) == 0
    assert "PlaceOpened" in events(database)


def test_after_the_start_only_the_organiser_changes_the_list(
    database: Database, ground: Ground, line: list[UUID], clock: FrozenClock
) -> None:
    clock.instant = TEN
    with pytest.raises(SessionBegun):
        give_back(database, line[0], ground.session_id)


# Who could not have a place


def test_who_is_not_insured_that_day_waits_in_their_place_and_gets_it_with_the_cover(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    uninsure(database, ground, date(2026, 3, 20))
    early, late = newcomers(database, "Amina", "Bilal")
    for person_id in (early, late):
        assert book(database, person_id, ground.session_id) is BookingState.WAITING
        clock.advance(MINUTE)
    with database.reading(signed_in(database, early)) as ctx:
        assert [mine.missing for mine in bookings.my_bookings(ctx)] == ["cover"]
    assert taken(database, ground) == 0

    uninsure(database, ground, date(2026, 12, 31))
    release(database, ground)

    assert states(database, ground, early, late) == ["offered", "waiting"]


def test_cover_that_ended_meanwhile_sends_an_offer_back_to_its_place_in_line(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    holder, first, _ = line
    give_back(database, holder, ground.session_id)
    uninsure(database, ground, date(2026, 3, 20))

    assert take(database, first, ground.session_id) is BookingState.WAITING

    assert taken(database, ground) == 0
    with database.reading(signed_in(database, first)) as ctx:
        assert [mine.position for mine in bookings.my_bookings(ctx)] == [1]


def test_who_left_the_project_behind_our_back_is_passed_over(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    holder, first, second = line
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(
            update(Enrolment)
            .where(Enrolment.person_id == first)
            .values(state=EnrolmentState.REQUESTED)
        )
    give_back(database, holder, ground.session_id)
    assert states(database, ground, first, second) == ["waiting", "offered"]


def test_the_worker_finds_whoever_became_able_to_have_a_free_place(
    database: Database, ground: Ground, line: list[UUID]
) -> None:
    set_places(database, ground, 2)
    offers.release_all(database)
    assert states(database, ground, *line) == ["confirmed", "offered", "waiting"]


def test_a_broken_session_does_not_keep_the_others_waiting(
    database: Database,
    ground: Ground,
    line: list[UUID],
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    give_back(database, line[0], ground.session_id)
    over = [(ground.city.id, ground.project_id), (ground.city.id, ground.session_id)]
    monkeypatch.setattr(bookings, "sessions_with_offers_over", lambda _ctx: over)
    pass_time(database, clock, timedelta(days=1))
    assert states(database, ground, line[1]) == ["lapsed"]


# Cancelled


def test_a_cancelled_session_ends_places_offers_and_hopes_alike(
    database: Database, ground: Ground, line: list[UUID], drain: Callable[[], int]
) -> None:
    give_back(database, line[0], ground.session_id)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        cancel_session(ctx, ground.session_id)
    drain()
    assert states(database, ground, *line) == ["withdrawn"] * 3
    assert taken(database, ground) == 0


def test_asking_at_the_desk_notes_who_asked(database: Database, ground: Ground) -> None:
    person_id = newcomer(database)
    with database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx:
        state = places.ask(ctx, ground.session_id, person_id, booked_by=ground.organiser_id)
    assert state is BookingState.CONFIRMED
    with database.reading(system_in(ground.city.id)) as ctx:
        assert booking(ctx, ground, person_id).booked_by == ground.organiser_id


def test_sessions_of_two_cities_clash_also_when_a_desk_asks(
    database: Database, ground: Ground
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    person_id = newcomer(database)
    book(database, person_id, elsewhere.session_id)
    with (
        pytest.raises(OverlapsOwn),
        database.unit_of_work(signed_in(database, ground.organiser_id)) as ctx,
    ):
        places.ask(ctx, ground.session_id, person_id, booked_by=ground.organiser_id)
