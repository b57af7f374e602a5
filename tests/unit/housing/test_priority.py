"""The order of the waiting list comes from named criteria and from waiting, and from nothing else."""

from datetime import date, timedelta

import pytest

from civic.housing.queries.applicants import read_birth
from civic.housing.rules.placing import (
    CRITERION_NAMES,
    CRITERION_REASONS,
    WAITING_POINTS_AT_MOST,
    WEIGHTS,
    Criterion,
    priority_of,
)

ASKED = date(2026, 1, 1)


def test_every_criterion_has_a_weight_a_name_and_a_sentence_for_the_person() -> None:
    assert set(WEIGHTS) == set(CRITERION_NAMES) == set(CRITERION_REASONS) == set(Criterion)
    assert all(points > 0 for points in WEIGHTS.values())


def test_points_are_those_of_the_criteria_and_a_criterion_counts_once() -> None:
    twice = [Criterion.SMALL_CHILD, Criterion.SLEEPS_ROUGH, Criterion.SMALL_CHILD]
    found = priority_of(twice, ASKED, ASKED)
    assert found.points == 70
    assert found.criteria == (Criterion.SLEEPS_ROUGH, Criterion.SMALL_CHILD)


@pytest.mark.parametrize(
    ("days", "weeks"),
    [(0, 0), (6, 0), (7, 1), (20, 2), (139, 19), (140, 20), (2000, WAITING_POINTS_AT_MOST)],
)
def test_a_whole_week_of_waiting_counts_one_point_up_to_twenty(days: int, weeks: int) -> None:
    found = priority_of([Criterion.PREGNANT], ASKED, ASKED + timedelta(days=days))
    assert (found.weeks, found.points) == (weeks, 30 + weeks)


def test_who_will_ask_only_later_has_not_waited() -> None:
    assert priority_of([], ASKED, ASKED - timedelta(days=30)).weeks == 0


def test_waiting_brings_somebody_before_a_lighter_reason_and_never_before_a_heavy_one() -> None:
    long_ago = priority_of([], ASKED, ASKED + timedelta(days=3650)).points
    assert long_ago > priority_of([Criterion.COMES_OF_AGE], ASKED, ASKED).points
    assert long_ago < priority_of([Criterion.ILL_OR_DISABLED], ASKED, ASKED).points


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", (None, None)),
        ("1990", (1990, None)),
        ("1990-05", (1990, None)),
        ("1990-05-30", (1990, date(1990, 5, 30))),
    ],
)
def test_of_a_birth_as_much_is_kept_as_is_known(
    typed: str, found: tuple[int | None, date | None]
) -> None:
    assert read_birth(typed) == found


@pytest.mark.parametrize("typed", ["90", "1990-13", "1990-02-30", "30.5.1990", "0000", "1990-5-3"])
def test_what_is_no_birth_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the form says the sentence
        read_birth(typed)
