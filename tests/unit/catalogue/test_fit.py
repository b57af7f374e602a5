import base64
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from civic.catalogue.facets import CityFacets, best_first
from civic.catalogue.finding import Spot
from civic.catalogue.fit import (
    MOST_REASONS,
    Facets,
    Rank,
    Reason,
    ReasonKind,
    Wishes,
    distance_from,
    reasons,
    score,
)
from civic.catalogue.rules import Area, Filters, PartOfDay, Requirement, RequirementKind
from tests.factories.wishes import (
    CASERTA,
    NOW,
    POTENZA,
    SATURDAY_MORNING,
    SUNDAY_EVENING,
    facets,
)

PRUNE = "51097602-8e4e-4830-8f35-d77afc713fc0"
FIRST_AID = Requirement(RequirementKind.BADGE, "first-aid")
STATION = Spot(40.63, 15.80)


def kinds(of: Facets, wishes: Wishes) -> list[ReasonKind]:
    return [reason.kind for reason in reasons(of, wishes)]


def order(wishes: Wishes, *rows: Facets, filters: Filters | None = None) -> list[UUID]:
    city = CityFacets(rows)
    groups = city.ranked(wishes, NOW, city.within(filters or Filters()))
    return [row.project_id for _, row in best_first([(city, groups)], None)]


@pytest.mark.parametrize(
    ("better", "wishes", "reason"),
    [
        (
            {"languages": frozenset({"it", "bn"})},
            Wishes(languages=("it", "bn")),
            Reason(ReasonKind.LANGUAGE, "bn"),
        ),
        (
            {"slots": frozenset({SUNDAY_EVENING})},
            Wishes(free=frozenset({SUNDAY_EVENING})),
            Reason(ReasonKind.FREE_THEN, SUNDAY_EVENING),
        ),
        (
            {"skills": frozenset({PRUNE})},
            Wishes(skills=frozenset({PRUNE})),
            Reason(ReasonKind.GOAL, PRUNE),
        ),
        (
            {"area": Area.CARE},
            Wishes(areas=frozenset({Area.CARE})),
            Reason(ReasonKind.BADGE, "care"),
        ),
        (
            {"needs_no_italian": True},
            Wishes(languages=("bn",)),
            Reason(ReasonKind.NO_ITALIAN),
        ),
    ],
    ids=["language", "free time", "goal", "badge", "no Italian"],
)
def test_what_suits_a_person_comes_first_and_says_why(
    better: dict[str, Any], wishes: Wishes, reason: Reason
) -> None:
    plain, suiting = facets(1), facets(2, **better)
    assert reasons(suiting, wishes) == (reason,)
    assert reasons(plain, wishes) == ()
    assert order(wishes, plain, suiting) == [suiting.project_id, plain.project_id]


def test_with_nothing_known_the_soonest_comes_first() -> None:
    later = facets(1, next_starts_at=NOW + timedelta(days=9))
    sooner = facets(2)
    assert Wishes().is_empty
    assert order(Wishes(), later, sooner) == [sooner.project_id, later.project_id]


def test_busy_hours_and_age_alone_are_nothing_to_rank_by() -> None:
    assert Wishes(busy=((NOW, NOW + timedelta(hours=1)),), birth_year=1990).is_empty
    assert not Wishes(languages=("it",)).is_empty


def test_ones_own_city_comes_before_all_that_another_could_offer() -> None:
    wishes = Wishes(
        languages=("bn",), free=frozenset({SATURDAY_MORNING}), skills=frozenset({PRUNE}),
        areas=frozenset({Area.GREEN}), cities=frozenset({POTENZA}),
    )  # fmt: skip
    here = facets(1, slots=frozenset(), area=Area.CARE, requirements=frozenset({FIRST_AID}))
    there = facets(
        2, municipality_id=CASERTA, languages=frozenset({"bn"}), skills=frozenset({PRUNE})
    )
    assert score(here, wishes) > score(there, wishes)


def test_a_picked_place_counts_instead_of_the_cities() -> None:
    wishes = Wishes(cities=frozenset({POTENZA}), near=Spot(41.07, 14.33))
    here = facets(1, point=STATION)
    there = facets(2, municipality_id=CASERTA, point=Spot(41.08, 14.33))
    assert order(wishes, here, there) == [there.project_id, here.project_id]
    assert kinds(there, wishes) == [ReasonKind.NEAR]


@pytest.mark.parametrize(("nearer", "farther"), [(0.5, 2), (2, 5), (5, 12), (12, 25), (25, 40)])
def test_of_two_places_the_nearer_band_comes_first(nearer: float, farther: float) -> None:
    wishes = Wishes(near=STATION)
    near = facets(1, point=Spot(STATION.latitude + nearer / 111.2, STATION.longitude))
    far = facets(2, point=Spot(STATION.latitude - farther / 111.2, STATION.longitude))
    assert order(wishes, far, near) == [near.project_id, far.project_id]


def test_what_is_out_of_reach_or_of_unknown_place_has_no_distance_to_tell() -> None:
    wishes = Wishes(near=STATION)
    assert kinds(facets(point=Spot(45.65, 13.77)), wishes) == []
    assert kinds(facets(point=None), wishes) == []


def test_distance_is_right_to_a_hundredth_within_reach() -> None:
    # From Potenza to Tito along the great circle.
    far = distance_from(Spot(40.6404, 15.8056))(40.5826, 15.6753)
    assert far == pytest.approx(12.74, rel=0.01)


def test_who_is_not_yet_old_enough_is_not_shown_it() -> None:
    young, grown = facets(1, minimum_age=14), facets(2, minimum_age=18)
    assert order(Wishes(birth_year=2009), young, grown) == [young.project_id]
    assert len(order(Wishes(birth_year=1990), young, grown)) == 2
    assert len(order(Wishes(birth_year=None), young, grown)) == 2


def test_in_the_year_of_the_birthday_the_lower_age_counts() -> None:
    assert Wishes(birth_year=2008).age_on(date(2026, 3, 14)) == 17
    assert Wishes().age_on(date(2026, 3, 14)) is None


def test_what_somebody_cannot_show_yet_ranks_lower_but_stays() -> None:
    asking, plain = facets(1, requirements=frozenset({FIRST_AID})), facets(2)
    assert order(Wishes(), asking, plain) == [plain.project_id, asking.project_id]
    assert order(Wishes(held=frozenset({FIRST_AID})), asking, plain)[0] == asking.project_id


def test_italian_shared_counts_a_little_and_is_no_reason_to_tell() -> None:
    wishes = Wishes(languages=("it", "fr"))
    italian, french, neither = (
        facets(n, languages=frozenset({tag})) for n, tag in enumerate(("it", "fr", "ar"))
    )
    assert order(wishes, neither, italian, french) == [
        french.project_id,
        italian.project_id,
        neither.project_id,
    ]
    assert kinds(italian, wishes) == []


def test_who_told_no_language_is_not_taken_for_one_without_italian() -> None:
    assert kinds(facets(needs_no_italian=True), Wishes()) == []
    assert kinds(facets(needs_no_italian=True), Wishes(languages=("it",))) == []


def test_the_first_language_of_the_person_is_the_one_named() -> None:
    spoken = facets(languages=frozenset({"ar", "fr"}))
    assert reasons(spoken, Wishes(languages=("fr", "ar")))[0].data == "fr"


def test_of_many_reasons_the_three_strongest_are_told() -> None:
    wishes = Wishes(
        languages=("bn",), free=frozenset({SATURDAY_MORNING}), skills=frozenset({PRUNE}),
        areas=frozenset({Area.GREEN}), near=STATION,
    )  # fmt: skip
    row = facets(
        languages=frozenset({"bn"}), skills=frozenset({PRUNE}), point=Spot(40.72, 15.80),
        needs_no_italian=True,
    )  # fmt: skip
    assert kinds(row, wishes) == [ReasonKind.FREE_THEN, ReasonKind.GOAL, ReasonKind.LANGUAGE]
    assert len(reasons(row, wishes)) == MOST_REASONS


def test_what_is_over_or_hidden_is_left_out() -> None:
    over = facets(1, next_starts_at=NOW - timedelta(hours=2), last_starts_at=NOW)
    begun = facets(2, next_starts_at=NOW - timedelta(hours=2))
    hidden = facets(3)
    wishes = Wishes(hidden=frozenset({hidden.project_id, UUID(int=9)}))
    assert order(wishes, over, begun, hidden) == [begun.project_id]


@pytest.mark.parametrize(
    ("filters", "matching"),
    [
        (Filters(area=Area.CARE), {"area": Area.CARE}),
        (Filters(spoken="bn"), {"languages": frozenset({"bn"})}),
        (Filters(city="potenza", district="Rione Risorgimento"),
         {"district": ("rione", "risorgimento")}),
        (Filters(weekdays=(6,)), {"slots": frozenset({SUNDAY_EVENING})}),
        (Filters(parts=(PartOfDay.EVENING,)), {"slots": frozenset({SUNDAY_EVENING})}),
        (Filters(is_wheelchair_accessible=True), {"is_wheelchair_accessible": True}),
        (Filters(needs_no_italian=True), {"needs_no_italian": True}),
        (Filters(age=12), {"minimum_age": 12}),
    ],
    ids=["area", "language", "district", "weekday", "part", "wheelchair", "no Italian", "age"],
)  # fmt: skip
def test_filters_hold_in_the_ranking(filters: Filters, matching: dict[str, Any]) -> None:
    wanted = facets(1, **matching)
    assert order(Wishes(), wanted, facets(2), filters=filters) == [wanted.project_id]


def test_a_rank_survives_the_address() -> None:
    rank = Rank(-70, NOW, UUID(int=5))
    assert Rank.decode(rank.encode()) == rank


@pytest.mark.parametrize("text", ["", "x", "🙂", "AAAA", "=" * 40, "a" * 400])
def test_what_no_page_gave_out_is_no_rank(text: str) -> None:
    assert Rank.decode(text) is None


def test_a_rank_far_beyond_any_calendar_is_none() -> None:
    assert Rank.decode(base64.urlsafe_b64encode(b"\x7f" * 28).decode()) is None


def test_back_to_back_sessions_do_not_clash_and_overlapping_ones_do() -> None:
    hour = timedelta(hours=1)
    wishes = Wishes(busy=((NOW, NOW + hour),))
    assert wishes.is_free(NOW + hour, NOW + 2 * hour)
    assert wishes.is_free(NOW - hour, NOW)
    assert not wishes.is_free(NOW + hour / 2, NOW + 2 * hour)
