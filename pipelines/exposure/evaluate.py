"""How well the scorer agrees with people on work it has not seen.

Protocols, each with five outer folds and everything refitted inside (nested):

U   unseen occupations, wording only: folds of six-digit SOC codes.
K   the same folds, with the labels of other occupations' tasks of the same DWAs.
W   unseen kinds of work, wording only: the test tasks' IWAs appear in no training task.

Training rows that are near-duplicates of a test task are removed: cosine of tf-idf character
3- and 4-grams of the normalised text of .80 or more (equal texts have 1). Human labels were
largely given to DWAs and passed to their tasks, so a random split would flatter any model.
The word vectors used no label, but saw the wording of all O*NET tasks, test tasks too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import GroupKFold

from pipelines.exposure.model import BETA, CLASSES
from pipelines.exposure.score import score_tasks
from pipelines.exposure.train import train

NEAR_DUPLICATE = 0.80
FOLDS = 5
_NO_LINKS = ["onet_soc_code", "task_id", "dwa_id"]


def agreement(p: np.ndarray, human: np.ndarray) -> dict[str, float]:
    """Accuracy, Cohen's kappa and Pearson r of expected beta; `p` (n, 3), `human` 0-2."""
    said = p.argmax(1)
    return {
        "accuracy": float((said == human).mean()),
        "kappa": float(cohen_kappa_score(human, said)),
        "r_beta": float(np.corrcoef(p @ BETA, BETA[human])[0, 1]),
    }


def label_agreement(labels: pd.DataFrame, column: str = "gpt4_label") -> dict[str, float]:
    """Agreement of a label column (GPT-4's unless said) with the human label."""
    human = _codes(labels["human_label"])
    return agreement(np.eye(3)[_codes(labels[column])], human)


def calibration_error(p: np.ndarray, human: np.ndarray, bins: int = 10) -> np.ndarray:
    """Expected calibration error of each class, equal-width bins, (3,)."""
    out = np.zeros(3)
    for k in range(3):
        place = np.minimum((p[:, k] * bins).astype(int), bins - 1)
        n = np.bincount(place, minlength=bins)
        gap = np.bincount(place, p[:, k], bins) - np.bincount(place, human == k, bins)
        out[k] = np.abs(gap).sum() / n.sum()
    return out


def near_duplicates(texts: pd.Series) -> sp.csr_matrix:
    """Boolean (n, n): rows whose texts are near-duplicates (a text is one of itself)."""
    plain = texts.str.lower().str.replace(r"[^a-z0-9]+", " ", regex=True).str.strip()
    x = TfidfVectorizer(
        analyzer="char",
        ngram_range=(3, 4),
        min_df=2,
        sublinear_tf=True,
        dtype=np.float32,
        max_features=60_000,
    ).fit_transform(plain)
    blocks = []
    for start in range(0, x.shape[0], 1000):
        close = (x[start : start + 1000] @ x.T).tocsr()
        close.data[close.data < NEAR_DUPLICATE] = 0
        close.eliminate_zeros()
        blocks.append(close.astype(bool))
    return sp.vstack(blocks).tocsr()


def folds(labels, task_dwas, dwas, protocol: str, duplicates, seed: int = 0):
    """Yield (train rows, test rows) of protocol "U" (also K) or "W"."""
    n = len(labels)
    if protocol == "U":
        soc = labels["onet_soc_code"].str[:7]
        for rest, test in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(
            np.zeros(n), groups=soc
        ):
            near = np.asarray(duplicates[:, test].sum(1)).ravel() > 0
            yield rest[~near[rest]], test
        return
    key = ["onet_soc_code", "task_id"]
    rows = (
        labels[key]
        .reset_index(names="row")
        .merge(task_dwas, on=key)
        .merge(dwas[["dwa_id", "iwa_id"]], on="dwa_id")
    )
    code, iwas = pd.factorize(rows["iwa_id"], sort=True)
    order = np.random.default_rng(seed).permutation(len(iwas))
    linked = np.bincount(rows["row"], minlength=n) > 0
    for k in range(FOLDS):
        held = np.isin(code, order[k::FOLDS])
        any_held = np.bincount(rows["row"], held, n) > 0
        test = np.flatnonzero(any_held & (np.bincount(rows["row"], ~held, n) == 0))
        near = np.asarray(duplicates[:, test].sum(1)).ravel() > 0
        yield np.flatnonzero(linked & ~any_held & ~near), test


def out_of_sample(
    exposure_labels, task_dwas, dwas, protocols=("U", "K", "W"), n_folds=FOLDS
) -> pd.DataFrame:
    """Scores of held-out labelled tasks: columns of `task_scores`, labels and `protocol`."""
    labels = exposure_labels.dropna(subset=["task"]).reset_index(drop=True)
    duplicates = near_duplicates(labels["task"])
    none = pd.DataFrame({c: [] for c in _NO_LINKS}).astype(
        {"onet_soc_code": "str", "task_id": "int64", "dwa_id": "str"}
    )
    parts = []
    for kind, wanted in (
        ("U", [p for p in "UK" if p in protocols]),
        ("W", [p for p in "W" if p in protocols]),
    ):
        if not wanted:
            continue
        for k, (rest, test) in enumerate(folds(labels, task_dwas, dwas, kind, duplicates)):
            if k >= n_folds:
                break
            scorer = train(labels.iloc[rest], task_dwas, dwas)
            held = labels.iloc[test].reset_index(drop=True)
            for name in wanted:
                links = task_dwas if name == "K" else none
                scores = score_tasks(held, labels.iloc[:0], links, scorer)
                scores["protocol"] = name
                for column in ("human_label", "gpt4_label", "gpt4_automation"):
                    scores[column] = held[column]
                parts.append(scores)
    return pd.concat(parts, ignore_index=True)


def summary(scored: pd.DataFrame) -> dict[str, dict]:
    """The figures of `scorer.json` by protocol, from `out_of_sample`."""
    result = {}
    for name, rows in scored.groupby("protocol"):
        human = _codes(rows["human_label"])
        p = rows[["p_e0", "p_e1", "p_e2"]].to_numpy()
        beta = BETA[human]
        inside = (rows["exposure_low"] <= beta + 1e-9) & (beta <= rows["exposure_high"] + 1e-9)
        major = inside.groupby(rows["onet_soc_code"].str[:2]).mean()
        level = rows["automation"].str[1].astype(int)
        asked = rows["gpt4_automation"].str[1].astype(int)
        result[name] = {
            "n": len(rows),
            **agreement(p, human),
            "gpt4": label_agreement(rows),
            "calibration_error": dict(
                zip(CLASSES, calibration_error(p, human).tolist(), strict=True)
            ),
            "coverage": float(inside.mean()),
            "coverage_by_major_group": major.to_dict(),
            "coverage_lowest_group": float(major.min()),
            "width": float((rows["exposure_high"] - rows["exposure_low"]).mean()),
            "automation_r_gpt4": float(np.corrcoef(level, asked)[0, 1]),
            "automation_within_one_level": float(((level - asked).abs() <= 1).mean()),
        }
    return result


def evaluate(
    tables: Mapping[str, pd.DataFrame], protocols=("U", "K", "W"), n_folds: int = FOLDS
) -> dict[str, dict]:
    """Train and test anew (about 1 to 2 minutes for all folds); see `summary`."""
    return summary(
        out_of_sample(
            tables["exposure_labels"], tables["task_dwas"], tables["dwas"], protocols, n_folds
        )
    )


def stored() -> dict[str, dict]:
    """The figures of the shipped model, as `outlook train` measured them."""
    text = resources.files("pipelines.exposure").joinpath("scorer.json").read_text("utf-8")
    return json.loads(text)


def report(tables: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
    """Rows of `outlook check`: protocol, figure, value, GPT-4's, floor, passed.

    With tables the figures are measured anew, else those stored beside the model are shown.
    """
    figures = evaluate(tables) if tables is not None else stored()
    floor = {"U": (0.70, 0.49, 0.64), "K": (0.87, 0.77, 0.81), "W": (None, None, None)}
    rows = []
    for name, found in figures.items():
        for figure, least in zip(("accuracy", "kappa", "r_beta"), floor[name], strict=True):
            other = found["gpt4"][figure]
            least = other if least is None else least
            rows.append((name, figure, found[figure], other, least, found[figure] >= least))
        covered = found["coverage"]
        rows.append((name, "coverage", covered, np.nan, 0.88, covered >= 0.88))
    return pd.DataFrame(rows, columns=["protocol", "figure", "value", "gpt4", "floor", "passed"])


def _codes(labels: pd.Series) -> np.ndarray:
    return labels.map(CLASSES.index).to_numpy(int)
