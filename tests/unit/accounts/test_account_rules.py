from datetime import UTC, date, datetime, timedelta

import pytest

from civic.accounts.rules import (
    can_be_born_in,
    in_fours,
    is_name,
    may_be_minor,
    network_of,
    plain_digits,
    step_at,
    steps_around,
    youngest_age,
)

TODAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("year", "answer"),
    [(2012, True), (2013, False), (1916, True), (1915, False), (2030, False), (0, False)],
)
def test_birth_year_from_14_to_110_years_ago(year: int, answer: bool) -> None:
    assert can_be_born_in(year, TODAY) is answer


def test_who_may_be_17_counts_as_a_minor_until_the_last_day_of_the_year() -> None:
    assert may_be_minor(2008, TODAY)
    assert may_be_minor(2008, date(2026, 12, 30))
    assert not may_be_minor(2008, date(2026, 12, 31))
    assert youngest_age(2000, TODAY) == 25


@pytest.mark.parametrize("text", ["Amina", "U", "😀", "محمد", "Bintou 🌻", "7", "নূর"])
def test_one_word_one_letter_or_a_picture_is_a_name(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "‍", "-", "...", " "])
def test_marks_alone_are_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("123 456", "123456"), ("١٢٣٤٥٦", "123456"), ("۱۲۳-۴۵۶", "123456"), ("১২৩৪৫৬", "123456")],
)
def test_digits_of_any_script_are_digits(typed: str, digits: str) -> None:
    assert plain_digits(typed) == digits


def test_one_ipv6_line_is_one_network() -> None:
    assert (
        network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    )
    assert network_of("192.0.2.7") == network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert network_of(None) == network_of("not an address") == "unknown"


def test_a_phone_and_the_site_count_the_same_half_minutes() -> None:
    # RFC 6238, appendix B.
    assert step_at(datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC)) == 1
    assert step_at(datetime(2005, 3, 18, 1, 58, 29, tzinfo=UTC)) == 0x23523EC
    assert step_at(datetime(2033, 5, 18, 3, 33, 20, tzinfo=UTC)) == 0x3F940AA


def test_digits_are_taken_of_this_half_minute_and_of_one_on_each_side() -> None:
    now = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
    step = step_at(now)
    assert sorted(steps_around(now)) == [step - 1, step, step + 1]
    assert steps_around(now + timedelta(seconds=29)) == steps_around(now)


def test_a_secret_is_typed_in_groups_of_four() -> None:
    assert in_fours("ABCDEFGH234") == ["ABCD", "EFGH", "234"]
