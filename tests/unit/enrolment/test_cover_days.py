from datetime import date
from typing import Any
from uuid import UUID

import pytest

from civic.enrolment.rules import (
    ASSOCIATIONS_OWN,
    DayToCome,
    LegalBasis,
    PolicyLine,
    Risk,
    uncovered_days,
)

CITY, OTHER_CITY, ORTI, RADICI = (UUID(int=number) for number in range(1, 5))
DAY = DayToCome(ORTI, CITY, date(2026, 3, 21), LegalBasis.VOLUNTEER)


def policy(**over: Any) -> PolicyLine:
    values: dict[str, Any] = {
        "id": UUID(int=9),
        "association_id": ORTI,
        "municipality_id": CITY,
        "insurer": "Mutua dei Volontari",
        "number": "RC-1",
        "starts_on": DAY.day,
        "ends_on": DAY.day,
        "was_to_end_on": None,
        "end_reason": "",
        "risks": tuple(Risk),
        "bases": ASSOCIATIONS_OWN,
    }
    return PolicyLine(**values | over)


def test_a_day_is_covered_from_the_first_to_the_last_of_the_policy() -> None:
    assert uncovered_days([DAY], [policy()]) == []


@pytest.mark.parametrize(
    "over",
    [
        {"starts_on": date(2026, 3, 22), "ends_on": date(2026, 12, 31)},
        {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 20)},
        {"association_id": RADICI},
        {"municipality_id": OTHER_CITY},
        {"bases": (LegalBasis.OCCASIONAL,)},
    ],
)
def test_a_policy_of_others_or_of_other_days_covers_nothing(over: dict[str, Any]) -> None:
    [line] = uncovered_days([DAY], [policy(**over)])
    assert line.missing == tuple(Risk)


def test_what_one_policy_lacks_another_may_cover() -> None:
    accident = policy(risks=(Risk.ACCIDENT, Risk.ILLNESS))
    [line] = uncovered_days([DAY], [accident])
    assert line.missing == (Risk.LIABILITY,)
    assert uncovered_days([DAY], [accident, policy(risks=(Risk.LIABILITY,))]) == []


def test_the_municipality_covers_whom_its_policy_names_with_any_association() -> None:
    sent = DayToCome(RADICI, CITY, DAY.day, LegalBasis.ASYLUM_SEEKER)
    cities = policy(association_id=None, bases=(LegalBasis.ASYLUM_SEEKER,))
    assert uncovered_days([sent], [cities]) == []
    assert uncovered_days([DAY], [cities])
