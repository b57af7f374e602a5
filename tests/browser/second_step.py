"""The second step of staff: once through its pages, elsewhere as if it had been taken."""

import re
import sqlite3
from contextlib import closing

import pyotp
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, expect

from civic.accounts.operations import token_hash
from civic.kernel.clock import SystemClock
from civic.settings import demonstration_key
from tests.browser.conftest import DATABASES


def set_up_second_step(page: Page) -> str:
    """On the page that asks for it the first time: the letters to type, and the digits they give."""
    shown = page.locator("main").inner_text()
    groups = re.search(r"(?:[A-Z2-7]{4}[ \u00a0]){5,}[A-Z2-7]{1,4}", shown)
    assert groups, shown
    secret = re.sub(r"\s", "", groups[0])
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.locator("main form button[type=submit]").last.click()
    expect(page).not_to_have_url(re.compile("second-step"))
    return secret


def have_second_step(page: Page) -> None:
    """For a browser that is signed in: a code counts once, and the tests are quicker than its half
    minute."""
    url = page.url.split("/", 3)
    site = "/".join(url[:3])
    cookie = next(each for each in page.context.cookies(site) if each["name"] == "civic")
    now = SystemClock().now().replace(tzinfo=None).isoformat(sep=" ")
    with closing(sqlite3.connect(DATABASES[site], timeout=20)) as database, database:
        changed = database.execute(
            "UPDATE login_session SET second_factor_at = ?, last_seen_at = ? WHERE token_hash = ?",
            (now, now, token_hash(_token(cookie["value"]))),
        )
        assert changed.rowcount == 1


def _token(cookie: str) -> str:
    app = Flask("reads a cookie")
    app.secret_key = demonstration_key()
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer
    return str(serializer.loads(cookie)["_user_id"])
