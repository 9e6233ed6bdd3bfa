"""How fast routes are found: ours against networkx doing the same enumeration.

python benchmarks/paths.py [RELEASE_OR_SNAPSHOT_FOLDER]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np

from pipelines.analysis import Analysis
from pipelines.base import settings
from pipelines.pathways.routes.enumeration import enumerate_routes, front_routes
from pipelines.pathways.routes.judgment import schooling_term, start_level
from pipelines.pathways.routes.network import N_SIMILAR, PathwayData
from pipelines.pathways.routes.returns import add_returns
from pipelines.pathways.routes.search import all_paths, find_paths, pareto_front
from pipelines.pathways.schooling.education import EDUCATION_LEVELS
from pipelines.releases.store import open_release

SAMPLE = 20  # origins that networkx does; the rest would only take longer
REPEATS = 3  # the best of each counts: what else the computer does is in neither


def network(data: PathwayData) -> nx.DiGraph:
    """The same moves as a networkx graph (without the rule on wasted schooling)."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(data.table)))
    for i, (row, open_, fit) in enumerate(zip(data.to[:, :N_SIMILAR], *data.edges, strict=True)):
        graph.add_edges_from(
            (i, int(j), {"fit": float(f), "stays": bool(s)})
            for j, f, s in zip(row[open_], fit[open_], data.stays[i][open_], strict=True)
        )
    return graph


def by_networkx(graph: nx.DiGraph, data: PathwayData, origin: int, held: int) -> int:
    """Routes of up to three steps with their terms; schooling that is wasted is left out."""
    count = 0
    targets = set(graph) - {origin}
    for path in nx.all_simple_paths(graph, origin, targets, cutoff=3):
        level, years, experience, cost, feasibility = held, 0.0, 0.0, 0.0, 1.0
        changes = 0  # of field: one at most
        for last, node in pairwise(path):
            asked = int(data.level[node])
            changes += not graph.edges[last, node]["stays"]
            if changes > 1 or (level > held and asked < level):
                break
            own = data.own_field(np.array(last), np.array(node))
            added = data.years[own, level, asked]
            years += added
            experience += data.experience_years[node]
            feasibility *= graph.edges[last, node]["fit"] * schooling_term(added)
            cost += data.tuition[own, level, asked]
            level = max(level, asked)
        else:
            count += 1
    return count


def timed(name: str, unit: str, run: Callable[[], object]) -> float:
    """Seconds of one call; printed with its seconds of processor, in `unit` (s or ms)."""
    start, cpu = time.perf_counter(), time.process_time()
    run()
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    wall, work = (x if unit == "s" else x * 1e3 for x in (seconds, cpu))
    print(f"{name:52s} {wall:8.2f} {unit} {work:8.2f} {unit} CPU")
    return seconds


def fronts(data: PathwayData, level: int | None) -> int:
    """Routes of up to three steps and their fronts for all origins; the number of routes."""
    count = 0
    for i in range(len(data.table)):
        held = start_level(data, i, None) if level is None else level
        routes = enumerate_routes(data, i, held)
        count += len(routes.to)
        front_routes(data, i, routes)
    return count


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else settings.load().snapshot
    analysis = Analysis(open_release(folder))
    timed("tables read and prepared, similarity from the release", "s", lambda: analysis.pathways)
    data = analysis.pathways
    origins = len(data.table)
    for name, level in (
        ("typical education", None),
        *((x, i) for i, x in enumerate(EDUCATION_LEVELS)),
    ):
        timed(f"fronts, {origins} origins, {name}"[:52], "s", partial(fronts, data, level))
    print(f"{fronts(data, None):,} routes from typical education")
    timed(f"all_paths, {origins} origins, 2 steps", "s", lambda: all_paths(data))
    for name, query in (("find_paths", find_paths), ("pareto_front", pareto_front)):
        ask = partial(query, data, "29-2072", "high school")
        ask()  # once loaded
        timed(f"{name}, one origin, 3 steps", "ms", ask)
    paths = find_paths(data, "29-2072", "high school")
    timed("add_returns, 20 routes", "ms", lambda: add_returns(data, paths, "high school"))
    data = replace(data, shorter=None)  # networkx has one edge a pair, ours has two ways in
    graph = network(data)
    chosen = np.random.default_rng(0).choice(origins, SAMPLE, replace=False)
    held = [start_level(data, int(i), None) for i in chosen]
    pairs = list(zip(chosen.tolist(), held, strict=True))
    slow = fast = np.inf
    for _ in range(REPEATS):
        start = time.perf_counter()
        theirs = [by_networkx(graph, data, i, level) for i, level in pairs]
        slow = min(slow, time.perf_counter() - start)
        start = time.perf_counter()
        ours = [len(enumerate_routes(data, i, level).to) for i, level in pairs]
        fast = min(fast, time.perf_counter() - start)
    assert ours == theirs, "the two enumerations differ"
    print(
        f"networkx, same {sum(theirs):,} routes of {SAMPLE} origins, best of {REPEATS}: "
        f"{slow:.3f} s; ours {fast:.4f} s; {slow / fast:.0f} times"
    )


if __name__ == "__main__":
    main()
