"""A real server with the demonstration data, and a real Chromium the size of a phone.

Screenshots are kept in `var/screenshots/` for people to look at; they are not committed.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    sync_playwright,
)

from tests.provision import chromium

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
PHONE: ViewportSize = {"width": 360, "height": 740}
START_SECONDS = 60
EXPECTED_ERRORS = (
    "the server responded with a status of 4",
    "net::ERR_INTERNET_DISCONNECTED",
)


DATABASES: dict[str, Path] = {}
"""Of the sites that run, by their address."""


@dataclass(frozen=True)
class Site:
    url: str
    log: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Site]:
    """`civic up` as `make run` starts it, on a database of its own; ended by its process id."""
    port = _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CIVIC_")},
        "PORT": str(port),
        "CIVIC_DATABASE_URL": f"sqlite:///{folder / 'civic.sqlite3'}",
        "CIVIC_CITY_KEYS": str(folder / "keys" / "cities"),
        "CIVIC_SUBJECT_KEYS": str(folder / "keys" / "subjects"),
        **settings,
    }
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "civic", "up"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    DATABASES[url] = folder / "civic.sqlite3"
    try:
        _wait(url, process, log)
        yield Site(url, log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(START_SECONDS * 5):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended early:\n{log.read_text()}")
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=2)  # noqa: S310 - our own server
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"the server did not answer:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium.executable()), args=chromium.launch_arguments()
        )
        yield browser
        browser.close()


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a phone: a browser of its own, 360 by 740, whose scripts must not fail."""
    opened: list[BrowserContext] = []
    failures: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # A refusal is an answer, and a network that a test has cut is away: the browser writes both
        # down as if they were faults of the page.
        is_expected = any(text in message.text for text in EXPECTED_ERRORS)
        if message.type == "error" and not is_expected:
            failures.append(message.text)

    def open_phone(locale: str = "it-IT", *, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport=PHONE,
            locale=locale,
            timezone_id="Europe/Rome",
            base_url=site.url,
            java_script_enabled=javascript,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", note)
        return page

    yield open_phone
    for context in opened:
        context.close()
    assert failures == []


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Keep a screenshot of the whole page under a name."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str) -> None:
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return shoot
