"""Errors keep their words and kind on the way from another process."""

import pickle

import pytest

from pipelines.base import errors


@pytest.mark.parametrize(
    "kind", [errors.OutlookError, errors.UsageError, errors.SourceFailed, errors.ShapeChanged]
)
def test_an_error_survives_pickling(kind):
    error = kind("a.csv", "two\nlines", "Mend it")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error) == "a.csv: two lines. Mend it"
    assert again.exit_code == error.exit_code
