"""The camera page reads a pass: Chromium's camera shows a film of the QR from the pass page."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Site
from tests.browser.film import filming, write_film
from tests.browser.gate import book
from tests.browser.steps import staff_sign_in


def test_the_camera_reads_a_pass_held_at_an_angle(
    phone: Callable[..., Page], browser: Browser, site: Site, tmp_path: Path
) -> None:
    holder = phone()
    book(holder, site, "idrissa@example.org", "Idrissa")
    film = tmp_path / "pass.y4m"
    write_film(holder, film)
    with filming(browser, film) as camera:
        gate = camera.new_context(viewport=PHONE, locale="it-IT", base_url=site.url).new_page()
        staff_sign_in(gate, "organiser")
        gate.goto("/it/organise")
        gate.locator("a[href$='/scan']").first.click()
        gate.locator("#start").click()
        welcome = gate.locator("#answer .alert-success")
        expect(welcome).to_be_visible(timeout=20_000)
        expect(welcome).to_contain_text("Idrissa")
        gate.screenshot(path=Path("var/screenshots/camera-it.png"))
