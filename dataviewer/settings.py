"""The settings, and the only reader of the environment."""

import os
from collections.abc import Mapping
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
    Setting("memory_mb", 64, "Megabytes of opened datasets that one process keeps"),
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
        common = COMMON_VARIABLES.get(setting.name, setting.variable)
        given = environ.get(setting.variable) or environ.get(common)
        values[setting.name] = _typed(setting, overrides.pop(setting.name, given))
    if overrides:
        names = ", ".join(setting.name for setting in SETTINGS)
        raise BadSetting(f"There is no setting {', '.join(map(repr, overrides))}; settings are {names}.")
    return MappingProxyType(values)


def _typed(setting: Setting, value: object) -> str | int:
    if value is None:
        return setting.default
    try:
        return type(setting.default)(value)
    except (TypeError, ValueError):
        kind = type(setting.default).__name__
        raise BadSetting(f"{setting.variable} is {value!r}, which is no {kind}.") from None
