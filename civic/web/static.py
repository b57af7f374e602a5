"""Static files, read once at start: an address holds the hash of the content, so that a phone
fetches a file once for as long as it does not change."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".webmanifest", ".txt"}
UNSERVED = {".md"}


@dataclass(frozen=True)
class StaticFile:
    body: bytes
    gzipped: bytes | None
    digest: str
    mimetype: str


class StaticFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in UNSERVED
        }

    def digest(self, path: str) -> str:
        """The content hash of a file; KeyError names a file that is not there."""
        return self._files[path].digest

    def answer(self, digest: str, path: str) -> Response:
        found = self._files.get(path)
        if found is None:
            raise NotFound
        response = Response(found.body, mimetype=found.mimetype)
        if found.gzipped and request.accept_encodings.quality("gzip"):
            response.data = found.gzipped
            response.content_encoding = "gzip"
        if found.gzipped:
            response.vary.add("Accept-Encoding")
        if digest == found.digest:
            response.cache_control.public = True
            response.cache_control.max_age = 31_536_000
            response.cache_control.immutable = True
        else:
            # An old page asks for a file that has changed since: give today's, keep nothing.
            response.cache_control.no_store = True
        return response


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    gzipped = gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSIBLE else None
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".woff2":
        mimetype = "font/woff2"
    return StaticFile(body, gzipped, hashlib.sha256(body).hexdigest()[:12], mimetype)


def install(app: Flask, folder: Path) -> StaticFiles:
    files = StaticFiles(folder)

    def serve(digest: str, path: str) -> Response:
        return files.answer(digest, path)

    serve.civic_access = "public"  # type: ignore[attr-defined]  # read by the routes test
    app.add_url_rule("/static/<digest>/<path:path>", "static", serve)

    @app.template_global()
    def asset(path: str) -> str:
        return f"/static/{files.digest(path)}/{path}"

    return files
