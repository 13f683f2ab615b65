"""Who may read the API from a page of another origin: nobody, unless the setting says so; never with credentials."""

import re
from collections.abc import Callable

from flask import Flask, Response, request

from dataviewer.errors import BadSetting

ANY = "*"
ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[a-z0-9._~\[\]:-]+")
METHODS = ("GET", "HEAD", "OPTIONS")
# What a page may read of an answer beside its body and its type.
EXPOSED = "ETag, Link, Content-Disposition, X-Total-Count"
ASKED = "If-None-Match"  # headers that a page may send beside those that any may
KEPT = "86400"  # seconds that a browser keeps the answer to its question


def allow_origins(server: Flask, origins: str, prefix: str, is_ours: Callable[[], bool]) -> None:
    """Let pages of `origins` read the API below `prefix`: "" for none, "*" for any, or a list by blanks or commas.

    The page and its callbacks are not theirs to read. Raises BadSetting for what is no origin.
    """
    allowed = _origins(origins)

    def share(response: Response) -> Response:
        if not (is_ours() and request.path.startswith(f"{prefix}api/") and request.method in METHODS):
            return response
        if allowed != {ANY}:
            response.vary.add("Origin")
        asking = request.headers.get("Origin")
        if not (asking and (asking in allowed or ANY in allowed)):
            return response
        headers = response.headers
        headers["Access-Control-Allow-Origin"] = ANY if ANY in allowed else asking
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
            headers["Access-Control-Allow-Headers"] = ASKED
            headers["Access-Control-Max-Age"] = KEPT
        else:
            headers["Access-Control-Expose-Headers"] = EXPOSED
        return response

    if allowed:
        server.after_request(share)


def _origins(text: str) -> set[str]:
    found = set(re.split(r"[\s,]+", text)) - {""}
    for each in sorted(found - {ANY}):
        if not ORIGIN.fullmatch(each):
            raise BadSetting(
                f"DATAVIEWER_CORS_ORIGINS has {each!r}, which is no origin such as https://example.org, and not *."
            )
    return found
