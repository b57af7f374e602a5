"""Files that people hand in, in a folder outside everything the web serves.

A file's name is random and tells nothing; what it is and who may see it stands in the row that
names it.
"""

import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from civic.kernel.errors import NotFound

NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class FileStore:
    folder: Path

    def put(self, content: bytes) -> str:
        """Keep the content; returns the name to ask it back by. Whole or not at all."""
        name = secrets.token_hex(16)
        place = self._place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        half = place.with_suffix(".part")
        with half.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(place)
        return name

    def get(self, name: str) -> bytes:
        """NotFound for a name that this store never gave, or whose file is gone."""
        try:
            return self._place(name).read_bytes()
        except FileNotFoundError:
            raise NotFound from None

    def drop(self, name: str) -> None:
        """Once or twice: a file that is gone stays gone."""
        self._place(name).unlink(missing_ok=True)

    def drop_older(self, than: datetime) -> None:
        """Throw away what was put before that instant: for what is kept only for a while."""
        for path in self.folder.glob("*/*"):
            if path.stat().st_mtime < than.timestamp():
                path.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise NotFound
        return self.folder / name[:2] / name
