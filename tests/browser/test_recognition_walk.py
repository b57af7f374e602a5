"""The whole way on phones and a tablet: hours reach sixty, the document of transparency is signed, the
plan is looked at together and signed in Arabic and Italian."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from sqlalchemy import func, select

from civic.accounts.models import Contact, Person, RoleGrant, StaffCredential
from civic.attendance.models import HoursLine
from civic.catalogue.rules import Area
from civic.kernel.clock import SystemClock, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import system_in
from civic.tenancy.models import Association, Municipality
from civic.tenancy.queries.standings import AssociationRow, City
from civic.tenancy.rules import Verification
from tests.browser.conftest import ROOT, Site, running
from tests.browser.steps import (
    PASSWORDS,
    check_in_and_out,
    draw_signature,
    hand_back,
    hand_over,
    short_code,
    sign_in_with_code,
    staff_sign_in,
)
from tests.factories.badges import work_hours

Phone = Callable[..., Page]
Keep = Callable[[Page, str], None]
SIXTY = 60 * 60
SCANNED = 20
"""Minutes that the walk itself earns at the gate."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, in which the participant is twenty minutes short of sixty hours with the
    organiser's association, and reads Arabic."""
    folder = tmp_path_factory.mktemp("sixty")
    url = f"sqlite:///{folder / 'civic.sqlite3'}"
    others = {name: text for name, text in os.environ.items() if not name.startswith("CIVIC_")}
    subprocess.run(
        [sys.executable, "-m", "civic", "demo", "load"],
        cwd=ROOT,
        env={**others, "CIVIC_DATABASE_URL": url, "CIVIC_MODE": "demonstration"},
        check=True,
        capture_output=True,
        timeout=120,
    )
    engine = make_engine(url)
    with Database(engine).unit_of_work(system_in()) as ctx:
        _work_until_nearly_sixty(ctx)
    engine.dispose()
    with running(folder, CIVIC_FILES=str(folder / "files")) as site:
        yield site


def _work_until_nearly_sixty(ctx: Context) -> None:
    number = PASSWORDS["participant"].name
    person = ctx.db.scalars(
        select(Person).join(Contact, Contact.person_id == Person.id).where(Contact.value == number)
    ).one()
    person.page_language = "ar"
    grant = ctx.db.scalars(
        select(RoleGrant)
        .join(StaffCredential, StaffCredential.person_id == RoleGrant.person_id)
        .where(StaffCredential.sign_in_name == PASSWORDS["organiser"].name)
    ).first()
    assert grant is not None
    assert grant.municipality_id
    city = ctx.db.get_one(Municipality, grant.municipality_id)
    ctx.enter(city.id)
    body = ctx.db.get_one(Association, grant.association_id)
    done = ctx.db.scalar(
        select(func.sum(HoursLine.minutes))
        .where(HoursLine.person_id == person.id)
        .where(HoursLine.association_id == body.id)
    )
    left = SIXTY - SCANNED - int(done or 0)
    assert left > 0
    where = City(city.id, city.slug, city.name)
    work_hours(
        ctx,
        where,
        AssociationRow(body.id, body.name, Verification.VERIFIED, body.id, city.id),
        person.id,
        [left // 10] * 9 + [left - 9 * (left // 10)],
        Area.GREEN,
    )


def _submit(page: Page, action: str) -> None:
    page.locator(f"form[action$='{action}'] button[type=submit]").last.click()


def test_from_nearly_sixty_hours_to_a_signed_document_and_a_signed_plan(
    phone: Phone, keep: Keep
) -> None:
    amina, tutor = phone("ar-EG"), phone()
    sign_in_with_code(amina, PASSWORDS["participant"].name, "ar")
    code = short_code(amina, "ar")
    staff_sign_in(tutor, "organiser")
    path = _project_signed_by_both(tutor, amina, keep)

    gate = phone()
    check_in_and_out(gate, code, keep)
    amina.goto("/ar/me/recognition")
    expect(amina.locator(".ring-done")).to_have_attribute("stroke-dasharray", "100 100")
    keep(amina, "walk-ar-sixty-hours")

    _document_signed_by_both(tutor, amina, path, keep)
    _plan_reviewed_and_signed(phone(), amina, keep)


def _project_signed_by_both(tutor: Page, amina: Page, keep: Keep) -> str:
    """Told, written, signed by the tutor and, on her own phone, by the participant."""
    tutor.goto("/it/organise/recognition")
    tutor.locator("main ul a[href*='/organise/recognition/']").first.click()
    place = tutor.url
    tutor.get_by_label("Amina", exact=True).first.check()
    tutor.locator("[name=how][value=alone]").check()
    tutor.select_option("[name=language]", "ar")
    tutor.locator("main form button[type=submit]").first.click()
    expect(tutor.locator("main")).to_contain_text("Chi lo sa già")
    tutor.goto(place)
    tutor.locator(".panel", has_text="Amina").first.locator("button").click()
    path = tutor.url
    begun = rome_day(SystemClock().now()) - timedelta(days=300)
    tutor.select_option("[name=project-tutor]", index=0)
    tutor.fill("[name=project-hours]", "60")
    tutor.fill("[name=project-starts_on]", begun.isoformat())
    tutor.fill("[name=project-ends_on]", (begun + timedelta(days=360)).isoformat())
    _submit(tutor, "/project")
    tutor.select_option("[name=goal-sector]", "1")
    tutor.fill("[name=goal-words_it]", "Piantare e curare alberi e siepi")
    tutor.fill("[name=goal-words]", "زراعة الأشجار والعناية بها")
    tutor.select_option("[name=goal-language]", "ar")
    tutor.locator("[name=goal-skills]").first.check()
    _submit(tutor, "/goals")
    keep(tutor, "walk-it-path")
    _submit(tutor, "/freeze-project")
    _submit(tutor, "/sign")
    amina.goto("/ar/me/recognition")
    amina.locator("a[href*='/me/recognition/papers/']").first.click()
    keep(amina, "walk-ar-project")
    amina.locator("details.confirm summary").click()
    _submit(amina, "/sign")
    tutor.goto(path)
    expect(tutor.locator("main")).to_contain_text("In corso")
    return path


def _document_signed_by_both(tutor: Page, amina: Page, path: str, keep: Keep) -> None:
    """Evidence, nothing missing any more, and both signatures, hers drawn on the tutor's tablet."""
    tutor.goto(path)
    tutor.locator("[name=proof-kind][value=note]").check()
    tutor.fill("[name=proof-words]", "Ha piantato una siepe di alloro da sola")
    _submit(tutor, "/evidence")
    tutor.locator("[name=proof-kind][value=assessment]").check()
    tutor.select_option("[name=proof-skill]", index=1)
    tutor.select_option("[name=proof-rating]", "alone")
    _submit(tutor, "/evidence")
    expect(tutor.locator("#missing")).to_contain_text("Niente. Si può scrivere il documento.")
    keep(tutor, "walk-it-nothing-missing")
    _submit(tutor, "/freeze-document")
    _submit(tutor, "/sign")
    document = tutor.url
    tutor.locator("a[href$='/hand-over']").click()
    digits = hand_over(tutor)
    expect(tutor.locator("html")).to_have_attribute("dir", "rtl")
    expect(tutor.locator("main")).to_contain_text("وثيقة الشفافية")
    keep(tutor, "walk-ar-document-in-her-hands")
    draw_signature(tutor)
    hand_back(tutor, digits)
    assert tutor.url == document
    expect(tutor.locator("main")).to_contain_text("Firmato da tutti e due")
    keep(tutor, "walk-it-document-signed")
    tutor.goto(path)
    expect(tutor.locator("main")).to_contain_text("Percorso completato")
    amina.goto("/ar/me/recognition")
    own = amina.locator("a[href*='/me/recognition/papers/']").first.get_attribute("href")
    text = _text(amina, f"{own}/paper.pdf")
    for words in ("Documento di trasparenza", "Ha piantato una siepe", "60 ore"):
        assert words in text
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]", text)


def _plan_reviewed_and_signed(worker: Page, amina: Page, keep: Keep) -> None:
    """Where things stand from both sides, then what was agreed on, signed by both."""
    staff_sign_in(worker, "case worker")
    worker.goto("/it/plans")
    worker.get_by_role("link", name="Amina", exact=True).first.click()
    plan = worker.url
    worker.goto(f"{plan}/reviews")
    if worker.locator("[name=held_on]").count():
        worker.locator("[name=months][value='3']").check()
        worker.locator("main form button[type=submit]").last.click()
    else:
        worker.locator("main a[href*='/reviews/0']").last.click()
    review = worker.url
    worker.goto(f"{review}/scores")
    worker.locator("[name=work][value='3']").check()
    _submit(worker, "/scores")
    worker.goto(f"{review}/hand-over")
    digits = hand_over(worker)
    worker.locator("label[for^='work']").nth(3).click()
    worker.locator("main form button[type=submit]").last.click()
    hand_back(worker, digits)
    assert worker.url == review
    _submit(worker, "/complete")
    worker.goto(f"{plan}/versions")
    _submit(worker, "/versions")
    _submit(worker, "/sign")
    version = worker.url
    worker.locator("a[href$='/hand-over']").click()
    digits = hand_over(worker)
    expect(worker.locator("html")).to_have_attribute("dir", "rtl")
    keep(worker, "walk-ar-plan-in-her-hands")
    draw_signature(worker)
    hand_back(worker, digits)
    assert worker.url == version
    expect(worker.locator("main")).to_contain_text("Firmato da tutti e due")
    keep(worker, "walk-it-plan-signed")
    amina.goto("/ar/me/plan")
    own = amina.locator("a[href*='/me/plan/versions/']").first.get_attribute("href")
    text = _text(amina, f"{own}/plan.pdf")
    assert "Piano di autonomia" in text
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]", text)


def _text(page: Page, address: str) -> str:
    answer = page.request.get(address)
    assert answer.ok
    return "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.body())).pages)
