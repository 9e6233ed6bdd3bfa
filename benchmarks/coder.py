"""How well postings are coded, and their duties found: `python benchmarks/coder.py`.

1. Occupation, on ../shared/eval/ads_with_onet_codes.parquet (500 ads, 32 codes, 2021). The few
weights of `postings.coder` are fitted on ads of other occupations than those that they are judged
with: 8 folds of whole 6-digit codes. Beside it stand the occupations with the most jobs, an exact
look-up in the same names, `outlook find`, and, with `--sockit PYTHON` (an interpreter that has the
package sockit), that coder. Then how far the probability can be trusted, on the same answers.
2. Duties, on 300 sentences that were labeled twice (tests/postings/labels.csv), drawn at random
from half of the postings; the rules were made on the other half. Intervals are Wilson's, 95 %.

`--fit` writes the weights that ship, fitted on all 500 ads, `--profiles` the words of the work of
the current full release (the only two things of the coder that do not stand in a release).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.proportion import proportion_confint

from pipelines.analysis import Analysis
from pipelines.postings import choice, coder, labeled, text_evidence
from pipelines.releases.current import open_data

ADS = Path(__file__).parents[2] / "shared" / "eval" / "ads_with_onet_codes.parquet"
LABELS = Path(__file__).parents[1] / "tests" / "postings" / "labels.csv"
HOME = Path(coder.__file__).parent
FOLDS = 8
MEASURES = ("first, 8 digits", "first 5, 8 digits", "first, 6 digits", "first 5, 6 digits")
#: What `--sockit` runs in an interpreter of its own: titles in, SOC codes out, best first.
SOCKIT = """
import json, sys
from sockit import title
for found in title.batch_search(title.clean(t) for t in json.load(sys.stdin)):
    print(json.dumps(sorted(found, key=found.get, reverse=True)))
"""


def hits(found: list[str], code: str) -> list[bool]:
    """The four measures of one ad, in the order of `MEASURES`."""
    soc = list(dict.fromkeys(c[:7] for c in found))
    return [found[:1] == [code], code in found[:5], soc[:1] == [code[:7]], code[:7] in soc[:5]]


def of_probabilities(p: np.ndarray, held: coder.Coder, ads: pd.DataFrame) -> np.ndarray:
    """Hits of every ad; 6-digit codes are ranked by the sum of theirs."""
    by_soc = held.by_soc(p)
    out = []
    for own, soc, code in zip(p, by_soc, ads["onet_soc_code"], strict=True):
        eight = hits(held.codes[np.argsort(-own, kind="stable")[:5]].tolist(), code)
        six = hits(held.soc_codes[np.argsort(-soc, kind="stable")[:5]].tolist(), code)
        out.append([*eight[:2], *six[2:]])
    return np.array(out)


def cross_fitted(evidence: np.ndarray, right: np.ndarray, soc: np.ndarray, seed: int) -> np.ndarray:
    """Probabilities of ads from weights that no ad of their 6-digit code had a part in."""
    fold = choice.folds(soc, FOLDS, seed)
    out = np.zeros(evidence.shape[:2])
    for f in range(FOLDS):
        rest = fold != f
        out[~rest] = choice.fit(evidence[rest], right[rest], soc[rest]).probabilities(
            evidence[~rest]
        )
    return out


def reliability(p: np.ndarray, held: coder.Coder, right: np.ndarray) -> None:
    """Prints the probability of the first 6-digit code beside how often it is right."""
    by_soc = held.by_soc(p)
    first = by_soc.max(axis=1)
    ok = held.by_soc(right.astype(float))[np.arange(len(p)), by_soc.argmax(axis=1)] > 0
    bins = pd.cut(first, [0, 0.2, 0.4, 0.6, 0.8, 1])
    table = pd.DataFrame({"ads": 1, "probability": first, "right": ok}).groupby(bins, observed=True)
    table = table.agg({"ads": "size", "probability": "mean", "right": "mean"}).round(3)
    print(table.to_string())
    brier, same = np.mean((first - ok) ** 2), np.mean((ok.mean() - ok) ** 2)
    print(f"Brier {brier:.3f}; the same probability for every ad {same:.3f}")
    coded = first >= coder.LEAST
    print(
        f"coded at {coder.LEAST} and more: {coded.mean():.3f} of the ads, "
        f"of these right {ok[coded].mean():.3f}, of the others {ok[~coded].mean():.3f}"
    )


def occupations(seed: int, fit: bool, sockit: str | None) -> None:
    ads = pd.read_parquet(ADS)
    data = open_data()
    held = coder.load(data)
    print(f"stands on {held.stands_on}")
    titles, texts, codes = (ads[name].tolist() for name in ("title", "text", "onet_soc_code"))
    evidence = held.evidence(titles, texts)[0].astype(float)
    soc = np.array([code[:7] for code in codes])
    right = np.array([code[:7] for code in held.codes])[None, :] == soc[:, None]
    parts = {kind: evidence[:, :, terms] for kind, terms in coder.KINDS.items()}
    p = {kind: cross_fitted(parts[kind], right, soc, seed) for kind in ("title", "text")}

    lookup = Analysis(data).titles
    exact: dict[str, list[str]] = {}
    for code, name in zip(lookup.codes_of_names, lookup.names, strict=True):
        exact.setdefault(name.casefold(), []).append(code)
    large = lookup.codes[np.argsort(-lookup.log_jobs, kind="stable")[:10]].tolist()
    found = {t: lookup.find(t, 30)["onet_soc_code"].tolist() for t in set(titles)}
    rows = {
        "the occupations with the most jobs": [hits(large, c) for c in codes],
        "exact look-up in the same names": [
            hits(exact.get(t.casefold(), []), c) for t, c in zip(titles, codes, strict=True)
        ],
        "outlook find": [hits(found[t], c) for t, c in zip(titles, codes, strict=True)],
        "coder, title only": of_probabilities(p["title"], held, ads),
        "coder, title and text": of_probabilities(p["text"], held, ads),
    }
    if sockit:
        asked = [sockit, "-c", SOCKIT]
        told = subprocess.run(
            asked, input=json.dumps(titles), text=True, check=True, stdout=subprocess.PIPE
        )
        said = [json.loads(line) for line in told.stdout.splitlines()]
        six = [[f"{c[:2]}-{c[2:6]}" for c in found] for found in said]
        rows["sockit (6 digits only)"] = [hits(f, c) for f, c in zip(six, codes, strict=True)]
    table = pd.DataFrame({k: np.mean(v, axis=0) for k, v in rows.items()}, MEASURES).T
    print(table.round(3).to_string())
    for kind in p:
        print(f"\n{kind}:")
        reliability(p[kind], held, right)
    for kind, given in (("title only", None), ("title and text", ads["text"])):
        again = 4
        names = pd.concat([ads["title"] + f" {i}" for i in range(again)])
        whole = None if given is None else pd.concat([given] * again)
        start = time.process_time()
        held.code(names, whole)
        print(f"{kind}: {len(names) / (time.process_time() - start):,.0f} postings a second of CPU")
    if fit:
        fitted = {kind: choice.fit(part, right, soc) for kind, part in parts.items()}
        state = {
            k: {"weights": [round(float(w), 4) for w in c.weights], "doubt": c.doubt}
            for k, c in fitted.items()
        }
        (HOME / "coder.json").write_text(json.dumps(state, indent=1) + "\n", "utf-8")


def profiles() -> None:
    data = open_data()
    tables = Analysis(data).tables
    # Tasks are O*NET's of one edition (sources/read/onet.py): the counts carry its name.
    edition = data.manifest["sources"]["onet_29_3"]["release"]
    counts = text_evidence.work_counts(tables)
    (HOME / "profiles.npz").write_bytes(text_evidence.dumps(counts, edition))


def duty_sentences() -> None:
    labels = pd.read_csv(LABELS, dtype={"posting": str})
    said = labeled.said(labels, labeled.texts(ADS.parents[1]))
    first, second = labels["first_reading"], labels["second_reading"]
    print(
        f"\n{len(labels)} sentences; two readings by one person agree on "
        f"{(first == second).mean():.3f}, kappa {cohen_kappa_score(first, second):.3f}"
    )
    rows = {}
    for reading in (first, second):
        for name, given in (("every sentence", said | True), ("rules", said)):
            both = int((given & (reading == 1)).sum())
            row = rows[f"{name}, {reading.name}"] = {}
            for what, of in (("precision", given.sum()), ("recall", reading.sum())):
                low, high = proportion_confint(both, of, method="wilson")
                row |= {what: both / of, f"{what} from": low, f"{what} to": high}
    print(pd.DataFrame(rows).T.round(3).to_string())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--profiles", action="store_true")
    parser.add_argument("--sockit", metavar="PYTHON")
    asked = parser.parse_args()
    if asked.profiles:
        sys.exit(profiles())
    occupations(asked.seed, asked.fit, asked.sockit)
    duty_sentences()


if __name__ == "__main__":
    main()
