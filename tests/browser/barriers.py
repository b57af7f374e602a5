"""What holds for every page on a phone: nothing runs over the edge, and axe finds no barrier."""

import re
from collections.abc import Iterable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def check_all(page: Page, paths: Iterable[str]) -> None:
    for path in paths:
        page.goto(path)
        check(page)


def check(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, f"{page.url} is {width} wide"
    untranslated = re.search(r"%\(\w+\)[sd]", page.locator("body").inner_text())
    assert not untranslated, page.url
    found = Axe().run(page, options=RULES).response["violations"]
    barriers = [(one["id"], one["nodes"][0]["html"][:120]) for one in found]
    assert not barriers, f"{page.url}: {barriers}"
