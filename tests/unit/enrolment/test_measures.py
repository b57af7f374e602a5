"""How an association answers and keeps its dates, in what plain words can say."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.enrolment.measures import Measure, Plain, plain, share_held

HOURS = timedelta(hours=1)


def test_too_few_answers_and_sessions_say_nothing() -> None:
    assert plain(Measure((HOURS, HOURS), held=4, sessions=4)).is_silent


def test_the_typical_wait_is_the_median_rounded_up_to_days() -> None:
    waits = (5 * HOURS, 30 * HOURS, 400 * HOURS)

    assert plain(Measure(waits)).answers_within == 2


@pytest.mark.parametrize(("hours", "days"), [(0, 1), (24, 1), (25, 2), (120, 5)])
def test_an_answer_at_once_is_within_a_day(hours: int, days: int) -> None:
    assert plain(Measure((hours * HOURS,) * 3)).answers_within == days


def test_cancelled_sessions_are_not_held() -> None:
    measure = Measure(held=19, sessions=20)

    assert plain(measure) == Plain(None, 19, 20)
    assert share_held(measure) == 95


def test_no_share_is_shown_of_a_handful() -> None:
    assert share_held(Measure(held=4, sessions=4)) is None


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=40))
def test_words_never_promise_more_than_half_of_the_answers_kept(hours: list[int]) -> None:
    said = plain(Measure(tuple(hour * HOURS for hour in hours))).answers_within

    assert said is not None
    assert sum(hour <= said * 24 for hour in hours) * 2 >= len(hours)
