"""An organiser with the offline scanner, and what their scans left in the database."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.steps import sign_up, staff_sign_in

UNDER_WAY = "Il verde sotto casa"
"""The demonstration's project with a session at this very moment."""
UNKNOWN = "KKKKKK"
"""A code that nobody has."""


def at_the_gate(page: Page, language: str = "it") -> Page:
    """The day's sessions are on this phone, and the page opens without network."""
    staff_sign_in(page, "organiser", language)
    open_scanner(page, language)
    load(page)
    expect(page.locator("#scanner[data-kept=yes]")).to_be_attached()
    return page


def open_scanner(page: Page, language: str = "it") -> None:
    page.goto(f"/{language}/scanner")
    expect(page.locator("#scanner[data-ready=yes]")).to_be_attached()


def load(page: Page) -> None:
    if page.locator("#setup[open]").count() == 0:
        page.locator("#setup > summary").click()
    page.locator("#load").click()
    expect(page.locator("#setup[open]")).to_have_count(0)
    expect(page.locator("#gate-work")).to_be_visible()


def cut_network(page: Page, *, is_cut: bool = True) -> None:
    page.context.set_offline(is_cut)


def choose(page: Page, direction: str) -> None:
    page.locator(f"label[for=way-{direction}]").click()


def type_in(page: Page, code: str, direction: str = "entry") -> None:
    """As somebody types the code under the QR; the answer has been shown afterwards."""
    choose(page, direction)
    before = page.locator("#last li").first
    mark = "node => { node.dataset.seen = 'yes'; }"
    if before.count():
        before.evaluate(mark)
    page.fill("#code", code)
    page.locator("#code-line button").click()
    expect(page.locator("#last li").first).not_to_have_attribute("data-seen", "yes")


def hold_to_reader(page: Page, code: str, direction: str = "entry") -> None:
    """As a reader that is a keyboard types it, wherever the focus is."""
    choose(page, direction)
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def expect_waiting(page: Page, count: int, seconds: float = 10) -> None:
    expect(page.locator("#waiting")).to_have_attribute(
        "data-count", str(count), timeout=seconds * 1000
    )


def expect_answer(page: Page, kind: str) -> str:
    answer = page.locator(f"#answer [data-kind={kind}]")
    expect(answer).to_be_visible()
    return answer.inner_text()


def book(page: Page, site: Site, contact: str, name: str) -> str:
    """Somebody new with a place in the session under way, on the page of their pass; their code."""
    sign_up(page, contact, name, 1994, "it")
    page.goto("/it/projects?city=potenza&area=green")
    page.get_by_role("link", name=UNDER_WAY).first.click()
    page.locator("form[action*='/book'] button").first.click()
    joined_yesterday(site)
    page.goto("/it/me/pass")
    return page.locator(".code-big").first.inner_text().replace(" ", "").strip()


def joined_yesterday(site: Site) -> None:
    """A session under way may have begun before midnight: whoever has joined today was not on the
    register then, and would not be insured."""
    day_before = "UPDATE OR IGNORE register_entry SET first_day = date(first_day, '-1 day')"
    newest = "WHERE first_day = (SELECT max(first_day) FROM register_entry)"
    with sqlite3.connect(site.log.parent / "civic.sqlite3", timeout=10) as database:
        database.execute(f"{day_before} {newest}")


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the clock of the phones that are driven here


EXPECTED = (
    "SELECT pass.short_code FROM booking JOIN pass ON pass.person_id = booking.person_id"
    " AND pass.municipality_id = booking.municipality_id AND pass.revoked_at IS NULL"
    " WHERE booking.session_id = ? AND booking.state = 'confirmed' ORDER BY pass.short_code"
)


@dataclass(frozen=True)
class Ledger:
    """The server's database, looked at from outside."""

    site: Site
    session_id: str

    @classmethod
    def of(cls, site: Site, page: Page) -> "Ledger":
        return cls(site, page.input_value("#session").replace("-", ""))

    def rows(self, query: str, *values: str) -> list[dict[str, Any]]:
        with sqlite3.connect(self.site.log.parent / "civic.sqlite3", timeout=10) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(query, values)]

    def write(self, statement: str) -> None:
        with sqlite3.connect(self.site.log.parent / "civic.sqlite3", timeout=10) as database:
            database.execute(statement)

    def events(self, code: str | None = None) -> list[dict[str, Any]]:
        """All of the session, or of whoever has that code; the flags as a list."""
        found = self.rows(
            "SELECT check_event.*, pass.short_code FROM check_event"
            " LEFT JOIN pass ON pass.person_id = check_event.person_id"
            " AND pass.municipality_id = check_event.municipality_id AND pass.revoked_at IS NULL"
            " WHERE check_event.session_id = ? ORDER BY check_event.scanned_at, check_event.id",
            self.session_id,
        )
        mine = [row for row in found if code in (None, row["short_code"])]
        return [{**row, "flags": json.loads(row["flags"])} for row in mine]

    def minutes(self, code: str) -> int:
        rows = self.rows(
            "SELECT sum(minutes) AS minutes FROM hours_line WHERE session_id = ? AND person_id ="
            " (SELECT person_id FROM pass WHERE short_code = ?)",
            self.session_id,
            code,
        )
        return int(rows[0]["minutes"] or 0)

    def expected(self) -> list[str]:
        """Codes of people who have a place."""
        return [row["short_code"] for row in self.rows(EXPECTED, self.session_id)]

    def not_yet_there(self) -> list[str]:
        """Codes of people who have a place and were not scanned so far."""
        known = {row["short_code"] for row in self.events()}
        return [code for code in self.expected() if code not in known]
