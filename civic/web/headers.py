"""Security headers, small pages, and what may be kept by whom."""

import gzip
import hashlib

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
SMALL = 500
"""Bytes below which compressing costs more than it saves."""
TEXTS = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/ld+json",
        "application/xml",
        "text/calendar",
        "text/html",
        "text/plain",
    }
)


FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"),
)
OVER_HTTPS = ("Strict-Transport-Security", "max-age=31536000")


def policy(images_from: str = "") -> str:
    """Everything from this site alone, but for pictures of one named place (a map's tiles)."""
    return "; ".join(
        f"{rule} {images_from}" if images_from and rule.startswith("img-src") else rule
        for rule in POLICY
    )


def install(app: Flask, *, has_https: bool, images_from: str = "") -> None:
    over_https = (OVER_HTTPS,) if has_https else ()
    fixed = (("Content-Security-Policy", policy(images_from)), *FIXED, *over_https)

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in fixed:
            response.headers.add(name, value)
        if request.endpoint == "static":
            return response
        if "Cache-Control" not in response.headers:
            # A shared phone: nothing signed-in is kept; public pages are asked for again, cheaply.
            kept = "private, no-cache, no-store" if request.cookies else "private, no-cache"
            response.headers["Cache-Control"] = kept
        if response.mimetype in TEXTS and not response.is_streamed:
            _revalidate(response)
            _compress(response)
        return response


def _revalidate(response: Response) -> None:
    if request.method == "GET" and response.status_code == 200 and not request.cookies:
        digest = hashlib.sha1(response.get_data(), usedforsecurity=False).hexdigest()
        response.set_etag(digest, weak=True)
        response.make_conditional(request)


def _compress(response: Response) -> None:
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or response.content_encoding:
        return
    body = response.get_data()
    if len(body) >= SMALL:
        response.set_data(gzip.compress(body, 4, mtime=0))
        response.content_encoding = "gzip"
