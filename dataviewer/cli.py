"""The command `dataviewer`: serve the viewer, or list the datasets."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence

from flask import Flask
from gunicorn.app.base import BaseApplication

from dataviewer import settings
from dataviewer.catalog import Catalog
from dataviewer.errors import BadSetting, DataViewerError
from dataviewer.factory import create_app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status, 2 for what the user asked in vain."""
    asked = _parser().parse_args(arguments)
    try:
        asked.run(asked)
    except DataViewerError as error:
        print(f"dataviewer: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # while the datasets are prepared; later gunicorn takes the signals
        return 130
    except BrokenPipeError:  # `dataviewer list | head`: nobody reads the rest, nor what Python flushes at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


class Parser(argparse.ArgumentParser):
    """argparse that says one sentence, not its usage too, where the command is wrong."""

    def error(self, message: str) -> None:
        self.exit(2, f"dataviewer: {message}; see {self.prog} --help.\n")


def _parser() -> Parser:
    variables = "\n".join(f"  {s.variable:<28}{s.help} (default {s.default!r})" for s in settings.SETTINGS)
    shown = {"epilog": f"settings:\n{variables}", "formatter_class": argparse.RawDescriptionHelpFormatter}
    parser = Parser("dataviewer", description="A fast, exact, shareable viewer of datasets.", **shown)
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser("serve", help="serve the viewer to browsers", **shown)
    serve.add_argument("--host", help="address to listen at")
    serve.add_argument("--port", type=int, help="port to listen at; 0 takes any that is free")
    serve.set_defaults(run=_serve)
    listing = commands.add_parser("list", help="list the datasets: id and title, divided by a tab")
    listing.set_defaults(run=_list)
    return parser


class Server(BaseApplication):
    """gunicorn with one process of four threads: enough for one person or one classroom."""

    def __init__(self, server: Flask, descriptor: int):
        self._server = server
        self._descriptor = descriptor  # of a listening socket, closed by gunicorn
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", f"fd://{self._descriptor}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)

    def load(self) -> Flask:
        return self._server


def _serve(asked: argparse.Namespace) -> None:
    given = {name: value for name, value in vars(asked).items() if name in ("host", "port") and value is not None}
    values = settings.read(given)
    with _listen(values["host"], values["port"]) as listener:
        server = create_app(settings=given).server
        host, port, *_ = listener.getsockname()
        print(f"dataviewer at http://{f'[{host}]' if ':' in host else host}:{port}/", file=sys.stderr, flush=True)
        Server(server, listener.detach()).run()


def _listen(host: str, port: int) -> socket.socket:
    # Not left to gunicorn, which answers a port in use with five tries and a page of log.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
    except OverflowError:
        listener.close()
        raise BadSetting(f"There is no port {port}; ports are 0 to 65535.") from None
    except OSError as error:
        listener.close()
        raise BadSetting(f"Cannot listen at {host}, port {port}: {error.strerror}.") from None
    return listener


def _list(asked: argparse.Namespace) -> None:
    for dataset in Catalog().values():
        print(f"{dataset.id}\t{dataset.title}")


if __name__ == "__main__":
    raise SystemExit(main())
