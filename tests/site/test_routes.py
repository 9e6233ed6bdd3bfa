"""The browser ranks career paths as `outlook paths` does: the two are compared."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest
from sitekit import browser, needs_browser

from pipelines.pathways.routes.judgment import PRIORITY_WEIGHTS
from pipelines.pathways.routes.network import N_SIMILAR
from pipelines.pathways.routes.regional import in_area, in_state
from pipelines.pathways.routes.search import PRESETS, find_paths
from pipelines.pathways.schooling.credentials import credentials
from pipelines.pathways.schooling.education import EDUCATION_LEVELS, everyday
from pipelines.site.network import areas, exact, network, states

pytestmark = needs_browser
CASES = 200
STATES = ("TX", "OH", "WY", "PR")
AREAS = ("18140", "0100001")  # Columbus, OH; a nonmetropolitan area of Alabama


@pytest.fixture(scope="module")
def page(analysis):
    with browser() as open_tab:
        tab = open_tab("about:blank")
        tab.page.add_script_tag(content=exact("network", network(analysis)))
        for state, rows in states(analysis).items():
            if state in STATES:
                tab.page.add_script_tag(content=exact(f"wages-{state}", rows))
        for area, found in areas(analysis):
            if area in AREAS:
                tab.page.add_script_tag(content=exact(f"area-{area}", found))
        script = resources.files("pipelines.site").joinpath("app/routes.js").read_text("utf-8")
        tab.page.add_script_tag(content=script)
        yield tab.page


def _cases():
    draw = np.random.default_rng(20261124)
    for _ in range(CASES):
        yield {
            "share": draw.random(),
            "education": int(draw.integers(len(EDUCATION_LEVELS))),
            "limit": [None, *PRESETS][draw.integers(1 + len(PRESETS))],
            "steps": int(draw.choice([1, 2, 2, 3])),
            "part_time": bool(draw.integers(2)),
            "matters": list(PRIORITY_WEIGHTS)[draw.integers(len(PRIORITY_WEIGHTS))],
            "state": [None, *STATES, *AREAS][draw.integers(1 + len(STATES) + len(AREAS))],
            "credentials": sorted(draw.choice(credentials()["name"], draw.integers(3), False)),
        }


def test_200_cases_are_ranked_alike(analysis, page):
    compared, local, twice = 0, 0, 0
    codes = list(analysis.pathways.table.index)
    nation = {None: analysis.pathways}
    known = nation | {s: in_state(nation[None], analysis.tables["wages"], s) for s in STATES}
    known |= {a: in_area(nation[None], analysis.tables["area_wages"], a) for a in AREAS}
    for case in _cases():
        origin = int(case["share"] * len(codes))
        data = known[case["state"]]
        ours = find_paths(
            data, codes[origin], EDUCATION_LEVELS[case["education"]], case["steps"],
            limit=case["limit"], part_time=case["part_time"], matters=case["matters"],
            held=case["credentials"],
        )  # fmt: skip
        theirs = page.evaluate(
            """([origin, c]) => {
              const net = window.OUTLOOK.network;
              const area = window.OUTLOOK[`area-${c.state}`];
              const place = c.state === null ? {} : area ?? window.OUTLOOK[`wages-${c.state}`];
              const wage = c.state === null ? undefined :
                net.codes.map((soc, i) => (area ? place.wages[i] : place.wages[soc]?.[1]) ?? null);
              const open = area ? net.codes.map((_, i) => area.open[i] ?? 0) : place.open;
              return window.OUTLOOK.routes.best(net, origin, {
                held: window.OUTLOOK.routes.startLevel(net, c.education, c.credentials),
                wage, open, limit: c.limit ?? "", steps: c.steps, partTime: c.part_time,
                matters: c.matters,
              }).map((r) => ({
                to: net.codes[r.at], via: r.path.slice(0, -1).map((p) => net.codes[p]).join(", "),
                entry: net.levels[r.entry],
                years: r.years, cost: r.cost, feasibility: r.feasibility, value: r.value,
              }));
            }""",
            [origin, case],
        )
        assert [row["to"] for row in theirs] == ours["to_soc"].tolist(), case
        assert [row["via"] for row in theirs] == ours["via_soc"].tolist(), case
        entry = ours["entry_education"].map(everyday).tolist()
        assert [row["entry"] for row in theirs] == entry, case
        twice += ours["to_soc"].duplicated().sum()
        for name, column in (
            ("years", "years_education"),
            ("cost", "tuition"),
            ("feasibility", "feasibility"),
        ):
            values = [row[name] for row in theirs]
            assert values == pytest.approx(ours[column].tolist(), rel=1e-9, abs=1e-9), case
        compared += len(ours)
        local += len(ours) if case["state"] else 0
    assert compared > 8 * CASES  # the cases are not empty ones
    assert local > 3 * CASES
    assert twice > 5  # an occupation that two levels open has two routes


def test_the_browser_has_no_rule_of_its_own_on_what_is_open(analysis, page):
    """It follows what it is sent: a step closed there is not taken, one opened there is."""
    data = analysis.pathways
    origin = data.position("29-2072")
    near = data.to[origin, :N_SIMILAR]
    lower = near[data.wage[near] < data.wage[origin]].tolist()
    assert lower
    taken = page.evaluate(
        """([origin, every]) => {
          const net = window.OUTLOOK.network;
          const asked = { held: 7, steps: 1, n: 99 };
          const ends = (given, own) =>
            window.OUTLOOK.routes.best({ ...net, ...given }, origin, { ...asked, ...own })
              .map((r) => r.at);
          const none = net.codes.map(() => 0);
          const closed = [0, 1].map(() => Array(8).fill(0));
          return {
            closed: ends({}, { open: none }),
            opened: ends({}, { open: net.codes.map(() => every) }),
            unschooled: ends({ schooling: { "": Array(8).fill(closed) } }, {}),
          };
        }""",
        [origin, 2**N_SIMILAR - 1],
    )
    assert taken["closed"] == taken["unschooled"] == []
    assert set(lower) <= set(taken["opened"])
