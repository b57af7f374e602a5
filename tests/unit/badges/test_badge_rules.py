from uuid import UUID

import pytest

from civic.badges.rules import Rule, Tally, Worked, assessor, earned, missing, nearness, tally
from civic.catalogue.rules import Area

GREEN = Rule(minutes=720, sessions=4, area=Area.GREEN)
GARDENERS, SCOUTS = UUID(int=1), UUID(int=2)


def green(*minutes: int, association: UUID | None = None) -> list[Worked]:
    return [Worked(Area.GREEN, worked, association) for worked in minutes]


def test_twelve_hours_in_four_sessions_earn_the_badge() -> None:
    assert earned(GREEN, green(180, 180, 180, 180))


def test_one_minute_less_does_not() -> None:
    assert not earned(GREEN, green(180, 180, 180, 179))


def test_twelve_hours_in_three_sessions_do_not() -> None:
    assert missing(GREEN, green(240, 240, 240)) == Tally(minutes=0, sessions=1)


def test_hours_of_another_area_do_not_count() -> None:
    lines = [Worked(Area.CARE, 180), *green(180, 180, 180)]
    assert missing(GREEN, lines) == Tally(minutes=180, sessions=1)


def test_a_badge_of_no_area_counts_every_hour() -> None:
    first_day = Rule(minutes=0, sessions=1)
    assert earned(first_day, [Worked(Area.TERRITORY, 5)])
    assert not earned(first_day, [])


def test_a_session_corrected_to_nothing_is_no_session() -> None:
    assert tally(GREEN, green(180, 0)) == Tally(minutes=180, sessions=1)
    assert not earned(Rule(0, 1), green(0))


def test_nearness_is_that_of_the_slower_of_hours_and_sessions() -> None:
    assert nearness(GREEN, green(600)) == 25
    assert nearness(GREEN, green(30, 30, 30, 30)) == 16
    assert nearness(GREEN, green(*[600] * 9)) == 100
    assert nearness(Rule(0, 1), []) == 0


def test_a_rule_that_asks_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one session"):
        Rule.of({"minutes": 0, "sessions": 0}, None)
    with pytest.raises(ValueError, match="at least one session"):
        Rule.of({"minutes": -1, "sessions": 1}, None)


def test_the_association_with_most_of_the_time_is_asked() -> None:
    lines = [*green(300, association=GARDENERS), *green(120, 120, association=SCOUTS)]
    assert assessor(GREEN, lines, otherwise=SCOUTS) == GARDENERS


def test_between_equals_the_association_of_the_last_hours_is_asked() -> None:
    lines = [*green(180, association=GARDENERS), *green(180, association=SCOUTS)]
    assert assessor(GREEN, lines, otherwise=SCOUTS) == SCOUTS
    assert assessor(GREEN, lines, otherwise=GARDENERS) == GARDENERS


def test_only_time_that_counts_for_the_badge_chooses_the_association() -> None:
    lines = [Worked(Area.CARE, 900, SCOUTS), *green(60, association=GARDENERS)]
    assert assessor(GREEN, lines, otherwise=SCOUTS) == GARDENERS


def test_without_lines_the_association_of_the_last_hours_is_asked() -> None:
    assert assessor(GREEN, [], otherwise=SCOUTS) == SCOUTS
