"""Names, values and calls as source code: whatever a text holds, it stays that text."""

import keyword
import re
from collections.abc import Sequence

WIDTH = 100  # characters of a line, where it can be broken
TITLE_MAX = 80  # characters of a title in a comment


def quoted(text: str) -> str:
    r"""Return a text in double quotes, as Python and R both read it.

    >>> print(quoted('a"b\n'))
    "a\"b\n"
    """
    return '"' + "".join(map(_character, text)) + '"'


def _character(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char) or (
        f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
    )


def one_line(text: str, most: int = TITLE_MAX) -> str:
    """Return a text as a comment can hold it: no character of it ends the line."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def variable(name: str, taken: Sequence[str] = ()) -> str:
    """Return what code calls the rows of a dataset: its name in small letters, "data" where that cannot be.

    >>> variable("sat.act"), variable("3way"), variable("pl", taken=("pl",))
    ('sat_act', 'data', 'data')
    """
    found = re.sub(r"\W+", "_", name.lower(), flags=re.ASCII).strip("_")
    usable = re.match(r"[a-z]", found) and not keyword.iskeyword(found) and found not in taken
    return found[:40] if usable else "data"


def free(name: str, taken: Sequence[str]) -> str:
    """Return a name that no column has, as plotly.express too finds it: with underlines before it."""
    while name in taken:
        name = f"_{name}"
    return name


def call(head: str, parts: Sequence[str], tail: str = ")") -> str:
    """Return a call, or a list, on one line if it fits there, else a part a line.

    >>> call("f(", ["a", "b=1"])
    'f(a, b=1)'
    """
    line = f"{head}{', '.join(parts)}{tail}"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    return head + "\n" + "".join(f"{indented(part)},\n" for part in parts) + tail


def chain(name: str, start: str, steps: Sequence[str]) -> str:
    """Return what gives `name` to the last of several calls of methods, a call a line where they are long.

    >>> chain("b", "a", [".head()"])
    'b = a.head()'
    """
    line = f"{name} = {start}{''.join(steps)}"
    if len(line) <= WIDTH and "\n" not in line:
        return line
    return f"{name} = (\n    {start}" + "".join(f"\n{indented(step)}" for step in steps) + "\n)"


def listed(parts: Sequence[str]) -> str:
    return f"[{', '.join(parts)}]"


def indented(text: str, by: str = "    ") -> str:
    return "\n".join(by + line for line in text.split("\n"))


def pieces(*parts: str) -> str:
    """Return the parts that are there with an empty line between, as a file ends."""
    return "\n\n".join(part for part in parts if part) + "\n"
