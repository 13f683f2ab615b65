import re

import pytest

from dataviewer import settings
from dataviewer.errors import BadSetting
from tests.conftest import ROOT


def test_defaults_hold_when_nothing_is_said():
    assert dict(settings.read(environ={})) == {setting.name: setting.default for setting in settings.SETTINGS}


def test_a_variable_beats_the_default_and_an_override_beats_both():
    assert settings.read(environ={"DATAVIEWER_PORT": "9"})["port"] == 9
    assert settings.read({"port": 7}, environ={"DATAVIEWER_PORT": "9"})["port"] == 7


def test_the_names_that_platforms_set_count_unless_ours_is_there():
    assert settings.read(environ={"PORT": "5"})["port"] == 5
    assert settings.read(environ={"PORT": "5", "DATAVIEWER_PORT": "9"})["port"] == 9
    assert settings.read(environ={"HOST": "0.0.0.0"})["host"] == "0.0.0.0"


def test_an_override_of_none_is_no_override():
    assert settings.read({"port": None}, environ={})["port"] == 8050


def test_a_common_variable_sets_nothing_else():
    assert settings.read(environ={"CACHE": "/x", "MEMORY_MB": "1"}) == settings.read(environ={})


def test_an_empty_variable_is_none():
    assert settings.read(environ={"DATAVIEWER_PORT": "", "PORT": ""})["port"] == 8050


@pytest.mark.parametrize("value", ["eight", "80.5", "1e3", " "])
def test_a_value_of_the_wrong_type_is_named(value):
    with pytest.raises(BadSetting, match=f"DATAVIEWER_PORT is '{value}', which is no whole number"):
        settings.read(environ={"DATAVIEWER_PORT": value})


def test_an_unknown_setting_names_those_there_are():
    with pytest.raises(BadSetting, match="There is no setting 'colour'; settings are cache, .*port"):
        settings.read({"colour": "red"}, environ={})


def test_the_environment_is_read_when_asked_not_when_imported(monkeypatch):
    monkeypatch.setenv("DATAVIEWER_MEMORY_MB", "3")
    assert settings.read()["memory_mb"] == 3


def test_settings_cannot_be_changed():
    with pytest.raises(TypeError):
        settings.read(environ={})["port"] = 1


def test_every_setting_is_explained():
    assert all(setting.help for setting in settings.SETTINGS)


def test_only_this_module_reads_the_environment():
    readers = [
        path.name for path in ROOT.glob("dataviewer/**/*.py") if re.search(r"os\.environ|getenv", path.read_text())
    ]
    assert readers == ["settings.py"]


def test_a_negative_number_is_refused_and_zero_is_taken():
    assert settings.read({"memory_mb": 0}, environ={})["memory_mb"] == 0
    with pytest.raises(BadSetting, match="no whole number from 0"):
        settings.read(environ={"DATAVIEWER_MEMORY_MB": "-5"})


def test_a_bad_value_is_reported_by_the_variable_it_came_from():
    with pytest.raises(BadSetting, match="^PORT is 'x'"):
        settings.read(environ={"PORT": "x"})
