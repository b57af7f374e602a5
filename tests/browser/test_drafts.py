"""Text that was typed and not sent waits in the browser, sealed, until it arrives."""

import base64
import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.steps import PASSWORDS, staff_sign_in

Phone = Callable[..., Page]
PHRASE = "Nobody to leave the little one with on Tuesdays"
FORM = "form[data-draft]"
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('civic-draft '))"
BACK = f"{FORM} [role=status]"


def open_barriers(page: Page) -> str:
    """The page of what stands in the way of the first plan; its address."""
    page.goto("/en/plans")
    plan = page.locator("main a[href*='/plans/0']").first.get_attribute("href")
    assert plan
    address = f"{plan}/barriers"
    load(page, address)
    return address


def load(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(f"{FORM}[data-draft-ready]")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.locator(f"{FORM} textarea").press_sequentially(text)
    page.wait_for_function(f"{KEPT}.length === 1")


def kept_in(page: Page, store: str) -> str:
    kept: str = page.evaluate(f"JSON.stringify({{...{store}}})")
    return kept


def sign_in_here(page: Page, role: str) -> None:
    """On the sign-in page that the browser was led to."""
    who = PASSWORDS[role]
    page.fill("[name=sign_in_name]", who.name)
    page.fill("[name=password]", who.password)
    page.click("main form button[type=submit]")
    expect(page).not_to_have_url(re.compile("sign-in"))


def end_all_sessions(page: Page) -> None:
    page.goto("/en/me/profile")
    page.locator("form[action$='sign-out-everywhere'] button").click()
    expect(page.locator(".messages")).to_be_visible()


def test_what_was_typed_outlives_the_session_and_is_readable_by_nobody(phone: Phone) -> None:
    page, elsewhere = phone("en-GB"), phone("en-GB")
    staff_sign_in(page, "case worker", "en")
    staff_sign_in(elsewhere, "case worker", "en")
    address = open_barriers(page)
    plan_id = address.split("/")[-2]
    write(page, PHRASE)
    key = page.locator(FORM).get_attribute("data-draft-key")
    assert key
    end_all_sessions(elsewhere)
    page.locator(f"{FORM} button[type=submit]").click()
    expect(page).to_have_url(re.compile("/en/staff/sign-in"))
    for secret in (PHRASE, "little one", plan_id, key):
        assert secret not in kept_in(page, "localStorage")
    for secret in (PHRASE, "little one", key):
        assert secret not in kept_in(page, "sessionStorage")
    sign_in_here(page, "case worker")
    expect(page).to_have_url(re.compile(f"{address}$"))
    expect(page.locator(f"{FORM} textarea")).to_have_value(PHRASE)
    expect(page.locator(BACK)).to_contain_text("You had not sent this text yet.")
    page.locator(f"{FORM} [name=domain]").select_option(index=1)
    page.locator(f"{FORM} button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(PHRASE)
    expect(page.locator(f"{FORM}[data-draft-ready]")).to_be_visible()
    assert page.evaluate(KEPT) == []
    expect(page.locator(f"{FORM} textarea")).to_have_value("")


def test_a_refusal_keeps_the_text_and_says_nothing_of_it(phone: Phone) -> None:
    page = phone("en-GB")
    staff_sign_in(page, "case worker", "en")
    address = open_barriers(page)
    write(page, PHRASE)
    page.evaluate("document.querySelector('form[data-draft] [name=domain]').value = ''")
    page.locator(f"{FORM} button[type=submit]").click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    expect(page.locator(f"{FORM}[data-draft-ready]")).to_be_visible()
    assert len(page.evaluate(KEPT)) == 1
    expect(page.locator(BACK)).to_have_count(0)
    load(page, address)
    expect(page.locator(f"{FORM} textarea")).to_have_value(PHRASE)
    page.locator(f"{FORM} .alert button").click()
    expect(page.locator(f"{FORM} textarea")).to_have_value("")
    assert page.evaluate(KEPT) == []
    load(page, address)
    expect(page.locator(f"{FORM} textarea")).to_have_value("")


def test_without_network_what_was_sent_is_there_again(phone: Phone) -> None:
    page = phone("en-GB")
    staff_sign_in(page, "case worker", "en")
    address = open_barriers(page)
    write(page, PHRASE)
    page.context.set_offline(True)
    page.locator(f"{FORM} button[type=submit]").click(no_wait_after=True)
    page.wait_for_timeout(300)
    page.context.set_offline(False)
    load(page, address)
    expect(page.locator(f"{FORM} textarea")).to_have_value(PHRASE)


def test_signing_out_takes_every_draft_along(phone: Phone) -> None:
    page = phone("en-GB")
    staff_sign_in(page, "case worker", "en")
    open_barriers(page)
    write(page, PHRASE)
    page.locator("header details.menu summary").last.click()
    page.locator("header form[action$='/sign-out'] button").click()
    expect(page.locator(".messages")).to_be_visible()
    page.wait_for_function(f"{KEPT}.length === 0")


def test_a_draft_is_dropped_after_three_days(phone: Phone) -> None:
    page = phone("en-GB")
    staff_sign_in(page, "case worker", "en")
    address = open_barriers(page)
    write(page, PHRASE)
    page.evaluate(
        "(name) => { const kept = JSON.parse(localStorage.getItem(name));"
        " kept.at -= 3 * 24 * 3600 * 1000; localStorage.setItem(name, JSON.stringify(kept)); }",
        page.evaluate(KEPT)[0],
    )
    load(page, address)
    expect(page.locator(f"{FORM} textarea")).to_have_value("")
    assert page.evaluate(KEPT) == []


def test_somebody_else_on_the_same_device_neither_reads_it_nor_takes_it_away(phone: Phone) -> None:
    page = phone("en-GB")
    staff_sign_in(page, "case worker", "en")
    address = open_barriers(page)
    write(page, PHRASE)
    label = page.locator(FORM).get_attribute("data-draft")
    page.context.clear_cookies()
    staff_sign_in(page, "officer", "en")
    # The plan is closed to her: a form of the same name on a page of hers is as near as she gets.
    page.route("**/en/city/services/new", lambda route: _with_draft(route, str(label)))
    load(page, "/en/city/services/new")
    expect(page.locator(f"{FORM} textarea").first).to_have_value("")
    assert len(page.evaluate(KEPT)) == 1
    page.context.clear_cookies()
    staff_sign_in(page, "case worker", "en")
    load(page, address)
    expect(page.locator(f"{FORM} textarea")).to_have_value(PHRASE)


def _with_draft(route: Route, label: str) -> None:
    answer = route.fetch()
    key = base64.b64encode(bytes(32)).decode()
    form = '<form method="post" novalidate'
    drafting = f'{form} data-draft="{label}" data-draft-key="{key}"'
    route.fulfill(response=answer, body=answer.text().replace(form, drafting))
