"""Every page, in every role: nothing runs over the edge of a phone, and axe finds no barrier."""

from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page

from civic.demo.loader import SIGN_INS
from tests.browser.barriers import check, check_all
from tests.browser.second_step import have_second_step
from tests.browser.steps import PASSWORDS, be_signed_in, sign_in_by_name, staff_sign_in

Phone = Callable[..., Page]

PUBLIC = (
    "", "projects", "projects?q=giardno&weekday=sat&wheelchair=1", "projects/map", "privacy",
    "accessibility", "sign-in", "sign-in/card", "staff/sign-in", "here", "here?why=old", "nowhere",
    "services", "badges/check", "badges/01968c3e-0000-7000-8000-000000000041",
)  # fmt: skip
OF_ROLE = {
    "participant": (
        "me", "me/pass", "me/pin", "me/hours", "me/badges", "me/plan", "me/file",
        "me/recognition", "me/profile", "me/case", "me/case/archive",
        "me/free-time", "me/calendar", "me/changes", "me/register-details", "groups",
        "projects?sort=fit", "associations/mine", "associations/new",
    ),
    "organiser": (
        "organise", "organise/projects", "organise/projects/new", "organise/badges",
        "organise/own-badges", "organise/own-badges/new", "organise/recognition",
        "organise/devices", "organise/to-look-at", "organise/corrections", "scanner",
        "organise/questions", "organise/hours",
        "organise/insurance", "organise/registers", "organise/requests", "organise/table",
    ),
    "officer": (
        "city", "city/projects", "city/associations", "city/people", "city/figures",
        "city/people/took-part", "city/consents", "city/desk", "city/people/new",
        "city/months", "city/insurance", "city/insured-days", "city/no-shows", "city/requests",
        "city/questions", "city/queue", "queue/potenza", "plans",
        "city/services", "city/services/new", "staff/second-step",
    ),
    "case worker": ("plans", "city/desk"),
    "coordinator": ("network", "network/housing"),
    "administrator": ("admin",),
}  # fmt: skip


OF_CASE_STAFF = {
    "desk": ("cases", "cases/known", "cases/new", "cases/arrivals", "city/queue"),
    "mobile unit": ("cases", "outing/outings", "housing/tonight"),
    "psychologist": ("cases",),
    "legal adviser": ("cases",),
    "housing officer": ("cases",),
    "city coordinator": ("cases?closed=1", "cases/retention"),
    "data protection": ("cases/trail", "cases/erasures", "cases/retention"),
}
BELOW_A_CASE = {
    "mobile unit": ("", "around", "parts/identity", "parts/social", "write/entry", "likely"),
    "psychologist": ("", "around", "parts/health", "parts/protection", "write/alert"),
    "legal adviser": ("", "parts/legal_status", "parts/legal_advice"),
    "housing officer": ("", "around", "parts/housing"),
    "city coordinator": ("", "around"),
}
LEAD = "lead.napoli@example.org"
OF_LEAD = (
    "", "around", "likely", "write/entry", "write/task", "write/alert", "archive", "erasure",
    "emergency",
)  # fmt: skip


@pytest.fixture(params=["it", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    tag: str = request.param
    return tag


def test_public_pages_fit_a_phone_and_are_accessible(phone: Phone, language: str) -> None:
    page = phone()
    check_all(page, (f"/{language}/{path}" for path in PUBLIC))
    page.goto(f"/{language}/projects")
    page.locator(".cards a[href*='/projects/']").first.click()
    check(page)


@pytest.mark.parametrize("role", OF_ROLE)
def test_pages_of_a_role_fit_a_phone_and_are_accessible(
    phone: Phone, language: str, role: str
) -> None:
    page = phone()
    if role == "participant":
        be_signed_in(page, PASSWORDS[role].name, language)
    else:
        staff_sign_in(page, role, language)
    check_all(page, (f"/{language}/{path}" for path in OF_ROLE[role]))
    for start, link in LINKS_TO_FOLLOW.get(role, ()):
        page.goto(f"/{language}/{start}")
        found = page.locator(f"main a[href*='{link}']").first.get_attribute("href")
        assert found, link
        page.goto(found)
        check(page)
        check_all(page, (f"{found}/{below}" for below in BELOW.get(link, ())))


@pytest.mark.parametrize("role", OF_CASE_STAFF)
def test_pages_of_cases_fit_a_phone_and_are_accessible(
    phone: Phone, language: str, role: str
) -> None:
    page = phone()
    staff_sign_in(page, role, language)
    have_second_step(page)
    check_all(page, (f"/{language}/{path}" for path in OF_CASE_STAFF[role]))
    _check_a_case(page, language, BELOW_A_CASE.get(role, ()))


def test_a_lead_s_pages_fit_a_phone_and_are_accessible(phone: Phone, language: str) -> None:
    page = phone()
    who = next(sign_in for sign_in in SIGN_INS if sign_in.name == LEAD)
    sign_in_by_name(page, who.name, who.password, language)
    have_second_step(page)
    check_all(page, (f"/{language}/{path}" for path in ("cases", "cases/archives")))
    _check_a_case(page, language, OF_LEAD)


def _check_a_case(page: Page, language: str, below: Iterable[str]) -> None:
    page.goto(f"/{language}/cases")
    first = page.locator("main a.case-name").first
    found = first.get_attribute("href") if first.count() else None
    check_all(page, (f"{found}/{path}".rstrip("/") for path in below if found))


LINKS_TO_FOLLOW = {
    "participant": (("me/hours", "/me/hours/0"),),
    "organiser": (
        ("organise", "/organise/sessions/"),
        ("organise/projects", "/organise/projects/0"),
        ("organise/recognition", "/organise/recognition/0"),
    ),
    "officer": (("city/people", "/city/people/0"), ("city/projects", "/city/projects/0")),
    "case worker": (("plans", "/plans/0"),),
}
BELOW = {
    "/plans/0": ("reviews", "versions", "barriers", "occupations", "closing", "moving"),
}
"""Pages that lie below one that a link leads to."""


def test_without_javascript_every_menu_and_filter_still_works(phone: Phone) -> None:
    page = phone(javascript=False)
    page.goto("/it/projects")
    page.locator("header details.menu summary").first.click()
    page.locator("header a[hreflang=fr]").click()
    assert page.url.endswith("/fr/projects")
    page.locator("main details summary").first.click()
    page.locator("main form [type=submit]").first.click()
    assert "/fr/projects" in page.url
