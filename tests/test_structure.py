"""Which module may import which, and what importing must not do."""

import ast
import json
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "dataviewer"
WEB = {
    "layout",
    "callbacks",
    "guard",
    "responses",
    "conditional",
    "cors",
    "downloads",
    "mcp",
    "api",
    "factory",
    "local",
    "cli",
    "__init__",
}  # these may know Dash and Flask
STARTERS = {"cli", "local", "__init__"}  # these may import factory


def module_name(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


TREES = {module_name(path): ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}


def imports(name):
    """Return the full names that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def own_imports(name):
    """Return the modules of ours that a module imports; what is no module's name is a name in one."""
    found = set()
    for full in imports(name):
        parts = full.split(".")
        if parts[0] != "dataviewer":
            continue
        inner = ".".join(parts[1:])
        outer = ".".join(parts[1:-1]) or "__init__"
        found.add(inner if inner in TREES else outer)
    return found


def calls_and_names(name, wanted):
    """Return the functions of a module (or the module itself) in which one of the dotted names stands."""
    found = []
    for outer in [*[n for n in ast.walk(TREES[name]) if isinstance(n, ast.FunctionDef)], TREES[name]]:
        for node in ast.walk(outer):
            if isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node) in wanted:
                found.append(getattr(outer, "name", name))
    return found


@pytest.mark.parametrize("name", ["errors", "ids"])
def test_the_lowest_modules_import_nothing_of_ours(name):
    assert own_imports(name) == set()


def test_settings_imports_errors_at_most():
    assert own_imports("settings") <= {"errors"}


@pytest.mark.parametrize("name", sorted(set(TREES) - WEB))
def test_what_knows_the_data_does_not_know_the_web(name):
    assert {full.split(".")[0] for full in imports(name)} & {"dash", "dash_bootstrap_components", "flask"} == set()
    assert own_imports(name) & WEB == set()


@pytest.mark.parametrize("name", sorted(set(TREES) - STARTERS))
def test_only_what_starts_the_viewer_imports_the_factory(name):
    assert "factory" not in own_imports(name)


@pytest.mark.parametrize("name", [name for name in TREES if name.startswith("code")])
def test_what_writes_code_runs_none_of_it(name):
    """It is text from frozen values: no frames, no engine, no figure."""
    known = {full.split(".")[0] for full in imports(name)} - set(sys.stdlib_module_names)
    assert known <= {"dataviewer"}


def test_imports_close_no_circle():
    order = list(TopologicalSorter({name: own_imports(name) for name in TREES}).static_order())
    assert order.index("errors") < order.index("view") < order.index("factory")


@pytest.mark.parametrize("name", sorted(TREES))
def test_no_module_registers_anything_for_the_whole_process(name):
    shared = {"callback", "clientside_callback", "get_app", "hooks", "register_page", "page_registry", "pages"}
    assert imports(name) & {f"dash.{each}" for each in shared} == set()
    assert calls_and_names(name, {f"dash.{each}" for each in shared} | {"pio.templates", "plotly.io.templates"}) == []


def test_no_style_sheet_makes_one_change_restyle_the_whole_page():
    """A rule for whatever follows a sibling, such as `legend + *`, makes Chromium match every element of the page anew
    each time that one is added or removed anywhere."""
    sheets = {path.name: path.read_text() for path in (ROOT / "assets").glob("*.css")}
    assert "bootstrap.min.css" in sheets
    assert {name: found for name, text in sheets.items() if (found := re.findall(r"[^{},]*[+~]\s*\*", text))} == {}


def test_no_selector_is_tried_on_every_element():
    """Chromium finds rules by the last part of a selector: one such as `.row > *` or `.unknown :is(.a, .b)` is tried on
    each element that is new, be it a cell of the table or a line of the chart."""
    sheets = {path.name: path.read_text() for path in (ROOT / "assets").glob("*.css")}
    for name, text in sheets.items():
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        while text != (bare := re.sub(r"\([^()]*\)", "", text)):
            text = bare
        assert re.findall(r"[^{},]*[^{},\s>+~][\s>+~]+(?:\*|:\w)[^\s:{},>+~]*(?=\s*[,{])", text) == [], name


@pytest.mark.parametrize("name", sorted(TREES))
def test_only_settings_reads_the_environment(name):
    readers = set(calls_and_names(name, {"os.environ", "os.getenv", "os.environb", "environ"}))
    assert imports(name) & {"os.environ", "os.getenv"} == set()
    assert readers <= ({*readers} if name == "settings" else set())


IMPORT = """
import json, logging, sys, threading, warnings
import brotli, dash, dash_bootstrap_components, duckdb, flask, gunicorn.app.base, orjson, pandas, platformdirs
import plotly.io, plotly.offline, pyarrow.csv, rapidfuzz.process, tqdm
from dash import _callback, _pages

def state():
    hooks = dash.hooks
    return repr([
        plotly.io.templates.default,
        [thread.name for thread in threading.enumerate()],
        sorted((name, len(found)) for name, found in hooks._ns.items()),
        [len(_callback.GLOBAL_CALLBACK_LIST), len(_callback.GLOBAL_CALLBACK_MAP), len(_pages.PAGE_REGISTRY)],
        [logging.getLogger().handlers, logging.getLogger().level, logging.getLogger("dash").handlers],
        warnings.filters,
        pandas.get_option("display.max_columns"),
    ])

done = []
def notice(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        done.append([event, str(arguments[0])])
    if event.startswith(("socket.", "subprocess.", "os.mkdir", "os.rename", "os.remove", "shutil.", "os.putenv")):
        done.append([event, repr(arguments)])

before = state()
sys.addaudithook(notice)
import dataviewer
import dataviewer.cli
noticed = list(done)
print(json.dumps({"noticed": noticed, "same": before == state(), "names": dataviewer.__all__}))
"""


def test_importing_does_nothing_but_define(tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", IMPORT], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    said = json.loads(ran.stdout)
    assert said == {"noticed": [], "same": True, "names": ["Catalog", "Dataset", "View", "create_app", "mount", "show"]}
    assert ran.stderr == ""
    assert list(tmp_path.iterdir()) == []
