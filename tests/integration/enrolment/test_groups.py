"""Friends and families: their places together, or waiting together."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from civic.catalogue.models import Project
from civic.enrolment.errors import (
    AlreadyInLine,
    GroupFull,
    GroupHasAsked,
    GroupNotReady,
    GroupTooBig,
    TooYoung,
)
from civic.enrolment.models import BookingGroup, InsurancePolicy
from civic.enrolment.operations import groups, leaving, offers
from civic.enrolment.queries import bookings
from civic.enrolment.queries.groups import group_page, read_group_code
from civic.enrolment.rules import BookingState
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import system_in
from tests.factories.attendance import ONE, TEN, Ground, on_ground, signed_in
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_consent
from tests.integration.enrolment.asking import (
    book,
    give_back,
    newcomer,
    newcomers,
    release,
    set_places,
    states,
    take,
    taken,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database, places=3)


def gather(database: Database, ground: Ground, leader: UUID, *others: UUID) -> str:
    with database.unit_of_work(signed_in(database, leader)) as ctx:
        code = groups.gather(ctx, ground.session_id)
    for person_id in others:
        come_along(database, person_id, code)
    return code


def come_along(database: Database, person_id: UUID, code: str) -> None:
    # Ids made within one thousandth of a second have no order.
    assert isinstance(database.clock, FrozenClock)
    database.clock.advance(timedelta(seconds=1))
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        groups.come_along(ctx, code)


def ask(database: Database, leader: UUID, code: str) -> BookingState:
    with database.unit_of_work(signed_in(database, leader)) as ctx:
        return groups.ask_together(ctx, code)


def split(database: Database, leader: UUID, code: str) -> None:
    with database.unit_of_work(signed_in(database, leader)) as ctx:
        groups.take_one_by_one(ctx, code)


def position(database: Database, person_id: UUID) -> int | None:
    with database.reading(signed_in(database, person_id)) as ctx:
        return bookings.my_bookings(ctx)[0].position


def test_a_group_gets_its_places_together(database: Database, ground: Ground) -> None:
    people = newcomers(database, "Amina", "Bilal", "Chidi")
    code = gather(database, ground, *people)
    assert states(database, ground, *people) == ["gathering"] * 3
    assert taken(database, ground) == 0

    assert ask(database, people[0], code) is BookingState.CONFIRMED

    assert states(database, ground, *people) == ["confirmed"] * 3
    assert taken(database, ground) == 3
    # A second tap changes nothing.
    assert ask(database, people[0], code) is BookingState.CONFIRMED


def test_a_group_for_which_places_are_too_few_waits_together_as_one(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    holder = newcomer(database, "Yonas")
    book(database, holder, ground.session_id)
    people = newcomers(database, "Amina", "Bilal", "Chidi")
    code = gather(database, ground, *people)

    assert ask(database, people[0], code) is BookingState.WAITING

    assert states(database, ground, *people) == ["waiting"] * 3
    late = newcomer(database, "Dawit")
    # Two places look free, but the group was first.
    assert book(database, late, ground.session_id) is BookingState.WAITING
    assert [position(database, person_id) for person_id in (*people, late)] == [1, 1, 1, 2]

    give_back(database, holder, ground.session_id)
    assert states(database, ground, *people, late) == ["offered"] * 3 + ["waiting"]
    assert taken(database, ground) == 3


def waiting_group(database: Database, ground: Ground) -> tuple[UUID, list[UUID], str]:
    """Behind one who has a place: three who need all of them."""
    holder = newcomer(database, "Yonas")
    book(database, holder, ground.session_id)
    people = newcomers(database, "Amina", "Bilal", "Chidi")
    code = gather(database, ground, *people)
    ask(database, people[0], code)
    return holder, people, code


def test_one_tap_of_anybody_takes_the_places_of_all(database: Database, ground: Ground) -> None:
    holder, people, _ = waiting_group(database, ground)
    give_back(database, holder, ground.session_id)
    assert take(database, people[1], ground.session_id) is BookingState.CONFIRMED
    assert states(database, ground, *people) == ["confirmed"] * 3


def test_an_offer_to_a_group_lapses_for_all_and_they_can_ask_again_together(
    database: Database, ground: Ground, clock: FrozenClock
) -> None:
    holder, people, code = waiting_group(database, ground)
    give_back(database, holder, ground.session_id)
    clock.advance(timedelta(days=1))
    offers.expire_offers(database)
    assert states(database, ground, *people) == ["lapsed"] * 3
    assert taken(database, ground) == 0
    assert ask(database, people[0], code) is BookingState.CONFIRMED


def test_one_who_cannot_come_frees_only_their_own_place(database: Database, ground: Ground) -> None:
    people = newcomers(database, "Amina", "Bilal", "Chidi")
    ask(database, people[0], gather(database, ground, *people))
    late = newcomer(database, "Dawit")
    book(database, late, ground.session_id)

    give_back(database, people[1], ground.session_id)

    assert states(database, ground, *people) == ["confirmed", "withdrawn", "confirmed"]
    assert states(database, ground, late) == ["offered"]


def test_a_group_that_grew_smaller_is_served_as_soon_as_it_fits(
    database: Database, ground: Ground
) -> None:
    _, people, _ = waiting_group(database, ground)
    give_back(database, people[2], ground.session_id)
    assert states(database, ground, *people) == ["offered", "offered", "withdrawn"]


def test_a_split_group_keeps_its_place_in_line(database: Database, ground: Ground) -> None:
    _, people, code = waiting_group(database, ground)
    late = newcomer(database, "Dawit")
    book(database, late, ground.session_id)

    split(database, people[0], code)

    assert states(database, ground, *people, late) == ["offered", "offered", "waiting", "waiting"]
    assert position(database, people[2]) == 1
    assert position(database, late) == 2
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(BookingGroup)).all() == []


def test_only_the_leader_asks_and_splits(database: Database, ground: Ground) -> None:
    _, people, code = waiting_group(database, ground)
    with pytest.raises(NotFound):
        ask(database, people[1], code)
    with pytest.raises(NotFound):
        split(database, people[1], code)


def test_when_the_leader_steps_out_the_next_one_leads(database: Database, ground: Ground) -> None:
    people = newcomers(database, "Amina", "Bilal")
    code = gather(database, ground, *people)
    give_back(database, people[0], ground.session_id)
    assert ask(database, people[1], code) is BookingState.CONFIRMED
    assert states(database, ground, *people) == ["withdrawn", "confirmed"]


def test_a_group_that_everybody_left_is_gone(database: Database, ground: Ground) -> None:
    person_id = newcomer(database)
    code = gather(database, ground, person_id)
    give_back(database, person_id, ground.session_id)
    with pytest.raises(NotFound):
        come_along(database, newcomer(database, "Bilal"), code)


def test_two_taps_make_one_group_and_two_taps_join_it_once(
    database: Database, ground: Ground
) -> None:
    leader, friend = newcomers(database, "Amina", "Bilal")
    assert gather(database, ground, leader) == gather(database, ground, leader)
    code = gather(database, ground, leader, friend, friend)
    with database.reading(signed_in(database, leader)) as ctx:
        members = group_page(ctx, code).members
    assert [member.name for member in members] == ["Amina", "Bilal"]


def test_a_sixth_person_is_told_that_the_group_is_complete(database: Database) -> None:
    ground = on_ground(database, places=20)
    code = gather(database, ground, *newcomers(database, "A", "B", "C", "D", "E"))
    with pytest.raises(GroupFull):
        come_along(database, newcomer(database, "F"), code)


def test_a_group_larger_than_the_session_is_told_so(database: Database, ground: Ground) -> None:
    people = newcomers(database, "Amina", "Bilal", "Chidi")
    code = gather(database, ground, *people)
    with pytest.raises(GroupTooBig):
        come_along(database, newcomer(database, "Dawit"), code)
    set_places(database, ground, 2)
    with pytest.raises(GroupTooBig):
        ask(database, people[0], code)


def test_a_waiting_group_for_which_the_session_became_too_small_stops_nobody(
    database: Database, ground: Ground
) -> None:
    holder, people, _ = waiting_group(database, ground)
    set_places(database, ground, 2)
    late = newcomer(database, "Dawit")
    assert book(database, late, ground.session_id) is BookingState.CONFIRMED
    assert states(database, ground, holder, *people) == ["confirmed"] + ["waiting"] * 3


def test_nobody_is_added_once_the_group_has_asked(database: Database, ground: Ground) -> None:
    people = newcomers(database, "Amina", "Bilal")
    code = gather(database, ground, *people)
    ask(database, people[0], code)
    with pytest.raises(GroupHasAsked):
        come_along(database, newcomer(database, "Chidi"), code)


def test_who_has_a_place_already_gives_it_back_first(database: Database, ground: Ground) -> None:
    leader, friend = newcomers(database, "Amina", "Bilal")
    code = gather(database, ground, leader)
    book(database, friend, ground.session_id)
    with pytest.raises(AlreadyInLine):
        come_along(database, friend, code)


def test_who_takes_a_place_alone_has_left_the_group(database: Database, ground: Ground) -> None:
    leader, friend = newcomers(database, "Amina", "Bilal")
    code = gather(database, ground, leader, friend)
    assert book(database, friend, ground.session_id) is BookingState.CONFIRMED
    with database.reading(signed_in(database, leader)) as ctx:
        assert len(group_page(ctx, code).members) == 1


def test_each_passes_the_rules_of_the_project(database: Database, ground: Ground) -> None:
    code = gather(database, ground, newcomer(database))
    with pytest.raises(TooYoung):
        come_along(database, newcomer(database, "Ines", birth_year=2013), code)


def test_a_minor_may_come_along_and_the_group_asks_once_a_guardian_agreed(
    database: Database, ground: Ground
) -> None:
    leader, minor = newcomer(database, "Amina"), newcomer(database, "Ines", birth_year=2010)
    code = gather(database, ground, leader, minor)
    with pytest.raises(GroupNotReady) as refusal:
        ask(database, leader, code)
    assert refusal.value.values == {"names": "Ines"}
    with database.reading(signed_in(database, minor)) as ctx:
        assert group_page(ctx, code).missing == "consent"
    # The others learn that something is missing, not what.
    with database.reading(signed_in(database, leader)) as ctx:
        page = group_page(ctx, code)
        assert page.missing is None
        ready = {member.name: member.is_ready for member in page.members}
        assert ready == {"Amina": True, "Ines": False}

    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_consent(ctx, minor, ground.city.id, ground.organiser_id)
    assert ask(database, leader, code) is BookingState.CONFIRMED


def test_one_who_is_elsewhere_at_that_time_keeps_the_group_from_asking(
    database: Database, ground: Ground
) -> None:
    leader, friend = newcomers(database, "Amina", "Bilal")
    code = gather(database, ground, leader, friend)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        clashing = make_session(ctx, ground.project_id, ONE - HOUR, ONE + HOUR)
        touching = make_session(ctx, ground.project_id, TEN - HOUR, TEN)
    # Gathering takes no time of anybody's yet.
    assert book(database, friend, touching) is BookingState.CONFIRMED
    assert book(database, friend, clashing) is BookingState.CONFIRMED
    with pytest.raises(GroupNotReady):
        ask(database, leader, code)
    give_back(database, friend, clashing)
    assert ask(database, leader, code) is BookingState.CONFIRMED


def test_one_whose_request_is_not_answered_keeps_the_group_from_asking(
    database: Database, ground: Ground
) -> None:
    leader = newcomer(database)
    code = gather(database, ground, leader)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(Project).values(needs_approval=True))
    friend = newcomer(database, "Bilal")
    come_along(database, friend, code)
    with pytest.raises(GroupNotReady):
        ask(database, leader, code)


def test_an_uninsured_group_waits_and_is_served_whole_with_the_cover(
    database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=date(2026, 3, 20)))
    people = newcomers(database, "Amina", "Bilal")
    assert ask(database, people[0], gather(database, ground, *people)) is BookingState.WAITING
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        ctx.db.execute(update(InsurancePolicy).values(ends_on=date(2026, 12, 31)))
    release(database, ground)
    assert states(database, ground, *people) == ["offered", "offered"]


def test_who_leaves_the_project_leaves_the_group(database: Database, ground: Ground) -> None:
    leader, friend = newcomers(database, "Amina", "Bilal")
    code = gather(database, ground, leader, friend)
    with database.unit_of_work(signed_in(database, friend)) as ctx:
        leaving.leave(ctx, ground.project_id)
    with database.reading(signed_in(database, leader)) as ctx:
        assert len(group_page(ctx, code).members) == 1


@pytest.mark.parametrize("typed", [" acde fhjk ", "ACDE-FHJK", "acdefhjk\u202e"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_group_code(typed) == "ACDEFHJK"


def test_an_unknown_code_opens_nothing(database: Database, ground: Ground) -> None:
    with pytest.raises(NotFound):
        come_along(database, newcomer(database), "ACDEFHJK")


def test_somebody_from_another_city_may_come_along(database: Database, ground: Ground) -> None:
    elsewhere = on_ground(database, slug="caserta")
    stranger = newcomer(database, "Oksana")
    book(database, stranger, elsewhere.session_id)
    give_back(database, stranger, elsewhere.session_id)
    code = gather(database, ground, newcomer(database))
    come_along(database, stranger, code)
    assert ground.city.id in signed_in(database, stranger).municipalities
