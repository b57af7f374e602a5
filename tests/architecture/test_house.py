"""The house rules that a program can check."""

import re
from pathlib import Path

import pytest

from civic.kernel.db.base import Base, CityCatalogue, TenantOwned

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted(
    [*ROOT.glob("civic/**/*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/**/*.py")]
)
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
NAMES_THAT_HIDE = re.compile(r"(utils?|helpers?|common|misc|managers?|services?)$")
LONGEST = 400
VENDORED = {"jsqr.js", "leaflet.js"}


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_shelf_is_longer_than_a_reader_can_hold() -> None:
    sources = [*PYTHON, *TEMPLATES, *ROOT.glob("static/*/*.js"), *ROOT.glob("assets/src/*.scss")]
    lengths = {
        _named(path): len(path.read_text().splitlines())
        for path in sources
        if path.name not in VENDORED
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_nothing_is_called_by_a_name_that_hides_what_is_inside() -> None:
    assert [_named(path) for path in PYTHON if NAMES_THAT_HIDE.search(path.stem)] == []


def test_every_package_file_is_empty() -> None:
    packages = [path for path in PYTHON if path.name == "__init__.py"]
    assert [_named(path) for path in packages if path.read_text().strip()] == []


def test_every_table_of_a_city_is_guarded() -> None:
    # Read before anybody's city is known; and badges, which are of nobody, and mostly of no city.
    unguarded = {"role_grant", "outbox_event", "outing_pass", "achievement"}
    names = {
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if "municipality_id" in mapper.columns
        and not issubclass(mapper.class_, TenantOwned | CityCatalogue)
    }
    assert names == unguarded


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_templates_hold_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=_named)
def test_templates_name_no_left_or_right(path: Path) -> None:
    """Start and end follow the reader's direction; left and right do not."""
    classes = re.findall(r'class="([^"]*)"', path.read_text())
    sided = re.compile(r"(^|\s)((m|p)[lr]-\d|text-(left|right)|float-(left|right))(\s|$)")
    assert not [value for value in classes if sided.search(value)]


def test_every_class_in_the_templates_is_in_the_built_style_sheet() -> None:
    """`make assets` purges what templates do not use, so it must run after they change. A page that
    looks like no other brings a small sheet of its own."""
    sheet = "".join(path.read_text() for path in ROOT.glob("static/**/*.css"))
    styled = set(re.findall(r"\.(-?[_a-zA-Z][-_a-zA-Z0-9]*)", sheet))
    used = {
        name
        for path in TEMPLATES
        for value in re.findall(r'\sclass="([^"]*)"', path.read_text())
        for name in re.sub(r"\{[{%].*?[%}]\}", "\0", value).split()
        if "\0" not in name
    }
    assert used - styled - MARKS_FOR_SCRIPTS == set()


MARKS_FOR_SCRIPTS: set[str] = set()
"""Classes that only a script looks for."""


def test_only_the_clock_reads_the_time() -> None:
    """Lint bans the calls; this catches the import that would dodge it."""
    imports = re.compile(r"^\s*(import time\b|from time import)", re.MULTILINE)
    others = [path for path in ROOT.glob("civic/**/*.py") if path.name != "clock.py"]
    assert [_named(path) for path in others if imports.search(path.read_text())] == []


def test_lock_files_and_sources_name_no_registry() -> None:
    locks = [
        *ROOT.glob("requirements/*"),
        ROOT / "assets/package-lock.json",
        ROOT / "assets/.npmrc",
        ROOT / "tests/interop/package-lock.json",
        ROOT / "tests/interop/.npmrc",
    ]
    hosts = re.compile(
        r"https?://[^\s\"']*(pypi|npmjs|pythonhosted|registry|/simple)", re.IGNORECASE
    )
    assert [
        _named(path) for path in locks if path.exists() and hosts.search(path.read_text())
    ] == []
