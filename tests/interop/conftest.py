"""Two verifiers from npm, run by Node, of which a test can ask what they say."""

import fcntl
import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Protocol

import pytest

from civic.badges.credentials.contexts import Document
from tests.factories.credentials import DID_URL

HERE = Path(__file__).parent
THERE = HERE.parents[1] / "var" / "interop"
AWAY = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")
"""How npm says that there is no network."""


class Ask(Protocol):
    def __call__(
        self, credential: Document, those: dict[str, Document], did_url: str = DID_URL
    ) -> dict[str, Any]: ...


@pytest.fixture(scope="session")
def ask() -> Ask:
    """The verifiers from npm, installed once outside the sources."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("Node is not there: the verifiers from npm were not asked.")
    _install(npm)

    def ask(
        credential: Document, those: dict[str, Document], did_url: str = DID_URL
    ) -> dict[str, Any]:
        case = {"credential": credential, "didUrl": did_url, "documents": those}
        done = subprocess.run(
            [node, "verify.mjs"],
            input=json.dumps(case).encode(),
            cwd=THERE,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return ask


def _install(npm: str) -> None:
    THERE.mkdir(parents=True, exist_ok=True)
    with (THERE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("package.json", "package-lock.json", ".npmrc", "verify.mjs"):
            shutil.copy(HERE / name, THERE / name)
        wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
        stamp = THERE / "node_modules" / ".civic-lock"
        if not stamp.exists() or stamp.read_text() != wanted:
            command = [npm, "ci", "--ignore-scripts", "--loglevel", "error"]
            done = subprocess.run(command, cwd=THERE, capture_output=True, timeout=300, check=False)
            said = (done.stdout + done.stderr).decode()
            if done.returncode and any(code in said for code in AWAY):
                pytest.skip("npm's packages are out of reach: the verifiers were not asked.")
            assert done.returncode == 0, said
            stamp.write_text(wanted)
