"""Files that leave the program: what a spreadsheet, a browser or a printer gets."""

import json

import pandas as pd
import plotly.graph_objects as go
import pytest

from pipelines.base.errors import UsageError
from pipelines.figures import export

FIGURE = go.Figure(data=[{"type": "scatter", "x": [1, 2], "y": [3, 4]}])
DATA = pd.DataFrame(
    {"name": ["=1+1", "@x", "-a", "\tb", " +c", "plain"], "n": [-1.5, 2, 3, 4, 5, 6]}
)


def test_cells_that_a_spreadsheet_would_run_become_text(tmp_path):
    export.write_figure(FIGURE, DATA, tmp_path / "f", ("csv",))
    back = pd.read_csv(tmp_path / "f.csv")
    assert back["name"].tolist() == ["'=1+1", "'@x", "'-a", "'\tb", "' +c", "plain"]
    assert back["n"].tolist() == DATA["n"].tolist()


def test_html_works_without_a_network_and_json_is_the_figure(tmp_path):
    paths = export.write_figure(FIGURE, DATA, tmp_path / "deep" / "f.1", ("html", "json"))
    assert [p.name for p in paths] == ["f.1.html", "f.1.json"]
    assert '<script src="http' not in paths[0].read_text("utf-8")
    assert json.loads(paths[1].read_text("utf-8"))["data"][0]["y"] == [3, 4]


def test_an_unknown_format_is_refused(tmp_path):
    with pytest.raises(UsageError, match="bmp"):
        export.write_figure(FIGURE, DATA, tmp_path / "f", ("bmp",))
    assert not list(tmp_path.iterdir())


def test_without_chrome_html_and_csv_are_written_and_the_error_says_what_to_install(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "no-such-browser"))
    with pytest.raises(UsageError, match="Install Chrome or Chromium"):
        export.write_figure(FIGURE, DATA, tmp_path / "f", ("png",))
    assert (tmp_path / "f.html").is_file()
    assert (tmp_path / "f.csv").is_file()
    assert not (tmp_path / "f.png").exists()


@pytest.mark.skipif(export.chrome() is None, reason="Chrome or Chromium is not installed")
def test_pictures_have_the_size_of_the_figure(tmp_path):
    figure = go.Figure(FIGURE).update_layout(width=300, height=200)
    export.write_figure(figure, DATA, tmp_path / "f", ("png", "svg", "pdf"))
    head = (tmp_path / "f.png").read_bytes()[:24]
    assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (600, 400)
    assert (tmp_path / "f.svg").read_text("utf-8").lstrip().startswith("<svg")
    assert (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")
