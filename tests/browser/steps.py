"""What people do on the pages, step by step."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from civic.demo.loader import SIGN_INS
from civic.kernel.clock import SystemClock

PASSWORDS = {sign_in.role.split(",")[0]: sign_in for sign_in in reversed(SIGN_INS)}
"""By role; of two officers, Potenza's."""
OFFER = re.compile(r"https?://\S+/offer\S*")
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def staff_sign_in(page: Page, role: str, language: str = "it") -> None:
    who = PASSWORDS[role]
    sign_in_by_name(page, who.name, who.password, language)


def sign_in_by_name(page: Page, name: str, password: str, language: str = "it") -> None:
    page.goto(f"/{language}/staff/sign-in")
    page.fill("[name=sign_in_name]", name)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    expect(page).not_to_have_url(re.compile("sign-in"))


def ask_for_code(page: Page, contact: str, language: str) -> str:
    """Type a phone number or address, and read the digits in the mailbox of the demonstration."""
    letters = page.context.new_page()
    before = _newest_code(letters, contact)
    page.goto(f"/{language}/sign-in")
    page.fill("[name=contact]", contact)
    page.click("main form button[type=submit]")
    expect(page.locator("[name=code]")).to_be_visible()
    for _ in range(60):
        code = _newest_code(letters, contact)
        if code != before:
            letters.close()
            return code
        time.sleep(0.25)
    raise AssertionError("no code arrived")


def _newest_code(letters: Page, contact: str) -> str:
    """The digits of the last code sent there; empty when there was none."""
    letters.goto(f"/it/mailbox?address={contact.replace('+', '%2B')}")
    found = CODE.search("\n".join(letters.locator("main article").all_inner_texts()))
    return found[0] if found else ""


def offer_in_mailbox(page: Page, contact: str) -> str:
    """The address in the letter that offers a place to somebody who waited, as they would tap it."""
    letters = page.context.new_page()
    for _ in range(60):
        letters.goto(f"/it/mailbox?address={contact.replace('+', '%2B')}")
        for text in letters.locator("main article").all_inner_texts():
            found = OFFER.search(text)
            if found:
                letters.close()
                return found[0]
        time.sleep(0.25)
    raise AssertionError("no offer arrived")


def sign_in_with_code(page: Page, contact: str, language: str) -> None:
    code = ask_for_code(page, contact, language)
    page.fill("[name=code]", code)
    page.click("main form button[type=submit]")
    expect(page).not_to_have_url(re.compile("sign-in"))


_COOKIES: dict[str, list[Any]] = {}


def be_signed_in(page: Page, contact: str, language: str) -> None:
    """By a code the first time, later by the cookie of then: a number is sent only so many codes an
    hour."""
    if contact in _COOKIES:
        page.context.add_cookies(_COOKIES[contact])
    else:
        sign_in_with_code(page, contact, language)
        _COOKIES[contact] = page.context.cookies()


def sign_up(page: Page, contact: str, name: str, birth_year: int, language: str) -> None:
    """Somebody new: a code, then three questions."""
    code = ask_for_code(page, contact, language)
    page.fill("[name=code]", code)
    page.click("main form button[type=submit]")
    page.fill("[name=name]", name)
    page.fill("[name=birth_year]", str(birth_year))
    page.locator(f"[name=languages][value={language}]").check()
    page.locator("[name=agreed]").check()
    page.click("main form button[type=submit]")
    expect(page).not_to_have_url(re.compile("welcome"))


def short_code(page: Page, language: str) -> str:
    """The code under the QR of the first pass."""
    page.goto(f"/{language}/me/pass")
    return page.locator(".code-big").first.inner_text().replace(" ", "").strip()


def type_code(page: Page, code: str, direction: str) -> str:
    """At the gate: choose entry or exit, type the short code; the welcome's words when let in."""
    page.locator(
        f"label[for={page.locator(f'[name=direction][value={direction}]').get_attribute('id')}]"
    ).click()
    page.fill("[name=code]", code)
    page.locator("#by-hand button[type=submit]").click()
    welcome = page.locator("#answer .alert-success")
    expect(welcome).to_be_visible()
    return welcome.inner_text()


def check_in_and_out(page: Page, code: str, keep: Callable[[Page, str], None]) -> None:
    """Entry twenty minutes ago without signal, sent as the network comes back; exit now."""
    staff_sign_in(page, "organiser")
    scanner = page.locator("a[href$='/scan']").first.get_attribute("href")
    assert scanner
    page.clock.install(time=SystemClock().now() - timedelta(minutes=20))
    page.goto(scanner)
    keep(page, "loop-it-scanner")
    page.context.set_offline(True)
    page.fill("[name=code]", code)
    page.locator("#by-hand button[type=submit]").click()
    expect(page.locator("#waiting")).to_be_visible()
    page.clock.set_system_time(SystemClock().now())
    page.context.set_offline(False)
    expect(page.locator("#answer .alert-success")).to_contain_text("Amina")
    expect(page.locator("#waiting")).to_be_hidden()
    keep(page, "loop-it-scanned")
    page.reload()
    assert "Amina" in type_code(page, code, "exit")
    page.goto(scanner.removesuffix("/scan"))
    expect(page.locator("main")).to_contain_text("Amina")
    keep(page, "loop-it-roster")


def hand_over(page: Page) -> str:
    """The device changes hands: the digits that give it back, with the person's page open."""
    page.locator("main form button[type=submit]").click()
    digits = page.locator(".digits-big").inner_text()
    page.locator("main .actions a").click()
    return digits.strip()


def hand_back(page: Page, digits: str) -> None:
    page.goto("/it/give-back")
    page.fill("[name=digits]", digits)
    page.locator("form[action$='/give-back'] button").click()
    expect(page).not_to_have_url(re.compile("give-back"))


def draw_signature(page: Page) -> None:
    """With a finger, in the field for it; then what is under the field."""
    field = page.locator("canvas.signature-pad")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(24):
        page.mouse.move(box["x"] + 20 + 8 * step, box["y"] + 40 + (25 if step % 4 < 2 else -15))
    page.mouse.up()
    page.locator("[data-signature] button[type=submit]").click()
