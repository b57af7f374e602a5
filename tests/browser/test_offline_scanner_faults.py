"""What can go wrong with the scanner at the gate: it is said plainly, and no scan is lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.gate import (
    UNKNOWN,
    Ledger,
    at_the_gate,
    cut_network,
    expect_answer,
    expect_waiting,
    now,
    open_scanner,
    type_in,
)

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]


def test_a_revoked_device_says_sign_in_again_and_its_scans_wait(
    phone: Phone, site: Site, keep: Keep
) -> None:
    page = at_the_gate(phone())
    ledger = Ledger.of(site, page)
    cut_network(page)
    type_in(page, "REVOKE")
    ledger.write("UPDATE scanner_device SET revoked_at = made_at WHERE revoked_at IS NULL")
    cut_network(page, is_cut=False)
    expect(page.locator("[data-notice=signed-out]")).to_be_visible()
    expect_waiting(page, 1)
    type_in(page, "REVOKF")
    expect_waiting(page, 2)
    keep(page, "offline-scanner-revoked-it")
    page.reload()
    expect(page.locator("[data-notice=signed-out]")).to_be_visible()
    expect_waiting(page, 2)
    page.locator("#setup > summary").click()
    page.locator("#load").click()
    expect(page.locator("[data-notice=signed-out]")).to_be_hidden()
    expect_waiting(page, 0)
    codes = [row["unknown_code"] for row in ledger.events()]
    assert {"REVOKE", "REVOKF"} <= set(codes)


def test_the_list_goes_after_twelve_hours_and_the_scans_do_not(phone: Phone) -> None:
    page = at_the_gate(phone())
    cut_network(page)
    type_in(page, UNKNOWN)
    page.close()
    later = page.context.new_page()
    later.clock.set_fixed_time(now() + timedelta(hours=12, minutes=1))
    open_scanner(later)
    expect(later.locator("[data-notice=expired]")).to_be_visible()
    expect(later.locator("#last-box")).to_be_hidden()
    type_in(later, UNKNOWN)
    expect_answer(later, "warning")
    expect_waiting(later, 2)
    assert later.evaluate(KEYS_AND_KEPT) == [["queue"], ["day", "device", "offset"]]


KEYS_AND_KEPT = """
() => new Promise((resolve) => {
  indexedDB.open('civic-scanner').onsuccess = ({ target: { result } }) => {
    const shelves = result.transaction(['keys', 'kept']);
    const found = ['keys', 'kept'].map((name) => shelves.objectStore(name).getAllKeys());
    shelves.oncomplete = () => resolve(
      found.map((one) => one.result.sort()));
  };
})
"""


def test_what_is_kept_on_the_phone_is_sealed(phone: Phone) -> None:
    page = at_the_gate(phone())
    cut_network(page)
    type_in(page, UNKNOWN)
    assert page.evaluate(SEALED) == {"extractable": [False, False], "sealed": [True, True, True]}


SEALED = """
() => new Promise((resolve) => {
  indexedDB.open('civic-scanner').onsuccess = ({ target: { result } }) => {
    const on = result.transaction(['keys', 'kept', 'scans', 'journal']);
    const [keys, kept, scans, lines] = ['keys', 'scans', 'journal'].map((name) =>
      on.objectStore(name).getAll()).toSpliced(1, 0, on.objectStore('kept').get('roster'));
    const isSealed = (one) => Object.keys(one).sort().join() === 'data,iv';
    on.oncomplete = () => resolve({
      extractable: keys.result.map(({ key }) => key.extractable),
      sealed: [isSealed(kept.result), isSealed(scans.result[0].parts), isSealed(lines.result[0])],
    });
  };
})
"""


def test_signing_out_takes_the_list_off_the_phone(phone: Phone) -> None:
    page = at_the_gate(phone())
    cut_network(page)
    type_in(page, UNKNOWN)
    cut_network(page, is_cut=False)
    expect_waiting(page, 0)
    page.goto("/it/organise")
    page.locator("header details.menu summary").last.click()
    page.locator("form[action$='/sign-out'] button").click()
    expect(page.locator(".messages")).to_be_visible()
    page.wait_for_function(f"({KEYS_AND_KEPT})().then(([keys]) => keys.length === 0)")
    open_scanner(page)
    expect(page.locator("#gate-work")).to_be_hidden()
    expect(page.locator("#setup[open]")).to_be_attached()


def test_leaving_the_phone_takes_the_list_and_ends_the_device(phone: Phone, site: Site) -> None:
    page = at_the_gate(phone())
    ledger = Ledger.of(site, page)
    living = "SELECT id FROM scanner_device WHERE revoked_at IS NULL"
    before = len(ledger.rows(living))
    page.locator("#setup > summary").click()
    with page.expect_response("**/scanner/leave"):
        page.locator("#leave").click()
    expect(page.locator("#gate-work")).to_be_hidden()
    expect(page.locator("#leave")).to_be_hidden()
    assert page.evaluate(KEYS_AND_KEPT) == [[], ["device", "offset"]]
    assert len(ledger.rows(living)) == before - 1


def test_the_sign_in_page_is_not_kept_in_place_of_the_scanner(phone: Phone) -> None:
    page = phone()
    page.goto("/it/staff/sign-in")
    page.evaluate(REGISTER)
    page.wait_for_function(
        "navigator.serviceWorker.getRegistration('/it/scanner').then((one) => !one)"
    )
    kept = "caches.keys().then((all) => Promise.all(all.map((one) => caches.match('/it/scanner'))))"
    assert not any(page.evaluate(kept))


REGISTER = """
() => navigator.serviceWorker.register('/it/scanner/sw.js', { scope: '/it/scanner' }).then(() => {})
"""


def test_a_full_storage_is_said_and_the_scans_are_sent_all_the_same(
    phone: Phone, site: Site, keep: Keep
) -> None:
    page = at_the_gate(phone())
    ledger = Ledger.of(site, page)
    cut_network(page)
    page.evaluate(FULL)
    type_in(page, "FULL22")
    expect(page.locator("[data-notice=full]")).to_be_visible()
    expect_waiting(page, 1)
    keep(page, "offline-scanner-full-it")
    cut_network(page, is_cut=False)
    expect_waiting(page, 0)
    expect(page.locator("[data-notice=full]")).to_be_hidden()
    assert "FULL22" in [row["unknown_code"] for row in ledger.events()]


FULL = """
// Chromium grants small writes beyond its quota for a while, so the refusal is put in its mouth.
() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === 'scans') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  };
}
"""


def test_a_clock_three_hours_wrong_is_said_and_flagged(
    phone: Phone, site: Site, keep: Keep
) -> None:
    page = phone()
    page.add_init_script(WRONG_CLOCK)
    at_the_gate(page)
    expect(page.locator("[data-notice=clock]")).to_be_visible()
    assert "180" in page.locator("[data-notice=clock]").inner_text()
    ledger = Ledger.of(site, page)
    cut_network(page)
    type_in(page, "CLOCKS")
    keep(page, "offline-scanner-clock-it")
    cut_network(page, is_cut=False)
    expect_waiting(page, 0)
    [row] = [row for row in ledger.events() if row["unknown_code"] == "CLOCKS"]
    assert "clock_off" in row["flags"]
    off = datetime.fromisoformat(row["scanned_at"]).replace(tzinfo=UTC) - now()
    assert abs(off) < timedelta(minutes=1)


WRONG_CLOCK = """
(() => {
  const Real = Date;
  const wrong = 3 * 60 * 60 * 1000;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + wrong); }
    static now() { return Real.now() + wrong; }
  };
})();
"""


def test_a_refused_camera_is_said_and_the_code_can_be_typed(phone: Phone) -> None:
    page = at_the_gate(phone())
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.locator("#start").click()
    expect_answer(page, "warning")
    expect(page.locator("#start")).to_be_enabled()
    type_in(page, UNKNOWN)
    expect_answer(page, "danger")
