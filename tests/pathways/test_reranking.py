"""How first ranks move with the judged weights, held against find_paths and plain pandas."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines.pathways.routes import judgment, reranking, rules
from pipelines.pathways.routes.search import find_paths

ORIGINS = ("29-2072", "49-9062", "19-4031", "17-3023", "15-1232", "29-2012", "49-3023", "51-9061")


def codes_of(data, weights, origin, n=10, max_steps=2):
    found = reranking.terms(data, data.position(origin), max_steps)
    one = {name: [value] for name, value in weights.items()}
    return data.table.index[reranking.first_ranks(found, one, n)[0]].tolist()


def test_the_weights_in_use_give_the_list_that_the_command_prints(analysis):
    data = analysis.pathways
    for origin in ORIGINS:
        for n in (3, 10, 20):
            listed = find_paths(data, origin, None, 2, None, n)["to_soc"].tolist()
            assert codes_of(data, reranking.IN_USE, origin, n) == listed


@pytest.mark.parametrize("by", [0.5, 2.0])
@pytest.mark.parametrize(
    ("name", "module", "constant"),
    [
        ("half_likeness", judgment, "HALF_FIT"), ("least_likeness", judgment, "LEAST_LIKENESS"),
        ("half_chance", judgment, "HALF_CHANCE"), ("half_openings", judgment, "HALF_OPENINGS"),
        ("comparable", rules, "COMPARABLE_EXPOSURE"), ("half_years", judgment, ""),
        ("pay", judgment, ""), ("openings", judgment, ""), ("exposure", judgment, ""),
    ],
)  # fmt: skip
def test_another_weight_gives_the_list_of_a_program_that_has_it(
    analysis, monkeypatch, name, module, constant, by
):
    moved = {**reranking.IN_USE, name: reranking.IN_USE[name] * by}
    if constant:
        monkeypatch.setattr(module, constant, getattr(module, constant) * by)
    else:
        balance = dict(judgment.PRIORITY_WEIGHTS["balance"])
        balance[name] *= by
        monkeypatch.setitem(judgment.PRIORITY_WEIGHTS, "balance", balance)
    fresh = replace(analysis.pathways)  # nothing kept of the weights in use
    for origin in ORIGINS:
        listed = find_paths(fresh, origin, None, 2, None, 10)["to_soc"].tolist()
        assert codes_of(analysis.pathways, moved, origin) == listed


def test_the_two_ratios_weigh_one_factor_against_the_other(analysis):
    """Single steps from the tables, by plain pandas: likeness twice, feasibility half."""
    data = analysis.pathways
    table, steps = data.table, analysis.tables["route_steps"]
    own = steps[steps["from_soc"] == "29-2072"].set_index("to_soc")
    alike = own["similarity"].clip(lower=0.002)
    alike, common = alike / (alike + 0.05), own["chance"] / (own["chance"] + 0.005)
    one = find_paths(data, "29-2072", None, 1, None, None).set_index("to_soc")
    school = 1 / (1 + one["years_education"] / 4)
    wage, now = one["annual_median_wage"], table["annual_median_wage"]["29-2072"]
    benefit = (
        0.7 * (wage / (wage + now)).fillna(0.5)
        + 0.15 * (one["annual_openings"] / (one["annual_openings"] + 10)).fillna(0)
        + 0.15 * (0.5 - one["exposure_change"].fillna(0) / 2)
    )
    for share, power in ((2.0, 1.0), (1.0, 0.5), (0.5, 2.0)):
        fit = alike ** (share / (1 + share)) * common ** (1 / (1 + share))
        value = (fit.reindex(one.index) * school) ** power * benefit
        place = one["section"].map(rules.UP_SECTIONS.index)
        frame = pd.DataFrame({"place": place, "value": -value}).sort_values(["place", "value"])
        moved = {**reranking.IN_USE, "likeness": share, "feasibility": power}
        every = codes_of(data, moved, "29-2072", len(frame), 1)
        assert every == frame.index.tolist()


def test_settings_halve_and_double_each_weight_and_draw_all_within_the_range():
    tried = reranking.settings(50, 3)
    names = list(reranking.JUDGED)
    first = tried.iloc[0]
    assert first[names].tolist() == [reranking.IN_USE[name] for name in names]
    factor = tried[names].astype(float) / pd.Series(reranking.IN_USE)
    single = tried["factor"].notna()
    assert single.sum() == 2 * len(names)
    for i in tried.index[single]:
        off = factor.loc[i][factor.loc[i] != 1]
        assert off.to_dict() == {tried["weight"][i]: tried["factor"][i]}
    drawn = np.log2(factor[tried["weight"] == "all at once"])
    assert len(drawn) == 50
    assert drawn.abs().max().max() < 1
    assert abs(drawn.to_numpy().mean()) < 0.1
    assert reranking.settings(50, 3).equals(tried)


def test_shares_count_every_origin_alike(analysis):
    data = analysis.pathways
    moved, origins = reranking.reranked(data, ORIGINS, 4)
    tried = reranking.settings(4).iloc[1:].reset_index(drop=True)
    assert moved["weight"].equals(tried["weight"])
    before = {origin: codes_of(data, reranking.IN_USE, origin) for origin in ORIGINS}
    stays = dict.fromkeys(ORIGINS, 0)
    for i, row in tried.iterrows():
        weights = {name: row[name] for name in reranking.JUDGED}
        now = {origin: codes_of(data, weights, origin) for origin in ORIGINS}
        first = [now[o][0] != before[o][0] for o in ORIGINS]
        lost = [len(set(before[o]) - set(now[o])) / len(before[o]) for o in ORIGINS]
        assert moved["first_moved"][i] == pytest.approx(sum(first) / len(ORIGINS))
        assert moved["ten_moved"][i] == pytest.approx(sum(lost) / len(ORIGINS))
        if row["weight"] == "all at once":
            for o, changed in zip(ORIGINS, first, strict=True):
                stays[o] += not changed
    assert origins["soc_code"].tolist() == list(ORIGINS)
    assert origins["stays"].tolist() == [stays[o] / 4 for o in ORIGINS]
