"""A printed card before the page that checks it: with network, without, and after one changed byte."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import RULES
from tests.browser.conftest import PHONE, Site
from tests.browser.film import filming, write_film_of
from tests.browser.steps import PASSWORDS, sign_in_with_code

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]
DPI, INCH = 200, 72
TRUE = re.compile("alert-success")


@pytest.fixture(scope="module")
def sheet(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    """The card of the participant's badge, as a printer puts it on paper."""
    context = browser.new_context(viewport=PHONE, locale="it-IT", base_url=site.url)
    holder = context.new_page()
    sign_in_with_code(holder, PASSWORDS["participant"].name, "it")
    cards = holder.locator("main a[href$='/card.pdf']")
    for _ in range(60):  # the worker signs in turns
        holder.goto("/it/me/badges")
        if cards.count():
            break
        time.sleep(1)
    path = cards.first.get_attribute("href")
    assert path
    answer = holder.request.get(path)
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.body())
    picture: Image.Image = document[0].render(scale=DPI / INCH).to_pil()
    document.close()
    context.close()
    return picture


@pytest.fixture(scope="module")
def square(sheet: Image.Image) -> str:
    [code] = zxingcpp.read_barcodes(sheet)
    return code.text


def behind(square: str, language: str = "it") -> str:
    """As another camera opens it, on this site."""
    return f"/{language}/badges/card#{square.rpartition('#')[2]}"


def kept(page: Page, language: str = "it") -> Page:
    page.goto(f"/{language}/badges/card")
    expect(page.locator("#cards[data-kept=yes]")).to_be_attached()
    return page


def reopen(page: Page, address: str) -> None:
    """Whole, and not only another part behind the #."""
    page.goto("about:blank")
    page.goto(address)


def test_a_card_is_checked_with_network_and_without(
    phone: Phone, square: str, site: Site, keep: Keep
) -> None:
    assert square.startswith(f"{site.url}/it/badges/card#")
    page = kept(phone())
    page.goto(behind(square))
    answer = page.locator("#answer")
    expect(answer.locator("[data-fact=name] bdi")).to_have_text("Amina")
    expect(answer.locator(".alert")).to_have_class(TRUE)
    keep(page, "card-true-it")
    page.context.set_offline(True)
    reopen(page, behind(square))
    expect(answer.locator("[data-fact=name] bdi")).to_have_text("Amina")
    expect(answer.locator(".alert-warning")).to_be_visible()
    expect(answer.locator("[data-note]")).to_contain_text("20")  # the day of the last asking
    keep(page, "card-offline-it")


def test_one_changed_byte_is_refused_without_network_and_shows_no_name(
    phone: Phone, square: str, keep: Keep
) -> None:
    page = kept(phone())
    page.context.set_offline(True)
    figures = square.rpartition("#")[2]
    middle = len(figures) // 2 // 2 * 2
    for at in (middle, len(figures) - 40):
        letter = "20" if figures[at : at + 2] != "20" else "21"
        reopen(page, behind("#" + figures[:at] + letter + figures[at + 2 :]))
        expect(page.locator("#answer .alert-danger")).to_be_visible()
        expect(page.locator("#answer [data-fact]")).to_have_count(0)
    keep(page, "card-forged-it")


def test_a_phone_that_never_asked_says_so(phone: Phone, square: str) -> None:
    page = phone()
    page.route("**/issuers.json", lambda route: route.fulfill(status=404))
    page.goto(behind(square))
    expect(page.locator("#answer .alert-warning")).to_be_visible()
    expect(page.locator("#answer [data-fact]")).to_have_count(0)


def test_a_browser_that_cannot_check_signatures_says_so_and_calls_nothing_forged(
    phone: Phone, square: str
) -> None:
    page = phone()
    page.add_init_script(
        "crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))"
    )
    page.goto(behind(square))
    expect(page.locator("#answer .alert-warning")).to_be_visible()
    expect(page.locator("#answer [data-fact]")).to_have_count(0)


def test_a_withdrawn_badge_is_told_from_the_list_that_was_kept(phone: Phone, square: str) -> None:
    """The list as it would be with this place set, kept by the phone before it lost its network."""
    page = kept(phone())
    page.evaluate(
        """async () => {
          const shelf = 'civic-card-issuers';
          const known = JSON.parse(localStorage.getItem(shelf));
          const stream = new Blob([new Uint8Array(16384).fill(255)]).stream();
          const packed = await new Response(stream.pipeThrough(new CompressionStream('gzip'))).bytes();
          const text = btoa(String.fromCharCode(...packed));
          const bits = 'u' + text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
          for (const lists of Object.values(known.lists)) lists.revocation = bits;
          localStorage.setItem(shelf, JSON.stringify(known));
        }"""
    )
    page.context.set_offline(True)
    reopen(page, behind(square))
    expect(page.locator("#answer .alert-danger")).to_be_visible()
    expect(page.locator("#answer [data-fact=name]")).to_be_visible()


def test_a_picture_of_the_card_does_as_well(
    phone: Phone, sheet: Image.Image, tmp_path: Path
) -> None:
    file = tmp_path / "card.png"
    sheet.save(file)
    page = kept(phone())
    page.context.set_offline(True)
    page.set_input_files("#picture", file)
    expect(page.locator("#answer [data-fact=name] bdi")).to_have_text("Amina", timeout=20_000)


def test_the_camera_reads_a_card_held_before_it(
    browser: Browser, site: Site, sheet: Image.Image, tmp_path: Path
) -> None:
    [code] = zxingcpp.read_barcodes(sheet)
    corner, end = code.position.top_left, code.position.bottom_right
    film = tmp_path / "card.y4m"
    write_film_of(sheet.crop((corner.x - 40, corner.y - 40, end.x + 40, end.y + 40)), film)
    with filming(browser, film) as camera:
        context = camera.new_context(viewport=PHONE, locale="it-IT", base_url=site.url)
        page = kept(context.new_page())
        context.set_offline(True)
        page.click("#start")
        name = page.locator("#answer [data-fact=name] bdi")
        expect(name).to_have_text("Amina", timeout=30_000)


@pytest.mark.parametrize("language", ["it", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_over_the_edge_and_axe_finds_no_barrier(
    phone: Phone, square: str, keep: Keep, language: str, width: int
) -> None:
    page = phone("ar" if language == "ar" else "it-IT")
    page.set_viewport_size({"width": width, "height": 740 if width == 360 else 800})
    kept(page, language)
    keep(page, f"card-page-{language}-{width}")
    page.goto(behind(square, language))
    expect(page.locator("#answer [data-fact=name]")).to_be_visible()
    keep(page, f"card-page-true-{language}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def test_other_languages_keep_the_card_that_was_read(phone: Phone, square: str) -> None:
    page = phone()
    page.goto(behind(square))
    expect(page.locator("#answer [data-fact=name]")).to_be_visible()
    page.click("#languages a[lang=ar]")
    expect(page).to_have_url(re.compile("/ar/badges/card#"))
    expect(page.locator("#answer [data-fact=name] bdi")).to_have_text("Amina")
