from dataclasses import replace
from datetime import date

from civic.cases.retention import YEARS, Kept, Standing, due_days, takes_all
from civic.cases.states import CaseState

DATA = frozenset({Kept.IDENTITY, Kept.SOCIAL, Kept.DOCUMENTS})
CLOSED = Standing(CaseState.CLOSED, date(2026, 3, 14), True, False, date(2026, 3, 1), DATA)


def test_every_kind_of_data_has_a_clock() -> None:
    assert set(YEARS) == set(Kept)


def test_the_clocks_of_a_closed_case_run_from_the_day_of_closing() -> None:
    assert due_days(CLOSED) == {
        Kept.IDENTITY: date(2036, 3, 14),
        Kept.SOCIAL: date(2036, 3, 14),
        Kept.DOCUMENTS: date(2031, 3, 14),
    }


def test_of_a_case_that_is_not_closed_nothing_goes() -> None:
    for state in set(CaseState) - {CaseState.CLOSED}:
        assert due_days(replace(CLOSED, state=state)) == {}


def test_an_intake_that_was_not_taken_in_charge_goes_whole_after_two_years() -> None:
    refused = replace(CLOSED, was_in_charge=False)
    assert due_days(refused) == {Kept.REFUSED_INTAKE: date(2028, 3, 14)}


def test_an_anonymous_contact_goes_a_year_after_the_last_meeting_closed_or_not() -> None:
    met = replace(CLOSED, was_in_charge=False, is_anonymous=True, state=CaseState.CONTACT)
    assert due_days(met) == {Kept.ANONYMOUS_CONTACT: date(2027, 3, 1)}


def test_a_leap_day_becomes_the_first_of_march() -> None:
    closed = replace(CLOSED, since=date(2024, 2, 29), was_in_charge=False)
    assert due_days(closed) == {Kept.REFUSED_INTAKE: date(2026, 3, 1)}
    assert due_days(replace(closed, was_in_charge=True))[Kept.DOCUMENTS] == date(2029, 3, 1)


def test_a_file_goes_with_its_last_part() -> None:
    assert not takes_all({Kept.DOCUMENTS}, DATA)
    assert takes_all(DATA, DATA)
    assert takes_all({Kept.REFUSED_INTAKE}, DATA)
