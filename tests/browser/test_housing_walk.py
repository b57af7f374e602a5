"""From an owner's offer to a person's own lease, on two phones; and a bed for tonight in three steps."""

import io
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from civic.demo.loader import SIGN_INS
from tests.browser.barriers import check
from tests.browser.conftest import DATABASES, Site
from tests.browser.housing_steps import (
    ADDRESS,
    ENTRY,
    UNIT,
    day,
    dwelling_made,
    offer_written,
    photo,
    send,
    unfolded,
    visited_and_accepted,
    work_approved,
    work_done_and_inspected,
)
from tests.browser.second_step import have_second_step
from tests.browser.steps import sign_in_by_name, sign_up

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]
OFFICER, STREET = "housing.trieste@example.org", "street.napoli@example.org"
CONTACT, NAME = "idris@example.org", "Idris Abakar"
BROKEN = "الباب لا يُغلق جيدًا"
DAYS = {
    "bed": ("from_night",),
    "bed_span": ("first_night", "until_night"),
    "housing_work": ("first_night", "until_night", "started_on", "done_on", "inspected_on"),
    "placement": ("first_night", "until_night", "moved_in_on"),
}
"""What happened on which day in a dwelling, besides its nights."""
FAR = 10_000


def test_from_an_owner_s_offer_to_a_lease_of_one_s_own(
    phone: Phone, keep: Keep, site: Site
) -> None:
    officer, person = _staff(phone(), OFFICER), phone("ar-EG")
    offer_written(officer, keep)
    visited_and_accepted(officer)
    unit = dwelling_made(officer, keep)
    work = work_approved(officer, unit, keep)

    sign_up(person, CONTACT, NAME.split()[0], 1994, "ar")
    asked = _home_asked_for(officer, keep)
    officer.goto(f"{asked}/proposals")
    expect(officer.locator("main article", has_text=UNIT)).to_have_count(0)
    work_done_and_inspected(officer, work, keep)
    _proposed_and_accepted(officer, person, asked, keep)
    stay = _agreement_signed_by_both(officer, person, keep)
    _moved_in(officer, stay, keep)

    _a_month_goes_by(site)
    code = _support_decided_and_paid(officer, keep)
    _own_home_read(person, code, keep)
    _fault_told_and_seen(officer, person, keep)

    exits = _own_leases(officer)
    _own_lease_signed(officer, keep)
    _moved_out(officer, stay, keep)
    person.goto("/ar/me/home")
    expect(person.locator("main")).not_to_contain_text(ADDRESS)
    expect(person.locator("main a[href*='/me/home/agreements/']")).to_be_visible()
    keep(person, "housing-over-ar")
    assert _own_leases(officer) == exits + 1
    keep(officer, "housing-figures-it")


def test_the_mobile_unit_finds_a_bed_for_tonight_in_three_steps(phone: Phone, keep: Keep) -> None:
    page = _staff(phone(), STREET)
    page.goto("/it/housing/tonight")
    page.fill("[name=called]", "Malik")
    page.locator("[name=is_adult][value=yes]").check()
    send(page.locator("main"))
    expect(page.locator("#gender-error")).to_be_visible()
    expect(page.locator("[name=called]")).to_have_value("Malik")
    check(page)
    page.locator("[name=gender][value=man]").check()
    keep(page, "tonight-who-it")
    send(page.locator("main"))
    check(page)
    keep(page, "tonight-beds-it")
    page.locator("main article", has_text="Dormitorio La Tenda blu").locator("button").click()
    check(page)
    keep(page, "tonight-yes-it")
    page.locator("main .btn-success").click()
    expect(page).to_have_url(re.compile(r"/it/housing/tonight/[0-9a-f-]{36}$"))
    expect(page.locator("main")).to_contain_text("Cancello azzurro")
    expect(page.locator("main a[href^='tel:']").first).to_be_visible()
    page.goto(page.url.replace("/it/", "/ar/"))
    check(page)
    keep(page, "tonight-place-ar")


def _staff(page: Page, name: str) -> Page:
    sign_in_by_name(page, name, next(each.password for each in SIGN_INS if each.name == name))
    have_second_step(page)
    return page


def _home_asked_for(officer: Page, keep: Keep) -> str:
    """With the address they sign in with, so that they see on their own page how it stands."""
    officer.goto("/it/housing/requests/new")
    officer.fill("[name=people-0-name]", NAME)
    officer.fill("[name=people-0-born]", "1994")
    officer.select_option("[name=people-0-gender]", "man")
    officer.fill("[name=contact]", CONTACT)
    officer.select_option("[name=language]", "ar")
    officer.locator("[name=urgency][value=this_month]").check()
    officer.locator("[name=criteria][value=loses_home]").check()
    officer.fill("[name=wanted_until]", day(-1))
    send(officer.locator("main"))
    expect(officer.locator("#wanted_until-error")).to_be_visible()
    expect(officer.locator("[name=people-0-name]")).to_have_value(NAME)
    keep(officer, "housing-request-wrong-it")
    officer.fill("[name=wanted_until]", day(150))
    send(officer.locator("main"))
    expect(officer.locator("h1")).to_contain_text(NAME)
    keep(officer, "housing-request-it")
    return officer.url


def _proposed_and_accepted(officer: Page, person: Page, asked: str, keep: Keep) -> None:
    """The officer chooses among what fits; the person says yes on their own phone."""
    officer.goto(f"{asked}/proposals")
    keep(officer, "housing-proposals-it")
    officer.locator("main article", has_text=UNIT).locator("button").click()
    expect(officer.locator("#proposals")).to_contain_text(UNIT)
    person.goto("/ar/me/home/request")
    check(person)
    keep(person, "housing-proposal-ar")
    person.locator("form[action$='/answer'] .btn-success").click()
    expect(person.locator("main form[action$='/answer']")).to_have_count(0)


def _agreement_signed_by_both(officer: Page, person: Page, keep: Keep) -> str:
    officer.goto("/it/housing/stays")
    officer.get_by_role("link", name=NAME, exact=True).click()
    expect(officer.locator("main")).to_contain_text(ADDRESS)
    stay = officer.url
    officer.goto(f"{stay}/agreement")
    officer.fill("[name=pays]", "120")
    officer.fill("[name=deposit]", "200")
    send(unfolded(officer, "$='/agreement'"))
    send(unfolded(officer, "$='/sign'"))
    expect(officer.locator("form[action$='/sign']")).to_have_count(0)

    person.goto("/ar/me/home")
    person.locator("main a[href*='/me/home/agreements/']").click()
    expect(person.locator("main .paper").first).to_have_attribute("dir", "rtl")
    check(person)
    keep(person, "housing-agreement-ar")
    paper = person.url
    person.locator("main details.confirm summary").click()
    send(person.locator("form[action$='/sign']"))
    expect(person.locator("form[action$='/sign']")).to_have_count(0)
    pdf = person.request.get(f"{paper}/paper.pdf")
    text = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf.body())).pages)
    assert ADDRESS in text
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]", text)
    return stay


def _moved_in(officer: Page, stay: str, keep: Keep) -> None:
    """What stands there was counted together, and the meters read."""
    officer.goto(f"{stay}/move-in")
    officer.locator("main form details summary").click()
    officer.fill("[name=count_keys]", "2")
    officer.fill("[name=count_bed]", "1")
    officer.fill("[name=electricity]", "tanto")
    send(officer.locator("main"))
    expect(officer.locator("#electricity-error")).to_be_visible()
    expect(officer.locator("[name=count_keys]")).to_have_value("2")
    officer.fill("[name=electricity]", "01234,5")
    officer.locator("[name=is_agreed]").check()
    send(officer.locator("main"))
    expect(officer).to_have_url(stay)
    expect(officer.locator("main")).to_contain_text("01234,5")
    keep(officer, "housing-stay-it")


def _a_month_goes_by(site: Site) -> None:
    """In the dwelling: its days move back by thirty. Whoever came today has slept there since."""
    of_bed = "bed_id IN (SELECT bed.id FROM bed JOIN unit ON unit.id = unit_id WHERE unit.name = ?)"
    of_unit = "unit_id = (SELECT id FROM unit WHERE name = ?)"
    with closing(sqlite3.connect(DATABASES[site.url], timeout=20)) as database, database:
        for table, columns in DAYS.items():
            moved = ", ".join(f"{each} = date({each}, '-30 days')" for each in columns)
            where = of_bed if table == "bed_span" else of_unit
            assert database.execute(f"UPDATE {table} SET {moved} WHERE {where}", (UNIT,)).rowcount
        # Far away first: no night may stand for a moment where another one is.
        for days in (FAR, -FAR - 30):
            change = f"UPDATE bed_night SET night = date(night, '{days} days') WHERE {of_bed}"
            assert database.execute(change, (UNIT,)).rowcount


def _support_decided_and_paid(officer: Page, keep: Keep) -> str:
    """The instalments are shown before they are decided; the code to write into a payment."""
    officer.goto("/it/housing/support/people")
    _panel_of(officer, NAME).locator("a[href*='/support/for/']").click()
    officer.select_option("[name=kind]", "rent")
    officer.select_option("[name=grant]", label="AFF-TS · Accompagnamento all'affitto")
    officer.fill("[name=amount]", "150")
    officer.fill("[name=months]", "4")
    officer.fill("[name=first_due]", day(-30))
    officer.fill("[name=first_share]", "40")
    officer.fill("[name=last_share]", "100")
    send(officer.locator("main"))
    check(officer)
    keep(officer, "housing-instalments-it")
    officer.locator("section[aria-labelledby=made] button").click()
    expect(officer.locator("#ledger")).to_be_visible()
    pay = unfolded(officer, "$='/payments'")
    pay.locator("[name=payer][value=tenant]").check()
    pay.locator("[name=paid_on]").fill(day(-28))
    pay.locator("[name=amount]").fill("60,0050")
    send(pay)
    expect(officer.locator("#payments .field-error")).to_be_visible()
    expect(officer.locator("[name=paid_on]")).to_have_value(day(-28))
    officer.fill("[name=amount]", "60")
    send(unfolded(officer, "$='/payments'"))
    expect(officer.locator("#payments .panel")).to_contain_text("60,00")
    keep(officer, "housing-decision-it")
    return officer.locator("main strong[dir=ltr]").first.inner_text()


def _panel_of(page: Page, name: str) -> Locator:
    return page.locator("main li.panel", has_text=name)


def _own_home_read(person: Page, code: str, keep: Keep) -> None:
    """Where, until when, whom to call by day and night, what to pay: in their language."""
    person.goto("/ar/me/home")
    expect(person.locator("html")).to_have_attribute("dir", "rtl")
    home = person.locator("main")
    for words in (ADDRESS, ENTRY, code):
        expect(home).to_contain_text(words)
    until = date.fromisoformat(day(120))
    expect(home).to_contain_text(str(until.year))
    for number in ("+46701740694", "+46701740695", "112"):
        expect(person.locator(f"main a[href='tel:{number}']")).to_be_visible()
    check(person)
    keep(person, "housing-home-ar")


def _fault_told_and_seen(officer: Page, person: Page, keep: Keep) -> None:
    person.locator("main a[href$='/fault']").click()
    person.locator("[name=file]").set_input_files(photo("bab.jpg"))
    send(person.locator("main"))
    expect(person.locator("#words-error")).to_be_visible()
    person.fill("[name=words]", BROKEN)
    person.locator("[name=file]").set_input_files(photo("bab.jpg"))
    send(person.locator("main"))
    expect(person.locator("main")).to_contain_text(BROKEN)
    officer.goto("/it/housing/works")
    _panel_of(officer, UNIT).locator("a[href*='/housing/works/0']").click()
    expect(officer.locator("main")).to_contain_text(BROKEN)
    expect(officer.locator("#photos img")).to_be_visible()
    keep(officer, "housing-fault-it")


def _own_lease_signed(officer: Page, keep: Keep) -> None:
    """What they can afford, a flat they saw, then the lease. One that ends before it starts is none."""
    officer.goto("/it/housing/support/people")
    _panel_of(officer, NAME).locator("a[href*='/housing/market/']").click()
    means = unfolded(officer, "$='/means'")
    means.locator("[name=income]").fill("1400")
    for paper in ("identity", "tax_code", "work_contract"):
        means.locator(f"[name=papers][value={paper}]").check()
    send(means)
    flat = unfolded(officer, "$='/flats'")
    flat.locator("[name=quarter]").fill("Roiano")
    flat.locator("[name=rent]").fill("380")
    flat.locator("[name=state]").select_option("viewed")
    flat.locator("[name=on_day]").fill(day(-5))
    flat.locator("[name=landlord]").fill("Signor Godina")
    flat.locator("[name=questions]").fill("Chi paga se un mese va male?")
    send(flat)
    expect(officer.locator("#flats article")).to_contain_text("Signor Godina")
    lease = unfolded(officer, "$='/lease'")
    lease.locator("[name=starts_on]").fill(day(-1))
    lease.locator("[name=ends_on]").fill(day(-2))
    lease.locator("[name=rent]").fill("380")
    lease.locator("[name=registered_on]").fill(day())
    send(lease)
    expect(officer.locator("#lease .error-summary")).to_be_visible()
    expect(officer.locator("#lease [name=rent]")).to_have_value("380")
    lease = unfolded(officer, "$='/lease'")
    lease.locator("[name=ends_on]").fill(day(4 * 365))
    send(lease)
    expect(officer.locator("#lease .panel")).to_contain_text("380,00")
    check(officer)
    keep(officer, "housing-market-it")


def _moved_out(officer: Page, stay: str, keep: Keep) -> None:
    officer.goto(f"{stay}/move-out")
    officer.fill("[name=day]", day(-1))
    officer.locator("[name=outcome][value=own_lease]").check()
    officer.locator("[name=is_clean]").check()
    officer.locator("[name=is_agreed]").check()
    officer.fill("[name=deposit_back]", "200")
    send(officer.locator("main"))
    expect(officer).to_have_url(stay)
    expect(officer.locator("main a[href*='/follow-ups/']")).to_have_count(2)
    keep(officer, "housing-moved-out-it")


def _own_leases(officer: Page) -> int:
    """Of the last forty days: who left for a home of their own."""
    officer.goto(f"/it/housing/figures?first={day(-40)}&last={day(-1)}")
    shown = officer.locator("main dl.stats").nth(1).locator("dd.stat-value").last
    return int(shown.inner_text())
