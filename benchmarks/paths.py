"""How fast routes are found: ours against networkx doing the same enumeration.

python benchmarks/paths.py [RELEASE_OR_SNAPSHOT_FOLDER]
"""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np

from pipelines import settings
from pipelines.pathways.moves import (
    TABLES,
    PathwayData,
    pathway_data,
    schooling_term,
    start_level,
    step_fit,
)
from pipelines.pathways.search import (
    NEIGHBOURS,
    enumerate_routes,
    find_paths,
    front_routes,
    pareto_front,
)
from pipelines.release import open_release

SAMPLE = 20  # origins that networkx does; the rest would only take longer


def network(data: PathwayData) -> nx.DiGraph:
    """The same moves as a networkx graph (without the rule on wasted schooling)."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(data.table)))
    for i, row in enumerate(data.to[:, :NEIGHBOURS]):
        fit = step_fit(data, np.full(len(row), i), row, data.score[i, :NEIGHBOURS])
        graph.add_edges_from(
            (i, int(j), {"fit": float(f)})
            for j, f in zip(row, fit, strict=True)
            if j >= 0
            and data.level[j] >= 0
            and not np.isnan(data.wage[j])
            and not data.wage[j] < data.wage[i]
        )
    return graph


def by_networkx(graph: nx.DiGraph, data: PathwayData, origin: int, held: int) -> int:
    """Routes of up to three steps with their terms; schooling that is wasted is left out."""
    count = 0
    targets = set(graph) - {origin}
    for path in nx.all_simple_paths(graph, origin, targets, cutoff=3):
        level, years, experience, cost, feasibility = held, 0.0, 0.0, 0.0, 1.0
        for last, node in pairwise(path):
            asked = int(data.level[node])
            if level > held and asked < level:
                break
            added = data.years[level, asked]
            years += added
            experience += data.experience_years[node]
            feasibility *= graph.edges[last, node]["fit"] * schooling_term(added)
            cost += data.tuition[level, asked]
            level = max(level, asked)
        else:
            count += 1
    return count


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else settings.load().snapshot
    release = open_release(folder)
    tables = {name: release.table(name) for name in TABLES}
    start = time.perf_counter()
    data = pathway_data(tables)
    print(f"similarity and preparation          {time.perf_counter() - start:8.2f} s")
    everyone = range(len(data.table))
    held = [start_level(data, i, None) for i in everyone]
    start = time.perf_counter()
    counts = []
    for i in everyone:
        routes = enumerate_routes(data, i, held[i])
        counts.append(len(routes.to))
        front_routes(data, i, routes)
    print(
        f"routes and fronts, {len(counts)} origins     {time.perf_counter() - start:8.2f} s "
        f"({sum(counts):,} routes)"
    )
    for name, query in (("find_paths", find_paths), ("pareto_front", pareto_front)):
        start = time.perf_counter()
        query(data, "29-2072", "high school")
        print(f"{name:14s} one origin           {(time.perf_counter() - start) * 1e3:8.1f} ms")
    graph = network(data)
    chosen = np.random.default_rng(0).choice(len(data.table), SAMPLE, replace=False)
    start = time.perf_counter()
    theirs = [by_networkx(graph, data, int(i), held[i]) for i in chosen]
    slow = time.perf_counter() - start
    start = time.perf_counter()
    ours = [len(enumerate_routes(data, int(i), held[i]).to) for i in chosen]
    fast = time.perf_counter() - start
    assert ours == theirs, "the two enumerations differ"
    print(
        f"networkx, same {sum(theirs):,} routes of {SAMPLE} origins: {slow:.3f} s; "
        f"ours {fast:.3f} s; {slow / fast:.0f} times"
    )


if __name__ == "__main__":
    main()
