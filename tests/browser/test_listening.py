"""Badges read aloud. The browser of the tests has no voice, so one is put in its place."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.steps import PASSWORDS, be_signed_in

Phone = Callable[..., Page]
VOICE = """
(() => {
  const said = [];
  let listeners = [];
  let voices = [];
  let queue = [];
  class Utterance extends EventTarget {
    constructor(text) { super(); this.text = text; }
  }
  const speech = {
    getVoices: () => voices,
    addEventListener: (_name, what) => listeners.push(what),
    speak(one) { said.push([one.lang, one.text]); queue.push(one); },
    cancel() {
      const stopped = queue;
      queue = [];
      stopped.forEach((one) => one.dispatchEvent(new Event('error')));
    },
  };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  window.SpeechSynthesisUtterance = Utterance;
  window.heard = {
    said,
    come(found) { voices = found; listeners.forEach((each) => each()); },
    finish() {
      const over = queue;
      queue = [];
      over.forEach((one) => one.dispatchEvent(new Event('end')));
    },
  };
})();
"""


def shelf(phone: Phone, language: str = "it") -> Page:
    page = phone()
    page.add_init_script(VOICE)
    be_signed_in(page, PASSWORDS["participant"].name, language)
    page.goto(f"/{language}/me/badges")
    return page


def twice(route: Route) -> None:
    """The page with a second badge, as the first."""
    answer = route.fetch()
    card = re.compile(r"<p [^>]*data-listen=.*?</p>", re.DOTALL)
    route.fulfill(response=answer, body=card.sub(r"\g<0>\g<0>", answer.text(), count=1))


def voices(page: Page, *tags: str, at_home: bool = True) -> None:
    found = [{"lang": tag, "localService": at_home} for tag in tags]
    page.evaluate("found => window.heard.come(found)", found)


def test_a_badge_is_read_until_it_ends_or_is_stopped(phone: Phone) -> None:
    page = shelf(phone)
    card = page.locator("[data-listen]").first
    expect(card).to_be_hidden()
    voices(page, "en-US", "it_IT")
    expect(card).to_be_visible()
    start, stop = card.get_by_role("button").first, card.locator("button").last
    start.click()
    expect(stop).to_be_focused()
    said = page.evaluate("window.heard.said")
    assert len(said) >= 4
    assert {tag for tag, _words in said} == {"it_IT"}
    assert all(words.endswith(".") for _tag, words in said)
    page.evaluate("window.heard.finish()")
    expect(stop).to_be_hidden()
    expect(card.locator("button").first).to_be_focused()

    card.locator("button").first.click()
    stop.click()
    expect(stop).to_be_hidden()
    expect(card.locator("button").first).to_be_visible()


def test_another_badge_takes_the_word_from_the_first(phone: Phone) -> None:
    page = shelf(phone)
    page.route("**/it/me/badges", twice)
    page.reload()
    voices(page, "it-IT")
    first, second = page.locator("[data-listen]").first, page.locator("[data-listen]").nth(1)
    first.locator("button").first.click()
    second.locator("button").first.click()
    expect(first.locator("button").first).to_be_visible()
    expect(first.locator("button").last).to_be_hidden()
    expect(second.locator("button").last).to_be_visible()


def test_no_button_without_a_voice_of_the_device_for_the_language(phone: Phone) -> None:
    page = shelf(phone, "ar")
    card = page.locator("[data-listen]").first
    voices(page, "it-IT", "en-GB")
    expect(card).to_be_hidden()
    voices(page, "ar-SA", at_home=False)
    expect(card).to_be_hidden()
    voices(page, "ar-SA")
    expect(card).to_be_visible()


def test_no_button_without_scripts(phone: Phone) -> None:
    page = phone(javascript=False)
    be_signed_in(page, PASSWORDS["participant"].name, "it")
    page.goto("/it/me/badges")
    assert page.locator("[data-listen]").count()
    expect(page.locator("[data-listen]").first).to_be_hidden()
