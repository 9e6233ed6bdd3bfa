import numpy as np
import pandas as pd
import pytest
import routes_twin
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipelines.base.errors import UsageError
from pipelines.pathways.routes.enumeration import (
    criteria,
    enumerate_routes,
    front_routes,
    pareto_mask,
)
from pipelines.pathways.routes.judgment import LOWERED, PRIORITY_WEIGHTS, start_level
from pipelines.pathways.routes.network import PathwayData, moves
from pipelines.pathways.routes.rules import UP_SECTIONS
from pipelines.pathways.routes.search import PRESETS, find_paths, pareto_front
from pipelines.pathways.schooling.costs import tuition_matrix
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, years_matrix


def made(n=12, k=6, seed=0):
    """A made network: n occupations, each with k neighbors."""
    rng = np.random.default_rng(seed)
    to = np.array([rng.permutation([j for j in range(n) if j != i])[:k] for i in range(n)])
    codes = [f"29-{1141 if i == 3 else 2000 + i}" for i in range(n)]
    level = rng.integers(0, 8, n)
    wage = rng.uniform(30e3, 120e3, n)
    table = pd.DataFrame(
        {
            "title": [f"Made {i}" for i in range(n)],
            "typical_education": [EDUCATION_LEVELS[x] for x in level],
            "job_zone": 3.0,
            "onet_education_summary": "",
            "attainment": "",
            "attainment_percent": 0.0,
            "work_experience": "None",
            "annual_median_wage": wage,
            "annual_p10_wage": wage * 0.7,
            "annual_p90_wage": wage * 1.4,
            "annual_openings": 1.0,
            "employment_change_percent": 1.0,
            "exposure": rng.uniform(0, 1, n),
            "licence": rng.choice(["", "", "nurse", "pilot"], n),
            "automation_score": 0.2 + (7 * wage.argsort().argsort() + n - 1) % n / (2 * n),
        },
        index=pd.Index(codes, name="soc_code"),
    )
    table["exposure_low"] = table["exposure"] - 0.05
    return PathwayData(
        table,
        to,
        np.sort(rng.uniform(0.05, 0.6, (n, k)))[:, ::-1],
        rng.integers(1, 6, n).astype(float),
        level,
        wage,
        table["exposure"].to_numpy(),
        np.ones(n),
        rng.integers(0, 3, n).astype(float),
        years_matrix(),
        tuition_matrix(),
    )


def brute_front(points):
    return np.array([not any((q <= p).all() and (q < p).any() for q in points) for p in points])


@given(
    arrays(np.int64, st.tuples(st.integers(1, 25), st.integers(1, 4)), elements=st.integers(0, 4))
)
def test_pareto_front_equals_brute_force(points):
    assert (pareto_mask(points) == brute_front(points)).all()


@given(arrays(np.float64, (20, 3), elements=st.floats(-1e6, 1e6, allow_subnormal=False)))
def test_pareto_front_of_floats_equals_brute_force(points):
    assert (pareto_mask(points) == brute_front(points)).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200), st.integers(0, 11), st.integers(0, 7))
def test_routes_equal_plain_recursion(seed, origin, held):
    data = made(seed=seed)

    def up(at, to):
        """As rules.py words it: all wages, levels and zones of the made network are known."""
        gain = data.wage[to] / data.wage[at] - 1
        zones, levels = data.zone[to] - data.zone[at], data.level[to] - data.level[at]
        lower, higher = levels < 0 or zones <= -1, levels > 0 or zones >= 0.5
        return (gain >= 0.02 or (gain >= 0 and higher)) and (not lower or gain >= 0.10)

    def walk(path, level):
        if len(path) > 1:
            yield tuple(path[1:])
        if len(path) == 4:
            return
        for to in data.to[path[-1]]:
            asked = data.level[to]
            wasted = level > held and asked < level
            if to not in path and up(path[-1], to) and not wasted:
                yield from walk([*path, to], max(level, asked))

    routes = enumerate_routes(data, origin, held)
    found = [tuple(int(x) for x in p if x >= 0) for p in routes.nodes]
    assert sorted(found) == sorted(walk([origin], held))
    assert (routes.years >= 0).all()
    assert not (routes.nodes == origin).any()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200), st.integers(0, 11))
def test_longer_routes_never_remove_a_shorter_one_from_the_front(seed, origin):
    data = made(seed=seed)
    fronts = []
    for steps in (1, 2, 3):
        r = front_routes(data, origin, enumerate_routes(data, origin, 1, steps))
        fronts.append({tuple(p) for p in criteria(data, origin, r).round(9)})
    assert fronts[0] <= fronts[1] <= fronts[2]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200), st.integers(0, 11), st.integers(0, 6))
def test_more_starting_education_never_lengthens_a_route(seed, origin, held):
    data = made(seed=seed)

    def years(level):
        r = enumerate_routes(data, origin, level)
        return {tuple(p): y for p, y in zip(r.nodes, r.years, strict=True)}

    less, more = years(held), years(held + 1)
    assert all(more[p] <= y for p, y in less.items() if p in more)
    assert set(less) <= set(more)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200), st.integers(0, 11), st.integers(0, 7))
def test_the_front_is_that_of_comparing_every_pair_of_routes(seed, origin, held):
    data = made(seed=seed)
    routes = enumerate_routes(data, origin, held)
    points = criteria(data, origin, routes)
    assume(len(points))
    best = {tuple(p) for p in points[brute_front(points)]}
    front = front_routes(data, origin, routes)
    assert {tuple(p) for p in criteria(data, origin, front)} == best


def test_the_fast_search_finds_what_the_plain_one_finds_from_every_occupation(analysis):
    """All routes, their terms and their fronts, of every origin, to the last digit."""
    data, count = analysis.pathways, 0
    for origin in range(len(data.table)):
        held = start_level(data, origin, None)
        cap, part_time = (None, False) if origin % 3 else (4, True)
        found = enumerate_routes(data, origin, held, cap=cap, part_time=part_time)
        plain = routes_twin.enumerate_routes(data, origin, held, cap=cap, part_time=part_time)
        fronts = front_routes(data, origin, found), routes_twin.front_routes(data, origin, plain)
        for ours, theirs in ((found, plain), fronts):
            for name in ours.__dataclass_fields__:
                a, b = getattr(ours, name), getattr(theirs, name)
                assert a.dtype == b.dtype
                assert np.array_equal(a, b, equal_nan=name == "training"), (origin, name)
        count += len(found.to)
    assert count > 1_000_000


@pytest.mark.parametrize("matters", PRIORITY_WEIGHTS)
def test_what_matters_most_orders_the_same_destinations(matters):
    data = made(n=40, k=10, seed=2)
    code = data.table.index[data.wage.argmin()]
    usual = find_paths(data, code, "high school", n=None).set_index("to_soc")
    asked = find_paths(data, code, "high school", n=None, matters=matters).set_index("to_soc")
    lowered = usual[usual[f"{matters}_change"] < 0] if matters in LOWERED else usual
    assert set(asked.index) == set(lowered.index)
    for _, rows in asked.groupby("section"):
        assert (rows["feasibility"] * rows["benefit"]).is_monotonic_decreasing
    sections = asked["section"].map(UP_SECTIONS.index)
    assert sections.is_monotonic_increasing
    if matters == "schooling":
        # Where years weigh more, no row moves up past one that asks for fewer years and is worth
        # as much: the years of the first half of each section do not grow.
        for section in UP_SECTIONS:
            first = [f[f["section"] == section]["years_education"] for f in (usual, asked)]
            half = len(first[0]) // 2
            assert first[1][:half].sum() <= first[0][:half].sum()
    if matters in LOWERED:
        change = f"{matters}_change"
        assert len(asked) > 5
        usual = usual.loc[asked.index]
        assert asked["rank"].corr(asked[change]) > usual["rank"].corr(usual[change])


def test_part_time_doubles_the_years():
    data = made()
    full, part = (enumerate_routes(data, 0, 1, part_time=p) for p in (False, True))
    assert np.allclose(part.years, 2 * full.years)


def test_no_more_school_adds_no_years_and_presets_widen():
    data = made(seed=1)
    code = data.table.index[data.wage.argmin()]
    counts = []
    for preset in PRESETS:
        paths = find_paths(data, code, "high school", n=None, limit=preset)
        counts.append(len(paths))
        if PRESETS[preset] is None:
            assert (paths["years_education"] == 0).all()
    assert counts == sorted(counts)


def test_limits_are_understood_in_an_adviser_s_words():
    data = made(seed=1)
    code = data.table.index[data.wage.argmin()]
    for words, same in (("One Certificate", "certificate"), ("Associate’s", "associate's degree")):
        asked, level = (find_paths(data, code, "none", limit=x, n=None) for x in (words, same))
        pd.testing.assert_frame_equal(asked, level)


def test_paths_rank_destinations_once_and_routes_to_one_are_not_dominated():
    data = made(seed=2)
    code = data.table.index[data.wage.argmin()]
    paths = find_paths(data, code, "high school", n=None)
    assert paths["to_soc"].is_unique
    assert code not in set(paths["to_soc"])
    assert (paths["wage_gain"] >= 0).all()
    value = paths["feasibility"] * paths["benefit"]
    assert value.is_monotonic_decreasing
    one = find_paths(data, code, "high school", to=paths["to_soc"].iloc[-1])
    assert set(one["to_soc"]) == {paths["to_soc"].iloc[-1]}
    front = pareto_front(data, code, "high school")
    assert set(front.columns) == set(paths.columns)
    assert len(moves(data, code)) == 6


def test_an_occupation_at_the_top_gives_an_empty_frame_with_columns():
    data = made()
    top = data.table.index[data.wage.argmax()]
    paths = find_paths(data, top)
    assert paths.empty
    assert "via_soc" in paths


@pytest.mark.parametrize(
    "arguments",
    [
        {"max_steps": 0},
        {"max_steps": 4},
        {"to": "99-9999"},
        {"education": "school"},
        {"limit": "two diplomas"},
        {"matters": "fame"},
        {"held": ["XYZ"]},
    ],
)
def test_bad_questions_are_usage_errors(arguments):
    data = made()
    with pytest.raises(UsageError):
        find_paths(data, data.table.index[0], **arguments)
