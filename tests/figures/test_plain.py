"""Pages draw charts from plain dicts: they must say what plotly's own figure says."""

import base64
import json

import numpy as np
import pytest
from made_postings import write_run
from plotly.io.json import to_json_plotly

from pipelines.base.errors import UsageError
from pipelines.figures import occupation as figures

CHARTS = {**figures.CHARTS, **figures.MOVE_CHARTS}


def read(text):
    """What plotly.js reads: arrays unpacked, numbers as floats; what is empty is left out."""

    def plain(value):
        if isinstance(value, dict) and "bdata" in value:
            packed = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value["dtype"])
            return plain(packed.tolist())
        if isinstance(value, dict):
            return {key: plain(v) for key, v in value.items() if v is not None and v != []}
        if isinstance(value, list):
            return [plain(v) for v in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) if value == value else None
        return value

    return plain(json.loads(text))


@pytest.mark.parametrize("code", ["29-2072.00", "17-3023.00", "29-2012.00"])
@pytest.mark.parametrize("name", CHARTS)
def test_a_page_draws_the_figure_that_plotly_checked(analysis, name, code, tmp_path, monkeypatch):
    monkeypatch.setenv("OUTLOOK_DATA", str(tmp_path))
    write_run(tmp_path / "processed")
    try:
        made = CHARTS[name](analysis, code)
    except UsageError:
        assert (name, code) == ("wages_by_area", "29-2012.00") or name == "postings_by_month"
        assert code != "29-2072.00"
        return
    page, checked = read(to_json_plotly(made.plain)), read(made.figure.to_json())
    assert page["data"] == checked["data"]
    assert page["layout"] == checked["layout"]
