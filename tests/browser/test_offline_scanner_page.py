"""The scanner as a page: what it weighs, how it looks, where a thumb reaches."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import RULES
from tests.browser.conftest import PHONE, Site
from tests.browser.gate import (
    UNKNOWN,
    Ledger,
    at_the_gate,
    cut_network,
    load,
    open_scanner,
    type_in,
)
from tests.browser.meter import measured
from tests.browser.steps import staff_sign_in

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]

LOADED_ONCE, LOADED_AGAIN = 250_000, 3_000
"""Bytes down the line, headers and all: the first time with the decoder, then next to nothing."""


def test_the_page_weighs_little_once_and_then_nothing(browser: Browser, site: Site) -> None:
    with measured(site.url) as meter:
        signing_in = browser.new_context(base_url=meter.url)
        staff_sign_in(signing_in.new_page(), "organiser")
        # A phone that has nothing of the site yet.
        context = browser.new_context(viewport=PHONE, base_url=meter.url)
        context.add_cookies(signing_in.cookies())  # type: ignore[arg-type]  # as one gives them
        meter.reset()
        page = context.new_page()
        open_scanner(page)
        expect(page.locator("#scanner[data-kept=yes]")).to_be_attached()
        page.wait_for_timeout(500)
        once = meter.received
        page.close()
        meter.reset()
        again = context.new_page()
        open_scanner(again)
        expect(again.locator("#scanner[data-kept=yes]")).to_be_attached()
        again.wait_for_timeout(500)
        assert 50_000 < once < LOADED_ONCE
        assert meter.received < LOADED_AGAIN
        signing_in.close()
        context.close()


@pytest.mark.parametrize("language", ["it", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_over_the_edge_and_axe_finds_no_barrier(
    phone: Phone, site: Site, keep: Keep, language: str, width: int
) -> None:
    page = phone("ar" if language == "ar" else "it-IT")
    page.set_viewport_size({"width": width, "height": 740 if width == 360 else 800})
    staff_sign_in(page, "organiser", language)
    open_scanner(page, language)
    _look_at(page, keep, f"offline-scanner-setup-{language}-{width}")
    load(page)
    code = Ledger.of(site, page).expected()[0]
    _look_at(page, keep, f"offline-scanner-start-{language}-{width}")
    cut_network(page)
    for name, typed in (("known", code), ("unknown", UNKNOWN)):
        type_in(page, typed)
        _look_at(page, keep, f"offline-scanner-{name}-{language}-{width}")


def _look_at(page: Page, keep: Keep, name: str) -> None:
    keep(page, name)
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def test_the_buttons_lie_in_the_lower_half_of_a_phone(phone: Phone) -> None:
    page = at_the_gate(phone())
    half = PHONE["height"] / 2
    for name in ("#directions", "#code", "#start"):
        box = page.locator(name).bounding_box()
        assert box is not None
        assert half < box["y"]
        assert box["y"] + box["height"] <= PHONE["height"]
