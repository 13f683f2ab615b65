"""The address for assistants: the Model Context Protocol by HTTP, a message a request, nothing kept in between."""

import orjson
from flask import Blueprint, Response, request

from dataviewer.catalog import Catalog
from dataviewer.engine import Engine


def add_mcp(api: Blueprint, catalog: Catalog, engine: Engine, public_prefix: str) -> None:
    """Add /mcp to the API; guard.py has refused what no assistant sends before it gets here.

    A host's CSRF guard takes the view by the name `dataviewer.mcp.answer`.
    """

    @api.post("/mcp")
    def answer() -> Response:
        # Half a second and 11 MB, which a viewer that no assistant asks saves.
        from dataviewer import rpc, tools

        viewer = tools.Viewer(catalog, engine, request.host_url.rstrip("/") + public_prefix)
        status, told = rpc.respond(viewer, request.get_data(), request.headers)
        body = b"" if told is None else orjson.dumps(told)
        return Response(body, status, content_type="application/json")
