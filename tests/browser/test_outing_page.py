"""The mobile unit's page as a page: how it looks, and where a thumb reaches."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.barriers import RULES
from tests.browser.conftest import PHONE
from tests.browser.second_step import have_second_step
from tests.browser.steps import staff_sign_in
from tests.browser.street import (
    ROLE,
    cut_network,
    known_letter,
    load,
    on_the_street,
    open_page,
    save,
    start_outing,
    write_newcomer,
)

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]


@pytest.mark.parametrize("language", ["it", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_over_the_edge_and_axe_finds_no_barrier(
    phone: Phone, keep: Keep, language: str, width: int
) -> None:
    page = phone("ar" if language == "ar" else "it-IT")
    page.set_viewport_size({"width": width, "height": PHONE["height"] if width == 360 else 800})
    staff_sign_in(page, ROLE, language)
    have_second_step(page)
    open_page(page, language)
    name = f"{language}-{width}"
    _look_at(page, keep, f"outing-setup-{name}")
    load(page)
    letter = known_letter(page)
    _look_at(page, keep, f"outing-start-{name}")
    cut_network(page)
    start_outing(page)
    _look_at(page, keep, f"outing-open-{name}")
    page.locator("#write").click()
    page.fill("#search", letter)
    _look_at(page, keep, f"outing-found-{name}")
    page.locator("#found button").first.click()
    _look_at(page, keep, f"outing-known-{name}")
    save(page)
    write_newcomer(page)
    _look_at(page, keep, f"outing-new-{name}")
    save(page)
    _look_at(page, keep, f"outing-written-{name}")


def _look_at(page: Page, keep: Keep, name: str) -> None:
    keep(page, name)
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def test_the_tally_and_the_contact_button_stand_on_one_screen(phone: Phone) -> None:
    page = on_the_street(phone())
    cut_network(page)
    start_outing(page)
    page.evaluate("window.scrollTo(0, 0)")
    box = page.locator("#write").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"]
    for button in page.locator("#tally button").all():
        size = button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 56
