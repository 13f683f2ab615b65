"""What may reach Dash and the API: requests of the shape and the size that our page sends, and no others.

Anyone can post anything to a callback. Dash itself answers a malformed post with a traceback and status 500, so what is
not one of our callbacks, asked in its own shape, is refused before it gets there, with one line in the log.
"""

import logging
import os
from collections.abc import Callable, Iterable

import orjson
from dash import Dash, Output
from dash.fingerprint import check_fingerprint
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.utils import safe_join

from dataviewer.errors import BadRequest, DataViewerError, NotFound
from dataviewer.responses import failure
from dataviewer.view import LENGTH_MAX

log = logging.getLogger(__name__)

BODY_MAX = 64 * 1024  # bytes of a callback's request; ours are under 40 KB, the dropdown's options included


class TooLong(DataViewerError):
    status = 414


class TooLarge(DataViewerError):
    status = 413


class WrongMethod(DataViewerError):
    status = 405

    def __init__(self, methods: Iterable[str]):
        self.methods = ", ".join(sorted(methods))
        super().__init__(f"There is no {request.method} here; methods are {self.methods}.")


class WrongOrigin(DataViewerError):
    status = 403


class WrongType(DataViewerError):
    status = 415


def guard(server: Flask, app: Dash, prefix: str, is_ours: Callable[[], bool]) -> None:
    """Refuse requests to the viewer below `prefix` that cannot be its page's. The host's own pass untouched."""

    def refuse() -> Response | None:
        if not is_ours():
            return None
        try:
            _check(app, request.path.removeprefix(prefix))
        except DataViewerError as error:
            return _refusal(error)
        return None

    server.before_request(refuse)


def refuse_callback(error: Exception) -> None:
    """Answer what a callback raised: a child of DataViewerError with its status; a bug stays the host's to answer.

    For Dash(on_error=...). A response that is raised reaches no error handler of the host.
    """
    if isinstance(error, DataViewerError):
        abort(_refusal(error))
    raise error


def _refusal(error: DataViewerError) -> Response:
    # As literals: a line break in the path must not begin a line of the log.
    log.warning("Refused %s %.200r: %r", request.method, request.path, str(error))
    response = failure(error)
    if isinstance(error, WrongMethod):
        response.headers["Allow"] = error.methods
    return response


def _check(app: Dash, path: str) -> None:
    if path == "mcp" and request.method != "POST":  # a GET there is one for Dash's page
        raise WrongMethod(["POST"])
    if isinstance(request.routing_exception, MethodNotAllowed):
        raise WrongMethod(request.routing_exception.valid_methods)
    if len(request.query_string) > LENGTH_MAX:
        raise TooLong(f"The link has {len(request.query_string)} characters; at most {LENGTH_MAX} can be read.")
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        raise BadRequest("The link is no text: its bytes are not UTF-8.") from None
    request.max_content_length = BODY_MAX
    if path == "mcp":
        _check_message()
    elif path == "_dash-update-component" and request.method == "POST":
        _check_callback(app, _json_body())
    elif path.startswith("_dash-component-suites/"):
        _check_component_file(app, path.removeprefix("_dash-component-suites/"))
    elif path.startswith("assets/"):
        _check_asset(app, path.removeprefix("assets/"))


def _check_message() -> None:
    """Require what an assistant sends: JSON, and from no web page, whose browser would name it in Origin."""
    if "Origin" in request.headers:
        raise WrongOrigin("A web page cannot ask here; what is for assistants is also below api/.")
    if not request.is_json:
        raise WrongType("A message is sent as application/json.")
    _body()


def _body() -> bytes:
    if (request.content_length or 0) > BODY_MAX:
        raise TooLarge(f"The request has {request.content_length:,} bytes; at most {BODY_MAX:,} are read.")
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise TooLarge(f"The request has too many bytes; at most {BODY_MAX:,} are read.") from None
    except HTTPException:
        raise BadRequest("The request ended before it was whole.") from None


def _json_body() -> dict:
    if not request.is_json:
        raise BadRequest("A callback is asked in JSON.")
    data = _body()
    try:
        # Stricter than what Flask and Dash read: no NaN, no infinity, no half of a surrogate pair.
        orjson.loads(data)
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
    if _outputs(body.get("outputs"), known["output"]) != _wired_outputs(known["output"]):
        raise BadRequest(f"The request's outputs are not those of the callback {output}.")
    changed = body.get("changedPropIds", [])
    if not (isinstance(changed, list) and all(isinstance(name, str) for name in changed)):
        raise BadRequest("The request does not name what changed.")


def _outputs(asked: object, wired: Output | list[Output]) -> list[tuple[str, str]]:
    """Return the places asked for: a callback of one output is asked with that, one of several with their list."""
    return _places(asked if isinstance(wired, list) else [asked])


def _wired_outputs(wired: Output | list[Output]) -> list[tuple[str, str]]:
    outputs = wired if isinstance(wired, list) else [wired]
    return [(output.component_id, output.component_property) for output in outputs]


def _places(listed: object) -> list[tuple[str, str]]:
    if not (isinstance(listed, list) and all(isinstance(place, dict) for place in listed)):
        raise BadRequest("The request does not list ids and properties.")
    return [(place.get("id"), place.get("property")) for place in listed]


def _check_component_file(app: Dash, path: str) -> None:
    package, _, file = path.partition("/")
    if check_fingerprint(file)[0] not in app.registered_paths.get(package, ()):
        raise NotFound(f"There is no file “{path[:100]}”.")


def _check_asset(app: Dash, path: str) -> None:
    file = safe_join(app.config.assets_folder, path)
    if file is None or not os.path.isfile(file):
        raise NotFound(f"There is no file “{path[:100]}”.")
