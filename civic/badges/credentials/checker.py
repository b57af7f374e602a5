"""`python -m civic.badges.credentials.checker`: canonicalises what a stranger sent, in a process of its
own. A document comes in as JSON; out comes one line of JSON with what its key would have signed.

Canonicalising has no bound that the size of a document tells: 700 bytes can keep it busy for minutes.
So this process has a bound, and whoever started it waits no longer than that.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from civic.badges.credentials.canonical import UndefinedTerm, Unreadable, signed_bytes
from civic.badges.credentials.contexts import Document, ForeignContext

SECONDS = 5
MEMORY = 768 * 1024 * 1024
AT_ONCE = 2
"""In each web process: more strangers than that wait."""
ROOT = Path(__file__).resolve().parents[3]
_places = BoundedSemaphore(AT_ONCE)


class TooSlow(Exception):
    pass


def signed_bytes_apart(document: Document, *, seconds: float = SECONDS) -> bytes:
    """As `signed_bytes`, elsewhere and with a bound on time and memory."""
    if not _places.acquire(timeout=seconds):
        raise TooSlow
    try:
        done = subprocess.run(
            [sys.executable, "-m", "civic.badges.credentials.checker"],
            input=json.dumps(document).encode(),
            capture_output=True,
            cwd=ROOT,
            env={},  # the secrets of this process are none of that one's business
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlow from error
    finally:
        _places.release()
    if done.returncode != 0:
        raise TooSlow  # it ran out of time or memory
    answer = json.loads(done.stdout)
    if "undefined" in answer:
        raise UndefinedTerm(answer["undefined"])
    if "signed" not in answer:
        raise Unreadable(answer["unreadable"])
    return bytes.fromhex(answer["signed"])


def main() -> None:
    _limit()
    try:
        answer = {"signed": signed_bytes(json.load(sys.stdin)).hex()}
    except UndefinedTerm as error:
        answer = {"undefined": error.name}
    except (Unreadable, ForeignContext) as error:
        answer = {"unreadable": str(error)}
    sys.stdout.write(json.dumps(answer))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform == "linux":  # macOS has no such limit; there time alone ends it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
