"""The code at the place, from the organiser's screen to other people's phones.

The server of these tests has a clock that is moved by hand, so that nobody waits until a code is old.
"""

import io
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from civic.accounts import operations as accounts
from civic.app import create_app
from civic.attendance.models import CheckEvent
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.db.migrate import migrate
from civic.kernel.outbox import Dispatcher
from civic.kernel.policy import system_in
from civic.settings import Settings
from civic.wiring import SUBSCRIPTIONS
from tests.browser.conftest import PHONE
from tests.factories.accounts import make_person
from tests.factories.attendance import TEN, Ground, make_booked_person, make_ground

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TABLET: ViewportSize = {"width": 1280, "height": 800}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass
class Scene:
    """A session about to begin, its people, and the server they reach."""

    app: Flask
    url: str
    clock: FrozenClock
    database: Database
    ground: Ground
    people: dict[str, UUID]
    deliver: Callable[[], int]

    def address_of(self, name: str) -> str:
        return f"{name.lower()}@example.org"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    engine = make_engine(f"sqlite:///{tmp_path / 'place.sqlite3'}")
    migrate(engine)
    clock = FrozenClock(TEN - 10 * MINUTE)
    database = Database(engine, clock)
    with database.unit_of_work(system_in()) as ctx:
        ground = make_ground(ctx)
        ctx.enter(ground.city.id)
        people = {
            name: make_booked_person(
                ctx,
                ground,
                name,
                email=f"{name.lower()}@example.org",
                page_language=language,
            )
            for name, language in (("Amina", "ar"), ("Bilal", "fr"))
        }
    settings = Settings(
        secret_key="a key for tests, long enough to be taken",
        mode="demonstration",
        public_url="http://127.0.0.1",
        files=str(tmp_path / "files"),
    )
    app = create_app(settings, database, clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def deliver() -> int:
        with app.app_context():
            return Dispatcher(database, SUBSCRIPTIONS).drain()

    try:
        yield Scene(
            app, f"http://127.0.0.1:{server.server_port}", clock, database, ground, people, deliver
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        engine.dispose()


@pytest.fixture
def open_page(browser: Browser, scene: Scene) -> Iterator[Callable[..., Page]]:
    """A browser of its own, whose scripts must not fail."""
    opened: list[BrowserContext] = []
    failures: list[str] = []

    def opening(
        locale: str = "it-IT", size: ViewportSize = PHONE, *, javascript: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport=size, locale=locale, base_url=scene.url, java_script_enabled=javascript
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: failures.append(str(error)))
        return page

    yield opening
    for context in opened:
        context.close()
    assert failures == []


@pytest.fixture
def screen(open_page: Callable[..., Page], scene: Scene) -> Page:
    """The organiser's tablet, held up."""
    page = open_page("it-IT", TABLET)
    with scene.database.unit_of_work(system_in()) as ctx:
        token = accounts.open_session(ctx, scene.ground.organiser_id)
    _sign_in(page, scene, token)
    page.goto(f"/it/organise/sessions/{scene.ground.session_id}/code")
    return page


def _sign_in(page: Page, scene: Scene, token: str) -> None:
    """With the cookie that the sign-in page would have set."""
    client = scene.app.test_client()
    with client.session_transaction() as session:
        session.update({"_user_id": token, "_fresh": True})
    cookie = client.get_cookie("civic")
    assert cookie
    page.context.add_cookies([{"name": "civic", "value": cookie.value, "url": scene.url}])


def decoded(page: Page) -> str:
    """By another decoder, from what the screen really shows."""
    shot = page.locator("#place-qr").screenshot()
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(shot)))
    return code.text


def path_on(page: Page) -> str:
    return urlsplit(decoded(page)).path


def sign_in_by_code(page: Page, scene: Scene, name: str, before_the_code: timedelta) -> None:
    page.fill("[name=contact]", scene.address_of(name))
    page.click("main form button[type=submit]")
    expect(page.locator("[name=code]")).to_be_visible()
    scene.deliver()
    letters = page.context.new_page()
    letters.goto(f"/it/mailbox?address={scene.address_of(name)}")
    found = CODE.search(letters.locator("main article").first.inner_text())
    letters.close()
    assert found
    scene.clock.advance(before_the_code)
    page.fill("[name=code]", found[0])
    page.click("main form button[type=submit]")


def check(page: Page) -> None:
    """Nothing runs over the edge, and axe finds no barrier."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []


def events(scene: Scene) -> list[CheckEvent]:
    with scene.database.reading(system_in(scene.ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(CheckEvent).order_by(CheckEvent.received_at)))


def test_a_scan_counts_at_its_moment_though_signing_in_outlasts_the_code(
    screen: Page, open_page: Callable[..., Page], scene: Scene, keep: Callable[[Page, str], None]
) -> None:
    keep(screen, "place-code-1280-it")
    check(screen)
    path = path_on(screen)
    scene.clock.advance(20 * SECOND)
    scanned_at = scene.clock.instant
    phone = open_page("it-IT")
    phone.goto(path)
    expect(phone).to_have_url(f"{scene.url}/it/here")
    check(phone)
    keep(phone, "here-who-it")
    phone.locator("main a[href*='sign-in']").first.click()
    sign_in_by_code(phone, scene, "Amina", 5 * MINUTE)
    expect(phone).to_have_url(f"{scene.url}/it/here")
    stale = open_page("it-IT")
    stale.goto(path)
    expect(stale.locator(".alert-warning")).to_be_visible()
    check(stale)
    keep(stale, "here-old-it")
    check(phone)
    keep(phone, "here-ask-it")
    phone.locator("button[value=entry]").click()
    expect(phone.locator(".told-success")).to_contain_text("Amina")
    keep(phone, "here-told-it")
    check(phone)
    [event] = events(scene)
    assert (event.person_id, event.scanned_at) == (scene.people["Amina"], scanned_at)
    assert event.received_at == scanned_at + 5 * MINUTE


def test_two_people_use_one_lent_phone_one_after_the_other(
    screen: Page, open_page: Callable[..., Page], scene: Scene, keep: Callable[[Page, str], None]
) -> None:
    phone = open_page("ar")
    phone.goto(path_on(screen))
    keep(phone, "here-who-ar")
    phone.locator("form[action$='/here/next'] button").click()
    for name in scene.people:
        expect(phone.locator("main a[href*='/sign-in?']")).to_be_visible()
        keep(phone, f"here-lent-ar-{name}")
        phone.locator("main a[href*='/sign-in?']").click()
        sign_in_by_code(phone, scene, name, 3 * MINUTE)
        keep(phone, f"here-ask-ar-{name}")
        phone.locator("button[value=entry]").click()
        expect(phone.locator(".told-success")).to_contain_text(name)
        expect(phone.locator("header form[action$='/sign-out']")).to_have_count(0)
        keep(phone, f"here-told-ar-{name}")
        phone.locator("main form[action$='/here/next'] button").click()
        expect(phone.locator("main")).not_to_contain_text(name)
    found = events(scene)
    assert [event.person_id for event in found] == list(scene.people.values())
    assert {event.scanned_at for event in found} == {TEN - 10 * MINUTE}


def test_screen_shows_a_new_code_by_itself_and_none_when_it_would_be_old(
    screen: Page, scene: Scene, keep: Callable[[Page, str], None]
) -> None:
    """The screen's own time passes a hundred times faster."""
    first = path_on(screen)
    screen.clock.install()
    screen.reload()
    scene.clock.advance(30 * SECOND)
    screen.clock.run_for(31_000)
    expect(screen.locator("#place-count")).to_contain_text("30")
    second = path_on(screen)
    assert second != first
    screen.context.set_offline(True)
    screen.clock.run_for(60_000)
    expect(screen.locator("#place-qr")).to_be_visible()
    screen.clock.run_for(31_000)
    expect(screen.locator("#place-stale")).to_be_visible()
    expect(screen.locator("#place-qr")).to_be_hidden()
    check(screen)
    keep(screen, "place-code-stale-1280-it")
    screen.context.set_offline(False)
    scene.clock.advance(90 * SECOND)
    screen.clock.run_for(4_000)
    expect(screen.locator("#place-qr")).to_be_visible()
    assert path_on(screen) not in (first, second)


def test_who_has_no_place_is_told_in_red_and_led_to_the_project(
    screen: Page, open_page: Callable[..., Page], scene: Scene, keep: Callable[[Page, str], None]
) -> None:
    with scene.database.unit_of_work(system_in()) as ctx:
        token = accounts.open_session(ctx, make_person(ctx, "Chidi"))
    phone = open_page("it-IT")
    _sign_in(phone, scene, token)
    phone.goto(path_on(screen))
    phone.locator("button[value=entry]").click()
    expect(phone.locator(".told-danger")).to_be_visible()
    check(phone)
    keep(phone, "here-no-place-it")
    phone.locator("main a[href*='/projects/']").click()
    expect(phone.locator("form[action*='/book']").first).to_be_visible()


def test_screen_says_when_its_session_has_ended(screen: Page, scene: Scene) -> None:
    screen.clock.install()
    screen.reload()
    screen.context.clear_cookies()
    screen.clock.run_for(31_000)
    expect(screen.locator("#place-signed-out")).to_be_visible()
    expect(screen.locator("#place-qr")).to_be_hidden()


@pytest.mark.parametrize("language", ["it", "ar"])
def test_code_fills_a_phone_held_up_and_comes_anew_without_scripts(
    screen: Page,
    open_page: Callable[..., Page],
    scene: Scene,
    keep: Callable[[Page, str], None],
    language: str,
) -> None:
    phone = open_page("it-IT", javascript=False)
    phone.context.add_cookies(screen.context.cookies())  # type: ignore[arg-type]  # what the one gives the other takes
    phone.goto(f"/{language}/organise/sessions/{scene.ground.session_id}/code?gate=Cancello+nord")
    box = phone.locator("#place-qr").bounding_box()
    assert box
    assert box["width"] >= 300
    assert box["y"] + box["height"] <= PHONE["height"]
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.locator("noscript meta[http-equiv=refresh]").count() <= 1
    keep(phone, f"place-code-360-{language}")
    assert path_on(phone).startswith("/in/")
