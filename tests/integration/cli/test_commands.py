"""The commands of `bin/civic`, as somebody at a terminal runs them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ON_POSTGRESQL = os.environ.get("CIVIC_TEST_DATABASE") == "postgresql"
pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="the commands bring a database of their own")


def _environment(folder: Path, **settings: str) -> dict[str, str]:
    others = {name: text for name, text in os.environ.items() if not name.startswith("CIVIC_")}
    url = f"sqlite:///{folder / 'civic.sqlite3'}"
    keys = {f"CIVIC_{of}_KEYS": str(folder / "keys" / of) for of in ("CITY", "SUBJECT")}
    return {**others, "CIVIC_DATABASE_URL": url, **keys, **settings}


def _civic(
    folder: Path, *arguments: str, typed: str = "", **settings: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "civic", *arguments],
        cwd=ROOT,
        env=_environment(folder, **settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


PRODUCTION = {"CIVIC_SECRET_KEY": "k" * 40, "CIVIC_SMTP_URL": "smtp://mail.example.org"}


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_production_without_a_secret_key_does_not_start_and_says_what_to_set(
    tmp_path: Path, command: str
) -> None:
    answer = _civic(tmp_path, command)
    assert answer.returncode == 1
    assert "Set CIVIC_SECRET_KEY" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_demonstration_data_is_refused_in_production(tmp_path: Path) -> None:
    answer = _civic(tmp_path, "demo", "load", CIVIC_MODE="production", **PRODUCTION)
    assert answer.returncode == 1
    assert "stays out of production" in answer.stderr


def test_a_first_city_its_association_and_their_staff_are_set_up_by_commands(
    tmp_path: Path,
) -> None:
    def run(*arguments: str, typed: str = "") -> str:
        answer = _civic(tmp_path, *arguments, typed=typed, **PRODUCTION)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    password = "ponte-piazza-luce"
    assert "Migrated" in run("migrate")
    run("city", "add", "potenza", "Potenza")
    run("association", "add", "filo-verde", "Filo Verde", "--city", "potenza")
    for role, more in (
        ("officer", ["--city", "potenza"]),
        ("organiser", ["--city", "potenza", "--association", "filo-verde"]),
        ("coordinator", []),
        ("case_worker", ["--city", "potenza", "--discipline", "psychologist"]),
        ("desk", ["--city", "potenza"]),
    ):
        typed = f"{password}\n{password}\n"
        run("staff", "add", role, f"{role}@example.org", "--name", role, *more, typed=typed)
    assert "Potenza: whole" in run("audit", "verify")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["officer", "o@example.org", "--city", "nowhere"], "--city must be the slug"),
        (["officer", "o@example.org"], "--city must be the slug"),
        (["coordinator", "c@example.org"], "letters"),
    ],
)
def test_staff_that_cannot_be_set_up_are_refused_in_words(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    _civic(tmp_path, "migrate", **PRODUCTION)
    command = ["staff", "add", *arguments, "--name", "Rosa"]
    answer = _civic(tmp_path, *command, typed="short\nshort\n", **PRODUCTION)
    assert answer.returncode == 1
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr


def test_up_serves_keeps_what_was_done_and_stops_on_control_c(tmp_path: Path) -> None:
    for is_first in (True, False):
        port = _free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "civic", "up"],
            cwd=ROOT,
            env=_environment(tmp_path, PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        _wait_for(f"http://127.0.0.1:{port}/readyz")
        taken = _civic(tmp_path, "up", PORT=str(port))
        assert f"Port {port} is taken" in taken.stderr
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=20)
        assert process.returncode == 0
        assert ("is loaded" in output) is is_first
        assert "organiser@example.org" in output
        assert "Traceback" not in output


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=2)  # noqa: S310 - our own server
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer")
