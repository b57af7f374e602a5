"""What a phone fetches: the list page in a real Chromium, first with nothing kept, then again."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, ViewportSize, sync_playwright

from bench import databases
from bench.catalogue import LIST
from bench.figures import Figure, Measure, at_most
from bench.servers import granian
from tests.provision import chromium

PHONE: ViewportSize = {"width": 360, "height": 740}
QUIET = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
FIRST_KILOBYTES = 100
FIRST_REQUESTS = 10
REPEAT_KILOBYTES = 15


@dataclass
class Visit:
    transferred: float = 0
    requests: int = 0


def visit(context: BrowserContext, url: str) -> Visit:
    """Open the page in a tab of its own; count bytes on the wire, headers included."""
    seen = Visit()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    from_memory: set[str] = set()
    asked: set[str] = set()

    def finished(told: dict[str, Any]) -> None:
        seen.transferred += told["encodedDataLength"]

    wire.on("Network.requestWillBeSent", lambda told: asked.add(told["requestId"]))
    wire.on("Network.requestServedFromCache", lambda told: from_memory.add(told["requestId"]))
    wire.on("Network.responseReceived", lambda told: _note_cached(told, from_memory))
    wire.on("Network.loadingFinished", finished)
    wire.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    page.close()
    seen.requests = len(asked - from_memory)
    return seen


def _note_cached(told: dict[str, Any], from_memory: set[str]) -> None:
    if told["response"].get("fromDiskCache"):
        from_memory.add(told["requestId"])


def visits() -> Iterator[Figure]:
    url = databases.city()
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with granian("wsgi:app", databases.settings(url), LIST) as server, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium.executable()), args=arguments)
        context = browser.new_context(viewport=PHONE, locale="it-IT", is_mobile=True)
        first = visit(context, server.url(LIST))
        again = visit(context, server.url(LIST))
        browser.close()
    yield at_most("web.first_visit", first.transferred / 1000, "kB", FIRST_KILOBYTES)
    yield at_most("web.first_visit_requests", first.requests, "requests", FIRST_REQUESTS)
    yield at_most("web.repeat_visit", again.transferred / 1000, "kB", REPEAT_KILOBYTES)


MEASURES = (Measure(("web.first_visit", "web.first_visit_requests", "web.repeat_visit"), visits),)
