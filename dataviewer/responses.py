"""What leaves us: security headers, caching and compression, below our prefix only."""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from threading import Lock

import brotli
from cachetools import LRUCache
from dash import Dash
from flask import Flask, Response, jsonify, request
from werkzeug.http import generate_etag

from dataviewer.errors import DataViewerError

YEAR = 31_536_000  # seconds
SMALL = 500  # bytes that are not worth compressing
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/javascript",
    "image/svg",
    "application/x-ndjson",
    "application/vnd.apache.arrow.file",
)
CONSTANT = ("_dash-layout", "_dash-dependencies")  # answers that are the same for everyone
STATIC_QUALITY = 9  # of Brotli: paid once a file and process
ANSWER_QUALITY = 3  # paid at every request
STREAM_WINDOW = 18  # 2**18 bytes that Brotli looks back in a stream, and keeps for it
STREAM_LEVEL = 4  # of gzip, for a stream: 6 takes twice the time
CSRF_COOKIE = "dataviewer_csrf"


def failure(error: DataViewerError) -> Response:
    """Return the one shape that our errors have."""
    response = jsonify({"ok": False, "error": str(error), "status": error.status})
    response.status_code = error.status
    return response


def finish_responses(
    server: Flask, app: Dash, prefix: str, public_prefix: str, frame_ancestors: str, is_ours: Callable[[], bool]
) -> None:
    """Give every response of the viewer below `prefix` its headers; the host's other responses pass untouched."""
    policy = content_security_policy(app, frame_ancestors)
    cache = CompressedFiles()

    def finish(response: Response) -> Response:
        if not is_ours() or _is_hosts_page(response):
            return response
        path = request.path.removeprefix(prefix)
        _secure(response, policy)
        _cache(response, path)
        _renew_csrf(server, response, path, public_prefix)
        return _compress(response, path, cache)

    server.after_request(finish)


def _is_hosts_page(response: Response) -> bool:
    """Tell the host's own login or error page, which may need scripts of its own: our errors are JSON."""
    return response.status_code >= 400 and response.mimetype == "text/html"


def content_security_policy(app: Dash, frame_ancestors: str) -> str:
    """Return the policy: our own scripts only, nothing evaluated, nothing fetched elsewhere.

    Styles may be inline: DataTable and Plotly write them.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"{hash}" for hash in app.csp_hashes())]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "frame-src": "'self'",  # the preview of a frame
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": frame_ancestors,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _secure(response: Response, policy: str) -> None:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")


def _is_file(path: str) -> bool:
    return path.startswith(("_dash-component-suites/", "assets/"))


def _cache(response: Response, path: str) -> None:
    if response.status_code not in (200, 304):
        return
    if _is_file(path):
        # Dash writes a fingerprint into the path of a component's file, and "?m=" behind an asset's.
        named = "m" in request.args or ".v" in path
        forever = f"public, max-age={YEAR}, immutable"
        response.headers["Cache-Control"] = forever if named else "no-cache"
    elif path in CONSTANT and response.status_code == 200:
        response.headers["Cache-Control"] = "private, no-cache"
        response.set_etag(generate_etag(response.get_data()))
        response.make_conditional(request)
    elif path in ("", "_dash-update-component"):
        response.headers["Cache-Control"] = "private, no-store"


def _renew_csrf(server: Flask, response: Response, path: str, public_prefix: str) -> None:
    """Hand the page the host's CSRF token, which Dash sends back in a header, where Flask-WTF guards the host."""
    if "csrf" not in server.extensions or path not in ("", "_dash-update-component"):
        return
    from flask_wtf.csrf import generate_csrf  # only a host that uses it has it

    token = generate_csrf()
    response.set_cookie(CSRF_COOKIE, token, path=public_prefix, samesite="Lax", secure=request.is_secure)


class CompressedFiles:
    """The files that pages load, compressed once a process; small answers are compressed anew each time."""

    def __init__(self):
        self._bodies = LRUCache(16 * 2**20, getsizeof=len)
        self._lock = Lock()

    def get(self, key: tuple, body: bytes, encoding: str) -> bytes:
        with self._lock:
            if key not in self._bodies:
                self._bodies[key] = _compressed(body, encoding, STATIC_QUALITY)
            return self._bodies[key]


def _compressed(body: bytes, encoding: str, quality: int) -> bytes:
    return brotli.compress(body, quality=quality) if encoding == "br" else gzip.compress(body, min(quality, 6), mtime=0)


def _compressed_stream(parts: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Give the parts compressed, each as it comes. Where they fail there is no end that would look whole."""
    with closing(parts):
        if encoding == "br":
            packer = brotli.Compressor(quality=ANSWER_QUALITY, lgwin=STREAM_WINDOW)
            add, flush, finish = packer.process, packer.flush, packer.finish
        else:
            packer = zlib.compressobj(STREAM_LEVEL, wbits=31)
            add, flush, finish = packer.compress, partial(packer.flush, zlib.Z_SYNC_FLUSH), packer.flush
        for part in parts:
            yield add(part) + flush()
        yield finish()


def _compress(response: Response, path: str, cache: CompressedFiles) -> Response:
    if response.status_code != 200 or not (response.mimetype or "").startswith(COMPRESSIBLE):
        return response
    response.vary.add("Accept-Encoding")
    encoding = request.accept_encodings.best_match(["br", "gzip"])
    if encoding is None or response.headers.get("Content-Encoding"):
        return response
    if response.is_streamed and not _is_file(path):
        response.response = _compressed_stream(response.response, encoding)
        response.headers["Content-Encoding"] = encoding
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALL:
        return response
    kept = _is_file(path) or path in CONSTANT
    if kept:
        body = cache.get((encoding, hashlib.blake2b(body).digest()), body, encoding)
    else:
        body = _compressed(body, encoding, ANSWER_QUALITY)
    response.set_data(body)
    response.headers["Content-Encoding"] = encoding
    if (etag := response.get_etag()[0]) is not None:
        response.set_etag(etag, weak=True)  # a strong one promises the same bytes in every encoding
    return response
