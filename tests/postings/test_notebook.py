"""Notebook 06 shows a run where there is one, and says what to do where there is none."""

from __future__ import annotations

import shutil

import nbformat
import pytest

from pipelines.base import settings
from pipelines.build import notebooks


@pytest.fixture
def executed(tmp_path, root):
    def run(results: str):
        asked = tmp_path / "asked"
        asked.mkdir(exist_ok=True)
        shutil.copy(root / "notebooks/06_postings.ipynb", asked)
        parameters = {"occupation": "29-2072.00", "results": results}
        environ = {"OUTLOOK_RELEASE": str(settings.load({}).snapshot)}
        (made,) = notebooks.execute_all(asked, parameters, tmp_path / "out", environ)
        cells = [c for c in nbformat.read(made, 4).cells if c.cell_type == "code"]
        return [output for cell in cells for output in cell.outputs]

    return run


def test_a_run_is_shown_with_its_chart_and_its_new_work(executed, alone):
    outputs = executed(str(alone))
    said = "".join(str(output.get("data", {})) for output in outputs)
    figures = [o["data"]["application/vnd.plotly.v1+json"] for o in outputs
               if "application/vnd.plotly.v1+json" in o.get("data", {})]  # fmt: skip
    (figure,) = figures
    assert figure["data"][0]["x"] == ["2025-01"]  # coders post in one month, see made_postings
    assert "Medical Records Specialists: postings ask for" in str(figure["layout"]["meta"])
    assert "Feed otters in the river" in said
    assert "240 postings with 600 task sentences" in said


def test_without_a_run_it_says_how_to_make_one(executed, tmp_path):
    said = "".join(str(output.get("data", {})) for output in executed(str(tmp_path / "none")))
    assert "run `outlook postings SOURCE --out none` first" in said
    assert "plotly" not in said


def test_it_runs_on_the_federal_postings_of_the_mirror(
    executed, outlook, sources, tmp_path, monkeypatch
):
    """Their texts are not in the copy: postings are counted, and no exposure is made up."""
    monkeypatch.setenv("OUTLOOK_MIRROR", str(sources))
    out = tmp_path / "federal"
    asked = ["--series", "0675", "--from", "2025-07", "--to", "2025-08", "--workers", "1"]
    code, _, _ = outlook("postings", "usajobs", *asked, "--out", str(out), "--offline")
    assert code == 4
    said = "".join(str(output.get("data", {})) for output in executed(str(out)))
    assert "no month has enough postings with task sentences to show" in said
    assert "they are not the labor market" in said
    assert "2025-07" in said
    assert "2025-08" in said
