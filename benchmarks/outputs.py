"""Digests of what users read, to hold a change that should change nothing against.

    python benchmarks/outputs.py keep BEFORE.json [--mirror ../shared/sources]
    python benchmarks/outputs.py compare BEFORE.json [--mirror ../shared/sources]

Runs the commands below in an empty data folder and notes the SHA-256 of every CSV, parquet and
JSON file that they write; with --mirror also of a release made from it. `compare` runs them again,
names each file that differs, is new or is gone, and exits 1 where there is one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

#: Commands that answer about all occupations, and the file that each writes.
QUESTIONS = {
    "tasks.csv": ["tasks", "--all"],
    "paths.csv": ["paths", "--all"],
    "similar.csv": ["similar", "--all"],
    "matrix.csv": ["measures", "--matrix"],
    "claims.csv": ["claims", "29-2072.00"],
    "claims.parquet": ["claims", "29-2072.00"],
    "lookback.csv": ["lookback"],
    "lookback.parquet": ["lookback"],
}
#: Keys of JSON files that differ from run to run, or with the code alone (files: sizes of pages).
VOLATILE = {"created_utc", "checked_utc", "since_utc", "retrieved_utc", "fetched_utc",
            "code_sha256", "fingerprint", "seconds", "previous", "files"}  # fmt: skip
ENDINGS = {".csv", ".parquet", ".json"}


def steady(value: object) -> object:
    """JSON without the keys of `VOLATILE`, at any depth."""
    if isinstance(value, dict):
        return {key: steady(one) for key, one in value.items() if key not in VOLATILE}
    return [steady(one) for one in value] if isinstance(value, list) else value


def digest(file: Path) -> str:
    content = file.read_bytes()
    if file.suffix == ".json":
        content = json.dumps(steady(json.loads(content)), sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def outlook(data: Path, *arguments: str, mirror: str | None = None) -> None:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("OUTLOOK_")}
    environ |= {"OUTLOOK_DATA": str(data)} | ({"OUTLOOK_MIRROR": mirror} if mirror else {})
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments], env=environ
    )
    if done.returncode:
        sys.exit(f"outlook {' '.join(arguments)} ended with {done.returncode}")


def outputs(mirror: str | None) -> dict[str, str]:
    """SHA-256 by name of every file."""
    with tempfile.TemporaryDirectory() as folder:
        data, answers = Path(folder) / "data", Path(folder) / "answers"
        answers.mkdir()
        outlook(data, "build", "--offline")
        for name, arguments in QUESTIONS.items():
            outlook(data, *arguments, "--offline", "--out", str(answers / name))
        if mirror:
            outlook(Path(folder) / "release", "refresh", mirror=mirror)
        roots = [data / "processed", answers, Path(folder) / "release" / "processed"]
        return {
            str(file.relative_to(folder)): digest(file)
            for root in roots
            for file in sorted(root.rglob("*"))
            if file.suffix in ENDINGS and file.is_file() and not file.name.startswith(".")
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("action", choices=("keep", "compare"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--mirror", help="public sources to make a release from")
    given = parser.parse_args()
    now = outputs(str(Path(given.mirror).resolve()) if given.mirror else None)
    if given.action == "keep":
        given.file.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
        print(f"{len(now)} files noted in {given.file}")
        return
    before = json.loads(given.file.read_text("utf-8"))
    differing = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    for name in differing:
        state = "is gone" if name not in now else "is new" if name not in before else "differs"
        print(f"{name} {state}")
    print(f"{len(before)} files before, {len(now)} now, {len(differing)} differ")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
