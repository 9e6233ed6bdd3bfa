"""Growth of `outlook postings`: speed, memory and linearity over millions of task sentences.

python benchmarks/postings.py TASKS [--sizes 20000,60000] [--workers 2] [--json FILE]

TASKS is the table `tasks` (parquet) of a full release: its statements are the sentences. For the
sizes of docs/SCALE.md give --sizes 1000000,3000000,10000000, on a machine that does nothing else.

1. Postings of ten sentences each are written to parquet, of two kinds: "varied" (two words of each
   sentence change places and a number is added, so that no two are equal) and "repeated" (the
   statements as they are, over and over, as boilerplate repeats in real postings).
2. `outlook postings` as a process of its own for each size, with one worker and with --workers;
   memory is the most that the process and its workers held, and of a single worker.
3. `outlook score` on the same sentences as CSV, for the overhead. Postings are also coded, split,
   masked and held against O*NET's tasks, which `outlook score` does not do: the seconds of each,
   measured in one process, say how much of the difference is that work; what one worker takes
   beyond them is the engine.
4. What the machine allows: the same work in `--workers` processes at once that share nothing, and
   in one alone. Two cores may be two halves of one, which no engine makes up for.
5. The plan for a billion sentences: workers, hours and dollars by the speed of one worker.

First it runs `benchmarks/coder.py`, which says how well occupations and task sentences are found;
--growth-alone leaves that out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

#: Aims of the growth: time within 15 % of linear, two workers 1.8 times one, 15 % over the score.
AIM_LINEAR, AIM_TWO, AIM_OVERHEAD = 0.15, 1.8, 0.15
PER_POSTING = 10
BILLION = 10**9
#: Dollars of a virtual processor and hour, one of which a worker takes: c5.2xlarge has eight for
#: $0.34 in the examples of AWS's guide to EC2 Auto Scaling (us-east-1, on demand); c6i.large has
#: two for $62.05 in 730 hours by Infracost's list. Read on 2026-11-27; give yours with --price.
PRICE = 0.0425
_GROUP = 10_000
_FILE = 100_000


def statements(real: list[str], n: int, varied: bool) -> Iterator[str]:
    """n sentences, real ones over and over, with two words swapped and a number where varied."""
    rng = random.Random(0)
    for i in range(n):
        text = real[i % len(real)]
        if varied:
            words = text.split()
            a, b = rng.randrange(len(words)), rng.randrange(len(words))
            words[a], words[b] = words[b], words[a]
            text = " ".join([*words, str(i)])
        yield text


def write_postings(real: pd.DataFrame, n: int, varied: bool, folder: Path) -> None:
    """Postings of `PER_POSTING` sentences each, as parquet files with small row groups."""
    folder.mkdir()
    texts = statements(real["task"].tolist(), n, varied)
    titles = real["title"].tolist()
    for file in range(0, n // PER_POSTING, _FILE):
        rows = range(file, min(file + _FILE, n // PER_POSTING))
        table = pa.table({
            "id": [str(i) for i in rows],
            "title": [titles[i % len(titles)] for i in rows],
            "text": ["<p>Duties:</p><ul>" + "".join(
                f"<li>{next(texts)}</li>" for _ in range(PER_POSTING)) + "</ul>" for _ in rows],
            "date": [f"2025-{1 + i % 12:02d}-01" for i in rows],
            "state": [("Ohio", "Texas", "Utah")[i % 3] for i in rows],
        })  # fmt: skip
        pq.write_table(table, folder / f"{file:09d}.parquet", row_group_size=_GROUP)


def run(command: list[str]) -> tuple[float, float, float]:
    """Seconds of a command, and the most memory (GB) of all its processes and of one of them."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    start = time.perf_counter()
    call = "from pipelines.cli import main; main()"
    with tempfile.TemporaryFile() as said:
        process = psutil.Popen([sys.executable, "-c", call, *command], env=environment, stderr=said)
        most = one = 0
        while process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                held = [p.memory_info().rss for p in
                        (process, *process.children(recursive=True))]  # fmt: skip
                most, one = max(most, sum(held)), max(one, *held)
            time.sleep(0.1)
        seconds = time.perf_counter() - start
        if process.returncode:
            said.seek(0)
            sys.exit(f"outlook {' '.join(command)} failed: {said.read().decode()[-500:]}")
    return seconds, most / 1e9, one / 1e9


def counted(out: Path) -> tuple[int, int]:
    """Postings and sentences that a run scored."""
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    return manifest["postings"], manifest["sentences"]


def grow(real: pd.DataFrame, size: int, varied: bool, workers: list[int]) -> list[dict]:
    """A row for each number of workers."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        ads, out = Path(name, "ads"), Path(name, "out")
        write_postings(real, size, varied, ads)
        for n in workers:
            seconds, most, one = run(["postings", str(ads), "--out", str(out), "--workers", str(n)])
            postings, sentences = counted(out)
            rows.append({
                "sentences": "varied" if varied else "repeated", "asked": size, "workers": n,
                "postings": postings, "scored": sentences, "seconds": seconds,
                "per_second": sentences / seconds, "memory_gb": most, "memory_of_one_gb": one,
            })  # fmt: skip
            print_row(rows[-1])
            shutil.rmtree(out)
    return rows


def print_row(r: dict) -> None:
    """A row as it is made: a run of hours may be stopped."""
    print(f"{r['sentences']:>10} {r['asked']:11,} {r['workers']:7} {r['scored']:11,} "
          f"{r['seconds']:8.1f} {r['per_second']:9,.0f} {r['memory_gb']:5.2f} "
          f"{r['memory_of_one_gb']:9.2f}", flush=True)  # fmt: skip


def score_alone(real: pd.DataFrame, size: int) -> float:
    """Seconds of `outlook score` on the same varied sentences."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "in.csv")
        texts = list(statements(real["task"].tolist(), size, True))
        pd.DataFrame({"task": texts}).to_csv(source, index=False)
        return run(["score", str(source), "--out", str(Path(name, "out.parquet"))])[0]


def steps(real: pd.DataFrame, size: int) -> dict[str, float]:
    """Microseconds a sentence of each step of `chunk.process`, in this process alone."""
    from threadpoolctl import threadpool_limits

    from pipelines.exposure.scorer.model import held_scorer
    from pipelines.exposure.scorer.score import scored
    from pipelines.postings import coder, reference, sentences
    from pipelines.releases.current import open_data

    data, scorer = open_data(), held_scorer()
    listed = reference.of_tasks(data.table("tasks"), scorer, {})
    code = coder.load(data).code
    count = size // PER_POSTING
    texts = list(statements(real["task"].tolist(), size, True))
    whole = pd.Series(["<li>" + "</li><li>".join(texts[i * PER_POSTING : (i + 1) * PER_POSTING])
                       for i in range(count)])  # fmt: skip
    titles = pd.Series([real["title"].iloc[i % len(real)] for i in range(count)])
    took = {}

    def clock(name: str, work):
        start = time.perf_counter()
        result = work()
        took[name] = (time.perf_counter() - start) / size * 1e6
        return result

    with threadpool_limits(1, "blas"):
        coded = clock("occupation", lambda: code(titles, whole))
        listed_duties = clock("task sentences", lambda: [sentences.duties(t) for t in whole])
        flat = [s for one in listed_duties for s in one]
        row = [i for i, one in enumerate(listed_duties) for _ in one]
        flat = clock("masking", lambda: [sentences.mask(s) for s in flat])
        said = clock("scores", lambda: scorer.read(flat))
        clock("score columns", lambda: scored(flat, said, scorer))
        took["scores"] += took.pop("score columns")
        soc = coded["soc_code"].iloc[row].reset_index(drop=True)
        clock("new work", lambda: listed.nearest(said.z, soc))
    return took


def allowed(real: pd.DataFrame, size: int, workers: int) -> float:
    """How many times the work of one process so many do at once that know nothing of each other."""

    def each(n: int) -> float:
        with ProcessPoolExecutor(n, mp_context=get_context("spawn")) as pool:
            made = [pool.submit(steps, real, size) for _ in range(n)]
            return sum(sum(one.result().values()) for one in made) / n

    return workers * each(1) / each(workers)


def show(
    rows: list[dict],
    alone: float,
    took: dict[str, float],
    machine: float,
    size: int,
    price: float,
) -> None:
    frame = pd.DataFrame(rows)
    varied = frame[frame["sentences"] == "varied"]
    for n, of_n in varied.groupby("workers"):
        if len(of_n) > 2:
            # Starting takes as long for few as for many: the time of each further sentence counts.
            step = of_n["seconds"].diff() / of_n["scored"].diff()
            grown = step.iloc[-1] / step.iloc[1] - 1
            print(f"{n} workers: a sentence of the last step takes {grown:+.0%} against one of the "
                  f"first (aim: at most {AIM_LINEAR:+.0%})")  # fmt: skip
        else:
            print(f"{n} workers: linearity is said of three sizes or more")
    last = varied[varied["asked"] == size].set_index("workers")["seconds"]
    if len(last) > 1:
        print(f"{last.index[-1]} workers / 1: {last.iloc[0] / last.iloc[-1]:.2f} times as fast "
              f"(aim: {AIM_TWO} of two; processes that share nothing: {machine:.2f})")  # fmt: skip
    print(f"outlook score, the same sentences: {alone:.1f} s; outlook postings takes "
          f"{last.iloc[-1] / alone - 1:+.0%} (aim: {AIM_OVERHEAD:+.0%})")  # fmt: skip
    work = sum(took.values())
    told = ", ".join(f"{name} {us:.0f}" for name, us in took.items())
    print(f"microseconds a sentence in one process: {told}; all but the scores is "
          f"{1 - took['scores'] / work:.0%} of the work")  # fmt: skip
    own = work * size / 1e6
    print(f"these steps for all of the sentences: {own:.1f} s; one worker, with reading, writing, "
          f"tables, and starting, takes {last.iloc[0] / own - 1:+.0%}")  # fmt: skip
    best = varied[(varied["workers"] == 1)].iloc[-1]["per_second"]
    hours = BILLION / best / 3600
    for n in (16, 64, 256):
        print(f"a billion sentences, {n} workers of this kind: {hours / n:.1f} hours")
    print(f"in all {hours:,.0f} worker hours: ${hours * price:,.2f} at ${price} each; disk and "
          "network and the scheduler come on top")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tasks", type=Path)
    parser.add_argument("--sizes", default="20000,60000")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--price", type=float, default=PRICE, help="dollars a worker hour")
    parser.add_argument("--growth-alone", action="store_true")
    parser.add_argument("--json", type=Path, help="write the rows there too")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    real = pd.read_parquet(options.tasks)[["onet_soc_code", "task"]].dropna()
    if real.empty:
        sys.exit(f"{options.tasks} holds no statements: give the table of a full release")
    titles = pd.read_parquet(options.tasks.with_name("occupations.parquet"))
    real["title"] = real["onet_soc_code"].map(titles.set_index("onet_soc_code")["title"])
    if not options.growth_alone:
        subprocess.run([sys.executable, Path(__file__).with_name("coder.py")], check=True)
    cores = len(os.sched_getaffinity(0))
    print(f"{cores} cores, load average {os.getloadavg()[0]:.1f}")
    print(f"{'sentences':>10} {'asked':>11} {'workers':>7} {'scored':>11} {'seconds':>8} "
          f"{'a second':>9} {'GB':>5} {'GB of one':>9}", flush=True)  # fmt: skip
    rows: list[dict] = []
    for size in sizes:
        rows += grow(real, size, True, [1, options.workers])
    rows += grow(real, sizes[-1], False, [options.workers])
    alone = score_alone(real, sizes[-1])
    few = min(sizes[0], 40_000)
    took = steps(real, few)
    machine = allowed(real, few, options.workers)
    show(rows, alone, took, machine, sizes[-1], options.price)
    if options.json:
        found = {"rows": rows, "score_seconds": alone, "steps": took, "allowed": machine}
        options.json.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
