"""Somebody who goes out with the mobile unit, and what their phone keeps and sends."""

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.second_step import have_second_step
from tests.browser.steps import staff_sign_in

ROLE = "mobile unit"
"""Of the demonstration: whoever goes out with the mobile unit."""
TEAM, AREA = "Squadra Civetta", "Stazione centrale"
NEWCOMER = "Quello con la chitarra"
SECRET = "Dorme dietro il teatro, ha tosse da due settimane"
FOLLOW_UP = "Accompagnare in ambulatorio"
A_MOMENT = 1500
"""Milliseconds after which something half typed has been kept, and what waits has been tried."""


def open_page(page: Page, language: str = "it") -> None:
    page.goto(f"/{language}/outing")
    expect(page.locator("#outing[data-ready=yes]")).to_be_attached()


def on_the_street(page: Page, language: str = "it") -> Page:
    """The people are on this phone, and the page opens without network."""
    staff_sign_in(page, ROLE, language)
    have_second_step(page)
    open_page(page, language)
    load(page)
    expect(page.locator("#outing[data-kept=yes]")).to_be_attached()
    return page


def load(page: Page) -> None:
    if page.locator("#setup[open]").count() == 0:
        page.locator("#setup > summary").click()
    page.locator("#load").click()
    expect(page.locator("#setup[open]")).to_have_count(0)


def cut_network(page: Page, *, is_cut: bool = True) -> None:
    page.context.set_offline(is_cut)


def start_outing(page: Page, area: str = AREA) -> None:
    page.fill("#team", TEAM)
    page.fill("#area", area)
    page.locator("#begin button[type=submit]").click()
    expect(page.locator("#open-outing")).to_be_visible()


def count(page: Page, who: str, by: int = 1) -> None:
    page.locator(f"[data-who={who}][data-by='{by}']").click()


def expect_counted(page: Page, who: str, number: int) -> None:
    expect(page.locator(f"[data-number={who}]")).to_have_text(str(number))


def tick(page: Page, name: str, *values: str) -> None:
    for value in values:
        page.locator(f"label[for='{name}-{value}']").click()


def write_newcomer(page: Page, called: str = NEWCOMER) -> None:
    page.locator("#write").click()
    page.fill("#called", called)
    tick(page, "age_band", "40_59")
    page.select_option("#language", "ro")
    tick(page, "needs", "shelter", "health")
    tick(page, "help", "blanket", "listening")
    page.fill("#where", "Portico della stazione")
    page.fill("#follow_up", FOLLOW_UP)
    page.fill("#words", SECRET)


def save(page: Page) -> None:
    page.locator("#contact button[type=submit]").click()
    expect(page.locator("#at-work")).to_be_visible()


def write_about_first_known(page: Page, letter: str) -> str:
    """Found by the beginning of the name, and only what changed is typed; what they are called."""
    page.locator("#write").click()
    page.fill("#search", letter)
    page.locator("#found button").first.click()
    expect(page.locator("#chosen")).to_be_visible()
    called = page.input_value("#called")
    tick(page, "help", "food")
    page.fill("#words", "Sta meglio")
    save(page)
    return called


def expect_waiting(page: Page, number: int, seconds: float = 15) -> None:
    expect(page.locator("#waiting")).to_have_attribute(
        "data-count", str(number), timeout=seconds * 1000
    )


def line(page: Page, kind: str, called: str) -> Locator:
    return page.locator(f"#written [data-kind={kind}]", has_text=called)


def known_letter(page: Page) -> str:
    """What somebody on the brought list may be found by, from the server's own answer."""
    answer: dict[str, Any] = page.evaluate("fetch('/it/outing/load').then((one) => one.json())")
    called = next(person["called"] for person in answer["people"] if person["called"])
    return str(called).split()[0]


DUMP = """
async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  const readable = (value) => {
    if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
    if (value instanceof CryptoKey) return value.extractable ? 'EXTRACTABLE' : 'locked';
    if (Array.isArray(value)) return value.map(readable).join(' ');
    if (value && typeof value === 'object') {
      return Object.entries(value).map(([key, one]) => `${key}=${readable(one)}`).join(' ');
    }
    return String(value);
  };
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      const asking = indexedDB.open(name);
      asking.onsuccess = () => resolve(asking.result);
    });
    const shelves = [...database.objectStoreNames];
    if (!shelves.length) continue;
    const on = database.transaction(shelves);
    for (const shelf of shelves) {
      found.push(`${name}.${shelf}: ` + await new Promise((resolve) => {
        const all = on.objectStore(shelf).getAll();
        all.onsuccess = () => resolve(all.result.map(readable).join(' '));
      }));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      const kept = await caches.match(request, { ignoreVary: true });
      if (kept) found.push(await kept.text());
    }
  }
  return found.join('\\n');
}
"""

SENT = """
() => {
  const fetched = window.fetch;
  window.sentItems = [];
  window.fetch = async (address, options = {}) => {
    const answer = await fetched(address, options);
    if (String(address).endsWith('/outing/send') && answer.ok) {
      window.sentItems.push(...JSON.parse(options.body).items);
    }
    return answer;
  };
}
"""


def sent_items(page: Page) -> list[dict[str, Any]]:
    """What this page has sent and the server has answered for."""
    found: list[dict[str, Any]] = json.loads(page.evaluate("JSON.stringify(window.sentItems)"))
    return found


KEYS = """
() => new Promise((resolve) => {
  indexedDB.open('civic-outing').onsuccess = ({ target: { result } }) => {
    const on = result.transaction(['keys', 'kept', 'waiting', 'drafts', 'lines']);
    const names = ['keys', 'kept', 'waiting', 'drafts', 'lines'];
    const found = names.map((name) => on.objectStore(name).getAllKeys());
    on.oncomplete = () => {
      result.close();
      resolve(found.map((one, at) => (at < 2 ? one.result.sort().join() : one.result.length)));
    };
  };
})
"""


def sign_out(page: Page) -> None:
    page.goto("/it/privacy")
    page.locator("header details.menu summary").last.click()
    page.locator("form[action$='/sign-out'] button").click()
    expect(page.locator(".messages")).to_be_visible()
