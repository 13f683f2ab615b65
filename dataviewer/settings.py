"""The settings, and the only reader of the environment."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from dataviewer.errors import BadSetting


@dataclass(frozen=True)
class Setting:
    name: str
    default: str | int
    help: str

    @property
    def variable(self) -> str:
        return f"DATAVIEWER_{self.name.upper()}"


SETTINGS = (
    Setting("cache", "", "Folder of the converted datasets; empty: the platform's cache folder"),
    Setting("public_prefix", "", "Path at which browsers see the viewer, where a proxy strips it; empty: the prefix"),
    Setting("frame_ancestors", "'self'", "Who may show the viewer in a frame, as CSP spells it"),
    Setting("cors_origins", "", "Origins whose pages may read the API, by commas, or *; empty: none"),
    Setting("memory_mb", 32, "Megabytes of opened datasets that one process keeps"),
    Setting("host", "127.0.0.1", "Address that `dataviewer serve` listens at (also HOST)"),
    Setting("port", 8050, "Port that `dataviewer serve` listens at (also PORT)"),
)

# Names that platforms set without asking us: Heroku, Docker, `make run`.
COMMON_VARIABLES = {"host": "HOST", "port": "PORT"}


def read(overrides: Mapping[str, object] | None = None, environ: Mapping[str, str] = os.environ) -> Mapping:
    """Return every setting by name: an override, else its variable, else its default.

    Raises BadSetting for a name that does not exist or a value of the wrong type.
    """
    overrides = dict(overrides or {})
    values = {}
    for setting in SETTINGS:
        variable = _variable(setting, environ)
        given = overrides.pop(setting.name, None)
        value = environ.get(variable) if given is None else given
        values[setting.name] = setting.default if value in (None, "") else _typed(setting, value, variable)
    if overrides:
        names = ", ".join(setting.name for setting in SETTINGS)
        raise BadSetting(f"There is no setting {', '.join(map(repr, overrides))}; settings are {names}.")
    return MappingProxyType(values)


def _variable(setting: Setting, environ: Mapping[str, str]) -> str:
    return setting.variable if environ.get(setting.variable) else COMMON_VARIABLES.get(setting.name, setting.variable)


def _typed(setting: Setting, value: object, variable: str) -> str | int:
    if isinstance(setting.default, str):
        return str(value)
    if not str(value).isdecimal():
        raise BadSetting(f"{variable} is {str(value)!r}, which is no whole number from 0.")
    return int(value)


@contextmanager
def without_dash_variables() -> Iterator[None]:
    """Hide DASH_* from Dash: meant for a host's other apps, they would move, strip or break the viewer."""
    names = [name for name in os.environ if name.upper().startswith("DASH_")]
    hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)
