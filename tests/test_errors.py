import inspect

import pytest

from dataviewer import errors
from dataviewer.errors import BadSetting, BadView, Broken, DataViewerError, NotFound, UnknownDataset


@pytest.mark.parametrize("error", [kind for _, kind in inspect.getmembers(errors, inspect.isclass)])
def test_every_error_is_one_of_ours_and_says_whose_fault_it_is(error):
    assert issubclass(error, DataViewerError)
    assert error.status == 500 if error is Broken else error.status in (400, 404, 413, 414)


@pytest.mark.parametrize(
    ("error", "status"), [(BadView, 400), (BadSetting, 400), (NotFound, 404), (UnknownDataset, 404)]
)
def test_the_promised_status(error, status):
    assert error.status == status


def test_an_unknown_dataset_names_the_nearest():
    error = UnknownDataset("irs", ("datasets/iris", "datasets/iris3"))
    assert str(error) == "There is no dataset called “irs”. Did you mean datasets/iris, datasets/iris3?"
    assert (error.name, error.nearest) == ("irs", ("datasets/iris", "datasets/iris3"))


def test_without_a_likely_name_none_is_suggested():
    assert str(UnknownDataset("zzz", ())) == "There is no dataset called “zzz”."


def test_a_long_name_is_cut_in_the_sentence():
    assert len(str(UnknownDataset("x" * 5000, ()))) < 120


def test_an_unknown_dataset_is_a_missing_key():
    assert isinstance(UnknownDataset("x", ()), KeyError)
