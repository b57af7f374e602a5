"""The scanner at the gate, without network: a real Chromium with a filmed pass, a real server."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Site, running
from tests.browser.film import filming, write_film
from tests.browser.gate import (
    UNKNOWN,
    Ledger,
    at_the_gate,
    book,
    cut_network,
    expect_answer,
    expect_waiting,
    hold_to_reader,
    now,
    open_scanner,
    type_in,
)

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of our own: the hours of people nobody else has scanned are added up."""
    with running(tmp_path_factory.mktemp("gate")) as site:
        yield site


def test_fifty_scans_without_network_all_arrive_after_the_tab_was_closed(
    phone: Phone, browser: Browser, site: Site, tmp_path: Path, keep: Keep
) -> None:
    holder = phone()
    filmed = book(holder, site, "fifty@example.org", "Salimata")
    film = tmp_path / "pass.y4m"
    write_film(holder, film)
    with filming(browser, film) as camera:
        context = camera.new_context(viewport=PHONE, locale="it-IT", base_url=site.url)
        page = at_the_gate(context.new_page())
        ledger = Ledger.of(site, page)
        people = ledger.not_yet_there()
        people.remove(filmed)
        assert len(people) >= 3
        half_past = now() - timedelta(minutes=29)
        cut_network(page)

        page.clock.set_fixed_time(half_past)
        page.locator("#start").click()
        assert "Salimata" in expect_answer(page, "success")
        keep(page, "offline-scanner-film-it")
        page.locator("#start").click()
        scans = 1 + _morning_of(page, people[:3], half_past)
        for number in range(scans, 49):
            type_in(page, f"{UNKNOWN[:4]}{number:02}")
        page.clock.set_fixed_time(half_past + timedelta(minutes=25))
        type_in(page, filmed, "exit")
        expect_waiting(page, 50)
        keep(page, "offline-scanner-fifty-it")

        page.close()
        assert [row for row in ledger.events() if row["device_id"]] == []
        later = context.new_page()
        later.clock.set_fixed_time(now())
        open_scanner(later)
        expect_waiting(later, 50)
        cut_network(later, is_cut=False)
        expect_waiting(later, 0, 30)

    sent = [row for row in ledger.events() if row["device_id"]]
    assert len({row["id"] for row in sent}) == len(sent) == 50
    assert ledger.minutes(filmed) == 25
    # In, a break of five minutes, in, in again by mistake, out: fifteen minutes, never doubled.
    assert [ledger.minutes(code) for code in people[:3]] == [15, 15, 15]
    assert all("clock_off" not in row["flags"] for row in sent)
    nobody = [row for row in sent if row["person_id"] is None]
    assert {row["unknown_code"] for row in nobody} == {
        f"{UNKNOWN[:4]}{number:02}" for number in range(scans, 49)
    }


def _morning_of(page: Page, people: list[str], begins: datetime) -> int:
    """Typed and by a reader that is a keyboard; how many scans it was."""
    day = ((0, "entry"), (5, "break"), (10, "entry"), (12, "entry"), (20, "exit"))
    for minute, direction in day:
        page.clock.set_fixed_time(begins + timedelta(minutes=minute))
        for code in people:
            if minute == 10:
                page.locator("#by-hand").click(position={"x": 2, "y": 2})
                hold_to_reader(page, code, direction)
                expect_answer(page, "success")
                page.wait_for_timeout(150)
            else:
                type_in(page, code, direction)
                expect_answer(page, "warning" if minute == 12 else "success")
    return len(day) * len(people)


def test_without_network_the_roster_answers(phone: Phone, site: Site, keep: Keep) -> None:
    page = at_the_gate(phone())
    code = Ledger.of(site, page).not_yet_there()[-1]
    cut_network(page)
    type_in(page, code, "exit")
    expect_answer(page, "warning")
    type_in(page, code)
    expect_answer(page, "success")
    type_in(page, code)
    expect_answer(page, "warning")
    page.reload()
    expect(page.locator("#scanner[data-ready=yes]")).to_be_attached()
    expect_waiting(page, 3)
    type_in(page, code, "break")
    expect_answer(page, "success")
    type_in(page, code)
    expect_answer(page, "success")
    type_in(page, code, "exit")
    expect_answer(page, "success")
    type_in(page, UNKNOWN)
    expect_answer(page, "warning")
    expect_waiting(page, 7)
    cut_network(page, is_cut=False)
    expect_waiting(page, 0)


def test_a_scan_with_network_is_answered_by_the_server(phone: Phone, site: Site) -> None:
    page = at_the_gate(phone())
    type_in(page, UNKNOWN)
    expect_answer(page, "danger")
    expect_waiting(page, 0)
    [row] = [row for row in Ledger.of(site, page).events() if row["unknown_code"] == UNKNOWN][-1:]
    assert (row["outcome"], row["reason"], row["method"]) == ("refused", "invalid", "code")


def test_a_slow_server_is_not_waited_for_and_the_scan_counts_once(phone: Phone, site: Site) -> None:
    code = book(phone(), site, "slow@example.org", "Fatou")
    gate = at_the_gate(phone())
    gate.route("**/api/v1/scans", lambda route: None)
    type_in(gate, code)
    expect_answer(gate, "success")
    expect_waiting(gate, 1)
    gate.unroute_all(behavior="ignoreErrors")
    expect_waiting(gate, 0)
    assert len(Ledger.of(site, gate).events(code)) == 1


def test_a_scan_can_be_taken_back_before_and_after_it_was_sent(phone: Phone, site: Site) -> None:
    code = book(phone(), site, "undo@example.org", "Moussa")
    gate = at_the_gate(phone())
    ledger = Ledger.of(site, gate)
    type_in(gate, code)
    with gate.expect_response("**/undo"):
        gate.locator("#last li button:visible").first.click()
    expect_waiting(gate, 0)
    cut_network(gate)
    type_in(gate, code)
    gate.locator("#last li button:visible").first.click()
    expect(gate.locator("#last [data-kind=undone]")).to_have_count(2)
    # Taken back, it counts as if it had not been: they can come in again.
    type_in(gate, code)
    expect_answer(gate, "success")
    expect_waiting(gate, 2)
    cut_network(gate, is_cut=False)
    expect_waiting(gate, 0)
    undone = ledger.rows("SELECT hex(event_id) AS id FROM check_decision WHERE decision='undone'")
    assert len(ledger.events(code)) == 3
    assert len(undone) == 2


def test_two_tabs_send_what_waits_once(phone: Phone, site: Site) -> None:
    page = at_the_gate(phone())
    ledger = Ledger.of(site, page)
    cut_network(page)
    for number in range(12):
        type_in(page, f"TWO{number:03}")
    other = page.context.new_page()
    open_scanner(other)
    expect_waiting(other, 12)
    cut_network(page, is_cut=False)
    expect_waiting(page, 0)
    expect_waiting(other, 0)
    found = [row["unknown_code"] for row in ledger.events()]
    assert sorted(each for each in found if each and each.startswith("TWO")) == [
        f"TWO{number:03}" for number in range(12)
    ]
