"""The main job on the embedded snapshot: everything is there, once, and again for nothing."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import spawned
from markupsafe import escape

from pipelines import cli
from pipelines.base import settings, staged, stamp
from pipelines.base.errors import OutlookError, UsageError
from pipelines.build import notebooks
from pipelines.build import run as build


@pytest.fixture(scope="module")
def built(whole_build, tmp_path_factory):
    """The offline build in a folder of its own: what it left, and what it said."""
    made, said = whole_build
    data = tmp_path_factory.mktemp("built")
    shutil.copytree(made.processed, data / "processed")
    where = settings.load({"OUTLOOK_DATA": str(data)})
    result = build.build_all(where, offline=True, occupation="29-2072.00", force=False, say=print)
    assert not result.fresh
    return where, result, said


def test_it_says_a_line_a_stage_and_returns_what_it_made(built):
    where, result, said = built
    assert "embedded snapshot" in said[0]
    assert all("\n" not in line for line in said)
    assert result.page == where.processed / "site" / "o" / "29-2072.00.html"
    assert all(path.is_file() for path in [result.page, result.index, *result.figures])
    names = " ".join(path.name for path in result.figures)
    for chart in ("task_exposure", "advancement_paths", "employment_and_wages", "wages_by_state"):
        assert f"{chart}_29-2072.00.html" in names


def test_every_technician_has_a_page_in_words_and_the_first_page_links_it(built):
    where, result, _ = built
    technicians = pd.read_csv(where.processed / "tables" / "technicians.csv")["onet_soc_code"]
    assert len(technicians) == 163
    index = result.index.read_text("utf-8")
    assert all(f'href="o/{code}.html"' in index for code in technicians)
    tasks = pd.read_csv(where.processed / "tables" / "task_exposure.csv")
    own = tasks[tasks["onet_soc_code"].isin(technicians)]
    assert own["task"].notna().all()
    for code in technicians[::20]:
        page = (result.page.parent / f"{code}.html").read_text("utf-8")
        assert "The answers in more detail" in page
        for words in own.loc[own["onet_soc_code"] == code, "task"].head(3):
            assert str(escape(words)) in page


def test_the_site_is_small(built):
    site = built[0].processed / "site"
    sizes = {p.relative_to(site): p.stat().st_size for p in site.rglob("*") if p.is_file()}
    words = {Path("app/es.js"), Path("app/es-titles.js")}
    spanish = sum(n for path, n in sizes.items() if path.parts[0] == "es" or path in words)
    assert sum(sizes.values()) - spanish < 80_000_000
    assert sum(sizes.values()) < 90_000_000
    assert spanish > 5_000_000


def test_the_tables_hold_every_task_and_occupation(built):
    where, _, _ = built
    tasks = pd.read_csv(where.processed / "tables" / "task_exposure.csv")
    exposure = pd.read_csv(where.processed / "tables" / "occupation_exposure.csv")
    assert len(tasks) == 18_796
    assert len(exposure) == 923
    assert exposure["weight_rule"].notna().all()
    own = exposure.set_index("onet_soc_code").loc["29-2072.00"]
    assert own["exposure_low"] <= own["exposure"] <= own["exposure_high"]
    # Nothing of this occupation is rated, so its tasks weigh the same: a plain mean.
    mean = tasks.loc[tasks["onet_soc_code"] == "29-2072.00", "exposure"].mean()
    assert own["exposure"] == pytest.approx(mean)


def test_the_notebooks_ran_for_the_occupation(built, root):
    where, _, _ = built
    made = sorted((where.processed / "notebooks").glob("*.ipynb"))
    assert [p.name for p in made] == [
        "01_task_exposure.ipynb", "02_job_market.ipynb", "03_advancement_paths.ipynb",
        "04_claims_check.ipynb", "05_methods_and_validation.ipynb", "06_postings.ipynb",
    ]  # fmt: skip
    for path in made:
        cells = [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
        outputs = [output for cell in cells for output in cell.outputs]
        assert not [o for o in outputs if o.output_type == "error"]
        # Postings are in no release: without a run of them there is nothing to draw.
        drawn = any("application/vnd.plotly.v1+json" in o.get("data", {}) for o in outputs)
        assert drawn != path.name.startswith("06")
        assert any('"29-2072.00"' in c.source for c in cells)


def test_the_notebooks_run_for_an_occupation_without_published_labels(tmp_path, root):
    snapshot = str(settings.load({}).snapshot)
    asked = tmp_path / "asked"
    asked.mkdir()
    # The last one is of the scorer: tests/charts/test_scorer_agreement.py runs it.
    for path in sorted((root / "notebooks").glob("0[1-4]*.ipynb")):
        shutil.copy(path, asked)
    made = notebooks.execute_all(
        asked, {"occupation": "17-3023.00"}, tmp_path, {"OUTLOOK_RELEASE": snapshot}
    )
    assert len(made) == 4
    said = made[0].read_text("utf-8")
    assert "hold no published labels" in said
    assert "Electrical and Electronic Engineering Technologists" in said


def test_the_committed_notebooks_carry_no_outputs(root):
    for path in (root / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            assert not cell.get("outputs")
            assert not cell.get("execution_count")


def test_a_second_build_does_nothing(built, monkeypatch):
    where, result, _ = built
    before = {p: p.stat().st_mtime_ns for p in where.processed.rglob("*") if p.is_file()}

    def not_again(*_, **__):
        raise AssertionError("a build with nothing changed opened the data")

    monkeypatch.setattr("pipelines.releases.current.open_data", not_again)
    again = build.build_all(where, offline=True, occupation="29-2072.00", force=False, say=print)
    assert not again.fresh
    assert again.page == result.page
    assert before == {p: p.stat().st_mtime_ns for p in where.processed.rglob("*") if p.is_file()}


def test_figures_of_another_occupation_leave_the_site_as_it_is(built, tmp_path, monkeypatch):
    where, _, _ = built
    shutil.copytree(where.processed, tmp_path / "processed")
    other = settings.load({"OUTLOOK_DATA": str(tmp_path)})

    def not_again(*_, **__):
        raise AssertionError("the same site was built again")

    monkeypatch.setattr(build, "make_site", not_again)
    monkeypatch.setattr(build, "_notebooks", spawned.no_notebooks)
    monkeypatch.setattr("pipelines.figures.export.chrome", lambda: "")  # pages, no pictures
    said: list[str] = []
    result = build.build_all(
        other, offline=True, occupation="29-9021.00", force=False, say=said.append
    )
    assert result.fresh
    assert result.page.name == "29-9021.00.html"
    assert "29-9021" in {p.stem[-10:-3] for p in result.figures}
    assert "site: as it is, nothing it shows has changed" in said
    note = stamp.read(other.processed)
    assert stamp.is_whole(other.processed, note)
    assert "site/index.html" in note["files"]
    (other.processed / "site" / "index.html").unlink()
    with pytest.raises(AssertionError, match="built again"):
        build.build_all(other, offline=True, occupation="29-9021.00", force=False, say=print)


def test_a_lost_or_cut_file_is_noticed(built):
    where, result, _ = built
    note = stamp.read(where.processed)
    assert stamp.is_whole(where.processed, note)
    content = result.index.read_bytes()
    try:
        result.index.write_bytes(content[:100])
        assert not stamp.is_whole(where.processed, note)
        result.index.unlink()
        assert not stamp.is_whole(where.processed, note)
    finally:
        result.index.write_bytes(content)


def test_another_occupation_or_changed_data_is_another_build(built, tmp_path):
    where, _, _ = built
    first = stamp.fingerprint(where, True, "29-2072.00")
    assert stamp.fingerprint(where, True, "29-2072.00") == first
    assert stamp.fingerprint(where, True, "31-9094.00") != first


def test_a_failed_build_leaves_the_last_one(built, monkeypatch):
    where, result, _ = built
    page = result.page.read_bytes()

    def broken(*_):
        raise OutlookError("figure", "cannot be drawn", "Look")

    monkeypatch.setattr("pipelines.figures.occupation.job", broken)
    with pytest.raises(OutlookError, match="drawn"):
        build.build_all(where, offline=True, occupation="29-9021.00", force=False, say=print)
    with pytest.raises(UsageError, match="99-9999"):
        build.build_all(where, offline=True, occupation="99-9999.00", force=False, say=print)
    assert result.page.read_bytes() == page
    assert stamp.is_whole(where.processed, stamp.read(where.processed))
    assert not list(where.processed.glob(".build-*"))


def test_the_command_prints_the_paths(built, monkeypatch, capsys):
    where, result, _ = built
    monkeypatch.setenv("OUTLOOK_DATA", str(where.processed.parent))
    monkeypatch.setattr(sys, "argv", ["outlook", "build", "--offline"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"first page: {result.index}" in out
    assert f"page of the occupation: {result.page}" in out
    assert "figure: " in out


def test_a_notebook_that_fails_is_named(tmp_path):
    cells = [
        nbformat.v4.new_code_cell("occupation = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("raise ValueError(occupation)"),
    ]
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "01_bad.ipynb")
    with pytest.raises(OutlookError, match=r"01_bad.*29-2072") as caught:
        notebooks.execute_all(folder, {"occupation": "29-2072.00"}, out)
    assert "\x1b" not in str(caught.value)
    assert not list(out.iterdir())


@pytest.fixture
def trivial(tmp_path):
    """A folder with one notebook that does nothing, and a way to make its kernel die at birth."""
    folder = tmp_path / "in"
    folder.mkdir()
    cell = nbformat.v4.new_code_cell("occupation = ''", metadata={"tags": ["parameters"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "01_small.ipynb")

    def run(die_when: str):
        # Python imports sitecustomize before anything of the kernel's own.
        (tmp_path / "sitecustomize.py").write_text(
            "import os, sys\n"
            "born = os.path.join(os.path.dirname(__file__), 'born')\n"
            "with open(born, 'a') as file:\n"
            "    file.write('x')\n"
            "births = os.path.getsize(born)\n"
            f"if {die_when}:\n"
            "    sys.stderr.write('  at some line\\nNoPort: all are taken\\n')\n"
            "    sys.stderr.flush()\n"
            "    os._exit(1)\n"
        )
        environ = {"PYTHONPATH": str(tmp_path)}
        return notebooks.execute_all(folder, {"occupation": "x"}, tmp_path / "out", environ)

    return run


def test_a_kernel_that_dies_at_its_first_start_is_started_again(trivial, tmp_path):
    made = trivial("births == 1")
    assert [path.name for path in made] == ["01_small.ipynb"]
    assert len((tmp_path / "born").read_text()) == 2


def test_a_kernel_that_never_starts_is_named_with_its_last_words(trivial, tmp_path):
    with pytest.raises(OutlookError, match="did not start, twice") as caught:
        trivial("True")
    message = str(caught.value)
    assert "NoPort: all are taken" in message
    assert "at some line" not in message
    assert len((tmp_path / "born").read_text()) == 2
    assert not list((tmp_path / "out").iterdir())


def test_a_kernel_that_dies_in_a_cell_is_named_and_not_started_again(tmp_path):
    cells = [
        nbformat.v4.new_code_cell("occupation = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            f"open({str(tmp_path / 'ran')!r}, 'a').write('x'); import os; os._exit(1)"
        ),
    ]
    folder = tmp_path / "in"
    folder.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "01_dies.ipynb")
    with pytest.raises(OutlookError, match=r"01_dies.*died while a cell ran"):
        notebooks.execute_all(folder, {"occupation": "x"}, tmp_path / "out")
    assert (tmp_path / "ran").read_text() == "x"


def test_one_kernel_runs_all_notebooks_and_forgets_between_them(tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    change = "import pandas; pandas.set_option('display.max_rows', 3); left = 1"
    look = "import pandas; 'left' in globals() or pandas.get_option('display.max_rows') == 3"
    for name, code in (("01_a", change), ("02_b", look)):
        cells = [
            nbformat.v4.new_code_cell("occupation = ''", metadata={"tags": ["parameters"]}),
            nbformat.v4.new_code_cell(code),
            nbformat.v4.new_code_cell("import os; os.getpid()"),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    first, second = notebooks.execute_all(folder, {"occupation": "x"}, out)
    said = [
        [
            (cell.execution_count, [output["data"]["text/plain"] for output in cell.outputs])
            for cell in nbformat.read(path, 4).cells
        ]
        for path in (first, second)
    ]
    assert said[1][2] == (3, ["False"])
    assert said[0][3] == said[1][3]  # the same process, its cells counted from 1 again
    assert said[0][3][0] == 4


def test_parameters_are_data_not_code(tmp_path):
    said = 'x"\nraise ValueError("no")\\'
    folder = _notebook(tmp_path, "occupation")
    made = notebooks.execute_all(folder, {"occupation": said}, tmp_path / "out")
    assert nbformat.read(made[0], 4).cells[-1].outputs[0].data["text/plain"] == repr(said)


def test_two_runs_leave_the_same_bytes_and_the_source_untouched(tmp_path):
    folder = _notebook(tmp_path, "import os; print(os.environ['OUTLOOK_RELEASE'], os.getcwd())")
    source = (folder / "01_made.ipynb").read_bytes()
    written = []
    for _ in range(2):
        made = notebooks.execute_all(
            folder, {"occupation": "x"}, tmp_path / "out", {"OUTLOOK_RELEASE": "here"}
        )
        written.append(made[0].read_bytes())
    assert written[0] == written[1]
    assert b"papermill" not in written[0]
    assert f"here {tmp_path / 'out'}" in written[0].decode()
    assert (folder / "01_made.ipynb").read_bytes() == source


def test_the_failing_cell_is_counted_as_in_the_committed_notebook(tmp_path):
    folder = _notebook(tmp_path, "1 / 0")
    with pytest.raises(OutlookError, match=r"01_made\.ipynb: cell 2 failed: ZeroDivisionError"):
        notebooks.execute_all(folder, {"occupation": "x"}, tmp_path / "out")


def _notebook(tmp_path, code: str):
    """A folder with a notebook of a cell of parameters and one more."""
    folder = tmp_path / "in"
    folder.mkdir()
    cells = [
        nbformat.v4.new_code_cell("occupation = ''", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(code),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "01_made.ipynb")
    return folder


def test_a_damaged_note_means_a_new_build(tmp_path):
    (tmp_path / "build.json").write_text("{")
    assert stamp.read(tmp_path) == {}
    (tmp_path / "build.json").write_text(json.dumps({"files": {"gone": 1}}))
    assert not stamp.is_whole(tmp_path, stamp.read(tmp_path))
    shutil.rmtree(tmp_path)
    assert stamp.read(tmp_path) == {}


def test_two_builds_do_not_run_into_each_other(tmp_path):
    def second():
        with staged.staged(tmp_path):
            pass

    with staged.staged(tmp_path), pytest.raises(UsageError, match="another build"):
        second()
    with staged.staged(tmp_path) as folder:
        assert folder.is_dir()
