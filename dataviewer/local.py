"""show(): look at DataFrames from a script, a notebook or Python's prompt."""

import atexit
import html
import socket
import sys
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Thread, current_thread
from weakref import WeakKeyDictionary

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from dataviewer.catalog import Catalog
from dataviewer.errors import BadSetting
from dataviewer.factory import create_app
from dataviewer.view import View

HOST = "127.0.0.1"  # this machine alone
NAME = "data"  # of a frame that was given without one
HEIGHT = 720  # pixels in a notebook
END_SECONDS = 5  # that a request may take to end when the viewer is closed
SETTINGS = {
    "public_prefix": "/",
    # A notebook's page has another port than the viewer in it; VS Code's has a scheme of its own.
    "frame_ancestors": "'self' http://localhost:* http://127.0.0.1:* vscode-webview:",
}


class Shown:
    """A viewer that runs at `url` until `close()`; in a notebook it shows itself.

    >>> import pandas as pd
    >>> shown = show(pd.DataFrame({"month": [1, 2]}), block=False)
    >>> shown  # doctest: +ELLIPSIS
    <dataviewer at http://127.0.0.1:.../?dataset=frames/data>
    >>> shown.close()
    """

    def __init__(self, server: ThreadedWSGIServer, query: str):
        self.url = f"http://{HOST}:{server.port}/{query}"
        self._server = server
        self._closed = Event()
        self._thread = Thread(target=server.serve_forever, name="dataviewer", daemon=True)
        self._thread.start()
        atexit.register(self.close)  # a thread that outlives Python's end has DuckDB write of leaks

    def __repr__(self) -> str:
        return f"<dataviewer at {self.url}>"

    def _repr_html_(self) -> str:
        return f'<iframe src="{html.escape(self.url)}" title="dataviewer" width="100%" height="{HEIGHT}"></iframe>'

    def close(self) -> None:
        """Stop serving; its address answers no more."""
        atexit.unregister(self.close)
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._closed.set()

    def wait(self) -> None:
        """Return when Ctrl+C has been pressed, the viewer closed."""
        try:
            # Not by joining the thread, which Python 3.11 takes for ended once that is interrupted.
            while not self._closed.wait(1):  # seconds: on Windows, Ctrl+C interrupts no longer wait
                pass
        except KeyboardInterrupt:
            self.close()


class QuietHandler(WSGIRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Write no line for each request into a script's output."""


class Server(ThreadedWSGIServer):
    """A thread a request, which ends with the server: browsers hold connections open on which they ask nothing."""

    def __init__(self, application: Flask):
        self._connections: WeakKeyDictionary[Thread, socket.socket] = WeakKeyDictionary()
        super().__init__(HOST, 0, application, QuietHandler)

    def process_request_thread(self, request: socket.socket, client_address: object) -> None:
        self._connections[current_thread()] = request
        super().process_request_thread(request, client_address)

    def server_close(self) -> None:
        super().server_close()
        for thread, connection in list(self._connections.items()):
            with suppress(OSError):  # it has ended meanwhile
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(END_SECONDS)


def show(frames: object, *, open: bool = False, block: bool | None = None) -> Shown:
    """Serve a DataFrame of pandas or polars or a table of Arrow, or several by name, to browsers on this machine.

    A script stops here until Ctrl+C, as with matplotlib's show(); a notebook or Python's prompt goes on. `block` says
    otherwise. `open` opens the viewer in a browser. The frames are copied. Raises BadSetting for what is no frame.

    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": [1, 2, 3], "revenue": [10.5, 11.0, 9.75]})
    >>> shown = show({"sales": sales, "months": sales[["month"]]}, block=False)
    >>> shown.url  # doctest: +ELLIPSIS
    'http://127.0.0.1:.../'
    >>> shown.close()
    """
    named = frames if isinstance(frames, Mapping) else {NAME: frames}
    if not named:
        raise BadSetting("There is no frame to show.")
    catalog = Catalog.from_frames(named)
    app = create_app(catalog, settings=SETTINGS)
    # Against pages elsewhere that let a name of theirs lead to this machine.
    app.server.config["TRUSTED_HOSTS"] = [HOST, "localhost"]
    ids = list(catalog)
    shown = Shown(Server(app.server), f"?{View(ids[0]).to_query_string()}" if len(ids) == 1 else "")
    if open:
        webbrowser.open(shown.url)
    if not _is_interactive() if block is None else block:
        print(f"dataviewer at {shown.url} (Ctrl+C ends it)", file=sys.stderr, flush=True)
        shown.wait()
    return shown


def _is_interactive() -> bool:
    """Tell Python's prompt, IPython and notebooks, which all set sys.ps1, from a script."""
    return hasattr(sys, "ps1") or bool(sys.flags.interactive)
