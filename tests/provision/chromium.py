"""A real Chromium for the browser journeys: an installed one, else one that is installed here."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
DEBIAN_PACKAGES = ("chromium", "fonts-noto-core")
"""The fonts show languages' own names: Arabic, Bengali, Amharic."""
PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
PATIENCE = 60


class NoChromium(Exception):
    """Says what was tried and what to do."""


def executable() -> Path:
    """The Chromium to drive, installed first where there is none."""
    found = installed()
    if found:
        return found
    print("No Chromium here: installing one.", flush=True)
    tried: list[str] = []
    for install in (_install_from_debian, _install_from_playwright):
        tried += install()
        found = installed()
        if found:
            return found
    raise NoChromium(
        "No Chromium is installed and none could be: "
        + "; ".join(tried)
        + ". Install Chromium or Chrome, or name one in CIVIC_TEST_CHROMIUM,"
        " or leave the journeys out with BROWSER=skip."
    )


def launch_arguments() -> list[str]:
    """What every launch needs: no traffic of the browser's own, and no sandbox for root."""
    arguments = ["--disable-background-networking", "--disable-component-update"]
    return [*arguments, "--no-sandbox"] if os.geteuid() == 0 else arguments


def installed() -> Path | None:
    named = os.environ.get("CIVIC_TEST_CHROMIUM")
    if named:
        return Path(named)
    return next((Path(candidate) for candidate in _candidates() if _starts(candidate)), None)


def _candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield from MAC_APPS
    # Asked in a process of its own: inside a running Playwright a second one may not start.
    asked = subprocess.run(
        [sys.executable, "-c", PLAYWRIGHTS_OWN], capture_output=True, text=True, check=False
    )
    if asked.returncode == 0:
        yield asked.stdout.strip()


def _starts(candidate: str) -> bool:
    """A browser that lacks one of its libraries lies on the disk and yet does not run."""
    if not Path(candidate).exists():
        return False
    try:
        done = subprocess.run(
            [candidate, "--version"], capture_output=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _install_from_debian() -> list[str]:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return []
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    update = _succeeds([*quiet, "update"])
    if update and _succeeds([*quiet, "install", "-y", "--no-install-recommends", *DEBIAN_PACKAGES]):
        return []
    return ["apt-get install chromium failed"]


def _install_from_playwright() -> list[str]:
    if _succeeds([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]):
        return ["the Chromium that playwright installed does not start"]
    return ["playwright install chromium failed"]


def _succeeds(command: list[str]) -> bool:
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "rror" in line or line[:2] == "E:"]
        print(*(said or done.stderr.splitlines())[-1:], sep="\n", file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    try:
        print(f"Browser: {executable()}")
    except NoChromium as refusal:
        sys.exit(str(refusal))
