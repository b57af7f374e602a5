from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from civic.badges.rules import (
    Grounds,
    Missed,
    Rating,
    Rule,
    RuleContradicts,
    Tally,
    Turns,
    Worked,
    assessor,
    earned,
    missing,
    nearness,
    tally,
    turns_missing,
    unseen,
)
from civic.catalogue.rules import Area

GREEN = Rule(minutes=720, sessions=4, area=Area.GREEN)
GARDENERS, SCOUTS, HEDGE, LANES = (UUID(int=number) for number in range(1, 5))
SATURDAY = date(2026, 3, 7)


def green(*minutes: int, association: UUID | None = None) -> list[Worked]:
    return [Worked(Area.GREEN, worked, association) for worked in minutes]


def at(*days: date, minutes: int = 180, project: UUID | None = None) -> list[Worked]:
    return [Worked(Area.GREEN, minutes, GARDENERS, None, project, day) for day in days]


def on(lines: Iterable[Worked]) -> Grounds:
    return Grounds(list(lines))


def test_twelve_hours_in_four_sessions_earn_the_badge() -> None:
    assert earned(GREEN, on(green(180, 180, 180, 180)))


def test_one_minute_less_does_not() -> None:
    assert not earned(GREEN, on(green(180, 180, 180, 179)))


def test_twelve_hours_in_three_sessions_do_not() -> None:
    assert missing(GREEN, on(green(240, 240, 240))) == Tally(minutes=0, sessions=1)


def test_hours_of_another_area_do_not_count() -> None:
    lines = [Worked(Area.CARE, 180), *green(180, 180, 180)]
    assert missing(GREEN, on(lines)) == Tally(minutes=180, sessions=1)


def test_a_badge_of_no_area_counts_every_hour() -> None:
    first_day = Rule(minutes=0, sessions=1)
    assert earned(first_day, on([Worked(Area.TERRITORY, 5)]))
    assert not earned(first_day, Grounds())


def test_a_session_corrected_to_nothing_is_no_session() -> None:
    assert tally(GREEN, on(green(180, 0))) == Tally(minutes=180, sessions=1)
    assert not earned(Rule(0, 1), on(green(0)))


def test_a_session_over_midnight_is_one_session_of_two_days() -> None:
    night = UUID(int=9)
    lines = [
        Worked(Area.GREEN, minutes, GARDENERS, night, HEDGE, day)
        for minutes, day in ((120, date(2026, 2, 28)), (60, date(2026, 3, 1)))
    ]
    assert tally(GREEN, on(lines)) == Tally(minutes=180, sessions=1, months=2)


def test_hours_of_a_project_or_association_or_period_count_when_the_rule_names_one() -> None:
    first, later = date(2026, 3, 7), date(2026, 4, 4)
    lines = [*at(first, project=HEDGE), *at(later, project=LANES)]
    for scope in (
        {"project": str(HEDGE)},
        {"until": "2026-03-07"},
        {"since": "2026-03-01", "until": "2026-03-31"},
    ):
        rule = Rule.of({"minutes": 0, "sessions": 1, **scope}, None)
        assert tally(rule, on(lines)) == Tally(180, 1, 1)
    assert tally(Rule(0, 1, association_id=SCOUTS), on(lines)) == Tally(0, 0)


def test_months_are_different_ones_and_not_numbers_of_days() -> None:
    rule = Rule(0, 3, months=3)
    lines = at(date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28))
    assert missing(rule, on(lines)) == Tally(0, 0, months=1)
    assert earned(rule, on([*lines, *at(date(2026, 3, 1))]))


def test_badges_that_come_before_are_asked_for() -> None:
    rule = Rule(0, 1, badges=("first-day", "team"))
    lines = green(60)
    assert missing(rule, Grounds(lines, badges=frozenset({"team"}))).badges == ("first-day",)
    assert earned(rule, Grounds(lines, badges=frozenset({"team", "first-day", "green-12"})))


@pytest.mark.parametrize(
    ("came", "missed", "lacking"), [(9, 1, 0), (10, 1, 0), (8, 1, 1), (8, 2, 10), (8, 0, 0)]
)
def test_places_not_kept_are_made_good_by_coming(came: int, missed: int, lacking: int) -> None:
    """Nine of ten places kept."""
    rule = Rule(0, 8, kept=90)
    absences = [Missed(Area.GREEN, GARDENERS, HEDGE, SATURDAY)] * missed
    grounds = Grounds(at(*[SATURDAY] * came), absences)
    assert missing(rule, grounds).sessions == lacking
    after = Grounds(at(*[SATURDAY] * (came + lacking)), absences)
    assert earned(rule, after)


def test_a_place_not_kept_elsewhere_does_not_count_against_a_badge_of_an_area() -> None:
    rule = Rule(0, 1, area=Area.GREEN, kept=90)
    missed = [Missed(Area.CARE, SCOUTS, LANES, SATURDAY)]
    assert earned(rule, Grounds(green(60), missed))


def test_nearness_is_that_of_the_slowest_part() -> None:
    assert nearness(GREEN, on(green(600))) == 25
    assert nearness(GREEN, on(green(30, 30, 30, 30))) == 16
    assert nearness(GREEN, on(green(*[600] * 9))) == 100
    assert nearness(Rule(0, 1), Grounds()) == 0
    assert nearness(Rule(0, 2, months=2), on(at(SATURDAY, SATURDAY))) == 50
    assert nearness(Rule(0, 1, badges=("a",)), on(green(60))) == 0


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"sessions": 0}, "at least one session"),
        ({"minutes": -1}, "at least one session"),
        ({"months": 2}, "more months than sessions"),
        ({"kept": 100}, "every appointment"),
        ({"kept": -1}, "at least one session"),
        ({"since": "2026-02-01", "until": "2026-01-31"}, "before it begins"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleContradicts, match=why):
        Rule.of({"minutes": 0, "sessions": 1} | wrong, None)


def test_a_rule_is_read_as_it_was_written() -> None:
    rule = Rule(
        720, 4, Area.CARE, HEDGE, SCOUTS, date(2026, 1, 1), date(2026, 12, 31), 2, 90,
        ("first-day",), (("a skill", Rating.ALONE),),
    )  # fmt: skip
    assert Rule.of(rule.to_json(), Area.CARE) == rule
    assert GREEN.to_json() == {"minutes": 720, "sessions": 4}


# What the assessor saw


def test_a_skill_must_have_been_seen_as_the_rule_asks_or_better() -> None:
    rule = Rule(0, 1, ratings=(("italian", Rating.WITH_HELP), ("team", Rating.OBSERVED)))
    assert not unseen(rule, {"italian": Rating.ALONE, "team": Rating.OBSERVED})
    assert unseen(rule, {"italian": Rating.OBSERVED, "team": Rating.ALONE}) == [
        ("italian", Rating.WITH_HELP)
    ]
    assert unseen(rule, {}) == list(rule.ratings)


# Two more Saturdays


def test_turns_are_counted_by_how_long_they_usually_stay() -> None:
    assert turns_missing(GREEN, on(at(SATURDAY, date(2026, 3, 14)))) == Turns(2, 5)
    assert turns_missing(GREEN, on(at(SATURDAY, date(2026, 3, 14), minutes=60))) == Turns(10, 5)


def test_no_day_is_named_that_is_not_their_usual_one() -> None:
    days = (SATURDAY, date(2026, 3, 9), date(2026, 3, 11))
    assert turns_missing(GREEN, on(at(*days))) == Turns(1, None)
    assert turns_missing(GREEN, on(at(SATURDAY))) == Turns(3, None)


def test_before_the_first_time_nobody_knows_how_many_more() -> None:
    assert turns_missing(GREEN, Grounds()) is None
    assert turns_missing(GREEN, on(green(*[180] * 4))) is None
    assert turns_missing(Rule(0, 2, badges=("a",)), on(green(60))) is None


# Who is asked


def test_the_association_with_most_of_the_time_is_asked() -> None:
    lines = [*green(300, association=GARDENERS), *green(120, 120, association=SCOUTS)]
    assert assessor(GREEN, lines, otherwise=SCOUTS) == GARDENERS


def test_between_equals_the_last_one_is_asked() -> None:
    lines = [*green(120, association=GARDENERS), *green(120, association=SCOUTS)]
    assert assessor(GREEN, lines, otherwise=SCOUTS) == SCOUTS
    assert assessor(GREEN, reversed(lines), otherwise=SCOUTS) == SCOUTS


def test_time_that_does_not_count_asks_nobody() -> None:
    lines = [Worked(Area.CARE, 600, SCOUTS), *green(60, association=GARDENERS)]
    assert assessor(GREEN, lines, otherwise=SCOUTS) == GARDENERS
