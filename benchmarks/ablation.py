"""What each part of the scorer is worth: python benchmarks/ablation.py [FOLDS].

Trains the scorer with one part taken away on the first FOLDS (default 3) of ten folds of protocols
U and W (see `pipelines.exposure.validation.evaluate`) and prints agreement with people on their
test rows. The folds are other ones than those whose figures are published: a design may be chosen
on these. Uses the release of OUTLOOK_HOME, which must hold the label texts (`outlook
refresh`).
About half a minute of one core a variant and fold.
"""

from __future__ import annotations

import itertools
import os
import sys
from contextlib import nullcontext
from unittest.mock import patch

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from pipelines.analysis import ReleaseTables
from pipelines.exposure.scorer import readers, train
from pipelines.exposure.scorer.classes import CLASSES
from pipelines.exposure.scorer.readers import Readers
from pipelines.exposure.validation import evaluate
from pipelines.releases.current import open_data

#: Of the folds; never `evaluate.SEED`, whose folds print the published figures.
DESIGN_SEED = 1
_predict = Readers.predict


def _only(keep) -> object:
    """Label columns of the readers with all but `keep` set to nothing."""

    def predict(self, words, z):
        columns = _predict(self, words, z)
        gone = np.setdiff1d(np.arange(columns.shape[1]), keep)
        columns[:, gone] = 0
        return columns

    return patch.object(Readers, "predict", predict)


VARIANTS = {
    "as shipped": nullcontext,
    "words and pairs alone": lambda: _only(np.arange(10)),
    "sentence vector alone": lambda: _only(np.arange(10, 20)),
    "labels by people alone": lambda: _only([0, 1, 2, 10, 11, 12]),
    "no titles of work activities": lambda: patch.object(train, "TITLE_WEIGHT", 0.0),
    "1,000 landmarks instead of 2,500": lambda: patch.object(readers, "N_LANDMARKS", 1_000),
    "4,500 landmarks instead of 2,500": lambda: patch.object(readers, "N_LANDMARKS", 4_500),
}


def _chances(variant, labels, rest, test, task_dwas, dwas) -> pd.DataFrame:
    with VARIANTS[variant]():
        scorer = train.train(labels.iloc[rest], task_dwas, dwas)
        held = labels.iloc[test]
        p = scorer.predict(held["task"].tolist())
    return p.assign(human=held["human_label"].map(CLASSES.index).to_numpy())


def main(n_folds: int = 3) -> None:
    tables = ReleaseTables(open_data())
    labels = tables["exposure_labels"].dropna(subset=["task"]).reset_index(drop=True)
    links, dwas = tables["task_dwas"], tables["dwas"]
    twins = evaluate.near_duplicates(pd.concat([labels["task"], dwas["dwa_title"]]))
    n = len(labels)
    work, names = [], []
    for protocol, variant in itertools.product("UW", VARIANTS):
        folds = evaluate.folds(labels, links, dwas, protocol, twins[:n, :n], DESIGN_SEED)
        for rest, test in itertools.islice(folds, n_folds):
            near = np.asarray(twins[n:, test].sum(1)).ravel() > 0
            titled = dwas.assign(dwa_title=dwas["dwa_title"].mask(near))
            work.append(delayed(_chances)(variant, labels, rest, test, links, titled))
            names.append((protocol, variant))
    done = Parallel(n_jobs=os.cpu_count(), verbose=1)(work)
    print("| protocol | scorer | rows | accuracy | kappa | r of beta |\n|---|---|---|---|---|---|")
    for key in dict.fromkeys(names):
        rows = pd.concat([r for r, name in zip(done, names, strict=True) if name == key])
        found = evaluate.agreement(rows[["p_e0", "p_e1", "p_e2"]].to_numpy(), rows["human"])
        figures = " | ".join(f"{value:.3f}" for value in found.values())
        print(f"| {key[0]} | {key[1]} | {len(rows):,} | {figures} |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
