"""The roster and who is here now, on a phone whose network goes away and comes back."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.steps import staff_sign_in

TODAY = re.compile(r"/organise/sessions/[0-9a-f-]+/scan$")


def open_roster(page: Page) -> str:
    """Of the session that is under way; its address."""
    staff_sign_in(page, "organiser", "en")
    page.goto("/en/organise")
    gate = page.locator("a[href$='/scan']").first.get_attribute("href")
    assert gate is not None
    assert TODAY.search(gate)
    roster = gate.removesuffix("/scan")
    page.goto(roster)
    return roster


def test_the_list_says_that_it_is_old_when_the_network_is_away(
    phone: Callable[..., Page], keep: Callable[[Page, str], None]
) -> None:
    page = phone()
    roster = open_roster(page)
    page.goto(f"{roster}/here")
    expect(page.locator("#here-old")).to_be_hidden()

    page.context.set_offline(True)
    expect(page.locator("#here-old")).to_be_visible()
    expect(page.locator("#here")).to_have_class(re.compile("is-old"))
    keep(page, "here-old")

    page.context.set_offline(False)
    expect(page.locator("#here-old")).to_be_hidden()
    expect(page.locator("#here")).not_to_have_class(re.compile("is-old"))


def test_somebody_tapped_in_on_one_phone_appears_on_another_without_a_reload(
    phone: Callable[..., Page], keep: Callable[[Page, str], None]
) -> None:
    at_the_gate, outside = phone(), phone()
    roster = open_roster(at_the_gate)
    open_roster(outside)
    outside.goto(f"{roster}/here")
    button = at_the_gate.locator("button[name=direction][value=entry]").first
    panel = at_the_gate.locator(".panel", has=button).first
    who = panel.locator("h3").inner_text()
    assert who not in outside.locator("#here-now").inner_text()

    button.click()

    expect(at_the_gate.locator("[role=status]", has_text="In: noted.")).to_be_in_viewport()
    keep(at_the_gate, "roster-tapped")
    # Coming back to the page asks at once; waiting would do as well.
    outside.evaluate("window.dispatchEvent(new Event('online'))")
    expect(outside.locator(".here-names").first).to_contain_text(who)
    keep(outside, "here")

    at_the_gate.get_by_role("button", name=re.compile("Undo")).click()
    expect(at_the_gate.locator("[role=status]", has_text="Taken back")).to_be_visible()


def test_a_tap_needs_no_script(phone: Callable[..., Page]) -> None:
    page = phone(javascript=False)
    open_roster(page)
    page.locator("button[name=direction][value=entry]").first.click()
    expect(page.locator("[role=status]", has_text="In: noted.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Undo")).click()
    expect(page.locator("[role=status]", has_text="Taken back")).to_be_visible()


def test_the_name_of_the_gate_stays_on_the_phone(phone: Callable[..., Page]) -> None:
    page = phone()
    roster = open_roster(page)
    page.goto(f"{roster}/scan")
    page.locator("#gate-box summary").click()
    page.fill("[name=gate]", "North")
    page.locator("[name=gate]").blur()
    page.goto(roster)
    page.goto(f"{roster}/scan")
    expect(page.locator("[name=gate]")).to_have_value("North")
