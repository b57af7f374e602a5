"""Which dwelling suits a household, and which never does."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.housing.rules.fitting import (
    MOST_SUGGESTIONS,
    Dwelling,
    FreeRoom,
    Household,
    Reason,
    best_fits,
    fit_of,
)
from civic.housing.rules.nights import Nights
from civic.housing.rules.placing import Need, Somebody, Urgency
from civic.housing.rules.stock import Gender, UnitKind, Who

DAY = date(2026, 3, 14)
WOMAN = Somebody(1990, Gender.WOMAN)
MAN = Somebody(1988, Gender.MAN)
CHILD = Somebody(2018, Gender.UNTOLD)
WHEELS = Somebody(1970, Gender.MAN, needs_no_steps=True)


def household(
    *people: Somebody,
    needs: tuple[Need, ...] = (),
    urgency: Urgency = Urgency.THIS_MONTH,
    nights: int = 90,
    is_open_ended: bool = False,
) -> Household:
    told = {UUID(int=number): each for number, each in enumerate(people)}
    return Household(
        told, frozenset(needs), urgency, Nights(DAY, DAY + timedelta(days=nights)), is_open_ended
    )


def room(
    free: int,
    beds: int | None = None,
    *,
    name: str = "1",
    step_free: bool = False,
    only_for: Gender | None = None,
) -> FreeRoom:
    number = abs(hash((free, beds, name, step_free, only_for)))
    return FreeRoom(UUID(int=number), name, step_free, only_for, beds or free, free)


def dwelling(
    *rooms: FreeRoom,
    name: str = "Casa",
    kind: UnitKind = UnitKind.TEMPORARY,
    takes: tuple[Who, ...] = (),
    step_free: bool = False,
    safe: bool = False,
) -> Dwelling:
    number = abs(hash(name))
    return Dwelling(
        UUID(int=number), name, kind, "Centro", frozenset(takes), step_free, safe, rooms
    )


def names(found: list[Dwelling], who: Household) -> list[str]:
    return [fit.dwelling.name for fit in best_fits(found, who)]


def test_a_family_is_never_split_between_dwellings() -> None:
    halves = [dwelling(room(2), name="A"), dwelling(room(2), name="B")]
    assert best_fits(halves, household(WOMAN, MAN, CHILD, CHILD)) == []
    whole = dwelling(room(2, name="1"), room(2, name="2"), name="C")
    assert names([*halves, whole], household(WOMAN, MAN, CHILD, CHILD)) == ["C"]


def test_who_cannot_climb_steps_gets_a_room_without_in_a_dwelling_without() -> None:
    steps_inside = dwelling(room(1), name="steps inside", step_free=True)
    steps_outside = dwelling(room(1, step_free=True), name="steps outside")
    neither = dwelling(
        room(1, name="1"), room(1, name="2", step_free=True), name="neither", step_free=True
    )
    assert names([steps_inside, steps_outside, neither], household(WHEELS)) == ["neither"]
    found = fit_of(neither, household(WHEELS))
    assert found is not None
    assert found.seats[UUID(int=0)] == neither.rooms[1].id
    assert Reason.STEP_FREE in found.reasons


def test_in_a_family_only_who_needs_it_takes_the_room_without_steps() -> None:
    home = dwelling(room(1, name="1", step_free=True), room(2, name="2"), step_free=True)
    found = fit_of(home, household(WOMAN, WHEELS, CHILD))
    assert found is not None
    assert found.seats[UUID(int=1)] == home.rooms[0].id
    assert {found.seats[UUID(int=0)], found.seats[UUID(int=2)]} == {home.rooms[1].id}


def test_a_need_for_no_steps_of_nobody_by_name_is_one_of_all() -> None:
    one = dwelling(room(1, name="1", step_free=True), room(1, name="2"), step_free=True)
    assert fit_of(one, household(WOMAN, MAN, needs=(Need.STEP_FREE,))) is None


def test_a_place_without_steps_is_kept_where_there_are_others() -> None:
    precious = dwelling(room(1, step_free=True), name="A precious", step_free=True)
    usual = dwelling(room(1), name="B usual")
    assert names([precious, usual], household(WOMAN)) == ["B usual", "A precious"]
    found = best_fits([precious], household(WOMAN))
    assert Reason.TAKES_STEP_FREE in found[0].reasons
    inside = dwelling(room(1, name="1", step_free=True), room(1, name="2"), step_free=True)
    fit = fit_of(inside, household(WOMAN))
    assert fit is not None
    assert fit.seats[UUID(int=0)] == inside.rooms[1].id


@pytest.mark.parametrize(
    ("takes", "people", "fits"),
    [
        ((), (WOMAN, MAN), True),
        ((Who.SINGLE_WOMEN,), (WOMAN,), True),
        ((Who.SINGLE_WOMEN,), (MAN,), False),
        ((Who.SINGLE_MEN,), (WOMAN,), False),
        ((Who.FAMILIES,), (WOMAN, CHILD), True),
        ((Who.SINGLE_WOMEN,), (WOMAN, CHILD), False),
        ((), (CHILD,), False),
        ((Who.MINORS,), (CHILD,), True),
        ((Who.MINORS,), (WOMAN,), False),
    ],
)
def test_the_rules_of_the_dwelling_hold(
    takes: tuple[Who, ...], people: tuple[Somebody, ...], *, fits: bool
) -> None:
    assert (fit_of(dwelling(room(2), takes=takes), household(*people)) is not None) is fits


def test_a_room_for_women_takes_women_and_their_children() -> None:
    women = dwelling(room(2, only_for=Gender.WOMAN))
    assert fit_of(women, household(WOMAN, CHILD)) is not None
    assert fit_of(women, household(WOMAN, MAN)) is None
    assert fit_of(women, household(MAN)) is None


def test_a_place_is_found_wherever_there_is_one() -> None:
    """Whoever sits first gives way to who can sit nowhere else."""
    home = dwelling(room(1, 2, name="1"), room(1, 2, name="2", only_for=Gender.WOMAN), name="Casa")
    found = fit_of(home, household(WOMAN, MAN))
    assert found is not None
    assert found.seats == {UUID(int=0): home.rooms[1].id, UUID(int=1): home.rooms[0].id}


def test_who_wants_women_only_is_among_women() -> None:
    mixed = dwelling(room(1), name="mixed")
    house = dwelling(room(1), name="house", takes=(Who.SINGLE_WOMEN,))
    with_room = dwelling(room(1, only_for=Gender.WOMAN), name="with a room")
    families_too = dwelling(room(1), name="families", takes=(Who.SINGLE_WOMEN, Who.FAMILIES))
    who = household(WOMAN, needs=(Need.WOMEN_ONLY,))
    found = best_fits([mixed, house, with_room, families_too], who)
    assert {fit.dwelling.name for fit in found} == {"house", "with a room"}
    assert all(Reason.WOMEN_ONLY in fit.reasons for fit in found)


def test_a_safe_house_is_for_who_has_to_be_hidden_and_for_nobody_else() -> None:
    safe, open_one = dwelling(room(1), name="safe", safe=True), dwelling(room(1), name="open")
    assert names([safe, open_one], household(WOMAN, needs=(Need.HIDDEN,))) == ["safe"]
    assert names([safe, open_one], household(WOMAN)) == ["open"]


def test_an_empty_room_comes_before_one_with_strangers() -> None:
    shared = dwelling(room(2, 3), name="A shared")
    own = dwelling(room(2), name="B own")
    found = best_fits([shared, own], household(WOMAN, CHILD))
    assert [fit.dwelling.name for fit in found] == ["B own", "A shared"]
    assert Reason.ROOM_ALONE in found[0].reasons
    assert Reason.SHARES in found[1].reasons
    within = dwelling(room(2, 4, name="1"), room(2, name="2"))
    fit = fit_of(within, household(WOMAN, CHILD))
    assert fit is not None
    assert set(fit.seats.values()) == {within.rooms[1].id}


def test_a_child_never_sleeps_among_strangers_without_an_adult_of_theirs() -> None:
    home = dwelling(room(1, 3, name="1"), room(1, 3, name="2"))
    assert fit_of(home, household(WOMAN, CHILD)) is None
    beside = dwelling(room(2, 3, name="1"), room(2, 3, name="2"))
    fit = fit_of(beside, household(WOMAN, MAN, CHILD, CHILD))
    assert fit is not None
    for place in (2, 3):
        adults = {fit.seats[UUID(int=0)], fit.seats[UUID(int=1)]}
        assert fit.seats[UUID(int=place)] in adults


def test_the_fewest_beds_are_left_over() -> None:
    homes = [dwelling(room(size), name=f"{size}") for size in (5, 2, 3)]
    found = best_fits(homes, household(WOMAN, CHILD))
    assert [fit.dwelling.name for fit in found] == ["2", "3", "5"]
    assert Reason.NOTHING_LEFT in found[0].reasons


def test_the_kind_goes_with_how_long_it_is_needed() -> None:
    homes = [dwelling(room(1), name=kind.value, kind=kind) for kind in UnitKind]
    short = names(homes, household(WOMAN, nights=3))
    assert short[:2] == ["emergency", "temporary"]
    assert names(homes, household(WOMAN, nights=90))[:2] == ["cohousing", "temporary"]
    long = names(homes, household(WOMAN, is_open_ended=True))
    assert long[:2] == ["cohousing", "semi_autonomous"]
    assert long[-1] == "emergency"
    at_night = names(homes, household(WOMAN, urgency=Urgency.TONIGHT, is_open_ended=True))
    assert at_night[0] == "cohousing"
    assert at_night[-1] == "market"


def test_at_most_ten_are_shown_and_each_says_why() -> None:
    homes = [dwelling(room(1), name=f"{number:02}") for number in range(30)]
    found = best_fits(homes, household(WOMAN))
    assert len(found) == MOST_SUGGESTIONS
    assert all(fit.reasons for fit in found)


def test_nobody_is_seated_where_nobody_asks() -> None:
    assert fit_of(dwelling(room(3)), household()) is None


PERSON = st.sampled_from([WOMAN, MAN, CHILD, WHEELS, Somebody(None)])
ROOM = st.builds(
    room,
    st.integers(1, 3),
    st.integers(3, 4),
    name=st.sampled_from("abcd"),
    step_free=st.booleans(),
    only_for=st.sampled_from([None, None, Gender.WOMAN, Gender.MAN]),
)


@given(
    people=st.lists(PERSON, min_size=1, max_size=6),
    rooms=st.lists(ROOM, min_size=1, max_size=4, unique_by=lambda each: each.id),
    step_free=st.booleans(),
)
def test_whatever_is_suggested_can_be_slept_in(
    people: list[Somebody], rooms: list[FreeRoom], *, step_free: bool
) -> None:
    home, who = dwelling(*rooms, step_free=step_free), household(*people)
    fit = fit_of(home, who)
    if fit is None:
        return
    assert set(fit.seats) == set(who.people)
    by_id = {each.id: each for each in rooms}
    for each in rooms:
        assert list(fit.seats.values()).count(each.id) <= each.free
    for person_id, room_id in fit.seats.items():
        somebody, chosen = who.people[person_id], by_id[room_id]
        assert not somebody.needs_no_steps or (step_free and chosen.is_step_free)
        assert chosen.only_for in (None, somebody.gender) or somebody.is_minor_on(DAY)
