"""What may reach Dash and the API: requests of the shape and the size that our page sends, and no others.

Anyone can post anything to a callback. Dash itself answers a malformed post with a traceback and status 500, so what is
not one of our callbacks, asked in its own shape, is refused before it gets there, with one line in the log.
"""

import logging

from dash import Dash
from dash.fingerprint import check_fingerprint
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from dataviewer.errors import BadRequest, DataViewerError, NotFound
from dataviewer.responses import failure
from dataviewer.view import LENGTH_MAX

log = logging.getLogger(__name__)

BODY_MAX = 64 * 1024  # bytes of a callback's request; ours are under 40 KB, the dropdown's options included


class TooLong(DataViewerError):
    status = 414


class TooLarge(DataViewerError):
    status = 413


def guard(server: Flask, app: Dash, prefix: str) -> None:
    """Refuse requests below `prefix` that cannot be ours. The host's own requests pass untouched."""

    def refuse() -> Response | None:
        if not request.path.startswith(prefix):
            return None
        try:
            _check(app, request.path.removeprefix(prefix))
        except DataViewerError as error:
            log.warning("Refused %s %.200s: %s", request.method, request.path, error)
            return failure(error)
        return None

    server.before_request(refuse)


def _check(app: Dash, path: str) -> None:
    if len(request.query_string) > LENGTH_MAX:
        raise TooLong(f"The link has {len(request.query_string)} characters; at most {LENGTH_MAX} can be read.")
    request.max_content_length = BODY_MAX
    if path == "_dash-update-component" and request.method == "POST":
        _check_callback(app, _json_body())
    elif path.startswith("_dash-component-suites/"):
        _check_asset(app, path.removeprefix("_dash-component-suites/"))


def _json_body() -> dict:
    if not request.is_json:
        raise BadRequest("A callback is asked in JSON.")
    if (request.content_length or 0) > BODY_MAX:
        raise TooLarge(f"The request has {request.content_length:,} bytes; at most {BODY_MAX:,} are read.")
    try:
        body = request.get_json()
    except (HTTPException, RecursionError, ValueError):
        raise BadRequest("The request is no JSON that can be read.") from None
    if not isinstance(body, dict):
        raise BadRequest("The request is no JSON object.")
    return body


def _check_callback(app: Dash, body: dict) -> None:
    """Require one of our callbacks by its output, with exactly its inputs, states and outputs, in their order."""
    output = body.get("output")
    known = app.callback_map.get(output) if isinstance(output, str) else None
    if known is None or "callback" not in known:
        raise BadRequest("The request asks for no callback of this page.")
    for part, wired in (("inputs", known["inputs"]), ("state", known["state"])):
        if _places(body.get(part, [])) != [(place["id"], place["property"]) for place in wired]:
            raise BadRequest(f"The request's {part} are not those of the callback {output}.")
    outputs = body.get("outputs")
    outputs = outputs if isinstance(outputs, list) else [outputs]
    if ".".join(f"{id}.{property}" for id, property in _places(outputs)) != output.strip(".").replace("...", "."):
        raise BadRequest(f"The request's outputs are not those of the callback {output}.")
    changed = body.get("changedPropIds", [])
    if not (isinstance(changed, list) and all(isinstance(name, str) for name in changed)):
        raise BadRequest("The request does not name what changed.")


def _places(listed: object) -> list[tuple[str, str]]:
    if not (isinstance(listed, list) and all(isinstance(place, dict) for place in listed)):
        raise BadRequest("The request does not list ids and properties.")
    return [(place.get("id"), place.get("property")) for place in listed]


def _check_asset(app: Dash, path: str) -> None:
    package, _, file = path.partition("/")
    if check_fingerprint(file)[0] not in app.registered_paths.get(package, ()):
        raise NotFound(f"There is no file “{path[:100]}”.")
