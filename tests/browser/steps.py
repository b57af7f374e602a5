"""What people do on the pages, step by step."""

import re
import time

from playwright.sync_api import Page, expect

from civic.demo.loader import SIGN_INS

PASSWORDS = {sign_in.role.split(",")[0]: sign_in for sign_in in reversed(SIGN_INS)}
"""By role; of two officers, Potenza's."""
OFFER = re.compile(r"https?://\S+/offer\S*")
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def staff_sign_in(page: Page, role: str, language: str = "it") -> None:
    who = PASSWORDS[role]
    page.goto(f"/{language}/staff/sign-in")
    page.fill("[name=sign_in_name]", who.name)
    page.fill("[name=password]", who.password)
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
