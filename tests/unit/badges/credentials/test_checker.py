import subprocess
import sys
from typing import Any

import pytest

from civic.badges.credentials import checker
from civic.badges.credentials.canonical import signed_bytes
from civic.badges.credentials.contexts import Document
from civic.badges.credentials.verify import Outcome
from civic.kernel.clock import ticks
from tests.factories.credentials import World, badge, in_bytes, signed

BADGE = signed(badge())


def _poison(width: int) -> Document:
    """Blank nodes that all look alike: a canonical order of theirs takes the work of a factorial."""
    evil = {"type": "AchievementSubject", "result": [{"type": "Result"}] * width}
    return {**BADGE, "credentialSubject": [evil, evil]}


def test_a_poisoned_graph_ends_within_the_bound() -> None:
    data = in_bytes(_poison(12))
    assert len(data) < 10_000
    began = ticks()
    assert World().verify(data).outcome is Outcome.TOO_SLOW
    assert ticks() - began < checker.SECONDS + 3


def test_a_process_that_eats_memory_or_dies_is_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civic.badges.credentials.checker.sys.executable", "/bin/false")
    assert World().verify(in_bytes(BADGE)).outcome is Outcome.TOO_SLOW


def test_the_process_apart_is_waited_for_no_longer_than_was_said() -> None:
    with pytest.raises(checker.TooSlow):
        checker.signed_bytes_apart(BADGE, seconds=0.001)


def test_the_process_apart_has_its_limits_from_the_system() -> None:
    code = (
        "import resource as r; from civic.badges.credentials import checker as c; c._limit();"
        "print([r.getrlimit(w) for w in (r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_AS)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=checker.ROOT, capture_output=True, check=True, text=True
    )
    assert done.stdout.startswith(f"[({checker.SECONDS}, {checker.SECONDS}), (0, 0)")
    if sys.platform == "linux":
        assert f"({checker.MEMORY}, {checker.MEMORY})]" in done.stdout


def test_the_process_apart_finds_the_same_bytes() -> None:
    assert checker.signed_bytes_apart(BADGE) == signed_bytes(BADGE)


def test_the_process_apart_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    real = subprocess.run

    def run(*args: Any, **named: Any) -> Any:
        seen.update(named)
        return real(*args, **named)

    monkeypatch.setattr("civic.badges.credentials.checker.subprocess.run", run)
    assert World().verify(in_bytes(BADGE)).outcome is Outcome.VALID
    assert seen["env"] == {}
