"""How often the title of a real ad finds its occupation: `python benchmarks/titles.py`.

Reads ../shared/eval/ads_with_onet_codes.parquet (500 ads, 32 codes, 2021). Occupations are split
in two by the seed; the weights of `occupations.titles` are chosen on the one half and judged on the
other, both ways. Beside it stand the exact look-up in the same names, and the occupations with the
most jobs for every ad. Prints one row each: share of ads whose code is first and among the first
five, by O*NET-SOC code (8 digits) and by SOC code (6 digits). That words after a dash or comma
count less was thought of with all of these ads in view; how much is chosen on the other half.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.occupations import titles
from pipelines.releases.current import open_data

ADS = Path(__file__).parents[2] / "shared" / "eval" / "ads_with_onet_codes.parquet"
#: Weight of the other names x weight of jobs x weight of words after a dash or comma.
GRID = list(product((0.3, 0.6, 1.0), (0.0, 0.05, 0.1), (0.5, 0.7, 1.0)))
MEASURES = ("first, 8 digits", "first 5, 8 digits", "first, 6 digits", "first 5, 6 digits")


def hits(found: list[str], code: str) -> list[bool]:
    """The four measures of one ad, in the order of `MEASURES`."""
    soc = list(dict.fromkeys(c[:7] for c in found))
    return [found[:1] == [code], code in found[:5], soc[:1] == [code[:7]], code[:7] in soc[:5]]


def measured(held: titles.Titles, ads: pd.DataFrame, weights: tuple[float, ...]) -> np.ndarray:
    """Hits of every ad, shape (ads, 4)."""
    titles.WEIGHT_NAMES, titles.WEIGHT_JOBS, titles.LATER = weights
    answers = {t: held.find(t, 30)["onet_soc_code"].tolist() for t in ads["title"].unique()}
    pairs = zip(ads["title"], ads["onet_soc_code"], strict=True)
    return np.array([hits(answers[title], code) for title, code in pairs])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    ads = pd.read_parquet(ADS, columns=["title", "onet_soc_code"])
    held = Analysis(open_data(offline=True)).titles
    every = {w: measured(held, ads, w) for w in GRID}
    codes = np.random.default_rng(seed).permutation(ads["onet_soc_code"].unique())
    half = ads["onet_soc_code"].isin(codes[: len(codes) // 2]).to_numpy()
    out = np.zeros((len(ads), 4), dtype=bool)
    for part in (half, ~half):
        best = max(GRID, key=lambda w: every[w][~part].mean(axis=0).sum())
        out[part] = every[best][part]
        print(f"chosen without {part.sum()} ads: names, jobs, later {best}")
    exact: dict[str, list[str]] = {}
    for code, name in zip(held.codes_of_names, held.names, strict=True):
        exact.setdefault(name.casefold(), []).append(code)
    pairs = zip(ads["title"], ads["onet_soc_code"], strict=True)
    same = [hits(exact.get(title.casefold(), []), code) for title, code in pairs]
    large = held.codes[np.argsort(-held.log_jobs, kind="stable")[:10]].tolist()
    largest = [hits(large, code) for code in ads["onet_soc_code"]]
    rows = {
        "exact look-up in the same names": np.mean(same, axis=0),
        "the occupations with the most jobs": np.mean(largest, axis=0),
        "`outlook find`, weights chosen on other occupations": out.mean(axis=0),
    }
    print(pd.DataFrame(rows, index=MEASURES).T.round(3).to_string())


if __name__ == "__main__":
    main()
