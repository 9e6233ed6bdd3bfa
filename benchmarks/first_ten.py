"""The first ten ways up of an older commit, for the table beside today's in docs/TECHNICIANS.md.

git worktree add /tmp/before 3aaecf6
python benchmarks/first_ten.py /tmp/before > pipelines/build/first_ten_before.csv

Each commit answers from the snapshot embedded in it, in a process of its own, as it did then.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tempfile

from pipelines.build.methods_technicians import BEFORE, SHOWN

ASK = "import sys; sys.argv[0] = 'outlook'; from pipelines.cli import main; main()"


def first_ten(checkout: str, code: str) -> list[dict[str, str]]:
    """Rows of `outlook paths CODE` of the code in a folder."""
    with tempfile.TemporaryDirectory() as empty:
        said = subprocess.run(
            [sys.executable, "-c", ASK, "paths", code, "--offline", "-n", "10", "--format", "csv"],
            cwd=checkout, check=True, capture_output=True, text=True,
            env={**os.environ, "OUTLOOK_DATA": empty, "PYTHONPATH": checkout},
        )  # fmt: skip
    return list(csv.DictReader(io.StringIO(said.stdout)))


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(f"Give a checkout of the commit before: {BEFORE}")
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["from_soc", "rank", "to_soc", "title", "years_education", "years_experience"])
    for code in SHOWN:
        for row in first_ten(sys.argv[1], code):
            names = ("from_soc", "rank", "to_soc", "title", "years_education", "years_experience")
            out.writerow([row[name] for name in names])


if __name__ == "__main__":
    main()
