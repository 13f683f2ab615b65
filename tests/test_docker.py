"""The Dockerfile, held to the Procfile and to the app, and its steps done here, as far as that needs no Docker."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port, running

DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions as (name, rest), comments left out and lines joined."""
    lines = re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE).replace("\\\n", " ")
    return [tuple(line.strip().split(None, 1)) for line in lines.splitlines() if line.strip()]


def of(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def pairs(name: str) -> dict[str, str]:
    """Return the key=value pairs of all instructions of a name."""
    return dict(pair.split("=", 1) for rest in of(name) for pair in shlex.split(rest))


def copies() -> list[tuple[list[str], str]]:
    """Return what is copied, and where to."""
    return [(sources, target) for *sources, target in map(str.split, of("COPY"))]


def health_command() -> list[str]:
    (check,) = of("HEALTHCHECK")
    return json.loads(check.partition("CMD ")[2])


def test_it_runs_the_procfiles_command():
    (command,) = of("CMD")
    process, _, procfile = (ROOT / "Procfile").read_text().strip().partition(": ")
    assert process == "web"
    assert json.loads(command) == shlex.split(procfile)


def test_it_runs_as_a_user_that_it_makes_and_that_is_not_root():
    (user,) = of("USER")
    assert user not in ("root", "0")
    assert any(re.search(rf"\buseradd\b.* {user}\b", step) for step in of("RUN"))
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("CMD")


def test_its_python_is_one_that_the_package_supports():
    (image,) = of("FROM")
    version = re.fullmatch(r"python:3\.(\d+)-slim", image)
    assert version
    assert int(version[1]) >= int(PROJECT["requires-python"].removeprefix(">=3."))


def test_its_labels_say_what_the_package_says():
    label = {name.removeprefix("org.opencontainers.image."): value for name, value in pairs("LABEL").items()}
    assert label["title"] == PROJECT["name"]
    assert label["description"] == PROJECT["description"]
    assert label["version"] == PROJECT["version"]
    assert label["licenses"] == PROJECT["license"]


def test_the_port_that_it_exposes_is_the_one_that_the_server_listens_at():
    assert of("EXPOSE") == [pairs("ENV")["PORT"]]


def test_it_installs_the_pinned_requirements_and_nothing_else():
    installs = [step for step in of("RUN") if re.search(r"\bpip3?\b|\bapt", step)]
    assert installs == ["pip install --no-cache-dir -r requirements.txt"]


def test_what_it_copies_exists_and_is_not_ignored():
    patterns = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [pattern for pattern in patterns if pattern and not pattern.startswith("#")]
    for sources, _ in copies():
        for source in sources:
            assert (ROOT / source).exists()
            # The last pattern that matches decides, as Docker has it.
            last = [pattern for pattern in patterns if fnmatch(source, pattern.removeprefix("!"))][-1]
            assert last.startswith("!"), f"{source} is ignored"


def test_nothing_but_what_it_copies_reaches_docker():
    patterns = (ROOT / ".dockerignore").read_text().splitlines()
    allowed = {pattern.removeprefix("!") for pattern in patterns if pattern.startswith("!")}
    assert "*" in patterns
    assert allowed == {source for sources, _ in copies() for source in sources}


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """The Dockerfile's steps, done in a folder that stands for the image's root: its work folder, its environment.

    Not done: the user, and the installation, which the environment of the tests has behind it.
    """
    root = tmp_path_factory.mktemp("image")
    variables = pairs("ENV") | {"DATAVIEWER_CACHE": f"{root}{pairs('ENV')['DATAVIEWER_CACHE']}"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(root), **variables}
    folder = root
    for name, rest in instructions():
        if name == "WORKDIR":
            folder = Path(f"{root}{rest}")
            folder.mkdir(parents=True)
        elif name == "COPY":
            *sources, target = rest.split()
            for source in sources:
                copy(ROOT / source, folder / target)
        elif name == "RUN" and rest.startswith("python "):
            subprocess.run(shlex.split(rest), check=True, cwd=folder, env=environment)
    return folder, environment


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def stores(environment: dict[str, str]) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in Path(environment["DATAVIEWER_CACHE"]).glob("*.arrow")}


def test_the_image_has_the_converted_datasets(image):
    _, environment = image
    assert len(stores(environment)) == 1


def test_the_image_serves_and_its_health_check_knows(image):
    folder, environment = image
    port = free_port()
    environment = environment | {"PORT": str(port)}
    if not Path("/dev/shm").is_dir():
        del environment["GUNICORN_CMD_ARGS"]
    converted = stores(environment)
    (command,) = of("CMD")
    url = f"http://127.0.0.1:{port}"
    with running(json.loads(command), f"{url}/?dataset=Ecdat/Airq", cwd=folder, env=environment):
        assert subprocess.run(health_command(), env=environment).returncode == 0
        assert stores(environment) == converted  # nothing is converted again
    failed = subprocess.run(health_command(), env=environment, stderr=subprocess.DEVNULL)
    assert failed.returncode == 1  # the only failure that Docker knows


def test_the_health_check_asks_an_address_of_the_app(client):
    (path,) = re.findall(r"/\w+", health_command()[-1].partition("PORT")[2])
    assert client.get(path).get_json() == {"status": "ok"}
