"""How well the scorer agrees with people on work it has not seen.

Protocols, each with ten outer folds and everything refitted inside, penalties chosen too (nested):

U   unseen occupations, wording only: folds of six-digit SOC codes.
K   the same folds; tasks whose DWAs are known, with the human labels that other occupations'
    tasks have under them. `K all` adds the tasks without such labels, scored by wording.
W   unseen kinds of work, wording only: the test tasks' IWAs appear in no training task.

Training rows and DWA titles that are near-duplicates of a test task are removed: cosine of tf-idf
character 3- and 4-grams of the normalized text of .80 or more (equal texts have 1). Human labels
were largely given to DWAs and passed to their tasks, so a random split would flatter any model.
The encoder used no label, but saw the wording of all O*NET tasks, test tasks too:
docs/EXPERIMENTS.md says what that flatters.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from importlib import resources

import numpy as np
import pandas as pd
import scipy.sparse as sp

from pipelines.exposure.occupation.weights import task_weights
from pipelines.exposure.scorer.classes import BETA_WEIGHTS, CLASSES
from pipelines.exposure.scorer.score import score_tasks
from pipelines.exposure.scorer.train import train
from pipelines.exposure.validation import baselines
from pipelines.exposure.validation.held_out import (
    automation_figures,
    class_figures,
    level_figures,
    occupation_figures,
)
from pipelines.occupations.technicians import technicians

#: Of the outer folds: drawn once, after the design was settled on other folds, never tuned on.
SEED = 20261127
NEAR_DUPLICATE = 0.80
FOLDS = 10
#: Equal-width bins of a chance in reliability curves and calibration errors.
BINS = 10
_DRAWS = 400


def agreement(p: np.ndarray, human: np.ndarray) -> dict[str, float]:
    """Accuracy, Cohen's kappa and Pearson r of expected beta; `p` (n, 3), `human` 0-2."""
    from sklearn.metrics import cohen_kappa_score

    said = p.argmax(1)
    return {
        "accuracy": float((said == human).mean()),
        "kappa": float(cohen_kappa_score(human, said)),
        "r_beta": float(np.corrcoef(p @ BETA_WEIGHTS, BETA_WEIGHTS[human])[0, 1]),
    }


def label_agreement(labels: pd.DataFrame, column: str = "gpt4_label") -> dict[str, float]:
    """Agreement of a label column (GPT-4's unless said) with the human label, of rows with both."""
    labels = labels.dropna(subset=["human_label", column])
    human = _codes(labels["human_label"])
    return agreement(np.eye(3)[_codes(labels[column])], human)


def calibration_bins(p: np.ndarray, human: np.ndarray) -> pd.DataFrame:
    """Reliability curve of each class.

    Parameters
    ----------
    p, human : array (n, 3), array (n,)
        Chances and true class 0-2.

    Returns
    -------
    DataFrame
        `exposure_label, bin` (0-9), `predicted` (mean chance), `observed` (share of the class),
        `n`; bins that hold no row are left out.
    """
    parts = []
    for k, name in enumerate(CLASSES):
        place = np.minimum((p[:, k] * BINS).astype(int), BINS - 1)
        rows = pd.DataFrame({"bin": place, "predicted": p[:, k], "observed": human == k})
        found = rows.groupby("bin").agg(
            predicted=("predicted", "mean"), observed=("observed", "mean"), n=("bin", "size")
        )
        parts.append(found.reset_index().assign(exposure_label=name))
    out = pd.concat(parts, ignore_index=True)
    return out[["exposure_label", "bin", "predicted", "observed", "n"]]


def calibration_error(p: np.ndarray, human: np.ndarray) -> np.ndarray:
    """Expected calibration error of each class, equal-width bins, (3,)."""
    curve = calibration_bins(p, human)
    gap = (curve["predicted"] - curve["observed"]).abs() * curve["n"] / len(p)
    return gap.groupby(curve["exposure_label"]).sum().reindex(CLASSES).to_numpy()


def agreement_interval(p, human, group, seed: int = 0) -> dict[str, list[float]]:
    """95% intervals of `agreement` from resampling groups (occupations), 400 draws."""
    rng = np.random.default_rng(seed)
    rows = list(pd.Series(np.arange(len(p))).groupby(np.asarray(group)).indices.values())
    drawn = []
    for _ in range(_DRAWS):
        pick = np.concatenate([rows[i] for i in rng.integers(0, len(rows), len(rows))])
        drawn.append(agreement(p[pick], human[pick]))
    frame = pd.DataFrame(drawn)
    return {name: frame[name].quantile([0.025, 0.975]).tolist() for name in frame}


def near_duplicates(texts: pd.Series) -> sp.csr_matrix:
    """Boolean (n, n): rows whose texts are near-duplicates (a text is one of itself)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

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


def folds(labels, task_dwas, dwas, protocol: str, duplicates, seed: int = SEED):
    """Yield (train rows, test rows) of protocol "U" (also K) or "W"."""
    from sklearn.model_selection import GroupKFold

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
    exposure_labels: pd.DataFrame,
    task_dwas: pd.DataFrame,
    dwas: pd.DataFrame,
    protocols=("U", "K", "W"),
    n_folds: int = FOLDS,
    jobs: int = 1,
) -> pd.DataFrame:
    """Scores of held-out labeled tasks.

    Parameters
    ----------
    exposure_labels, task_dwas, dwas : DataFrame
        Contracted tables.
    protocols : sequence of str
        Among U, K, W.
    n_folds : int
        Folds to run of each protocol, at most `FOLDS`.
    jobs : int
        Processes; a fold takes about 40 seconds of one core.

    Returns
    -------
    DataFrame
        Columns of `task_scores` (scored ones), the labels, `protocol`, and the chances of a plain
        answer (`baselines`): the labels of the task's activities under K, words otherwise.
    """
    from joblib import Parallel, delayed

    labels = exposure_labels.dropna(subset=["task"]).reset_index(drop=True)
    duplicates = near_duplicates(pd.concat([labels["task"], dwas["dwa_title"].fillna("")]))
    work = []
    for kind, wanted in (("U", [p for p in protocols if p in "UK"]), ("W", ["W"])):
        if not set(wanted) & set(protocols):
            continue
        parts = folds(labels, task_dwas, dwas, kind, duplicates[: len(labels), : len(labels)])
        for rest, test in itertools.islice(parts, n_folds):
            near = np.asarray(duplicates[len(labels) :, test].sum(1)).ravel() > 0
            titled = dwas.assign(dwa_title=dwas["dwa_title"].mask(near))
            work.append(delayed(_fold)(labels, rest, test, task_dwas, titled, wanted))
    return pd.concat(Parallel(n_jobs=jobs)(work), ignore_index=True)


def _fold(labels, rest, test, task_dwas, dwas, protocols) -> pd.DataFrame:
    scorer = train(labels.iloc[rest], task_dwas, dwas)
    held = labels.iloc[test].reset_index(drop=True)
    words = baselines.by_words(labels.iloc[rest], held["task"])
    parts = []
    for name in protocols:
        links = task_dwas if name == "K" else task_dwas.iloc[:0]
        scores = score_tasks(held, links, scorer)
        kept = held[["human_label", "gpt4_label", "gpt4_automation"]]
        shares = baselines.by_activities(labels.iloc[rest], held, links)
        plain = np.where(np.isnan(shares), words, shares)
        kept = kept.join(pd.DataFrame(plain, columns=baselines.COLUMNS))
        parts.append(scores.join(kept).assign(protocol=name))
    return pd.concat(parts, ignore_index=True)


def summary(scored: pd.DataFrame) -> dict[str, dict]:
    """The figures of `scorer.json` by protocol, from `out_of_sample`."""
    result = {}
    for name, rows in scored.groupby("protocol"):
        if name == "K":
            result["K all"] = _figures(rows)
            rows = rows[rows["basis"] == "DWA"]
        result[str(name)] = _figures(rows)
    return result


def _figures(rows: pd.DataFrame) -> dict:
    human = _codes(rows["human_label"])
    p = rows[["p_e0", "p_e1", "p_e2"]].to_numpy()
    beta = BETA_WEIGHTS[human]
    inside = (rows["exposure_low"] <= beta + 1e-9) & (beta <= rows["exposure_high"] + 1e-9)
    by_group = inside.groupby(rows["onet_soc_code"].str[:2])
    major = by_group.mean()
    asked = rows["gpt4_automation"].str[1].dropna().astype(int)
    level = rows["automation"].str[1].astype(int)[asked.index]
    return {
        "n": len(rows),
        "n_occupations": int(rows["onet_soc_code"].nunique()),
        **agreement(p, human),
        "interval": agreement_interval(p, human, rows["onet_soc_code"].str[:7]),
        "gpt4": label_agreement(rows),
        "baseline": agreement(rows[baselines.COLUMNS].to_numpy(), human),
        "calibration_error": dict(zip(CLASSES, calibration_error(p, human).tolist(), strict=True)),
        "reliability": calibration_bins(p, human).round(4).to_dict("list"),
        "by_class": class_figures(rows),
        "coverage": float(inside.mean()),
        "coverage_by_major_group": major.to_dict(),
        "n_by_major_group": by_group.size().to_dict(),
        "coverage_lowest_group": float(major.min()),
        "width": float((rows["exposure_high"] - rows["exposure_low"]).mean()),
        "automation_r_gpt4": float(np.corrcoef(level, asked)[0, 1]),
        "automation_within_one_level": float(((level - asked).abs() <= 1).mean()),
    }


#: Figures of `summary` that are kept for technicians alone.
_OF_PART = (
    "n", "n_occupations", "accuracy", "kappa", "r_beta", "interval", "gpt4", "baseline", "by_class",
    "coverage", "width",
)  # fmt: skip


def evaluate(
    tables: Mapping[str, pd.DataFrame], protocols=("U", "K", "W"), n_folds: int = FOLDS
) -> dict[str, dict]:
    """Train and test anew, about 8 minutes on 2 cores for all folds; see `figures`."""
    labels, links, dwas = (tables[n] for n in ("exposure_labels", "task_dwas", "dwas"))
    return figures(out_of_sample(labels, links, dwas, protocols, n_folds, jobs=2), tables)


def figures(held: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, dict]:
    """`summary`, with ``technicians`` and ``others`` (`summary` of the tasks of these occupations
    alone), and ``occupations``, ``levels`` and ``automation`` of `held_out` where the protocol has
    them."""
    found = summary(held)
    inside = held["onet_soc_code"].isin(technicians(tables)["onet_soc_code"])
    for name, rows in (("technicians", held[inside]), ("others", held[~inside])):
        for protocol, values in summary(rows).items():
            found[protocol][name] = {key: values[key] for key in _OF_PART}
    weights = task_weights(tables["tasks"], tables["task_ratings"])
    for name, values in occupation_figures(held, weights).items():
        found[name]["occupations"] = values
    if "U" in found:
        found["U"]["levels"] = level_figures(held, tables["exposure_labels"])
        found["U"]["automation"] = automation_figures(held[held["protocol"] == "U"])
    return found


def stored() -> dict[str, dict]:
    """The figures of the shipped model, as `outlook train` measured them."""
    text = resources.files("pipelines.exposure.scorer").joinpath("scorer.json").read_text("utf-8")
    return json.loads(text)


def _codes(labels: pd.Series) -> np.ndarray:
    return labels.map(CLASSES.index).to_numpy(int)
