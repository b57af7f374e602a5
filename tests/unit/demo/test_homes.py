"""The homes of the demonstration as they are described."""

from collections.abc import Iterator

import phonenumbers
import pytest

from civic.demo.housing import CITIES
from civic.demo.housing_shape import Asking, DemoHousing
from civic.demo.people import FIRST_NUMBER, LAST_NUMBER, PEOPLE, contact_of
from civic.housing.rules.money import MOST_CENTS
from civic.kernel.i18n import LANGUAGES, SPOKEN

by_city = pytest.mark.parametrize("housing", CITIES, ids=lambda housing: housing.city)


def askings(housing: DemoHousing) -> Iterator[Asking]:
    yield from housing.stays
    yield from housing.waiting


def phones(housing: DemoHousing) -> Iterator[str]:
    for unit in housing.units:
        yield from unit.contacts
    owners = [offer.owner for offer in housing.offers]
    owners += [flat.landlord for each in housing.markets for flat in each.flats if flat.landlord]
    yield from (owner.phone for owner in owners if owner.phone)


@by_city
def test_phones_ring_nowhere_and_are_nobody_elses(housing: DemoHousing) -> None:
    taken = {contact_of(position)[1] for position in range(len(PEOPLE))}
    for phone in phones(housing):
        number = phonenumbers.parse(phone)
        assert phonenumbers.is_valid_number(number)
        plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert FIRST_NUMBER <= int(plain) <= LAST_NUMBER
        assert plain not in taken


@by_city
def test_everybody_is_asked_in_a_language_that_the_pages_know(housing: DemoHousing) -> None:
    tags = {language.tag for language in LANGUAGES} | set(SPOKEN)
    assert {each.language for each in askings(housing)} <= tags
    assert len({each.language for each in askings(housing)}) >= 4


@by_city
def test_nobody_asks_twice_and_who_is_told_of_is_somebody(housing: DemoHousing) -> None:
    keys = [each.key for each in askings(housing)]
    names = [person.name for each in askings(housing) for person in each.people]
    assert len(set(keys)) == len(keys)
    assert len(set(names)) == len(names)
    about = [each.who for each in housing.supports] + [each.who for each in housing.markets]
    about += [each.who for each in housing.incidents if each.who]
    assert set(about) <= set(keys)


@by_city
def test_units_grants_and_offers_are_named_once_and_found(housing: DemoHousing) -> None:
    units = [unit.key for unit in housing.units]
    grants = {grant.key for grant in housing.grants}
    assert len(set(units)) == len(units)
    assert {unit.grant for unit in housing.units} <= grants
    assert {each.grant for each in housing.supports} <= grants
    assert {unit.offer for unit in housing.units} - {""} <= {each.key for each in housing.offers}
    lines = {code for grant in housing.grants for code, _, _ in grant.lines}
    assert {work.line for work in housing.works} - {""} <= lines
    for grant in housing.grants:
        assert sum(cents for _, _, cents in grant.lines) <= grant.amount_cents <= MOST_CENTS
