"""The whole mission on phones: publish, join, check in, earn, plan, report."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from civic.kernel.clock import ROME, SystemClock
from tests.browser.steps import (
    PASSWORDS,
    check_in_and_out,
    offer_in_mailbox,
    short_code,
    sign_in_with_code,
    sign_up,
    staff_sign_in,
)

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]

TITLE = "Aiuole nuove in via Verdi"
GARDENING = "8a1942a8-bebd-4cc5-bdff-fe215aaa3de5"


def test_from_a_draft_to_a_place_and_a_waiting_list(phone: Phone, keep: Keep) -> None:
    organiser, officer = phone(), phone()
    _draft_and_submit(organiser, keep)
    _send_back_then_approve(officer, organiser, keep)

    amal = phone("ar-EG")
    address = _find(amal, "ar", keep)
    sign_up(amal, "amal@example.org", "أمل", 1998, "ar")
    amal.goto(address)
    amal.locator("form[action*='/book'] button").click()
    expect(amal.locator("form[action*='/give-back']")).to_be_visible()
    keep(amal, "loop-ar-place")

    moussa = phone("fr-FR", javascript=False)
    sign_up(moussa, "+393471234501", "Moussa", 1990, "fr")
    moussa.goto(address.replace("/ar/", "/fr/"))
    moussa.locator("form[action*='/book'] button").click()
    expect(moussa.locator("main")).to_contain_text(re.compile("attente", re.IGNORECASE))
    keep(moussa, "loop-fr-waiting")

    amal.goto("/ar/me/pass")
    expect(amal.locator("img.qr")).to_be_visible()
    keep(amal, "loop-ar-pass")
    calendar = amal.request.get("/ar/me/calendar.ics").text()
    assert "TZID=Europe/Rome" in calendar
    assert "BEGIN:VTIMEZONE" in calendar

    amal.goto(address)
    amal.locator("form[action*='/give-back'] button").click()
    moussa.goto(offer_in_mailbox(moussa, "+393471234501"))
    keep(moussa, "loop-fr-offer")
    moussa.locator("form[action*='/take'] button").first.click()
    moussa.goto("/fr/me")
    expect(moussa.locator("form[action*='/give-back']")).to_be_visible()
    expect(moussa.locator("form[action*='/take']")).to_have_count(0)
    expect(moussa.locator("main")).not_to_contain_text(re.compile("attente", re.IGNORECASE))
    keep(moussa, "loop-fr-taken")


def _draft_and_submit(page: Page, keep: Keep) -> None:
    staff_sign_in(page, "organiser")
    keep(page, "loop-it-organise")
    page.goto("/it/organise/projects/new")
    page.click("main form button[type=submit]")
    expect(page.locator("[role=alert]")).to_be_visible()
    keep(page, "loop-it-draft-missing")
    page.fill("[name=title]", TITLE)
    page.fill("[name=what_you_do]", "Prepariamo la terra e piantiamo fiori lungo la via.")
    page.fill("[name=what_to_bring]", "Scarpe chiuse. I guanti li diamo noi.")
    page.locator("[name=area][value=green]").check()
    for language in ("it", "ar", "fr"):
        page.locator(f"[name=languages][value={language}]").check()
    page.fill("[name=minimum_age]", "16")
    page.locator(f"[name=skills][value='{GARDENING}']").check()
    page.click("main form button[type=submit]")
    page.locator("a[href*='/sessions/new']").first.click()
    day = (SystemClock().now() + timedelta(days=3)).astimezone(ROME).date()
    page.fill("[name=day]", day.isoformat())
    page.fill("[name=start]", "10:00")
    page.fill("[name=end]", "09:00")
    page.fill("[name=meeting_point]", "Via Verdi 12, davanti alla scuola")
    page.fill("[name=places]", "1")
    page.click("main form button[type=submit]")
    expect(page.locator("[role=alert]")).to_be_visible()
    expect(page.locator("[name=meeting_point]")).to_have_value("Via Verdi 12, davanti alla scuola")
    page.fill("[name=end]", "13:00")
    page.click("main form button[type=submit]")
    page.locator("form[action$='/submit'] button").click()
    expect(page.locator("form[action$='/submit']")).to_have_count(0)
    keep(page, "loop-it-submitted")


def _send_back_then_approve(officer: Page, organiser: Page, keep: Keep) -> None:
    staff_sign_in(officer, "officer")
    keep(officer, "loop-it-city")
    officer.goto("/it/city/projects")
    officer.get_by_role("link", name=TITLE).click()
    keep(officer, "loop-it-review")
    officer.fill("[name=reason]", "Scrivete dove si parcheggia la bicicletta.")
    officer.locator("form[action$='/send-back'] button").click()

    organiser.goto("/it/organise/projects")
    organiser.get_by_role("link", name=TITLE).click()
    expect(organiser.locator("main")).to_contain_text("dove si parcheggia la bicicletta")
    organiser.locator("form[action$='/submit'] button").click()

    officer.goto("/it/city/projects")
    officer.get_by_role("link", name=TITLE).click()
    officer.locator("form[action$='/approve'] button").click()
    officer.goto("/it/city/projects")
    expect(officer.get_by_role("link", name=TITLE)).to_have_count(0)


def _find(page: Page, language: str, keep: Keep) -> str:
    """A visitor without an account narrows the list and opens the project; returns its address."""
    page.goto("/")
    expect(page).to_have_url(re.compile(f"/{language}/$"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    keep(page, f"loop-{language}-home")
    day = (SystemClock().now() + timedelta(days=3)).astimezone(ROME).date()
    page.goto(f"/{language}/projects?area=green&city=potenza&day={day}&language=ar")
    keep(page, f"loop-{language}-list")
    page.get_by_role("link", name=TITLE).click()
    keep(page, f"loop-{language}-project")
    expect(page.locator(f"[lang=it]:has-text('{TITLE}')").first).to_have_attribute("dir", "ltr")
    return page.url


def test_from_the_gate_to_the_plan_and_the_report(phone: Phone, keep: Keep) -> None:
    amina, organiser = phone(), phone()
    sign_in_with_code(amina, PASSWORDS["participant"].name, "it")
    amina.goto("/it/me")
    keep(amina, "loop-it-me")
    code = short_code(amina, "it")

    check_in_and_out(organiser, code, keep)
    amina.goto("/it/me/hours")
    expect(amina.locator("main")).to_contain_text("12 ore e 20 minuti")
    keep(amina, "loop-it-hours")

    _confirm(organiser, keep)
    _wait_for(amina, "/it/me/badges", "article, li", "Cura del verde")
    keep(amina, "loop-it-badges")
    amina.goto("/ar/me/badges")
    keep(amina, "loop-ar-badges")
    amina.goto("/it/me/plan")
    keep(amina, "loop-it-plan")

    worker = phone()
    staff_sign_in(worker, "case worker")
    worker.goto("/it/plans")
    worker.get_by_role("link", name="Amina", exact=True).first.click()
    keep(worker, "loop-it-plan-worker")
    amina.goto("/it/me/file")
    expect(amina.locator("main")).to_contain_text("Lucia Summa")
    keep(amina, "loop-it-file")

    officer = phone()
    staff_sign_in(officer, "officer")
    officer.goto("/it/city/figures")
    expect(officer.locator("main table").first).to_be_visible()
    keep(officer, "loop-it-figures")
    officer.goto("/it/city/people/took-part")
    expect(officer.locator("main")).to_contain_text("Amina")
    keep(officer, "loop-it-took-part")

    coordinator = phone()
    staff_sign_in(coordinator, "coordinator")
    coordinator.goto("/it/network")
    expect(coordinator.locator("main")).to_contain_text("Potenza")
    expect(coordinator.locator("main")).not_to_contain_text("Amina")
    keep(coordinator, "loop-it-network")


def _confirm(page: Page, keep: Keep) -> None:
    _wait_for(page, "/it/organise/badges", "article", "Amina")
    keep(page, "loop-it-proposals")
    mine = page.locator("article", has_text="Amina").first
    if mine.locator("details:not([open])").count():
        mine.locator("summary").click()
    mine.locator("form[action$='/confirm'] button[type=submit]").click()


def _wait_for(page: Page, path: str, where: str, text: str) -> None:
    """The worker takes a moment: load the page again until it shows what was told."""
    for _ in range(30):
        page.goto(path)
        if page.locator(where, has_text=text).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{path} never showed {text}")
