"""The map in a real browser, with the security policy on and tiles from another server."""

import struct
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.barriers import RULES
from tests.browser.conftest import PHONE, Site, running


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


TILE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + b"\xd8" * 256 for _ in range(256))))
    + _chunk(b"IEND", b"")
)
"""256 by 256, all of one grey."""


class TileServer(ThreadingHTTPServer):
    """Remembers which tiles were asked for, and from which page it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: TileServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Referer", "")))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(TILE)

    def log_message(self, *_: object) -> None:
        """Nothing: the asked tiles are kept."""


@pytest.fixture(scope="module")
def tiles() -> Iterator[TileServer]:
    server = TileServer()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def mapped(tiles: TileServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = {
        "CIVIC_TILES": tiles.url + "/{z}/{x}/{y}.png",
        "CIVIC_TILES_CREDIT": "© Mappe <b>libere</b>",
    }
    with running(tmp_path_factory.mktemp("mapped"), **settings) as site:
        yield site


@pytest.fixture
def context(browser: Browser, mapped: Site) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, base_url=mapped.url, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A phone in which nothing is refused by the policy and no script fails."""
    failures: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            failures.append(message.text)

    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("console", note)
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    assert failures == []


CLOSER_LOOKS = 12
"""More than there are steps of zoom between a city and a doorstep."""


def open_map(page: Page, language: str = "it", query: str = "") -> None:
    page.goto(f"/{language}/projects/map{query}")
    expect(page.locator(".map-pin").first).to_be_visible()
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()


@pytest.mark.parametrize("language", ["it", "ar"])
def test_the_map_draws_its_pins_and_tiles_and_shuts_nobody_out(
    page: Page, tiles: TileServer, mapped: Site, language: str
) -> None:
    tiles.asked.clear()
    open_map(page, language)
    assert tiles.asked
    assert {told for _, told in tiles.asked} == {f"{mapped.url}/"}, "the site and not the page"
    inside = "leaflet-control-attribution"
    expect(page.locator(f".{inside}")).to_contain_text("© Mappe <b>libere</b>")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"]
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_a_pin_opens_by_key_leads_to_its_project_and_gives_the_focus_back(page: Page) -> None:
    open_map(page, query="?municipality=trieste")
    pin = page.locator(".map-pin").first
    assert pin.get_attribute("aria-label")
    # Through the map as the keyboard goes: the box itself, then its pins.
    page.locator("#map").focus()
    page.keyboard.press("Tab")
    expect(pin).to_be_focused()
    link = page.locator(".map-list a").first
    for _ in range(CLOSER_LOOKS):
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        if link.is_visible():
            break
        pin.focus()
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).not_to_be_visible()
    focused = page.evaluate("document.activeElement.closest('#map') !== null")
    assert focused
    page.locator(".map-pin").first.click()
    title = page.locator(".map-list a").first.inner_text()
    page.locator(".map-list a").first.click()
    expect(page.locator("h1")).to_contain_text(title)


def test_the_map_is_fetched_only_by_a_tap(page: Page, tiles: TileServer) -> None:
    fetched: list[str] = []

    def note(request: Request) -> None:
        fetched.append(request.url)

    page.on("request", note)
    tiles.asked.clear()
    page.goto("/it/projects")
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "leaflet" in url]
    assert tiles.asked == []
    page.locator("a[href*='/projects/map']").first.click()
    expect(page.locator(".map-pin").first).to_be_visible()
    assert [url for url in fetched if "leaflet" in url]


def test_without_scripts_the_list_is_all_there_is(browser: Browser, mapped: Site) -> None:
    context = browser.new_context(base_url=mapped.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/it/projects/map")
    expect(page.locator("#map")).not_to_be_visible()
    assert page.locator("#places li a").count() > 10
    context.close()


def test_when_the_pins_cannot_be_fetched_the_page_says_so(browser: Browser, mapped: Site) -> None:
    context = browser.new_context(base_url=mapped.url)
    page = context.new_page()
    page.route("**/map.json*", lambda route: route.abort())
    page.goto("/it/projects/map")
    expect(page.locator("#map-failed")).to_be_visible()
    expect(page.locator("#map")).not_to_be_visible()
    assert page.locator("#places li a").count() > 10
    context.close()
