"""Asking a viewer as its page does: through requests alone."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

TABLE, CHART, SEARCH = "table-view.data", "chart-view.data", "search.data"
ADDRESS = re.compile(r'(?:href|src|data-plotly)="([^"]+)"')


class Reader(FlaskClient):
    """A client that reads every answer to its end and closes it, as servers do; `buffered=False` leaves that open."""

    def open(self, *args, buffered: bool = True, **options) -> TestResponse:
        return super().open(*args, buffered=buffered, **options)


def reader(server: Flask) -> Reader:
    return Reader(server, server.response_class)


def wiring(client: FlaskClient, prefix: str = "/") -> list[dict]:
    return client.get(f"{prefix}_dash-dependencies").json


def places(output: str) -> dict | list[dict]:
    """Return the ids and properties that an output of the wiring names."""
    if output.startswith(".."):
        return [places(part) for part in output[2:-2].split("...")]
    return dict(zip(("id", "property"), output.rsplit(".", 1)))


def callback_body(client: FlaskClient, asked: str, value: object, *state: object, prefix: str = "/") -> dict:
    """Return what the page posts when the property `asked` changes to `value`; `state` are the states' values."""
    wired = next(
        callback
        for callback in wiring(client, prefix)
        if callback["inputs"] == [places(asked)] and callback["clientside_function"] is None
    )
    return {
        "output": wired["output"],
        "outputs": places(wired["output"]),
        "inputs": [places(asked) | {"value": value}],
        "state": [place | {"value": value} for place, value in zip(wired["state"], state)],
        "changedPropIds": [asked],
    }


def post(client: FlaskClient, body: object, prefix: str = "/", **options) -> TestResponse:
    return client.post(f"{prefix}_dash-update-component", json=body, **options)


def asker(client: FlaskClient, width: int) -> Callable[[str, str], dict]:
    """Return what asks one of the two callbacks for a view, and gives the props that it answers with."""
    bodies = {asked: callback_body(client, asked, None) for asked in (TABLE, CHART)}

    def ask(asked: str, query: str) -> dict:
        bodies[asked]["inputs"][0]["value"] = query if asked == TABLE else {"query": query, "width": width}
        response = post(client, bodies[asked])
        assert response.status_code == 200, (asked, query, response.text[:300])
        return response.json["response"]

    return ask


def ask_table(client: FlaskClient, query: str, prefix: str = "/") -> dict:
    """Return what the table's callback answers for a view: props by component id."""
    response = post(client, callback_body(client, TABLE, query, prefix=prefix), prefix)
    assert response.status_code == 200, response.text
    return response.json["response"]


def ask_chart(client: FlaskClient, query: str, width: object = 800, prefix: str = "/") -> dict:
    body = callback_body(client, CHART, {"query": query, "width": width}, prefix=prefix)
    response = post(client, body, prefix)
    assert response.status_code == 200, response.text
    return response.json["response"]


def ask_options(client: FlaskClient, text: str, current: str | None = None, prefix: str = "/") -> list[str]:
    response = post(client, callback_body(client, SEARCH, text, current, prefix=prefix), prefix)
    assert response.status_code == 200, response.text
    return [option["value"] for option in response.json["response"]["dataset"]["options"]]


def text_of(component: object) -> str:
    """Return the words of a component, or of a list of them, as its JSON has them."""
    if isinstance(component, list):
        return "".join(map(text_of, component))
    if isinstance(component, dict):
        return text_of(component["props"].get("children"))
    return "" if component is None else str(component)


def addresses(page: str) -> list[str]:
    """Return every address that the page's HTML names, the one of Plotly included."""
    return ADDRESS.findall(page)


@contextmanager
def served(application: Callable) -> Iterator[tuple[str, int]]:
    """Serve a WSGI application on a real socket, a thread a request; yield its host and port."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield "127.0.0.1", server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
