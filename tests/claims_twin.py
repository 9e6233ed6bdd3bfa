"""The claims by plain pandas on the files of the snapshot: no function of ours."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

#: Claim -> element of O*NET and its direction; the others are made from other tables.
ELEMENTS = {
    1: "4.C.3.b.4", 2: "4.C.2.d.1.i", 3: "2.C.5.a", 4: "1.D.4.a", 5: "4.A.2.a.3", 6: "1.D.3.d",
    7: "4.A.4.a.5", 8: "4.C.3.d.1", 9: "4.A.3.b.1", 10: "4.C.3.b.7", 11: "4.C.3.d.8",
    12: "4.A.2.b.3", 13: "4.C.2.d.1.a", 14: "4.A.3.b.6", 15: "4.C.1.d.2", 16: "1.A.1.e.3",
    18: "1.D.4.b", 19: "4.C.3.a.1", 22: "2.C.8.b",
}  # fmt: skip
LESS = {7}
WEAK = {4, 6, 11, 14, 15, 18, 20, 24}


def twin(folder):
    """Percentile of every occupation on every claim but 20 and 21, counted one by one."""

    def read(name):
        return pd.read_parquet(folder / f"{name}.parquet")

    new, old, walk = read("elements"), read("elements_2010"), read("onet_walk_2010_2019")
    occupations = read("occupations")["onet_soc_code"].tolist()
    new = new[new["scale_id"].isin(["IM", "CX", "CT", "WI"]) & ~new["recommend_suppress"]]
    percentile, error = {}, {}
    for number, element in ELEMENTS.items():
        rows = new[new["element_id"] == element]
        value = dict(zip(rows["onet_soc_code"], rows["value"], strict=True))
        place = count(value)
        rows = old[old["element_id"] == element]
        before = dict(zip(rows["onet_soc_2010_code"], rows["value"], strict=True))
        ranked = count(before)
        for code in occupations:
            if code not in value:
                mine = sorted(walk.loc[walk["onet_soc_code"] == code, "onet_soc_2010_code"])
                mine = [c for c in mine if c in ranked]
                if mine:
                    place[code] = ranked[mine[0]]
        percentile[number] = {c: 100 - p if number in LESS else p for c, p in place.items()}
        error[number] = (value, dict(zip(*map(new[new["element_id"] == element].get,
                         ["onet_soc_code", "standard_error"]), strict=True)))  # fmt: skip
    joint = read("onet_soc_to_soc").assign(soc=lambda d: d["onet_soc_code"].str[:7])
    joint = dict(zip(joint["soc"], joint["nem_code"], strict=True))
    for number, values in {17: decline(read), 23: fall(read)}.items():
        under = {c: c[:7] if c[:7] in values else joint.get(c[:7]) for c in occupations}
        used = {code: values[code] for code in set(under.values()) if code in values}
        place = count(used)
        percentile[number] = {c: place[u] for c, u in under.items() if u in place}
    tools = read("technology_skills").groupby("onet_soc_code")["example"].nunique()
    percentile[24] = count(tools.to_dict())
    return SimpleNamespace(percentile=percentile, error=error, read=read, occupations=occupations)


def decline(read):
    rows = read("projections")
    rows = rows[rows["base_year"] == rows["base_year"].max()].set_index("soc_code")
    return (-rows["employment_change_percent"]).dropna().to_dict()


def fall(read):
    rows = read("wages").query("area_code == '99' and occupation_group == 'detailed'")
    jobs = rows.pivot_table(index="soc_code", columns="year", values="employment")
    return (100 * (1 - jobs[2025] / jobs[2021])).dropna().to_dict()


def count(values):
    """Percent of the others that are lower, half of the equal ones."""
    numbers = np.array(list(values.values()), float)
    return {
        code: 100 * ((numbers < v).sum() + ((numbers == v).sum() - 1) / 2) / (len(numbers) - 1)
        for code, v in values.items()
    }


def said(percentile):
    return "supported" if percentile >= 67 else "not supported" if percentile < 33 else "between"
