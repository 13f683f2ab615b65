"""The Makefile: what it would do, asked with `make --dry-run`."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def make(folder: Path, *arguments: str) -> list[str]:
    command = ["make", "--no-print-directory", *arguments]
    # Without what a make that runs the tests tells the one started here.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=folder, env=environment
    ).stdout.splitlines()


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of what the Makefile depends on, without .venv."""
    (tmp_path / "tests").mkdir()
    for name in ("Makefile", "requirements.txt", "tests/requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def set_up(folder) -> Path:
    """The same after `make test`, as far as make knows."""
    (folder / ".venv").mkdir()
    for target in ("run", "test"):
        make(folder, "--touch", target)
        (folder / target).unlink(missing_ok=True)
    return folder


def later(path: Path) -> None:
    """Make a file newer than everything that there is."""
    os.utime(path, (newest := path.stat().st_mtime + 60, newest))


def test_the_first_run_sets_up_what_it_needs_and_no_more(folder):
    steps = "\n".join(make(folder, "--dry-run", "run"))
    assert "python3 -m venv" in steps
    assert "pip install --disable-pip-version-check -q -r requirements.txt" in steps
    assert "tests/requirements.txt" not in steps
    assert steps.endswith("-m dataviewer.cli serve")


def test_the_interpreter_can_be_chosen(folder):
    assert "python3.13 -m venv --clear .venv" in make(folder, "--dry-run", "run", "PYTHON=python3.13")


def test_an_interpreter_that_is_too_old_is_refused_in_a_sentence(folder, tmp_path):
    (check,) = (line for line in make(folder, "--dry-run", "run") if "version_info" in line)
    code = re.search(r"-c '(.*)'", check)[1]
    old = f"import sys; sys.version_info = (3, 9, 0); {code.removeprefix('import sys; ')}"
    refused = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "python3 is Python 3.9; dataviewer needs 3.11 or newer" in refused.stderr
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(("target", "does"), [("run", "-m dataviewer.cli serve"), ("test", "-m pytest")])
def test_a_second_time_nothing_is_installed(set_up, target, does):
    (step,) = make(set_up, "--dry-run", target)
    assert step.endswith(does)


def test_a_change_of_the_requirements_installs_them_again(set_up):
    later(set_up / "requirements.txt")
    steps = make(set_up, "--dry-run", "run")
    assert any("pip install" in step for step in steps)
    assert not any("-m venv" in step for step in steps)


def test_a_change_of_the_tests_requirements_leaves_the_run_alone(set_up):
    later(set_up / "tests" / "requirements.txt")
    assert len(make(set_up, "--dry-run", "run")) == 1
    assert any("tests/requirements.txt" in step for step in make(set_up, "--dry-run", "test"))


def test_every_module_that_it_starts_exists(monkeypatch):
    monkeypatch.syspath_prepend(ROOT)
    modules = set(re.findall(r"/python -m ([\w.]+)", (ROOT / "Makefile").read_text()))
    assert {"dataviewer.cli", "pytest", "scripts.screenshot"} <= modules
    started = {module: find_spec(module) or find_spec(f"{module}.__main__") for module in modules}
    assert [module for module, spec in started.items() if not (spec and spec.origin)] == []
