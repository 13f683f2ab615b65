"""The environments of what the viewer is compared with, each beside .venv: .venv-streamlit and its like."""

import subprocess
import sys
import venv
from pathlib import Path

from tests.conftest import ROOT

STREAMLIT, DTALE, DATASETTE = "streamlit", "dtale", "datasette"


def install(name: str) -> str:
    """Make the environment the first time, as requirements-NAME.txt says; return its Python's path."""
    python = ROOT / f".venv-{name}" / "bin" / "python"
    if not python.exists():
        print(f"installing {name}", file=sys.stderr, flush=True)
        venv.create(python.parent.parent, with_pip=True)
    listed = Path(__file__).with_name(f"requirements-{name}.txt")
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "-q", "-r", listed]
    subprocess.run(command, check=True)
    return str(python)
