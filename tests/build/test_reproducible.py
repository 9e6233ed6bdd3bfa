"""Two builds from the same data are the same, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

#: What a build computes for one occupation, and tables as the commands save them. No pictures.
BUILD = """
import sys
from pathlib import Path
from pipelines.analysis import Analysis
from pipelines.answers.claims import claims_answer
from pipelines.answers.tasks import all_tasks_answer
from pipelines.base import tabular
from pipelines.build import run as build
from pipelines.releases.current import open_data

folder = Path(sys.argv[1])
data = open_data(offline=True)
analysis = Analysis(data)
build._tables(analysis, "29-2072.00", folder / "tables")
build._figures(analysis, "29-2072.00", folder / "figures")
tabular.save(claims_answer(data, "29-2072").frame, folder / "claims.parquet")
tabular.save(all_tasks_answer(data).frame, folder / "tasks.parquet")
tabular.save(analysis.occupation_exposure, folder / "exposure.parquet")
"""


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """Two builds at the same time; Python orders sets and hashes differently in each."""
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "other")]
    running = []
    for seed, folder in enumerate(folders, start=1):
        environ = {**os.environ, "PYTHONHASHSEED": str(seed), "BROWSER_PATH": "/no/browser",
                   "OMP_NUM_THREADS": "1"}  # fmt: skip
        environ.pop("OUTLOOK_RELEASE", None)
        command = [sys.executable, "-c", BUILD, str(folder)]
        running.append(subprocess.Popen(command, env=environ))
    assert [process.wait() for process in running] == [0, 0]
    return folders


@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "html"])
def test_two_builds_write_the_same_bytes(builds, ending):
    one, other = ({str(p.relative_to(f)): p.read_bytes() for p in f.rglob(f"*.{ending}")}
                  for f in builds)  # fmt: skip
    assert one.keys() == other.keys()
    assert len(one) >= 3
    assert [name for name in one if one[name] != other[name]] == []
