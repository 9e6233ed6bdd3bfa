"""Rows as dicts are those of pandas, of whatever kinds the columns are."""

import pandas as pd
import pytest

from pipelines.base.records import records, records_of

FRAME = pd.DataFrame({
    "whole": [3, 1, 2], "share": [0.5, None, 2.25], "text": ["a", None, ""],
    "yes": [True, False, True], "any": [1, None, ("x", 2)],
    "day": pd.to_datetime(["2026-11-28", None, "2015-05-01"]),
    "count": pd.array([1, None, 3], dtype="Int64"),
}, index=[5, 5, 9])  # fmt: skip


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
@pytest.mark.parametrize(
    "frame", [FRAME, FRAME.head(0), FRAME[["whole"]], FRAME[["text", "share"]]]
)
def test_rows_have_the_values_and_types_that_pandas_gives(frame, storage):
    with pd.option_context("mode.string_storage", storage):
        frame = frame.astype({"text": "str"}) if "text" in frame else frame
    ours, theirs = records(frame), frame.to_dict("records")
    assert repr(ours) == repr(theirs)
    assert [list(map(type, row.values())) for row in ours] == [
        list(map(type, row.values())) for row in theirs
    ]


@pytest.mark.parametrize("frame", [FRAME, FRAME.head(0)])
def test_rows_of_some_columns_are_those_of_a_frame_of_them(frame):
    names = ["count", "text", "whole", "day", "share"]
    ours, theirs = records_of(frame, names), records(frame[names])
    assert repr(ours) == repr(theirs)
    assert records_of(frame, ["none"]) == [{"none": None}] * len(frame)
