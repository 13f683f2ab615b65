"""The command `dataviewer`: serve the viewer, or list the datasets."""

import argparse
import sys
from collections.abc import Sequence

from gunicorn.app.base import BaseApplication

from dataviewer import settings
from dataviewer.catalog import Catalog
from dataviewer.errors import DataViewerError
from dataviewer.factory import create_app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status, 2 for what the user asked in vain."""
    asked = _parser().parse_args(arguments)
    try:
        asked.run(asked)
    except DataViewerError as error:
        print(f"dataviewer: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    variables = "\n".join(f"  {s.variable:<28}{s.help} (default {s.default!r})" for s in settings.SETTINGS)
    parser = argparse.ArgumentParser(
        "dataviewer",
        description="A fast, exact, shareable viewer of datasets.",
        epilog=f"settings:\n{variables}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True)
    serve = commands.add_parser("serve", help="serve the viewer to browsers")
    serve.add_argument("--host", help="address to listen at")
    serve.add_argument("--port", type=int, help="port to listen at")
    serve.set_defaults(run=_serve)
    listing = commands.add_parser("list", help="list the datasets: id and title, divided by a tab")
    listing.set_defaults(run=_list)
    return parser


class Server(BaseApplication):
    """gunicorn with one process of four threads: enough for one person or one classroom."""

    def __init__(self, address: str):
        self._address = address
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", self._address)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)
        self.cfg.set("control_socket_disable", True)

    def load(self):
        return create_app().server


def _serve(asked: argparse.Namespace) -> None:
    given = {name: value for name, value in vars(asked).items() if name in ("host", "port") and value is not None}
    values = settings.read(given)
    address = f"{values['host']}:{values['port']}"
    print(f"dataviewer at http://{address}/", file=sys.stderr)
    Server(address).run()


def _list(asked: argparse.Namespace) -> None:
    for dataset in Catalog().values():
        print(f"{dataset.id}\t{dataset.title}")
