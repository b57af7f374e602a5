"""From a name that only the mobile unit uses to a person in charge, who reads their own page."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
from playwright.sync_api import Page, expect

from civic.demo.loader import SIGN_INS
from civic.kernel.clock import SystemClock, rome_day
from tests.browser.second_step import have_second_step, set_up_second_step
from tests.browser.steps import sign_in_by_name, sign_up, staff_sign_in

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]
LEAD = "lead.napoli@example.org"
NAME, SURNAME, CONTACT = "Tesfay", "Gebremariam", "tesfay@example.org"


def test_a_second_step_is_set_up_once_and_asked_for_then(phone: Phone, keep: Keep) -> None:
    page = phone()
    staff_sign_in(page, "legal adviser")
    page.goto("/it/cases")
    expect(page).to_have_url(re.compile("second-step"))
    keep(page, "second-step-it")
    secret = set_up_second_step(page)
    expect(page).to_have_url(re.compile("/it/cases$"))

    other = phone()
    staff_sign_in(other, "legal adviser")
    other.goto("/ar/cases")
    expect(other).to_have_url(re.compile("second-step"))
    assert secret not in other.content()
    keep(other, "second-step-ar")
    other.fill("[name=code]", "000000")
    other.locator("main form button[type=submit]").last.click()
    expect(other.locator("main .field-error")).to_be_visible()
    # The step that set it up has been used; the next one is half a minute ahead at most.
    later = SystemClock().now() + timedelta(seconds=30)
    other.fill("[name=code]", pyotp.TOTP(secret).at(later))
    other.locator("main form button[type=submit]").last.click()
    expect(other).to_have_url(re.compile("/ar/cases$"))


def test_from_the_desk_to_being_in_charge_to_one_s_own_page(phone: Phone, keep: Keep) -> None:
    person = phone()
    sign_up(person, CONTACT, NAME, 1994, "ar")
    desk = phone()
    staff_sign_in(desk, "desk")
    have_second_step(desk)
    address = _found_unknown_and_opened(desk, keep)
    _handed_to_lead(desk, address)

    lead = phone()
    sign_in_by_name(lead, LEAD, _password_of(LEAD))
    have_second_step(lead)
    lead.goto(address)
    expect(lead.locator("h1")).to_contain_text(SURNAME)
    _taken_in_charge(lead, address)
    _agreed_with_the_person(lead, address)
    keep(lead, "case-lead-it")
    lead.goto(f"{address}/around".replace("/it/", "/ar/"))
    keep(lead, "case-around-ar")

    desk.goto(address)
    expect(desk.locator("h1")).not_to_contain_text(SURNAME)

    person.goto("/ar/me/case")
    expect(person.locator("main")).to_contain_text("Portare la tessera")
    expect(person.locator("main")).not_to_contain_text("Colloquio riservato")
    keep(person, "case-own-page-ar")
    person.goto("/ar/me/file")
    expect(person.locator("main")).to_contain_text("Rosa Cacace")


def _password_of(name: str) -> str:
    return next(each.password for each in SIGN_INS if each.name == name)


def _found_unknown_and_opened(desk: Page, keep: Keep) -> str:
    """Nobody is known by these two facts, so what was typed begins the file."""
    desk.goto("/it/cases/known")
    desk.fill("[name=given]", NAME)
    desk.fill("[name=family]", SURNAME)
    desk.locator("main form button[type=submit]").last.click()
    keep(desk, "case-known-it")
    desk.locator("form[action$='/cases/begin'] button").click()
    expect(desk.locator("[name=given]")).to_have_value(NAME)
    desk.fill("[name=born]", "un giorno")
    desk.locator("main form button[type=submit]").last.click()
    expect(desk.locator("main .field-error")).to_be_visible()
    expect(desk.locator("[name=family]")).to_have_value(SURNAME)
    desk.fill("[name=born]", "1994")
    desk.locator("main form button[type=submit]").last.click()
    expect(desk.locator("h1")).to_contain_text(SURNAME)
    return desk.url.split("?")[0]


def _handed_to_lead(desk: Page, address: str) -> None:
    desk.goto(f"{address}/around")
    form = desk.locator("form[action$='/team']")
    desk.locator("details", has=form).locator("summary").click()
    form.locator("[name=person]").select_option(label="Rosa Cacace · assistente sociale")
    form.locator("[name=role]").select_option("case_lead")
    form.locator("button[type=submit]").click()
    expect(desk).to_have_url(re.compile("/it/cases$"))


def _taken_in_charge(lead: Page, address: str) -> None:
    """The consent is asked for before, with the language and the mediator."""
    _move(lead, address, "intake")
    _move(lead, address, "in_charge")
    expect(lead.locator(".error-summary")).to_be_visible()
    form = lead.locator("form[action$='/consents']")
    lead.locator("details", has=form).locator("summary").first.click()
    form.locator("label[for='consent-purpose-0']").click()
    form.locator("[name=language]").select_option("ar")
    form.locator("[name=given_on]").fill(rome_day(SystemClock().now()).isoformat())
    form.locator("label[for='consent-with_mediator']").click()
    form.locator("button[type=submit]").click()
    _move(lead, address, "in_charge")
    expect(lead.locator(".error-summary")).to_have_count(0)


def _move(lead: Page, address: str, to: str) -> None:
    lead.goto(f"{address}/around")
    form = lead.locator(f"form[action$='/state/{to}']")
    lead.locator("details", has=form).locator("summary").first.click()
    form.locator("button[type=submit]").click()


def _agreed_with_the_person(lead: Page, address: str) -> None:
    """Linked to their account, with a task they said yes to and a note they never see."""
    lead.goto(f"{address}/around")
    form = lead.locator("form[action$='/account']")
    lead.locator("details", has=form).locator("summary").first.click()
    form.locator("[name=contact]").fill(CONTACT)
    form.locator("button[type=submit]").click()
    lead.goto(f"{address}/write/task")
    lead.fill("[name=words]", "Portare la tessera")
    lead.locator("label[for='is_agreed']").click()
    lead.locator("main form button[type=submit]").last.click()
    lead.goto(f"{address}/write/entry")
    expect(lead.locator("[name=belongs]")).to_have_value("")
    lead.select_option("[name=belongs]", "social")
    lead.fill("[name=words]", "Colloquio riservato")
    lead.locator("main form button[type=submit]").last.click()
    expect(lead.locator("#timeline")).to_contain_text("Colloquio riservato")
