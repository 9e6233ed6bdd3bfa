"""Reading the sources: our loaders beside plain pandas and openpyxl, in one run.

python benchmarks/refresh.py MIRROR [--repeat 3]

MIRROR is a folder with `host/path` of every source (as OUTLOOK_MIRROR). Both sides read the same
tables of the same files, one after the other, in this process, with files in the page cache.

plain: `pandas.read_csv` and `pandas.read_excel(engine="openpyxl")`, nothing checked.
ours:  the loaders: archive limits, columns, every cell held to its kind, our column names.
all:   ours and the contracts of every table, joined (`assemble`), as a refresh does.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd

from pipelines.refresh import assemble
from pipelines.releases.current import open_data
from pipelines.sources.catalog import dataset_of, loadable
from pipelines.sources.dataset import Dataset

#: What our loaders read of archives that hold more.
MEMBERS = {
    "onet_29_3": (
        "Occupation Data", "Task Statements", "Task Ratings", "Tasks to DWAs", "DWA Reference",
        "IWA Reference", "Job Zones", "Education, Training, and Experience", "Related Occupations",
        "Skills", "Knowledge", "Work Styles", "Technology Skills", "Alternate Titles",
        "Sample of Reported Titles",
    ),
    "onet_excel_30_2": (
        "Occupation Data", "Task Statements", "Education, Training, and Experience",
        "Sample of Reported Titles",
    ),
    "onet_18": ("Abilities", "Work Activities", "Work Context"),
}  # fmt: skip
SHEETS = {
    "ep_workbook": ["Table 1.2", "Table 1.7", "Table 1.10", "Table 1.12", "Table 5.3", "Table 5.4"],
    "nem_crosswalk": [0], "aioe": ["Appendix A"], "aioe_lm": ["LM AIOE"],
}  # fmt: skip


def plain(dataset: Dataset, path: Path) -> int:
    """Rows that plain pandas reads of a file."""
    if dataset.media in ("csv", "tsv"):
        return len(pd.read_csv(path, sep="," if dataset.media == "csv" else "\t"))
    if dataset.media == "xlsx":
        sheets = {s.strip(): s for s in pd.ExcelFile(path, engine="openpyxl").sheet_names}
        wanted = [sheets.get(s, s) if isinstance(s, str) else s for s in SHEETS[dataset.id]]
        frames = pd.read_excel(path, sheet_name=wanted, engine="openpyxl", header=None)
        return sum(map(len, frames.values()))
    rows = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            stem = name.rpartition("/")[2].rpartition(".")[0]
            if stem not in MEMBERS.get(dataset.id, (stem,)):
                continue
            data = io.BytesIO(archive.read(name))
            rows += len(
                pd.read_excel(data, engine="openpyxl") if name.endswith(".xlsx")
                else pd.read_csv(data, sep="\t", quoting=3)
            )  # fmt: skip
    return rows


def timed(call, repeat: int) -> float:
    """Seconds of the fastest of so many runs."""
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("mirror", type=Path)
    options.add_argument("--repeat", type=int, default=1)
    given = options.parse_args()
    places = {name: given.mirror / dataset.mirror_path for name, dataset in loadable().items()}
    files = {name: file for name, file in places.items() if file.is_file()}
    # What a refresh carries on where the mirror lacks it is carried on from the snapshot here.
    kept = [name for name, d in loadable().items() if d.keep_last and name not in files]
    carried = {name: open_data(offline=True) for name in kept}
    absent = [str(places[name]) for name in places if name not in files and name not in carried]
    if absent:
        print(f"not in the mirror: {', '.join(absent)}", file=sys.stderr)
        return 2
    print(f"{'source':22}{'bytes':>12}{'plain s':>10}{'ours s':>10}{'ratio':>8}")
    totals = [0.0, 0.0]
    for name in files:
        dataset = dataset_of(name)
        file, load = files[name], dataset.load()
        usual = timed(lambda d=dataset, f=file: plain(d, f), given.repeat)
        ours = timed(lambda d=dataset, f=file, read=load: read(f, d), given.repeat)
        totals = [totals[0] + usual, totals[1] + ours]
        print(f"{name:22}{file.stat().st_size:12,}{usual:10.2f}{ours:10.2f}{usual / ours:8.1f}")
    print(f"{'sum':34}{totals[0]:10.2f}{totals[1]:10.2f}{totals[0] / totals[1]:8.1f}")
    whole = timed(lambda: assemble.assemble(files, carried=carried), given.repeat)
    print(f"{'all: checked and joined':34}{'':10}{whole:10.2f}{totals[0] / whole:8.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
