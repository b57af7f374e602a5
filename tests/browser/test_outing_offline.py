"""The mobile unit's page without network: a real Chromium, a real server, and the network cut between."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.street import (
    A_MOMENT,
    AREA,
    DUMP,
    FOLLOW_UP,
    KEYS,
    NEWCOMER,
    SECRET,
    SENT,
    TEAM,
    count,
    cut_network,
    expect_counted,
    expect_waiting,
    known_letter,
    line,
    load,
    on_the_street,
    open_page,
    save,
    sent_items,
    sign_out,
    start_outing,
    write_about_first_known,
    write_newcomer,
)

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]


def test_an_outing_without_network_is_all_there_after_the_tab_was_closed_and_is_sent_once(
    phone: Phone, site: Site, keep: Keep
) -> None:
    page = on_the_street(phone())
    letter = known_letter(page)
    cut_network(page)
    start_outing(page)
    for who in ("women", "men", "men"):
        count(page, who)
    count(page, "minors")
    count(page, "minors", -1)
    count(page, "minors", -1)
    expect_counted(page, "men", 2)
    expect_counted(page, "minors", 0)
    keep(page, "outing-counted-it")
    write_newcomer(page)
    keep(page, "outing-contact-it")
    save(page)
    known = write_about_first_known(page, letter)
    expect_waiting(page, 3)
    dump = page.evaluate(DUMP)
    for typed in (TEAM, AREA, NEWCOMER, SECRET, FOLLOW_UP, "Portico", "Sta meglio", known):
        assert typed not in dump
    assert "EXTRACTABLE" not in dump

    page.close()
    later = page.context.new_page()
    later.add_init_script(f"({SENT})()")
    open_page(later)
    expect_waiting(later, 3)
    expect(later.locator("#outing-title")).to_contain_text(AREA)
    for who, number in (("women", 1), ("men", 2), ("minors", 0), ("unknown", 0)):
        expect_counted(later, who, number)
    expect(line(later, "waiting", NEWCOMER)).to_be_visible()
    expect(line(later, "waiting", known)).to_be_visible()
    keep(later, "outing-waiting-it")

    cut_network(later, is_cut=False)
    expect_waiting(later, 0)
    expect(line(later, "sent", NEWCOMER)).to_be_visible()
    expect(line(later, "sent", known)).to_be_visible()
    keep(later, "outing-sent-it")
    items = sent_items(later)
    assert sorted(item["kind"] for item in items) == ["contact", "contact", "outing"]
    [outing] = [item for item in items if item["kind"] == "outing"]
    assert outing["tally"] == {"women": 1, "men": 2, "minors": 0, "unknown": 0}
    assert {item["outing_id"] for item in items if item["kind"] == "contact"} == {outing["id"]}
    later.reload()
    expect_waiting(later, 0)
    later.wait_for_timeout(A_MOMENT)
    assert sent_items(later) == []


def test_an_outing_is_counted_on_after_it_was_sent_and_ends(phone: Phone) -> None:
    page = phone()
    page.add_init_script(f"({SENT})()")
    on_the_street(page)
    start_outing(page, "Parco")
    count(page, "unknown")
    expect_waiting(page, 0)
    count(page, "unknown")
    expect_counted(page, "unknown", 2)
    expect_waiting(page, 0)
    page.locator("#end").click()
    page.locator("#end-now").click()
    expect(page.locator("#no-outing")).to_be_visible()
    expect(line(page, "sent", "Parco")).to_be_visible()
    numbers = [item["sequence"] for item in sent_items(page)]
    assert numbers == sorted(set(numbers))
    assert sent_items(page)[-1]["ended_at"]
    assert sent_items(page)[-1]["tally"]["unknown"] == 2


def test_a_half_typed_contact_is_back_after_the_phone_went_dark(phone: Phone, keep: Keep) -> None:
    page = on_the_street(phone())
    cut_network(page)
    write_newcomer(page, "Mezza frase")
    page.wait_for_timeout(A_MOMENT)
    dump = page.evaluate(DUMP)
    assert "Mezza frase" not in dump
    assert SECRET not in dump
    page.close()
    later = page.context.new_page()
    open_page(later)
    expect(later.locator("[data-notice=back]")).to_be_visible()
    keep(later, "outing-back-it")
    assert later.input_value("#called") == "Mezza frase"
    assert later.input_value("#words") == SECRET
    assert later.locator("#needs-health").is_checked()
    save(later)
    expect_waiting(later, 1)
    later.reload()
    expect(later.locator("#outing[data-ready=yes]")).to_be_attached()
    expect(later.locator("#contact")).to_be_hidden()
    expect(line(later, "waiting", "Mezza frase")).to_be_visible()


def test_a_token_that_is_over_keeps_everything_and_asks_to_sign_in(
    phone: Phone, keep: Keep
) -> None:
    page = on_the_street(phone())
    page.route("**/outing/send", lambda route: route.fulfill(status=401, json={}))
    write_newcomer(page, "Il gettone")
    save(page)
    expect(page.locator("[data-notice=signed-out]")).to_be_visible()
    expect_waiting(page, 1)
    keep(page, "outing-signed-out-it")
    page.reload()
    expect(page.locator("[data-notice=signed-out]")).to_be_visible()
    expect(line(page, "waiting", "Il gettone")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    load(page)
    expect_waiting(page, 0)
    expect(page.locator("[data-notice=signed-out]")).to_be_hidden()


ANSWERS = {"Due penne": "conflict", "Non di qui": "refused"}


def test_what_two_have_written_and_what_is_refused_is_said_plainly(
    phone: Phone, keep: Keep
) -> None:
    page = on_the_street(phone())

    def answer(route: Any) -> None:
        items = json.loads(route.request.post_data)["items"]
        answers = [
            {"id": item["id"], "outcome": ANSWERS[item["called"]], "text": "Non si può."}
            for item in items
        ]
        route.fulfill(json={"answers": answers})

    page.route("**/outing/send", answer)
    for called in ANSWERS:
        write_newcomer(page, called)
        save(page)
    expect(line(page, "conflict", "Due penne")).to_be_visible()
    expect(line(page, "refused", "Non di qui")).to_contain_text("Non si può.")
    expect_waiting(page, 0)
    keep(page, "outing-answers-it")
    page.reload()
    expect(line(page, "refused", "Non di qui")).to_be_visible()
    line(page, "refused", "Non di qui").locator("button").click()
    expect(line(page, "refused", "Non di qui")).to_have_count(0)
    expect(line(page, "conflict", "Due penne")).to_be_visible()


def test_signing_out_empties_the_phone_but_asks_about_what_is_not_sent(
    phone: Phone, keep: Keep
) -> None:
    page = on_the_street(phone())
    write_newcomer(page, "Spedita")
    save(page)
    expect_waiting(page, 0)
    sign_out(page)
    page.wait_for_function(f"({KEYS})().then((found) => found.join('|') === '||0|0|0')")
    expect(page.locator("#outing-left")).to_be_hidden()

    on_the_street(page)
    cut_network(page)
    write_newcomer(page, "Non spedita")
    save(page)
    expect_waiting(page, 1)
    page.route("**/outing/send", lambda route: route.abort("internetdisconnected"))
    cut_network(page, is_cut=False)
    sign_out(page)
    expect(page.locator("#outing-left")).to_be_visible()
    keep(page, "outing-left-it")
    assert page.evaluate(KEYS) == ["queue", "", 1, 0, 0]
    # Nobody who picks the phone up now reads whom it was about.
    open_page(page)
    expect(page.locator("[data-notice=of-others]")).to_be_visible()
    expect(page.locator("#written-box")).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")
    on_the_street(page)
    expect(line(page, "sent", "Non spedita")).to_be_visible()


def test_taking_everything_off_the_phone_asks_first(phone: Phone, keep: Keep) -> None:
    page = on_the_street(phone())
    cut_network(page)
    start_outing(page)
    page.locator("#setup > summary").click()
    page.locator("#leave").click()
    expect(page.locator("#leaving")).to_be_visible(timeout=15_000)
    keep(page, "outing-leaving-it")
    page.locator("#leaving [value=stay]").click()
    expect(page.locator("#open-outing")).to_be_visible()
    page.locator("#leave").click()
    page.locator("#leaving [value=drop]").click(timeout=15_000)
    expect(page.locator("#no-outing")).to_be_visible()
    assert page.evaluate(KEYS) == ["", "", 0, 0, 0]


def test_what_one_has_written_is_neither_shown_nor_sent_by_another(phone: Phone) -> None:
    page = on_the_street(phone())
    cut_network(page)
    write_newcomer(page, "Di un altro")
    save(page)

    def somebody_else(route: Any) -> None:
        answer = route.fetch().json()
        answer["worker"] = {"id": "01968c3e-0000-7000-8000-00000000ffff", "name": "Altra persona"}
        route.fulfill(json=answer)

    def away(route: Any) -> None:
        sent.append(route.request.post_data)
        route.abort("internetdisconnected")

    sent: list[str] = []
    page.route("**/outing/load", somebody_else)
    page.route("**/outing/send", away)
    cut_network(page, is_cut=False)
    load(page)
    expect(page.locator("[data-notice=of-others]")).to_be_visible()
    expect(page.locator("#written-box")).to_be_hidden()
    sent.clear()
    page.locator("#setup > summary").click()
    page.reload()
    expect_waiting(page, 0)
    page.wait_for_timeout(A_MOMENT)
    assert sent == []
    page.unroute_all(behavior="ignoreErrors")
    load(page)
    expect(line(page, "sent", "Di un altro")).to_be_visible()


TAPS = """
() => {
  const plus = document.querySelector("[data-who=men][data-by='1']");
  for (let tap = 0; tap < 15; tap += 1) plus.click();
}
"""


def test_taps_in_two_tabs_are_all_counted(phone: Phone) -> None:
    page = on_the_street(phone())
    cut_network(page)
    start_outing(page)
    other = page.context.new_page()
    open_page(other)
    page.evaluate(TAPS)
    other.evaluate(TAPS)
    for tab in (page, other):
        expect_counted(tab, "men", 30)
    page.reload()
    expect_counted(page, "men", 30)


FULL = """
// Chromium grants small writes beyond its quota for a while, so the refusal is put in its mouth.
() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === 'waiting') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  };
}
"""


def test_what_cannot_be_stored_is_said_and_stays_on_the_screen(phone: Phone) -> None:
    page = on_the_street(phone())
    cut_network(page)
    start_outing(page)
    page.evaluate(FULL)
    count(page, "women")
    expect(page.locator("[data-notice=full]")).to_be_visible()
    expect_counted(page, "women", 0)
    write_newcomer(page, "Telefono pieno")
    page.locator("#contact button[type=submit]").click()
    expect(page.locator("#contact-wrong")).to_be_visible()
    assert page.input_value("#called") == "Telefono pieno"


def test_the_list_goes_after_three_days_and_what_was_written_does_not(phone: Phone) -> None:
    page = on_the_street(phone())
    cut_network(page)
    write_newcomer(page, "Tre giorni")
    save(page)
    page.close()
    later = page.context.new_page()
    later.clock.set_fixed_time(later.evaluate("Date.now()") + 72.5 * 60 * 60 * 1000)
    open_page(later)
    expect(later.locator("[data-notice=expired]")).to_be_visible()
    expect(line(later, "waiting", "Tre giorni")).to_be_visible()
    assert later.evaluate(KEYS)[0] == "queue"
