"""The pages of housing: nothing runs over the edge of a phone, and axe finds no barrier."""

from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page, expect

from civic.demo.loader import SIGN_INS
from civic.demo.people import PEOPLE, contact_of
from tests.browser.barriers import check
from tests.browser.second_step import have_second_step
from tests.browser.steps import be_signed_in, sign_in_by_name

Phone = Callable[..., Page]
TRIESTE, LATINA = "housing.trieste@example.org", "housing.latina@example.org"
TENANT = "Luan Hoxha"

OF_TRIESTE = (
    "housing", "housing/tonight", "housing/requests", "housing/requests/new", "housing/stays",
    "housing/stays/all", "housing/follow-ups", "housing/calendar", "housing/calendar?view=list",
    "housing/units", "housing/units/new", "housing/grants", "housing/grants/new", "housing/offers",
    "housing/offers/new", "housing/owners", "housing/works", "housing/works?closed=1",
    "housing/support", "housing/support/people", "housing/support/bank",
    "housing/support/ceilings", "housing/support/account", "housing/support/course",
    "housing/figures",
)  # fmt: skip
FIRST = (
    ("housing/units", "housing/units/0",
     ("change", "give-up", "work", "close", "who-fits", "incidents", "rooms/new", "leases/new")),
    ("housing/works", "housing/works/0", ()),
    ("housing/support", "housing/support/0", ()),
    ("housing/support/people", "housing/support/for/0", ()),
    ("housing/offers", "housing/offers/0", ()),
    ("housing/owners", "housing/owners/0", ("change",)),
    ("housing/grants", "housing/grants/0", ("change", "lines/new")),
)  # fmt: skip
"""On which page the first link to something is, and the pages below that."""
OF_A_STAY = ("move-out", "extend", "transfer", "agreement")
FIRST_OF_A_UNIT = ("housing/rooms/0", "housing/beds/0", "housing/leases/0")


@pytest.fixture(params=["it", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    tag: str = request.param
    return tag


def test_an_officer_s_pages_fit_a_phone_and_are_accessible(phone: Phone, language: str) -> None:
    page = _officer(phone(), TRIESTE, language)
    _look(page, (f"/{language}/{path}" for path in OF_TRIESTE))


def test_what_lies_below_an_officer_s_lists_fits_a_phone_and_is_accessible(
    phone: Phone, language: str
) -> None:
    page = _officer(phone(), TRIESTE, language)
    for start, link, below in FIRST:
        found = _first(page, f"/{language}/{start}", link)
        _look(page, (found, *(f"{found}/{path}" for path in below)))
    unit = _first(page, f"/{language}/housing/units", "housing/units/0")
    _look(page, (_first(page, unit, link) for link in FIRST_OF_A_UNIT))


def test_the_pages_of_a_stay_fit_a_phone_and_are_accessible(phone: Phone, language: str) -> None:
    page = _officer(phone(), TRIESTE, language)
    stays = f"/{language}/housing/stays"
    _look(page, (_first(page, stays, link) for link in ("/overstay", "/move-in")))
    stay = _first(page, f"{stays}/all", TENANT)
    _look(page, (stay, *(f"{stay}/{path}" for path in OF_A_STAY)))
    _look(page, (_first(page, f"{stay}/agreement", "/agreements/0"),))
    page.goto(f"{stay}/transfer")
    page.locator("[name=unit]").select_option(index=1)
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("main form[method=post] select")).not_to_have_count(0)
    check(page)


def test_a_request_and_a_market_file_fit_a_phone_and_are_accessible(
    phone: Phone, language: str
) -> None:
    page = _officer(phone(), LATINA, language)
    asked = _first(page, f"/{language}/housing/requests", "housing/requests/0")
    _look(page, (asked, *(f"{asked}/{path}" for path in ("people", "priority", "proposals"))))
    page = _officer(phone(), TRIESTE, language)
    market = _first(page, f"/{language}/housing/support", TENANT, "/housing/market/0")
    _look(page, (market, _first(page, market, "/flats/0")))


def test_a_tenant_s_pages_fit_a_phone_and_are_accessible(phone: Phone, language: str) -> None:
    page = phone()
    position = next(n for n, each in enumerate(PEOPLE) if each.name == TENANT)
    be_signed_in(page, contact_of(position)[1], language)
    home = f"/{language}/me/home"
    _look(page, (home, f"{home}/request"))
    _look(page, (_first(page, home, link) for link in ("/fault", "/me/home/agreements/0")))


def _officer(page: Page, name: str, language: str) -> Page:
    who = next(each for each in SIGN_INS if each.name == name)
    sign_in_by_name(page, who.name, who.password, language)
    have_second_step(page)
    return page


def _look(page: Page, paths: Iterable[str]) -> None:
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        check(page)


def _first(page: Page, start: str, *links: str) -> str:
    """Where the first link to something leads: in turn, from page to page. What stands in no address
    is a name to follow."""
    found = start
    for link in links:
        page.goto(found)
        linked = (
            page.locator(f"main a[href*='{link}']")
            if "/" in link
            else page.locator("main a", has_text=link)
        )
        found = linked.first.get_attribute("href") or ""
        assert found, f"{link} on {page.url}"
    return found
