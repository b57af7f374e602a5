"""What an officer does until an owner's flat has beds, step by step."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from civic.kernel.clock import SystemClock, rome_day
from tests.browser.barriers import check

Keep = Callable[[Page, str], None]
OWNER, FIRM = "Signora Furlan", "Pitture Godina"
QUARTER, ADDRESS = "Cologna", "Via del Melograno, terzo piano"
UNIT, ENTRY = "Appartamento di Cologna", "Citofono verde, terzo piano."


def day(days: int = 0) -> str:
    """So many days from today, as a field for days takes it."""
    return (rome_day(SystemClock().now()) + timedelta(days)).isoformat()


def send(form: Locator) -> None:
    """Until the answer is there: what is unfolded next belongs to the new page."""
    with form.page.expect_navigation():
        form.locator("button[type=submit]").last.click()


def unfolded(page: Page, action: str) -> Locator:
    """The form that goes to where `action` matches, unfolded."""
    form = page.locator(f"form[action{action}]")
    folded = page.locator("main details:not([open])", has=form)
    if folded.count():
        folded.locator("summary").first.click()
    return form


def photo(name: str) -> FilePayload:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "#8fb0c8").save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def offer_written(officer: Page, keep: Keep) -> None:
    """Money below nothing gets a sentence beside it, and what else was typed stays."""
    officer.goto("/it/housing/offers/new")
    officer.fill("[name=owner_name]", OWNER)
    officer.fill("[name=phone]", "+46 70 174 06 97")
    officer.fill("[name=quarter]", QUARTER)
    officer.fill("[name=address]", ADDRESS)
    officer.fill("[name=rooms]", "2")
    officer.fill("[name=rent]", "-450")
    officer.fill("[name=offered_on]", day(-60))
    send(officer.locator("main"))
    expect(officer.locator("#rent-error")).to_be_visible()
    expect(officer.locator("[name=rent]")).to_have_value("-450")
    expect(officer.locator("[name=address]")).to_have_value(ADDRESS)
    check(officer)
    keep(officer, "housing-offer-wrong-it")
    officer.fill("[name=rent]", "450")
    send(officer.locator("main"))
    expect(officer.locator("main")).to_contain_text(OWNER)


def visited_and_accepted(officer: Page) -> None:
    plan = unfolded(officer, "$='/visits'")
    plan.locator("[name=day]").fill(day(-50))
    plan.locator("[name=visitor]").select_option(label="Nives Sancin")
    send(plan)
    found = unfolded(officer, "*='/visits/0'")
    found.locator("[name=is_fit][value=yes]").check()
    found.locator("[name=words]").fill("Due stanze asciutte. Da imbiancare.")
    send(found)
    expect(officer.locator("#visits")).to_contain_text("Da imbiancare")
    send(unfolded(officer, "$='/accept'"))


def dwelling_made(officer: Page, keep: Keep) -> str:
    """Filled from the offer; rooms and beds at once."""
    expect(officer).to_have_url(re.compile(r"units/new\?offer="))
    expect(officer.locator("[name=quarter]")).to_have_value(QUARTER)
    expect(officer.locator("[name=address]")).to_have_value(ADDRESS)
    officer.fill("[name=name]", UNIT)
    officer.select_option("[name=kind]", "semi_autonomous")
    officer.fill("[name=entry]", ENTRY)
    officer.fill("[name=contact_day]", "Nives Sancin, +46 70 174 06 94")
    officer.fill("[name=contact_night]", "+46 70 174 06 95")
    officer.fill("[name=rules]", "La lavatrice tace dopo le dieci.")
    officer.fill("[name=beds]", "2, 1")
    officer.fill("[name=from_night]", day(-30))
    officer.fill("[name=night_cost]", "4,50")
    officer.locator("[name=takes][value=single_men]").check()
    officer.locator("[name=grant]").select_option(index=1)
    send(officer.locator("main"))
    expect(officer.locator("h1")).to_contain_text(UNIT)
    expect(officer.locator("#rooms a[href*='/housing/beds/']")).to_have_count(3)
    keep(officer, "housing-unit-it")
    return officer.url


def work_approved(officer: Page, unit: str, keep: Keep) -> str:
    """In all of its beds, for some weeks yet; two quotes, and one against a budget line."""
    officer.goto(f"{unit}/work")
    officer.select_option("[name=kind]", "painting")
    officer.fill("[name=words]", "Imbiancare le due stanze.")
    officer.fill("[name=first]", day(-10))
    officer.fill("[name=until]", day(-12))
    for bed in officer.locator("[name=beds]").all():
        bed.check()
    send(officer.locator("main"))
    expect(officer.locator("main .error-summary")).to_be_visible()
    expect(officer.locator("[name=words]")).to_have_value("Imbiancare le due stanze.")
    officer.fill("[name=until]", day(20))
    send(officer.locator("main"))
    for firm, amount in (("Bianco e Figli", "980"), (FIRM, "840,50")):
        quote = unfolded(officer, "$='/quotes'")
        quote.locator("[name=quote-firm]").fill(firm)
        quote.locator("[name=quote-amount]").fill(amount)
        send(quote)
        expect(officer.locator("#quotes")).to_contain_text(firm)
    approve = unfolded(officer, "$='/approve'")
    approve.get_by_label(FIRM).check()
    approve.locator("[name=approve-line]").select_option(index=1)
    send(approve)
    expect(officer.locator("#begin")).to_be_visible()
    keep(officer, "housing-work-approved-it")
    return officer.url


def work_done_and_inspected(officer: Page, work: str, keep: Keep) -> None:
    """With a photo before and one after; then its beds are free, weeks before the plan."""
    officer.goto(work)
    _photo_added(officer, "before")
    send(unfolded(officer, "$='/begin'"))
    send(unfolded(officer, "$='/end'"))
    _photo_added(officer, "after")
    expect(officer.locator("#photos img")).to_have_count(2)
    inspect = unfolded(officer, "$='/inspect'")
    inspect.locator("[value=well]").check()
    send(inspect)
    expect(officer.locator("#inspect")).to_have_count(0)
    check(officer)
    keep(officer, "housing-work-closed-it")


def _photo_added(officer: Page, kind: str) -> None:
    form = unfolded(officer, "$='/photos'")
    form.locator(f"[value={kind}]").check()
    form.locator("[name=file]").set_input_files(photo(f"{kind}.jpg"))
    send(form)
    expect(officer.locator("#photos img").last).to_be_visible()
