"""What the documents promise: commands, links, settings, code and addresses that exist."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dataviewer
from dataviewer import settings
from dataviewer.charts import KINDS
from dataviewer.filters import OPERATORS
from dataviewer.view import KEYS
from tests.conftest import ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
CODE_SECONDS = 60  # that an example may take


def text(name: str) -> str:
    return (ROOT / name).read_text()


def blocks(name: str, *languages: str) -> list[str]:
    """Return the code blocks of a document that are marked with one of the languages."""
    found = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```$", text(name), re.MULTILINE | re.DOTALL)
    return [code for language, code in found if language in languages]


def prose(name: str) -> str:
    return re.sub(r"^```.*?^```$", "", text(name), flags=re.MULTILINE | re.DOTALL)


def commands(name: str) -> list[str]:
    lines = "".join(blocks(name, "console", "sh", "bash", "shell")).splitlines()
    return [line.removeprefix("$ ").partition(" #")[0].strip() for line in lines]


def targets() -> set[str]:
    return set(re.findall(r"^([\w-]+):", text("Makefile"), re.MULTILINE))


def headings(name: str) -> set[str]:
    """Return the anchors that GitHub gives to a document's headings."""
    titles = re.findall(r"^#+ +(.+)$", prose(name), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_command_exists(name):
    asked = {
        word
        for command in commands(name)
        for part in re.split(r"&&|;", command)
        if re.match(r"\s*(?:\w+=\S+ )*make\b", part)
        for word in part.split("make", 1)[1].split()
        if "=" not in word and not word.startswith("-")
    }
    assert asked <= targets()


def test_the_readme_tells_how_to_run_and_how_to_test():
    assert {"make run", "make test"} <= set(commands("README.md"))


def test_continuous_integration_runs_the_readmes_test_command():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "make test"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_into_the_repository_leads_somewhere(name):
    links = re.findall(r"\]\(<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)", prose(name), re.MULTILINE)
    links += re.findall(r"(?:src|srcset|href)=\"([^\"]+)()\"", prose(name))
    broken = []
    for link in {inline or reference for inline, reference in links}:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        if not (ROOT / path).exists() or (anchor and anchor not in headings(path or name)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("setting", settings.SETTINGS, ids=lambda setting: setting.variable)
def test_the_readme_tells_of_every_setting(setting):
    assert f"`{setting.variable}`" in text("README.md")


def test_no_document_tells_of_a_setting_that_does_not_exist():
    named = {variable for name in DOCUMENTS for variable in re.findall(r"DATAVIEWER_[A-Z_]*[A-Z]", text(name))}
    assert named <= {setting.variable for setting in settings.SETTINGS}


def test_every_python_example_of_the_readme_runs(catalog, tmp_path):
    """Each in a process and a folder of its own. What calls .run() or show() is left out: it would not end."""
    examples = [code for code in blocks("README.md", "python", "py") if not re.search(r"\b(run|show)\(", code)]
    assert examples
    for code in examples:
        command = [sys.executable, "-c", code]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        options = {"cwd": tmp_path, "env": environment, "timeout": CODE_SECONDS}
        ran = subprocess.run(command, capture_output=True, text=True, **options)
        assert ran.returncode == 0, f"{code}\n{ran.stderr}"


def test_the_layout_in_contributing_names_every_module():
    layout = "".join(blocks("CONTRIBUTING.md", "", "text"))
    modules = {path.relative_to(ROOT / "dataviewer") for path in (ROOT / "dataviewer").rglob("*.py")}
    missing = {str(path) for path in modules if not re.search(rf"\b{re.escape(last_word(path))}", layout)}
    assert missing == set()


def last_word(module: Path) -> str:
    """Return how a layout spells a module: a folder's own file may go by the folder's name."""
    return f"{module.parent.name}/" if module.name == "__init__.py" and module.parent.name else module.name


def test_the_layout_in_contributing_names_no_module_that_does_not_exist():
    named = set(re.findall(r"\b\w+\.py\b", "".join(blocks("CONTRIBUTING.md", "", "text"))))
    assert named <= {path.name for path in ROOT.rglob("*.py") if ".venv" not in path.parts}


def test_the_readme_names_every_kind_of_chart_every_operator_and_every_key():
    readme = text("README.md")
    kinds = re.search(r"\*\*Twelve kinds\*\*: ([\w, \n]+)\.", readme)[1].split(", ")
    assert [kind.strip() for kind in kinds] == [kind.name for kind in KINDS]
    operators = re.search(r"Operators: (.+?)\. ", readme, re.DOTALL)[1]
    assert re.findall(r"`(\w+)`", operators) == list(OPERATORS)
    table = readme.partition("## Links")[2].partition("## URLs")[0]
    named = {name for cell in re.findall(r"^\|([^|]+)\|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)}
    assert named == {key.name for key in KEYS}


def addresses() -> list[str]:
    """Return the addresses in the first column of the README's tables, placeholders filled in."""
    cells = re.findall(r"^\|([^|]+)\|", text("README.md"), re.MULTILINE)
    found = [address for cell in cells for address in re.findall(r"`(/[^`]*)`", cell)]
    return [filled for address in found for filled in fill(address)]


def fill(address: str) -> list[str]:
    """Return an address for each choice in braces; `{id}` is a dataset's."""
    address = re.sub(r"\{id\}|\{dataset\}|<id>", "Ecdat/Airq", address)
    choice = re.search(r"\{([\w,]+)\}", address)
    if not choice:
        return [address]
    return [each for one in choice[1].split(",") for each in fill(address.replace(choice[0], one, 1))]


def test_the_addresses_in_the_readme_answer(client):
    listed = addresses()
    assert {"/", "/api/datasets", "/healthz"} <= {address.partition("?")[0] for address in listed}
    answers = {address: client.get(address).status_code for address in listed}
    assert {address: status for address, status in answers.items() if status not in (200, 302)} == {}


@pytest.mark.parametrize("name", dataviewer.__all__)
def test_every_public_name_has_an_example_that_runs(name):
    found = [test for test in doctest.DocTestFinder().find(getattr(dataviewer, name), name) if test.examples]
    assert name in {test.name.partition(".")[0] for test in found}
    runner = doctest.DocTestRunner(verbose=False)
    for test in found:
        assert runner.run(test).failed == 0, test.name
