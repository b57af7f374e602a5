"""The pass opens without network on the phone of who asked for that, and on no other."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.steps import sign_up

Phone = Callable[..., Page]
KEPT = "caches.has('civic-pass')"
MONTH_AGO = """
async (days) => {
  const shelf = await caches.open('civic-pass');
  const kept = await shelf.match('/it/me/pass');
  const headers = new Headers(kept.headers);
  headers.set('Civic-Kept-At', String(Date.now() - days * 24 * 60 * 60 * 1000));
  await shelf.put('/it/me/pass', new Response(await kept.text(), { headers }));
}
"""


def holder(phone: Phone, contact: str, name: str = "Idrissa", language: str = "it") -> Page:
    """Somebody with a pass, on the page that shows it."""
    page = phone()
    sign_up(page, contact, name, 1994, language)
    join(page, language)
    return page


def join(page: Page, language: str = "it") -> None:
    page.goto(f"/{language}/projects?city=caserta")
    page.locator("main article a").first.click()
    page.locator("form[action*='/book'] button").first.click()
    page.goto(f"/{language}/me/pass")
    expect(page.locator("img.qr")).to_be_visible()


def keep_on_phone(page: Page) -> None:
    page.locator("#keep-start").click()
    expect(page.locator("#keep-done")).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")


def offline(page: Page, *, is_off: bool = True) -> None:
    page.context.set_offline(is_off)


def code_of(page: Page) -> str:
    return page.locator(".code-big").first.inner_text()


def picture_of(page: Page) -> str | None:
    return page.locator("img.qr").first.get_attribute("src")


def assert_does_not_open(page: Page) -> None:
    with pytest.raises(Error, match="ERR_"):
        page.goto("/it/me/pass")


def test_a_kept_pass_opens_without_network_and_looks_the_same(
    phone: Phone, keep: Callable[[Page, str], None]
) -> None:
    page = holder(phone, "offline1@example.org")
    code, picture = code_of(page), picture_of(page)
    keep_on_phone(page)
    keep(page, "pass-kept-it")
    page.goto("/it/projects")
    offline(page)
    page.goto("/it/me/pass")
    assert (code_of(page), picture_of(page)) == (code, picture)
    expect(page.locator("#keep-done")).to_be_visible()
    weight = page.evaluate("getComputedStyle(document.querySelector('.code-big')).fontWeight")
    assert weight == "700"
    keep(page, "pass-offline-it")


def test_nothing_is_kept_unless_it_was_asked_for(phone: Phone) -> None:
    page = holder(phone, "offline2@example.org")
    expect(page.locator("#keep-not-yet")).to_be_visible()
    assert not page.evaluate(KEPT)
    offline(page)
    assert_does_not_open(page)


def test_signing_out_takes_the_pass_off_the_phone(phone: Phone) -> None:
    page = holder(phone, "offline3@example.org")
    keep_on_phone(page)
    page.locator("header details.menu summary").last.click()
    page.locator("form[action$='/sign-out'] button").click()
    page.wait_for_function(f"{KEPT}.then((is) => !is)")
    offline(page)
    assert_does_not_open(page)


def test_what_was_kept_can_be_taken_off_again(phone: Phone) -> None:
    page = holder(phone, "offline4@example.org")
    keep_on_phone(page)
    page.locator("#keep-stop").click()
    expect(page.locator("#keep-not-yet")).to_be_visible()
    assert not page.evaluate(KEPT)
    offline(page)
    assert_does_not_open(page)


def test_a_replaced_pass_replaces_the_kept_one(phone: Phone) -> None:
    page = holder(phone, "offline5@example.org")
    old = code_of(page)
    keep_on_phone(page)
    page.locator("details.confirm summary").first.click()
    page.locator("details.confirm form button").first.click()
    expect(page.locator(".messages")).to_be_visible()
    new = code_of(page)
    assert new != old
    page.wait_for_timeout(500)
    offline(page)
    page.goto("/it/me/pass")
    assert code_of(page) == new
    expect(page.locator(".messages")).to_have_count(0)


def test_the_pass_of_one_is_not_shown_to_the_next_who_signs_in_on_that_phone(
    phone: Phone,
) -> None:
    page = holder(phone, "offline6@example.org", "Idrissa")
    keep_on_phone(page)
    # Their session is over, without signing out.
    page.context.clear_cookies()
    sign_up(page, "offline7@example.org", "Bilal", 1990, "it")
    join(page)
    expect(page.locator("#keep-not-yet")).to_be_visible()
    assert not page.evaluate(KEPT)
    offline(page)
    assert_does_not_open(page)


def test_the_copy_goes_when_the_server_no_longer_knows_the_session(phone: Phone) -> None:
    page = holder(phone, "offline8@example.org")
    keep_on_phone(page)
    page.context.clear_cookies()
    page.goto("/it/me/pass")
    assert "/sign-in" in page.url
    page.wait_for_function(f"{KEPT}.then((is) => !is)")


@pytest.mark.parametrize(("days", "opens"), [(29, True), (31, False)])
def test_the_copy_ends_after_thirty_days(phone: Phone, days: int, *, opens: bool) -> None:
    page = holder(phone, f"offline-{days}@example.org")
    keep_on_phone(page)
    page.evaluate(MONTH_AGO, days)
    offline(page)
    if opens:
        page.goto("/it/me/pass")
        expect(page.locator("img.qr")).to_be_visible()
    else:
        assert_does_not_open(page)


def test_without_javascript_the_page_offers_nothing_that_would_not_work(phone: Phone) -> None:
    page = holder(phone, "offline9@example.org")
    cookies = page.context.cookies()
    plain = phone(javascript=False)
    plain.context.add_cookies(cookies)  # type: ignore[arg-type]  # what the one gives the other takes
    plain.goto("/it/me/pass")
    expect(plain.locator("img.qr")).to_be_visible()
    expect(plain.locator("#keep")).to_be_hidden()
