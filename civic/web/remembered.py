"""Public pages drawn once for all who see the same.

Most visits are of people without a cookie looking at the same few pages. Such a page is made of
its address and of the rows behind it and nothing else, so it is remembered by address together
with those rows: a visit still asks the database, and draws again only when the answer is another.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from flask import Response, current_app, request, session

PAGES_KEPT = 500
"""Some 6 kB each."""
LIFE = timedelta(minutes=1)
"""What higher rooms hang in a page is not among its rows: it may be this much behind."""
EXTENSION = "civic_remembered"


@dataclass(frozen=True)
class _Kept:
    content: object
    drawn_at: datetime
    body: bytes
    """Gzipped: nearly everybody takes it so, and it fits in a fifth of the room."""


class Remembered:
    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, str], _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, str], content: object, now: datetime) -> bytes | None:
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or not timedelta(0) <= now - kept.drawn_at < LIFE:
                return None
            self._pages.move_to_end(key)
        return kept.body if kept.content == content else None

    def keep(self, key: tuple[str, str], content: object, now: datetime, body: bytes) -> None:
        with self._lock:
            self._pages[key] = _Kept(content, now, body)
            self._pages.move_to_end(key)
            while len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)


def remembered(content: object, now: datetime, draw: Callable[[], str]) -> Response | str:
    """The page that `draw` makes of `content`, which holds every row it shows.

    Whoever brings a cookie may be signed in or have a message waiting: their page is drawn.
    """
    if request.cookies or not request.accept_encodings.quality("gzip"):
        return draw()
    pages: Remembered = current_app.extensions.setdefault(EXTENSION, Remembered())
    key = (request.path, request.query_string.decode("latin-1"))
    body = pages.get(key, content, now)
    if body is None:
        page = draw()
        if session.modified:
            # Something in it was made for this visitor alone, a form's token for instance.
            return page
        body = gzip.compress(page.encode(), 6, mtime=0)
        pages.keep(key, content, now, body)
    response = Response(body, mimetype="text/html")
    response.content_encoding = "gzip"
    return response
