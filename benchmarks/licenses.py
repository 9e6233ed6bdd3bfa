"""How many destinations of technicians have no license or certification looked up, and which.

python benchmarks/licenses.py [CHECKOUT]

Destinations are those in the first ten of `outlook paths` (two moves, typical education) of the 60
largest technician occupations, and of all. CHECKOUT is another commit's folder, to compare with.
"""

from __future__ import annotations

import sys
from pathlib import Path

if len(sys.argv) > 1:
    sys.path.insert(0, sys.argv[1])

from pipelines.analysis import Analysis
from pipelines.pathways.routes.search import all_paths
from pipelines.pathways.schooling.credentials import licence_words
from pipelines.releases.store import open_release

LARGEST = 60


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]
    analysis = Analysis(open_release(root / "data" / "raw" / "snapshot"))
    frame, data = analysis.occupations, analysis.pathways
    soc = frame.loc[frame["is_technician"], "soc_code"].drop_duplicates()
    soc = soc[soc.isin(data.table.index)]
    jobs = data.table["employment"].reindex(soc).sort_values(ascending=False)
    ways = all_paths(data, None, 2, 10)
    for name, codes in (
        (f"{LARGEST} largest", jobs.index[:LARGEST]),
        (f"all {len(soc)}", list(soc)),
    ):
        reached = ways.loc[ways["from_soc"].isin(codes), "to_soc"].value_counts()
        left = [code for code in reached.index if "not looked up" in licence_words(code)]
        print(f"{name}: {len(left)} of {len(reached)} destinations not looked up")
        for code in left:
            print(f"  {code} {data.table.at[code, 'title']} ({reached[code]} first tens)")


if __name__ == "__main__":
    main()
