"""How well misspelled job titles are found: `python benchmarks/misspelled.py`.

Titles that workers reported to O*NET (30.1) for one occupation alone, none of them among the 200 of
tests/data/queries.csv, one word of each misspelled by rule: a letter left out, doubled, or swapped
with the next. The draw is split in two: the fit of a word with one letter wrong
(`titles.ONE_LETTER`) is chosen on the one half and judged on the other, both ways. Prints one row
each: share of titles whose occupation is first and among the first three, and last that of the
200 queries, none of which chose a fit.
"""

from __future__ import annotations

import argparse
import random
import re
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.analysis import Analysis
from pipelines.occupations import titles
from pipelines.releases.current import open_data

QUERIES = Path(__file__).parents[1] / "tests" / "data" / "queries.csv"
FITS = (0.35, 0.55, 0.7, 0.8, 0.9)
MEASURES = ("first", "first 3")


def misspelled(title: str, draw: random.Random) -> str:
    """A title with one letter of one longer word wrong; as it is where it has none."""
    found = list(re.finditer(r"[A-Za-z]{5,}", title))
    if not found:
        return title
    word = draw.choice(found)
    at = draw.randrange(word.start() + 1, word.end() - 1)
    before, letter, after = title[:at], title[at], title[at + 1 :]
    return draw.choice([before + after, before + 2 * letter + after,
                        before + after[0] + letter + after[1:]])  # fmt: skip


def reported_once(analysis: Analysis, n: int, seed: int) -> pd.DataFrame:
    """Reported titles of one occupation alone that are no query of the tests."""
    every = analysis.tables["alternate_titles"]
    reported = every[every["kind"] == "reported"]
    name = reported["title"].str.lower()
    taken = set(pd.read_csv(QUERIES)["typed"].str.lower())
    alone = reported[~name.duplicated(keep=False) & ~name.isin(taken)]
    return alone.sample(n, random_state=seed)


def hits(held: titles.Titles, typed: list[str], codes: list[str]) -> np.ndarray:
    """Whether the occupation is first, and among the first three: shape (titles, 2)."""
    found = [held.find(title, 3)["onet_soc_code"].tolist() for title in typed]
    return np.array([[f[:1] == [c], c in f] for f, c in zip(found, codes, strict=True)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--titles", type=int, default=5000)
    asked = parser.parse_args()
    analysis = Analysis(open_data(offline=True))
    drawn = reported_once(analysis, asked.titles, asked.seed)
    draw = random.Random(asked.seed)
    typed = [misspelled(title, draw) for title in drawn["title"]]
    codes, held = drawn["onet_soc_code"].tolist(), analysis.titles
    every, shipped = {}, titles.ONE_LETTER
    for fit in FITS:
        titles.ONE_LETTER = fit
        every[fit] = hits(held, typed, codes)
    half = np.arange(len(drawn)) % 2 == 0
    out = np.zeros((len(drawn), 2), dtype=bool)
    for part in (half, ~half):
        best = max(FITS, key=lambda fit: every[fit][~part].mean(axis=0).sum())
        out[part] = every[best][part]
        print(f"chosen without {part.sum()} titles: fit of a word with one letter wrong {best}")
    rows = {f"fit {fit}": made.mean(axis=0) for fit, made in every.items()}
    rows["chosen on the other half"] = out.mean(axis=0)
    rows["spelled right"] = hits(held, drawn["title"].tolist(), codes).mean(axis=0)
    asked_by_tests = pd.read_csv(QUERIES)
    titles.ONE_LETTER = shipped
    queries = (asked_by_tests[name].tolist() for name in ("typed", "onet_soc_code"))
    rows["the 200 queries of the tests, as shipped"] = hits(held, *queries).mean(axis=0)
    print(pd.DataFrame(rows, index=MEASURES).T.round(3).to_string())


if __name__ == "__main__":
    main()
