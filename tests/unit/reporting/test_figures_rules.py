import pytest

from civic.reporting.rules import SMALLEST_COUNT, shown


@pytest.mark.parametrize("people", range(1, SMALLEST_COUNT))
def test_fewer_than_five_people_are_never_counted_out(people: int) -> None:
    assert shown(people) is None


@pytest.mark.parametrize("people", [0, 5, 6, 9000])
def test_nobody_and_five_or_more_are_counted(people: int) -> None:
    assert shown(people) == people
